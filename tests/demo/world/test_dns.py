import threading

import dns.message
import dns.query
import dns.rcode
import dns.resolver
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from leeward.demo.world import NameServer
from leeward.demo.world.errors import AddressNotOurs

NAME = "site.example"


@pytest.fixture(scope="module")
def running():
    with NameServer() as server:
        yield server


@pytest.fixture
def server(running):
    running.forget(NAME)
    running.forget("www.site.example")
    return running


def resolver_of(server, *, seconds=2.0):
    resolver = dns.resolver.Resolver(configure=False)
    resolver.nameservers, resolver.port = ["127.0.0.1"], server.port
    resolver.timeout = resolver.lifetime = seconds
    return resolver


def ask(server, kind="A", name=NAME, **more):
    return [record.to_text() for record in resolver_of(server, **more).resolve(name, kind)]


def test_it_knows_addresses_mail_servers_and_text(server):
    server.set(NAME, "A", "127.0.0.20", "127.0.0.21")
    server.set(NAME, "AAAA", "2001:db8::1")
    server.set(NAME, "MX", "10 mail.site.example.")
    server.set(NAME, "TXT", '"some words"')
    assert sorted(ask(server)) == ["127.0.0.20", "127.0.0.21"]
    assert ask(server, "AAAA") == ["2001:db8::1"]
    assert ask(server, "MX") == ["10 mail.site.example."]
    assert ask(server, "TXT") == ['"some words"']
    with pytest.raises(dns.resolver.NoAnswer):
        ask(server, "NS")


def test_names_are_the_same_in_any_case(server):
    server.set(NAME, "A", "127.0.0.20")
    assert ask(server, name="SITE.Example.") == ["127.0.0.20"]


def test_what_it_does_not_know_does_not_exist(server):
    with pytest.raises(dns.resolver.NXDOMAIN):
        ask(server, name="unknown.example")
    server.set(NAME, "A", "127.0.0.20")
    server.forget(NAME)
    with pytest.raises(dns.resolver.NXDOMAIN):
        ask(server)


def test_another_name_for_a_name_is_followed_but_not_in_circles(server):
    server.set("www.site.example", "CNAME", "site.example.")
    server.set(NAME, "A", "127.0.0.20")
    assert ask(server, name="www.site.example") == ["127.0.0.20"]
    server.set("www.site.example", "CNAME", "loop.example.")
    server.set("loop.example", "CNAME", "www.site.example.")
    with pytest.raises((dns.resolver.NoAnswer, dns.exception.DNSException)):
        ask(server, name="www.site.example")


def test_answers_change_from_question_to_question(server):
    server.set_in_turn(NAME, "A", ["127.0.0.20"], ["169.254.169.254"], ["10.0.0.1", "10.0.0.2"])
    server.set(NAME, "AAAA", "2001:db8::1")
    assert ask(server) == ["127.0.0.20"]
    assert ask(server, "AAAA") == ["2001:db8::1"]
    assert ask(server) == ["169.254.169.254"]
    assert sorted(ask(server)) == ["10.0.0.1", "10.0.0.2"]
    assert sorted(ask(server)) == ["10.0.0.1", "10.0.0.2"]


@pytest.mark.parametrize(("failure", "code"), [("SERVFAIL", 2), ("NXDOMAIN", 3), ("REFUSED", 5)])
def test_failures(server, failure, code):
    server.set(NAME, "A", "127.0.0.20")
    server.fail(NAME, failure, times=1)
    question = dns.message.make_query(NAME, "A")
    assert dns.query.udp(question, "127.0.0.1", port=server.port, timeout=2).rcode() == code
    assert dns.query.udp(question, "127.0.0.1", port=server.port, timeout=2).rcode() == dns.rcode.NOERROR


def test_silence_lasts_until_it_is_healed(server):
    server.set(NAME, "A", "127.0.0.20")
    server.fail(NAME, "SILENCE")
    with pytest.raises(dns.resolver.LifetimeTimeout):
        ask(server, seconds=0.3)
    server.heal(NAME)
    assert ask(server) == ["127.0.0.20"]


def test_a_cut_answer_is_asked_for_again_over_tcp(server):
    server.set(NAME, "A", "127.0.0.20")
    server.answer_over_tcp_only(NAME)
    already = len(server.queries(NAME))
    assert ask(server) == ["127.0.0.20"]
    assert [seen.over for seen in server.queries(NAME)[already:]] == ["udp", "tcp"]


def test_questions_are_logged(server):
    threading.Timer(0.05, lambda: resolver_of(server).resolve("logged.example", "MX", raise_on_no_answer=False)).start()
    server.set("logged.example", "A", "127.0.0.1")
    seen = server.wait_for_query(lambda query: query.name == "logged.example", 5)
    assert (seen.kind, seen.over) == ("MX", "udp")


def test_a_value_that_can_not_be_is_refused_when_it_is_set(server):
    with pytest.raises(dns.exception.DNSException):
        server.set(NAME, "A", "not an address")


@given(st.binary(max_size=600))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_rubbish_is_met_with_silence_or_an_answer_but_never_an_error(running, wire):
    answer = running.reply(wire, "udp")
    assert answer is None or len(answer) >= 12


def test_it_starts_fast_and_comes_back_on_the_same_port(fastest_start):
    assert fastest_start(NameServer) < 0.2
    with NameServer() as server:
        server.set(NAME, "A", "127.0.0.20")
        port = server.port
        server.stop()
        with pytest.raises(dns.exception.DNSException):
            ask(server, seconds=0.2)
        server.start()
        assert (server.port, server.resolver) == (port, f"127.0.0.1:{port}")
        assert ask(server) == ["127.0.0.20"]


def test_a_port_that_is_taken_is_one_clear_error(server):
    with pytest.raises(AddressNotOurs, match="address already in use"):
        NameServer(port=server.port).start()
