"""The primary beside the database: what is published can be transferred at once, by whoever subscribes, and by nobody else."""

import asyncio
import socket
from collections.abc import Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import dns.asyncquery
import dns.message
import dns.name
import dns.opcode
import dns.query
import dns.rcode
import dns.rdatatype
import dns.tsig
import dns.xfr
import dns.zone
import pytest
from django.conf import settings
from django.db import connections
from django_scopes import scope

from leeward.blocklist.dns.answers import make_key
from leeward.blocklist.dns.primary import Primary
from leeward.blocklist.publishing import queries, services, zones
from leeward.blocklist.publishing.models import Fetch, Publication
from leeward.blocklist.publishing.serving import Served
from leeward.demo.ports import free_port
from tests.blocklist.publishing.conftest import House
from tests.loops import run_apart

pytestmark = pytest.mark.django_db(transaction=True)
ORIGIN = "national.rpz.hotline.example."


def key_of(row: queries.SubscriberRow) -> dns.tsig.Key:
    chosen = queries.list_settings(row.hotline_id)
    return make_key(zones.key_name(row, chosen), zones.key_secret(settings.LEEWARD.secret_bytes, row))


def owners(port: int, key: dns.tsig.Key) -> set[str]:
    """The owners of the zone by a whole transfer."""
    zone = dns.zone.Zone(ORIGIN, relativize=True)
    query, _ = dns.xfr.make_query(zone, keyring=key)
    dns.query.inbound_xfr("127.0.0.1", zone, query, port=port, timeout=60)
    return {str(name) for name in zone.nodes}


@asynccontextmanager
async def running(said: list[str]):
    primary = Primary()
    served = Served(primary, said.append)
    await served.refresh()
    port = await primary.start("127.0.0.1", free_port())
    try:
        yield served, port
    finally:
        await primary.close()


def alone(work: Callable[[], None]) -> None:
    """Do something with the database in a thread and leave no connection behind."""
    try:
        work()
    finally:
        connections.close_all()


def play(script: Callable[[Served, int], object]) -> list[str]:
    """Run a script of blocking steps beside a server; return what the server complained of."""
    said: list[str] = []

    async def run() -> None:
        async with running(said) as (served, port):
            await script(served, port)

    run_apart(run())
    return said


def test_what_is_published_is_transferred_with_the_subscribers_own_canaries(house: House) -> None:
    alpha, _ = house.subscribe("alpha")
    beta, _ = house.subscribe("beta")
    house.publish()
    keys = key_of(alpha), key_of(beta)

    async def script(served: Served, port: int) -> None:
        first = await asyncio.to_thread(owners, port, keys[0])
        other = await asyncio.to_thread(owners, port, keys[1])
        assert {"whole.example", "*.whole.example", "one.example"} <= first & other
        assert len(first - other) == len(other - first) == 16, "eight canaries, each with its wildcard"
        wrong = make_key(str(keys[0].name), b"w" * 32)
        with pytest.raises(dns.xfr.TransferError, match="NOTAUTH"):
            await asyncio.to_thread(owners, port, wrong)
        await served.note_taken()
        await asyncio.to_thread(let_a_day_pass)
        for key in keys:
            soa = dns.message.make_query(ORIGIN, dns.rdatatype.SOA)
            soa.use_tsig(key)
            await asyncio.to_thread(dns.query.udp, soa, "127.0.0.1", timeout=60, port=port)
        await served.note_taken()

    def let_a_day_pass() -> None:
        with scope(hotline=house.cast.hotline_id):
            Fetch.objects.update(at=datetime.now(UTC) - timedelta(days=1))
            Fetch.objects.filter(subscriber=beta.id).update(serial=7)

    assert play(script) == []
    (fetch,) = queries.fetches_of([alpha.id])[alpha.id]
    assert (fetch.form, fetch.serial) == ("rpz", 1)
    assert datetime.now(UTC) - fetch.at < timedelta(hours=1), "who has the newest serial takes nothing and is fresh"
    (fetch,) = queries.fetches_of([beta.id])[beta.id]
    assert datetime.now(UTC) - fetch.at > timedelta(hours=23)


