"""The small primary, asked over real sockets by dnspython as a secondary asks."""

import socket
import struct
import time
from contextlib import suppress

import dns.exception
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

from leeward.blocklist.dns.answers import MOST_OWNERS, ZoneTooLarge, make_key
from leeward.blocklist.rules.rpz import stop_addresses, stop_name
from leeward.blocklist.rules.zone_history import SerialNotNewer
from tests.blocklist.primary import ORIGIN, Running, key_of, zone

NAME = dns.name.from_text(ORIGIN)
OWNERS = ["a.example", "*.a.example", r"odd\032name.example", "b.example"]


@pytest.fixture
def running():
    with Running() as made:
        made.publish("alpha", zone(1), OWNERS)
        made.publish("beta", zone(1), ["other.example"])
        yield made


def ask(running, rdtype, key=None, *, tcp=False, origin=NAME, opcode=dns.opcode.QUERY, serial=None):
    query = dns.message.make_query(origin, rdtype)
    query.set_opcode(opcode)
    if serial is not None:
        soa = dns.rrset.from_text(origin, 0, "IN", "SOA", f". . {serial} 0 0 0 0")
        query.authority.append(soa)
    if key is not None:
        query.use_tsig(key)
    send = dns.query.tcp if tcp else dns.query.udp
    return send(query, "127.0.0.1", port=running.port, timeout=60)


def transfer(running, held=None, key=None, *, is_step=False):
    """Bring a zone up to date as a secondary does, and return it."""
    held = dns.zone.Zone(NAME, relativize=True) if held is None else held
    query, _ = dns.xfr.make_query(held, keyring=key or key_of("alpha"))
    assert (query.question[0].rdtype == dns.rdatatype.IXFR) == is_step
    dns.query.inbound_xfr("127.0.0.1", held, query, port=running.port, timeout=60)
    return held


def owners_of(held):
    return {name.to_text() for name in held.nodes if name.to_text() != "@"}


def test_a_whole_transfer(running):
    held = transfer(running)
    assert owners_of(held) == set(OWNERS)
    soa = held.get_rdataset("@", "SOA")[0]
    assert (soa.serial, soa.minimum) == (1, 60)
    assert held.get_rdataset("@", "NS")[0].target.to_text() == "ns.hotline.example."
    assert {rdata.to_text() for name, _, rdata in held.iterate_rdatas("CNAME")} == {"."}
    assert {ttl for _, ttl, _ in held.iterate_rdatas()} == {60}


def test_each_subscriber_gets_its_own_list(running):
    assert owners_of(transfer(running, key=key_of("beta"))) == {"other.example"}


def test_steps_bring_additions_and_removals(running):
    many = [f"name{n}.example" for n in range(30)]
    running.publish("alpha", zone(2), [*OWNERS, *many])
    held = transfer(running)
    running.publish("alpha", zone(3), [*OWNERS, *many, "new.example"])
    running.publish("alpha", zone(4), ["b.example", *many, "new.example", "newer.example"])
    assert owners_of(transfer(running, held, is_step=True)) == {"b.example", *many, "new.example", "newer.example"}
    assert held.get_rdataset("@", "SOA")[0].serial == 4
    running.publish("alpha", zone(5), many)
    assert owners_of(transfer(running, held, is_step=True)) == set(many)
    assert running.primary.counts == {"axfr": 1, "ixfr": 2}


def test_a_step_larger_than_the_list_or_from_an_unknown_serial_is_a_whole_transfer(running):
    held = transfer(running)
    running.publish("alpha", zone(2), ["x.example"])
    transfer(running, held, is_step=True)
    assert running.primary.counts == {"axfr": 2}
    running.publish("alpha", zone(500), ["y.example"])
    answer = ask(running, "IXFR", key_of("alpha"), tcp=True, serial=77)
    assert answer.answer[0][0].serial == 500
    assert running.primary.counts["axfr"] == 3


