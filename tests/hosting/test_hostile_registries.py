"""Registries, registrars and WHOIS servers that lie, break off, lead astray or take their time: nothing known is changed by them,
nothing raises, and nobody is asked for long."""

import json
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from leeward.demo.world.pages import bomb, breaks_off, drip, endless_redirect, file, hangs_up, redirect
from leeward.demo.world.web import Answer
from leeward.hosting import live
from leeward.hosting.lookups import names, port43, rdap_client
from leeward.hosting.lookups import registries as lookups_registries
from leeward.hosting.lookups.later import PATIENCE, AskLater
from leeward.hosting.lookups.registries import Registries, registries
from leeward.hosting.models import NameRecord
from leeward.hosting.queries import Whereabouts, whereabouts
from leeward.hosting.rules.questions import Question
from leeward.hosting.rules.rdap import registrations
from leeward.hosting.rules.registrant import statements
from leeward.hosting.rules.registry_answers import RegistryReply
from leeward.hosting.services import locate, locating
from leeward.jobs.models import Job
from tests.hosting.conftest import HOST, Outside

Place = Callable[[str], int]
TYPE = "application/rdap+json"
NAME = "harbour.example"
DOMAIN, NETWORK, MORE = f"/rdap/domain/{NAME}", "/rdap/ip/127.0.0.1", "/rdap/more"
SAID = {"objectClassName": "domain", "ldhName": NAME, "status": ["active"]}
HELD = SAID | {"status": ["client hold"]}
INSIDE = "http://169.254.169.254/latest/"


def _json(answer: object) -> Answer:
    return file(json.dumps(answer).encode(), TYPE)


# What comes instead of an answer about a name.
NO_NAME: dict[str, Any] = {
    "an empty search": _json({"domainSearchResults": []}),
    "a search": _json({"domainSearchResults": [HELD]}),
    "another name": _json(HELD | {"ldhName": "other.example"}),
    "a name in it": _json(HELD | {"ldhName": f"x{NAME}"}),
    "another object": _json(HELD | {"objectClassName": "entity"}),
    "an error that is no error": _json(HELD | {"errorCode": 500}),
    "nothing in it": _json({}),
    "no end of lists": file(b'{"entities":' + b'[{"entities":' * 200_000, TYPE),
    "a number of 100,000 digits": file(b'{"ldhName": ' + b"9" * 100_000 + b"}", TYPE),
    "another encoding": file(json.dumps(HELD | {"handle": "\u00e4"}, ensure_ascii=False).encode("latin-1"), TYPE),
    "50 MB": file(b" " * 50_000_000, TYPE),
    "100 MB packed": bomb(),
    "half of it": breaks_off(json.dumps(HELD).encode(), TYPE),
    "no word": hangs_up(),
    "a page": file(b"<html>", "text/html"),
    "a circle": redirect(DOMAIN),
    "no end of circles": endless_redirect(),
    "our own network": redirect(INSIDE),
    "no address": redirect("http://[bad"),
}  # fmt: skip
# What comes instead of an answer about an address.
NO_NETWORK: dict[str, Any] = {
    "nothing in it": _json({}),
    "an error that is no error": _json({"errorCode": 500, "objectClassName": "ip network"}),
    "another network": _json({"objectClassName": "ip network", "startAddress": "10.0.0.0", "endAddress": "10.0.0.255"}),
    "a network of the other kind": _json({"objectClassName": "ip network", "startAddress": "::", "endAddress": "ffff::"}),
    "a name": _json(HELD),
}  # fmt: skip
# Where an answer can lead.
NOWHERE = ("http://[bad", "http://ex\u2100mple/", "../x", "file:///etc/passwd", "http://a\r\nb\0/", "x" * 3000, INSIDE)


