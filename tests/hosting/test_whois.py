"""WHOIS over real sockets: referrals, loops, encodings, servers that drip, hang, flood or refuse; politely, and never inside."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from leeward.demo.world.dns import NameServer
from leeward.demo.world.whois import WhoisServer
from leeward.hosting.lookups import port43
from leeward.hosting.lookups.later import AskLater
from leeward.hosting.lookups.port43 import Whois
from tests.hosting.rules.test_whois import GENERIC

ROOT, REGISTRY, REGISTRAR = "127.0.0.1", "127.0.0.2", "127.0.0.3"
THIN = "Domain Name: kite.test\nRegistrar WHOIS Server: whois.names.test\nRegistrar: Good Names Ltd\n"


@dataclass(frozen=True)
class Port43:
    """Servers that know each other by name, and whoever asks them."""

    servers: WhoisServer
    names: NameServer
    whois: Whois

    def refuses(self) -> datetime:
        with pytest.raises(AskLater) as later:
            self.whois.domain("kite.test")
        return later.value.at


@pytest.fixture
def port(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Port43]:
    """The root's server refers to the registry's, that to the registrar's."""
    monkeypatch.setattr(port43, "POLITE_SECONDS", 0.0)
    with NameServer() as names, WhoisServer(addresses=(ROOT, REGISTRY, REGISTRAR)) as servers:
        for name, address in (("root.test", ROOT), ("whois.nic.test", REGISTRY), ("whois.names.test", REGISTRAR)):
            names.set(name, "A", address)
        servers.set("test", "domain: TEST\nwhois: whois.nic.test\n", at=ROOT)
        servers.set("kite.test", THIN, at=REGISTRY)
        servers.set("kite.test", GENERIC, at=REGISTRAR)
        settings.LEEWARD = settings.LEEWARD.model_copy(
            update={
                "dns_resolvers": (names.resolver,),
                "fetch_allowed_networks": ("127.0.0.0/8",),
                "whois_server": "root.test",
                "whois_port": servers.port,
            }
        )
        yield Port43(servers, names, Whois())


def test_the_root_refers_to_the_registry_and_that_to_the_registrar(port: Port43) -> None:
    found = port.whois.domain("kite.test")
    assert found is not None
    assert (found.registrar, found.registrar_abuse, found.holder.organisation) == (
        "Good Names Ltd", ("abuse@good-names.test",), "Kite Works",
    )  # fmt: skip
    port.whois.domain("other.test")
    assert port.servers.asked(at=ROOT) == ["test"]