def test_news_are_notified_and_go_out_as_a_step(house: House) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as heard:
        heard.bind(("127.0.0.1", 0))
        heard.settimeout(10)
        row, _ = house.subscribe("alpha", notify=[f"127.0.0.1:{heard.getsockname()[1]}"])
        house.publish()
        key = key_of(row)

        def change() -> None:
            with scope(hotline=house.cast.hotline_id):
                house.list_entry("domain", "http://new.example/")
                house.take_off("http://one.example/")
                house.publish()

        def step(port: int) -> list[str]:
            query = dns.message.make_query(ORIGIN, dns.rdatatype.IXFR)
            query.find_rrset(query.authority, dns.name.from_text(ORIGIN), 1, dns.rdatatype.SOA, create=True).add(
                dns.rdata.from_text("IN", "SOA", "ns. desk. 1 1 1 1 1")
            )
            query.use_tsig(key)
            answer = dns.query.tcp(query, "127.0.0.1", port=port, timeout=60, one_rr_per_rrset=True)
            return [f"{rrset.name} {dns.rdatatype.to_text(rrset.rdtype)}" for rrset in answer.answer]

        async def script(served: Served, port: int) -> None:
            heard.recv(4096)  # the state at the start
            await asyncio.to_thread(alone, change)
            assert await served.refresh() == 1
            notified = dns.message.from_wire(await asyncio.to_thread(heard.recv, 4096), keyring=key)
            assert notified.opcode() == dns.opcode.NOTIFY
            names = await asyncio.to_thread(step, port)
            assert f"new.example.{ORIGIN} CNAME" in names
            assert f"one.example.{ORIGIN} CNAME" in names
            assert len(names) == 7, "four times the SOA, two rules added, one removed"

        assert play(script) == []


def test_a_contract_that_ends_opens_nothing_any_more(house: House) -> None:
    row, _ = house.subscribe("alpha")
    house.publish()
    key = key_of(row)

    def end() -> None:
        with scope(hotline=house.cast.hotline_id):
            services.end_subscriber(row.id, actor=house.cast["adam"].actor)

    async def script(served: Served, port: int) -> None:
        assert await asyncio.to_thread(owners, port, key)
        await asyncio.to_thread(alone, end)
        await served.refresh()
        with pytest.raises(dns.xfr.TransferError, match="NOTAUTH"):
            await asyncio.to_thread(owners, port, key)

    play(script)


def test_a_zone_that_cannot_be_made_is_said_once_and_stops_nobody(house: House) -> None:
    house.choose(stop_name="")
    house.subscribe("wants-a-page", dns_action="stop_name")
    good, _ = house.subscribe("alpha")
    house.publish()
    key = key_of(good)

    async def script(served: Served, port: int) -> None:
        await served.refresh()
        assert await asyncio.to_thread(owners, port, key)

    (said,) = play(script)
    assert "the name of the stop page" in said


def test_a_list_that_grew_too_long_is_said_once_and_served_no_more(house: House) -> None:
    """Rather refused, which its subscribers see, than an old state of it; and nobody reads a million entries at every look."""
    row, _ = house.subscribe("alpha")
    house.publish()
    key = key_of(row)

    def grow() -> None:
        with scope(hotline=house.cast.hotline_id):
            house.publish()
            newest = queries.newest(house.list_id)
            assert newest
            # The count alone tells: the file is gone, so reading it would fail.
            Publication.objects.filter(pk=newest.id).update(by_scope={"domain": 50_001}, sha256="0" * 64)

    async def script(served: Served, port: int) -> None:
        assert await asyncio.to_thread(owners, port, key)
        await asyncio.to_thread(alone, grow)
        for _ in range(2):
            await served.refresh()
            with pytest.raises(dns.xfr.TransferError, match="NOTAUTH"):
                await asyncio.to_thread(owners, port, key)

    (said,) = play(script)
    assert "100002 rules" in said