@pytest.mark.parametrize("serial", [1, 2, 2**31])
def test_who_is_up_to_date_or_ahead_gets_the_soa_alone(running, serial):
    answer = ask(running, "IXFR", key_of("alpha"), tcp=True, serial=serial)
    assert [(rrset.rdtype, rrset[0].serial) for rrset in answer.answer] == [(dns.rdatatype.SOA, 1)]


def test_another_stop_page_is_a_whole_transfer(running):
    held = transfer(running)
    running.publish("alpha", zone(2, stop_name("stop.hotline.example.")), OWNERS)
    transfer(running, held, is_step=True)
    assert {rdata.to_text() for _, _, rdata in held.iterate_rdatas("CNAME")} == {"stop.hotline.example."}
    running.publish("alpha", zone(3, stop_addresses(["192.0.2.80", "2001:db8::80"])), OWNERS)
    transfer(running, held, is_step=True)
    assert {rdata.to_text() for _, _, rdata in held.iterate_rdatas() if rdata.rdtype in (1, 28)} == {
        "192.0.2.80",
        "2001:db8::80",
    }


def test_soa_and_ns_by_both_protocols(running):
    for tcp in (False, True):
        answer = ask(running, "SOA", key_of("alpha"), tcp=tcp)
        assert answer.answer[0][0].serial == 1
        assert answer.flags & 0x0400
        assert ask(running, "NS", key_of("alpha"), tcp=tcp).answer
    assert ask(running, "IXFR", key_of("alpha"), serial=1).answer[0].rdtype == dns.rdatatype.SOA


@pytest.mark.parametrize("rdtype", ["SOA", "AXFR", "IXFR", "A"])
@pytest.mark.parametrize("tcp", [False, True])
def test_nothing_without_a_key(running, rdtype, tcp):
    answer = ask(running, rdtype, tcp=tcp)
    assert answer.rcode() == dns.rcode.REFUSED
    assert not answer.answer


def test_nothing_with_a_wrong_key_an_unknown_key_or_anothers_name(running):
    wrong = make_key("alpha.hotline.example.", b"x" * 32)
    unknown = make_key("gamma.hotline.example.", b"x" * 32)
    for key in (wrong, unknown):
        query = dns.message.make_query(NAME, "AXFR")
        query.use_tsig(key)
        wire = query.to_wire()
        answer = raw(running, wire)
        assert answer[3] & 0xF == dns.rcode.NOTAUTH
        assert len(answer) <= len(wire)
        assert dns.message.from_wire(answer).question == query.question
    with pytest.raises(dns.exception.DNSException):
        transfer(running, key=wrong)
    assert running.primary.counts["refused"] == 3


def test_an_old_signature_is_refused(running, monkeypatch):
    query = dns.message.make_query(NAME, "AXFR")
    query.use_tsig(key_of("alpha"))
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now - 1000)
    wire = query.to_wire()
    monkeypatch.undo()
    assert raw(running, wire)[3] & 0xF == dns.rcode.NOTAUTH


def test_questions_that_it_does_not_answer(running):
    key = key_of("alpha")
    assert ask(running, "AXFR", key).rcode() == dns.rcode.REFUSED
    assert ask(running, "A", key).rcode() == dns.rcode.REFUSED
    assert ask(running, "SOA", key, origin=dns.name.from_text("else.example.")).rcode() == dns.rcode.NOTAUTH
    assert ask(running, "SOA", key, opcode=dns.opcode.NOTIFY).rcode() == dns.rcode.NOTIMP
    assert ask(running, "CNAME", key, origin=dns.name.from_text("a.example." + ORIGIN)).rcode() == dns.rcode.NOTAUTH


def raw(running, wire):
    with socket.create_connection(("127.0.0.1", running.port), timeout=60) as connection:
        connection.sendall(struct.pack("!H", len(wire)) + wire)
        length = struct.unpack("!H", connection.recv(2))[0]
        return connection.recv(length)