def test_a_root_that_is_silent_for_a_moment_is_asked_again_soon(port: Port43, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(port43, "UNREAD_SECONDS", 0)
    port.servers.set("test", "", at=ROOT)
    assert port.whois.domain("kite.test") is None
    port.servers.set("test", "domain: TEST\nwhois: whois.nic.test\n", at=ROOT)
    assert port.whois.domain("kite.test") is not None
    assert port.servers.asked(at=ROOT) == ["test", "test"]


def test_servers_that_refer_to_each_other_are_each_asked_once(port: Port43) -> None:
    port.servers.set("kite.test", GENERIC.replace("whois.names.test", "whois.nic.test"), at=REGISTRAR)
    assert port.whois.domain("kite.test") is not None
    assert port.servers.asked() == ["test", "kite.test", "kite.test"]


def test_a_registrar_that_speaks_of_another_name_adds_nothing(port: Port43) -> None:
    port.servers.set("kite.test", GENERIC.replace("KITE.TEST", "OTHER.TEST"), at=REGISTRAR)
    found = port.whois.domain("kite.test")
    assert found is not None
    assert found.registrar_abuse == ()


def test_a_limit_is_later_and_the_server_is_left_alone_until_then(port: Port43) -> None:
    port.servers.set("kite.test", "WHOIS LIMIT EXCEEDED", at=REGISTRY)
    assert port.refuses() > datetime.now(UTC) + timedelta(minutes=50)
    port.servers.set("kite.test", THIN, at=REGISTRY)
    port.refuses()
    assert port.servers.asked(at=REGISTRY) == ["kite.test"]


def test_a_limit_at_the_registrars_leaves_the_registrys_word(port: Port43) -> None:
    port.servers.set("kite.test", "Too many queries", at=REGISTRAR)
    found = port.whois.domain("kite.test")
    assert found is not None
    assert found.registrar == "Good Names Ltd"


@pytest.mark.parametrize("mood", [{"byte_seconds": 0.1}, {"hangs": True}])
def test_who_drips_or_never_ends_is_asked_later(
    port: Port43, mood: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(port43, "ANSWER_SECONDS", 0.4)
    port.servers.set("kite.test", THIN, at=REGISTRY, **mood)
    assert port.refuses() > datetime.now(UTC)


def test_who_floods_is_not_read_to_the_end(port: Port43) -> None:
    port.servers.set("kite.test", b"x" * 10_000 + b"\n", at=REGISTRY, repeats=1000)
    assert port.whois.domain("kite.test") is None


@pytest.mark.parametrize(
    ("said", "problem"),
    [
        ("No match\n", "nothing"),
        ("Domain Name: other.test\nRegistrar: Good Names Ltd\n", "something_else"),
        ("?", "wrong_type"),
    ],
)
def test_who_is_not_heard_does_not_say_that_there_is_nothing(port: Port43, said: str, problem: str) -> None:
    port.servers.set("kite.test", said, at=REGISTRY)
    assert port.whois.look_up("kite.test") == (None, problem)
    port.names.set("whois.nic.test", "A", "169.254.169.254")
    assert port.whois.look_up("kite.test") == (None, "")
    assert port.whois.look_up("kite.zz") == (None, "no_registry")


def test_a_name_in_its_own_script_is_the_name_that_was_asked_for(port: Port43) -> None:
    name = "xn--bcher-kva.test"
    port.servers.set(name, THIN.replace("kite.test", "b\u00fccher.test"), at=REGISTRY)
    found = port.whois.domain(name)
    assert found is not None
    assert found.registrar == "Good Names Ltd"


def test_bytes_of_no_encoding_are_an_answer_all_the_same(port: Port43) -> None:
    port.servers.set("kite.test", b"Domain Name: kite.test\r\nRegistrar: N\xe4mes \xff\r\n", at=REGISTRY)
    found = port.whois.domain("kite.test")
    assert found is not None
    assert found.registrar.startswith("N\u00e4mes")


def test_no_referral_leads_inside(port: Port43, settings: Any) -> None:
    settings.LEEWARD = settings.LEEWARD.model_copy(update={"fetch_allowed_networks": (f"{ROOT}/32", f"{REGISTRY}/32")})
    assert port.whois.domain("kite.test") is not None
    assert port.servers.asked(at=REGISTRAR) == []
    for inside in ("localhost", "db.internal", "169.254.169.254"):
        port.servers.set("kite.test", f"Domain Name: kite.test\nRegistrar: N\nWhois Server: {inside}\n", at=REGISTRY)
        assert port.whois.domain("kite.test") is not None


def test_an_unknown_end_has_no_server_and_none_is_asked_where_whois_is_off(port: Port43, settings: Any) -> None:
    assert port.whois.domain("kite.zz") is None
    asked = len(port.servers.asked())
    settings.LEEWARD = settings.LEEWARD.model_copy(update={"whois_server": ""})
    assert Whois().domain("kite.test") is None
    assert len(port.servers.asked()) == asked


def test_questions_to_one_server_keep_their_distance(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    settings.LEEWARD = settings.LEEWARD.model_copy(update={"whois_server": "root.test"})
    slept: list[float] = []
    monkeypatch.setattr(port43.time, "sleep", slept.append)
    said = {"test": b"whois: whois.nic.test"}
    whois = Whois(lambda _server, line: said.get(line, THIN.encode()))
    for number in range(6):
        whois.domain(f"a{number}.test")
    with pytest.raises(AskLater):
        [whois.domain(f"a{number}.test") for number in range(6, 12)]
    assert max(slept) <= port43.MOST_WAIT_SECONDS
    assert any(wait > 0.9 for wait in slept)


def test_however_many_servers_are_named_only_so_many_are_remembered(
    monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    settings.LEEWARD = settings.LEEWARD.model_copy(update={"whois_server": "root.test"})
    monkeypatch.setattr(port43.time, "sleep", lambda _seconds: None)
    monkeypatch.setattr(port43, "POLITE_SECONDS", 0.0)
    monkeypatch.setattr(port43, "MOST_KEPT", 3)

    def ask(server: str, line: str) -> bytes:
        return f"whois: whois.{line}.test".encode() if server == "root.test" else b"Too many requests"

    whois = Whois(ask)
    for number in range(10):
        with pytest.raises(AskLater):
            whois.domain(f"kite.e{number}")
    assert (len(whois._servers), len(whois._free_at), len(whois._limited)) == (3, 3, 3)
    with pytest.raises(AskLater):
        whois.domain("kite.e9")