def test_no_lie_and_no_fault_changes_what_is_known(
    outside: Outside, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rdap_client, "ANSWER_SECONDS", 1.0)
    number = place(outside.url())
    locate(number)
    before = _known(number)
    assert (before[1].registrar, before[1].network) == ("Names & Sons", "HARBOUR-NET")
    for path, faults in ((DOMAIN, NO_NAME), (NETWORK, NO_NETWORK)):
        for what, page in faults.items():
            registries.cache_clear()
            outside.rdap.instead(path, page)
            locate(number)
            assert _known(number) == before, what
        outside.rdap.as_before(path)


def _known(number: int) -> tuple[int, Whereabouts, list[tuple[str, str]]]:
    where = whereabouts(number)
    findings = sorted((row.kind, row.value) for row in where.findings)
    return NameRecord.objects.count(), replace(where, findings=()), findings


def test_an_answer_that_leads_nowhere_counts_without_what_is_there(outside: Outside, place: Place) -> None:
    number = place(outside.url())
    for href in NOWHERE:
        registries.cache_clear()
        link = {"rel": "related", "type": TYPE, "href": href}
        outside.rdap.instead(DOMAIN, _json(HELD | {"links": [link]}))
        around = {
            "startAddress": "127.0.0.0",
            "endAddress": "127.0.0.255",
            "name": "NET",
            "links": [link | {"rel": "up"}],
        }
        outside.rdap.instead(NETWORK, _json(around))
        locate(number)
        where = whereabouts(number)
        assert (where.domain_status, where.network, where.upstream_emails) == (("client hold",), "NET", ()), href


def test_letters_that_show_nothing_or_turn_the_line_are_not_kept(outside: Outside, place: Place) -> None:
    said = json.dumps(SAID | {"handle": "x", "status": ["?"]}).encode()
    outside.rdap.instead(DOMAIN, file(said.replace(b'"?"', rb'"a\u202eb\u0000c\ud800d\u2028"'), TYPE))
    number = place(outside.url())
    locate(number)
    assert whereabouts(number).domain_status == ("abcd",)


def test_a_registrar_that_is_silent_or_lies_takes_nothing_away_and_suspends_nothing(
    outside: Outside, place: Place
) -> None:
    """The registry sends on to the registrar: what that one said once holds until it says something else."""
    thin = {"links": [{"rel": "related", "type": TYPE, "href": f"{outside.rdap.url}{MORE}"}]}
    registrar = {"roles": ["registrar"], "vcardArray": ["vcard", [["fn", {}, "text", "Names"]]]}
    desk = {"roles": ["abuse"], "vcardArray": ["vcard", [["email", {}, "text", "abuse@names.example"]]]}
    holder = {"roles": ["registrant"], "vcardArray": ["vcard", [["email", {}, "text", "owner@kite.test"]]]}
    outside.rdap.instead(
        DOMAIN, _json({key: SAID[key] for key in ("objectClassName", "ldhName")} | thin | {"entities": [registrar]})
    )
    outside.rdap.instead(MORE, _json(HELD | {"entities": [registrar | {"entities": [desk]}, holder]}))
    number = place(outside.url())
    locate(number)
    record = NameRecord.objects.get()
    assert (record.statuses, record.is_suspended, bool(record.holder_key)) == ([], False, True)
    for page in (
        Answer(status=429),
        hangs_up(),
        _json({}),
        _json({"domainSearchResults": []}),
        _json(HELD | {"ldhName": "x.example"}),
    ):
        registries.cache_clear()
        outside.rdap.instead(MORE, page)
        locate(number)
        assert whereabouts(number).registrar_abuse_emails == ("abuse@names.example",)
        again = NameRecord.objects.get()
        assert (again.holder_key, again.holder, again.registrar_abuse) == (
            record.holder_key, record.holder, ["abuse@names.example"],
        )  # fmt: skip


