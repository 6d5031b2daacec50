"""Knot DNS as primary, fed by our zone files, with the configuration of docs/how-to/large-lists.md."""

import subprocess
from contextlib import contextmanager

import dns.exception
import dns.message
import dns.name
import dns.query
import dns.rdatatype
import dns.xfr
import dns.zone
import pytest

from leeward.blocklist.dns.answers import make_key
from leeward.blocklist.rules.rpz import zone_text
from leeward.demo.ports import free_port
from tests.blocklist.primary import ORIGIN, key_of, zone
from tests.blocklist.servers.conftest import FIRST, PAGE_SECRET, SECRET
from tests.blocklist.servers.pages import blocks, filled
from tests.blocklist.servers.running import process, program, until

pytestmark = pytest.mark.servers


def put(folder, serial, owners):
    fresh = folder / "fresh"
    fresh.write_text("".join(zone_text(zone(serial), sorted(owners))))
    fresh.replace(folder / "rpz.hotline.example.zone")


@contextmanager
def knot(folder):
    knotd = program("knotd", "knot")
    port = free_port()
    (folder / "knot.conf").write_text(
        filled(
            blocks("large-lists.md")["knot.conf"],
            {
                "/run/knot": str(folder),
                "/var/lib/knot": str(folder),
                "192.0.2.53@53": f"127.0.0.1@{port}",
                "198.51.100.7@53": "127.0.0.1@1",
                PAGE_SECRET: SECRET,
            },
        )
    )
    with process(knotd, "-c", folder / "knot.conf", log=folder / "log"):
        until(lambda: serial_at(port) == 1, what="the zone is loaded")
        yield port


def serial_at(port):
    query = dns.message.make_query(ORIGIN, "SOA")
    query.use_tsig(key_of("alpha"))
    try:
        answer = dns.query.tcp(query, "127.0.0.1", port=port, timeout=60).answer
    except (OSError, dns.exception.DNSException):
        return None
    return answer[0][0].serial if answer else None


def test_knot_serves_our_file_and_the_difference_of_the_next_to_the_key_only(tmp_path):
    put(tmp_path, 1, FIRST)
    with knot(tmp_path) as port:
        held = dns.zone.Zone(dns.name.from_text(ORIGIN))
        query, _ = dns.xfr.make_query(held, keyring=key_of("alpha"))
        dns.query.inbound_xfr("127.0.0.1", held, query, port=port, timeout=60)
        assert {name.to_text() for name in held.nodes} == {*FIRST, "@"}

        put(tmp_path, 2, [*FIRST[1:], "new.example"])
        knotc = program("knotc", "knot")
        reload = filled(blocks("large-lists.md")["reload"], {"/etc/knot/": f"{tmp_path}/", "knotc ": f"{knotc} "})
        subprocess.run(["/bin/sh", "-ec", reload], check=True, capture_output=True)
        until(lambda: serial_at(port) == 2, what="the new zone is loaded")
        query, _ = dns.xfr.make_query(held, keyring=key_of("alpha"))
        assert query.question[0].rdtype == dns.rdatatype.IXFR
        dns.query.inbound_xfr("127.0.0.1", held, query, port=port, timeout=60)
        assert {name.to_text() for name in held.nodes} == {*FIRST[1:], "new.example", "@"}

        for key in (None, make_key("alpha.hotline.example.", b"w" * 32)):
            query, _ = dns.xfr.make_query(dns.zone.Zone(dns.name.from_text(ORIGIN)), keyring=key)
            with pytest.raises((dns.exception.DNSException, dns.xfr.TransferError)):
                dns.query.inbound_xfr("127.0.0.1", dns.zone.Zone(ORIGIN), query, port=port, timeout=60)