def test_noise_is_dropped_or_refused_and_the_server_lives_on(running):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as datagrams:
        datagrams.settimeout(0.3)
        for noise in (b"", b"x", b"\0" * 11, b"\xff" * 40, struct.pack("!6H", 1, 0x8000, 1, 0, 0, 0)):
            datagrams.sendto(noise, ("127.0.0.1", running.port))
        with suppress(TimeoutError):
            while True:
                assert len(datagrams.recv(600)) == 12
    with socket.create_connection(("127.0.0.1", running.port), timeout=60) as connection:
        connection.sendall(b"\0\5ab")
    assert owners_of(transfer(running)) == set(OWNERS)


def test_a_list_of_fifty_thousand_names_in_seconds(running):
    names = [f"name{n}.site{n % 97}.example" for n in range(50_000)]
    owners = [*names, *(f"*.{name}" for name in names)]
    running.publish("alpha", zone(2), owners)
    messages = records = 0
    query = dns.message.make_query(NAME, "AXFR")
    query.use_tsig(key_of("alpha"))
    wire = query.to_wire()
    with socket.create_connection(("127.0.0.1", running.port), timeout=60) as connection:
        connection.sendall(struct.pack("!H", len(wire)) + wire)
        stream = connection.makefile("rb")
        while records < len(owners) + 3:
            message = stream.read(struct.unpack("!H", stream.read(2))[0])
            messages += 1
            records += struct.unpack_from("!H", message, 6)[0]
    assert records == len(owners) + 3
    assert messages > 100
    running.publish("alpha", zone(3), owners[1:])
    assert ask(running, "IXFR", key_of("alpha"), tcp=True, serial=2).answer
    with pytest.raises(ZoneTooLarge):
        running.publish("alpha", zone(4), map(str, range(MOST_OWNERS + 1)))


def test_a_serial_that_is_not_newer_is_not_given_out(running):
    with pytest.raises(SerialNotNewer):
        running.publish("alpha", zone(1), ["x.example"])
    assert owners_of(transfer(running)) == set(OWNERS)


def test_a_zone_that_is_withdrawn_is_not_served(running):
    running.primary.withdraw("alpha", ORIGIN)
    assert ask(running, "SOA", key_of("alpha")).rcode() == dns.rcode.NOTAUTH


def test_it_tells_secondaries_by_udp_until_they_hear():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as secondary:
        secondary.bind(("127.0.0.1", 0))
        secondary.settimeout(10)
        place = ("127.0.0.1", secondary.getsockname()[1])
        with Running({"alpha": (place,)}) as running:
            running.publish("alpha", zone(1), OWNERS)
            heard = running.begin(running.primary.notify("alpha", ORIGIN))
            secondary.recvfrom(600)
            wire, sender = secondary.recvfrom(600)
            message = dns.message.from_wire(wire, keyring={key_of("alpha").name: key_of("alpha")})
            assert message.opcode() == dns.opcode.NOTIFY
            assert message.question[0].name == NAME
            assert message.had_tsig
            secondary.sendto(b"\0\0noise", sender)
            secondary.sendto(dns.message.make_response(message).to_wire(), sender)
            assert heard.result(30) == [place]
            assert running.notify("beta") == []


def test_what_is_no_question_is_told_so_and_what_is_refused_names_its_question(running):
    unsigned = dns.message.make_query(NAME, "SOA")
    answer = dns.message.from_wire(raw(running, unsigned.to_wire()))
    assert (answer.rcode(), answer.question) == (dns.rcode.REFUSED, unsigned.question)
    assert answer.id == unsigned.id
    nothing = dns.message.make_query(NAME, "SOA")
    nothing.question = []
    assert raw(running, nothing.to_wire())[3] & 0xF == dns.rcode.FORMERR
    two = dns.message.make_query(NAME, "SOA")
    two.question *= 2
    assert raw(running, two.to_wire())[3] & 0xF == dns.rcode.FORMERR
    for broken in (
        unsigned.to_wire()[:20],
        unsigned.to_wire()[:12] + b"\xc0\x0c\0\x06\0\x01",
        unsigned.to_wire() + b"x",
    ):
        assert raw(running, broken)[3] & 0xF == dns.rcode.FORMERR