def test_a_registrar_that_could_not_be_heard_is_asked_again_in_minutes_and_not_in_a_day(
    outside: Outside, place: Place, time_machine: Any
) -> None:
    noon = datetime(2026, 11, 24, 12, tzinfo=UTC)
    link = {"rel": "related", "type": TYPE, "href": f"{outside.rdap.url}{MORE}"}
    outside.rdap.instead(DOMAIN, _json(SAID | {"links": [link]}))
    outside.rdap.instead(MORE, hangs_up())
    number = place(outside.url())
    asked = []
    for minutes in (0, 4, 6, 60):
        time_machine.move_to(noon + timedelta(minutes=minutes), tick=False)
        locate(number)
        asked.append(len(outside.rdap.requests(path=DOMAIN)))
        if minutes == 4:
            desk = {"roles": ["abuse"], "vcardArray": ["vcard", [["email", {}, "text", "abuse@names.example"]]]}
            outside.rdap.instead(MORE, _json(SAID | {"entities": [{"roles": ["registrar"], "entities": [desk]}]}))
    assert asked == [1, 1, 2, 2]
    assert whereabouts(number).registrar_abuse_emails == ("abuse@names.example",)


ENTRIES = [[["example"], ["http://registry.test/"]]]
# What comes instead of a bootstrap file.
NO_FILE: dict[str, Any] = {
    "no services": {"version": "1.0", "publication": "1970-01-01T00:00:00Z"},
    "none": {"services": []},
    "of another kind": {"services": {"example": "http://registry.test/"}},
    "without entries": {"services": [[[], ["http://registry.test/"]]]},
    "without registries": {"services": [[["example"], []]]},
    "a problem": {"errorCode": 500},
    "no end of entries": {"services": [[["example"] * 20_001, ["http://registry.test/"]]]},
}


def test_a_bootstrap_file_that_leads_nowhere_takes_none_away(monkeypatch: pytest.MonkeyPatch) -> None:
    """The last good one goes on leading; without one nobody is said to have no RDAP, and is asked in another way for a day."""
    monkeypatch.setattr(lookups_registries, "BOOTSTRAP_SECONDS", 0)
    monkeypatch.setattr(lookups_registries, "AGAIN_SECONDS", 0)
    served: dict[str, Any] = {}
    asked: list[str] = []

    def get(url: str) -> RegistryReply:
        asked.append(url)
        return RegistryReply(answer=served if url.endswith("dns.json") else HELD)

    for what, wrong in NO_FILE.items():
        world = Registries(get)
        served = wrong
        assert (world.has_no_rdap(NAME), world.look_up(Question("domain", NAME)).problem) == (False, "no_registry"), (
            what
        )
        served = {"services": ENTRIES}
        assert world.look_up(Question("domain", NAME)).answer == HELD
        served = wrong
        assert world.look_up(Question("domain", NAME)).answer == HELD, what
        assert not world.has_no_rdap(NAME)
        assert world.has_no_rdap("kite.zz"), "the last good file still says what it doesn't have"


@pytest.mark.parametrize(
    "base", ["http://[bad", "x", "", "file:///etc/", f"{INSIDE}", "http://ex\u2100mple/", "http://a\r\nb/", "h" * 3000]
)
def test_a_bootstrap_file_leads_no_further_than_any_answer(outside: Outside, base: str) -> None:
    outside.rdap.instead("/dns.json", _json({"services": [[["example"], [base, outside.rdap.url + "/rdap/"]]]}))
    assert live.registered(NAME)[0].name == NAME, "who lies is passed over"
    registries.cache_clear()
    outside.rdap.instead("/dns.json", _json({"services": [[["example"], [base] * 9_000]]}))
    assert registries().look_up(Question("domain", NAME)).answer is None


def test_dates_far_away_and_ten_thousand_entities_hold_nobody(outside: Outside, place: Place) -> None:
    inner = {"roles": ["abuse"], "vcardArray": ["vcard", [["email", {}, "text", "abuse@names.example"]]]}
    crowd = [{"handle": str(number), "roles": ["registrar"], "entities": [inner]} for number in range(10_000)]
    number, seconds = place(outside.url()), list[float]()
    for when in ("9999-12-31T23:59:59-23:59", "0001-01-01T00:00:00+23:59", "9" * 5000, "10000-01-01T00:00:00Z"):
        registries.cache_clear()
        events = [{"eventAction": action, "eventDate": when} for action in ("registration", "expiration")] * 1000
        entities = crowd if not seconds else [inner]
        outside.rdap.instead(DOMAIN, _json(HELD | {"events": events, "entities": entities}))
        started = time.process_time()
        locate(number)
        seconds.append(time.process_time() - started)
        assert whereabouts(number).domain_status == ("client hold",), when
        said = statements(registrations(HELD | {"events": events})[0], datetime.now(UTC).date())
        assert "old" not in {one.code for one in said}, "no name is from then"
    assert seconds[0] < 10


def test_the_command_says_that_it_is_about_something_else(outside: Outside) -> None:
    outside.rdap.instead(DOMAIN, _json(HELD | {"ldhName": "other.example"}))
    assert live.registered(NAME)[0].error == "It is not the answer of a registry: it is about something else."
    outside.rdap.instead(DOMAIN, _json({"errorCode": 418, "title": "No"}))
    assert live.registered(NAME)[0].error == "The registry answers: 418 No"


def test_however_many_servers_take_their_time_nobody_waits_for_long(
    outside: Outside, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each is in time, all together are not: the rest is asked later, and the address doesn't use up the time of the name."""
    slow = json.dumps({"startAddress": "127.0.0.0", "endAddress": "127.0.0.9", "arin_originas0_originautnums": [64500]})
    outside.rdap.instead(NETWORK, Answer(body=slow.encode(), content_type=TYPE, wait_seconds=0.6))
    monkeypatch.setattr(locating, "PART_SECONDS", 0.5)
    number = place(outside.url())
    started = time.monotonic()
    locate(number)
    assert time.monotonic() - started < 3
    assert outside.rdap.requests(path="/rdap/autnum/64500") == []
    assert whereabouts(number).registrar == "Names & Sons"
    assert Job.objects.filter(kind="hosting.locate_again", subject_id=number).exists()
    with PATIENCE.lasting(0), pytest.raises(AskLater):
        port43.Whois(lambda _server, _line: b"whois: whois.nic.test").domain("kite.test")
    PATIENCE.require()


def test_a_drip_ends_with_its_time(outside: Outside, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rdap_client, "ANSWER_SECONDS", 0.4)
    outside.rdap.instead(DOMAIN, drip(json.dumps(HELD).encode(), piece_seconds=0.05))
    started = time.monotonic()
    assert registries().domain(NAME) is None
    assert time.monotonic() - started < 2


def test_a_slow_name_server_has_its_time_once_and_not_for_each_kind_of_address(outside: Outside) -> None:
    outside.names.fail(HOST, "SILENCE", times=1)
    started = time.monotonic()
    assert names.resolve(HOST, 0.4).problem == "name_timed_out"
    assert time.monotonic() - started < 0.8


def test_a_whois_answer_that_breaks_off_is_asked_for_again_and_counts_once_it_is_whole(
    settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(port43, "POLITE_SECONDS", 0.0)
    settings.LEEWARD = settings.LEEWARD.model_copy(update={"whois_server": "root.test"})
    whole = b"Domain Name: kite.test\r\nRegistrar: Good Names\r\nDomain Status: clientHold\r\n"
    said: list[bytes] = []
    whois = port43.Whois(lambda _server, line: b"whois: whois.nic.test" if line == "test" else said.pop(0))
    for answers, statuses in (
        ([whole[:40], whole], ("client hold",)),
        ([whole[:40], whole[:60]], None),
        ([whole[:-2], whole[:-2]], ("client hold",)),  # it never ends its last line
        ([whole + b"\r\nWe may limit: all who ask"], ("client hold",)),
        ([whole + b">>> Last upd"], ("client hold",)),
    ):
        said[:] = answers
        found = whois.domain("kite.test")
        assert (found and found.statuses, said) == (statuses, [])
