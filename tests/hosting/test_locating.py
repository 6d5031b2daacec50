"""Where a thing is, from real name servers and registries; what people correct; what must not be acted on any more."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django_scopes import scope

from leeward.demo.world.pages import file, late, redirect
from leeward.demo.world.registry import Domain, Network
from leeward.demo.world.web import Answer
from leeward.demo.world.whois import WhoisServer
from leeward.foundation.errors import NotAllowed
from leeward.hosting.errors import CannotCorrect
from leeward.hosting.lookups import rdap_client, shields
from leeward.hosting.lookups import registries as lookups_registries
from leeward.hosting.models import Finding, Location
from leeward.hosting.queries import whereabouts
from leeward.hosting.services import correct_finding, locate, open_location
from leeward.jobs.models import Job
from leeward.jobs.worker import run_until_idle
from tests.hosting.conftest import HOST, Outside
from tests.personas import Cast

Place = Callable[[str], int]


def test_many_addresses_of_one_host_are_one_question(outside: Outside, place: Place) -> None:
    for number in range(200):
        locate(place(outside.url(f"/a/{number}")))
    asked = [request.path for request in outside.rdap.requests()]
    assert asked
    assert len(asked) == len(set(asked))
    assert whereabouts(place(outside.url("/a/199"))).abuse_emails == ("abuse@harbour.example",)


def test_answers_are_kept_for_a_day_and_silence_for_minutes(outside: Outside, place: Place, time_machine: Any) -> None:
    known, unknown = place(outside.url()), place(outside.url().replace("harbour.example", "nobody.example"))
    outside.names.set("pictures.nobody.example", "A", "127.0.0.1")

    def asked_at(moment: datetime) -> tuple[int, int]:
        time_machine.move_to(moment)
        locate(known)
        locate(unknown)
        asked = [request.path for request in outside.rdap.requests()]
        return asked.count("/rdap/ip/127.0.0.1"), asked.count("/rdap/domain/nobody.example")

    noon = datetime(2026, 11, 24, 12, tzinfo=UTC)
    assert asked_at(noon) == asked_at(noon + timedelta(minutes=4)) == (1, 1)
    assert asked_at(noon + timedelta(minutes=6)) == (1, 2)
    assert asked_at(noon + timedelta(hours=25)) == (2, 3)


def test_memory_is_bounded() -> None:
    bound = lookups_registries.MOST_KEPT
    many = lookups_registries.Registries()
    for number in range(bound + 5):
        many._remembered(str(number), lookups_registries.DAY, lambda: None)
    assert len(many._answers) == bound


def test_everything_that_is_known_of_a_web_address(outside: Outside, place: Place) -> None:
    number = place(outside.url("/a/77"))
    locate(number)
    where = whereabouts(number)
    assert (where.host, where.ip, where.network, where.asn) == (HOST, "127.0.0.1", "HARBOUR-NET", "AS64500")
    assert (where.country, where.behind) == ("JM", "")
    assert where.abuse_emails == ("abuse@harbour.example",)
    assert where.upstream_emails == ("abuse@carrier.example",)
    assert (where.registrar, where.registrar_abuse_emails) == ("Names & Sons", ("abuse@names.example",))
    assert where.domain_status == ("active",)
    assert len(where.domain_created) == 10
    assert all(finding.source and finding.at for finding in where.findings)
    assert where.country_sources == ("JM (RDAP)",)


def test_locating_again_keeps_one_row_a_fact_and_its_date_moves(outside: Outside, place: Place) -> None:
    number = place(outside.url())
    locate(number)
    before = {row.kind: row.at for row in Finding.objects.filter(location_id=number)}
    locate(number)
    after = list(Finding.objects.filter(location_id=number))
    assert len(after) == len(before)
    assert all(row.at > before[row.kind] for row in after)


def test_a_changed_contact_is_found_anew_and_the_old_one_stays_readable(outside: Outside, place: Place) -> None:
    number = place(outside.url())
    locate(number)
    outside.rdap.add_network(Network("127.0.0.0/16", "HARBOUR-NET", "Harbour Hosting", "JM", "new@harbour.example"))
    locate(number, at_most_old=timedelta(minutes=15))
    assert whereabouts(number).abuse_emails == ("abuse@harbour.example",)
    locate(number, at_most_old=timedelta(0))
    where = whereabouts(number)
    assert where.abuse_emails == ("new@harbour.example",)
    assert [row.value for row in where.findings if row.kind == "abuse_email"] == [
        "new@harbour.example",
        "abuse@harbour.example",
    ]


def test_what_was_known_of_another_address_is_not_acted_on(outside: Outside, place: Place) -> None:
    """The name moves to a network whose registry is silent: the old host must not get a notice."""
    number = place(outside.url())
    locate(number)
    outside.names.set(HOST, "A", "198.51.100.7")
    locate(number)
    where = whereabouts(number)
    assert (where.ip, where.abuse_emails, where.network, where.country) == ("198.51.100.7", (), "", None)
    assert where.registrar == "Names & Sons"


def test_the_offline_table_goes_before_the_registry_and_a_person_before_both(
    outside: Outside, place: Place, cast: Cast
) -> None:
    outside.names.set(HOST, "A", "8.8.8.8")
    outside.rdap.add_network(Network("8.8.8.0/24", "EIGHTS", "Somebody", "BB", "abuse@eights.example"))
    number = place(outside.url())
    locate(number)
    assert whereabouts(number).country == "US"
    assert len(whereabouts(number).country_sources) == 2
    correct_finding(number, kind="country", value="jm", reason="the host's own page says so", actor=cast["ana"].actor)
    locate(number)
    where = whereabouts(number)
    assert where.country == "JM"
    assert [(row.corrected_by, row.reason) for row in where.findings if row.corrected_by] == [
        (cast["ana"].actor.label, "the host's own page says so")
    ]


def test_behind_a_shared_proxy_the_origin_is_unknown_until_somebody_says_so(
    outside: Outside, place: Place, cast: Cast
) -> None:
    outside.names.set(HOST, "A", "104.16.1.1")
    number = place(outside.url())
    locate(number)
    where = whereabouts(number)
    assert (where.behind, where.country) == ("Cloudflare", None)
    correct_finding(number, kind="country", value="JM", reason="the proxy named the origin", actor=cast["ana"].actor)
    assert whereabouts(number).country == "JM"


@pytest.mark.parametrize(
    ("kind", "value", "reason"),
    [
        ("country", "Jamaica", "why"),
        ("country", "JM", "  "),
        ("abuse_email", "nobody", "why"),
        ("ip", "192.0.2.1", "why"),
        ("nonsense", "x", "why"),
    ],
)
def test_a_correction_that_cant_be_right_is_refused(
    outside: Outside, place: Place, cast: Cast, kind: str, value: str, reason: str
) -> None:
    number = place(outside.url())
    with pytest.raises(CannotCorrect):
        correct_finding(number, kind=kind, value=value, reason=reason, actor=cast["ana"].actor)
    assert not Finding.objects.filter(location_id=number).exists()


@pytest.mark.parametrize("name", ["otto", "pia", "dora"])
def test_only_who_works_on_cases_corrects(outside: Outside, place: Place, cast: Cast, name: str) -> None:
    number = place(outside.url())
    with pytest.raises(NotAllowed):
        correct_finding(number, kind="country", value="JM", reason="why", actor=cast[name].actor)


def test_a_name_that_is_gone_says_so_and_the_registrar_is_still_known(outside: Outside, place: Place) -> None:
    outside.names.forget(HOST)
    number = place(outside.url())
    locate(number)
    where = whereabouts(number)
    assert (where.ip, where.country, where.registrar) == ("", None, "Names & Sons")
    assert [row.value for row in where.findings if row.kind == "name_problem"] == ["no_such_name"]


@pytest.mark.parametrize(
    "text", ["magnet:?xt=urn:btih:" + "a" * 40, "anna on kik", "http://" + "a" * 56 + ".onion/", "+18765550100"]
)
def test_things_without_a_host_have_no_whereabouts(outside: Outside, place: Place, text: str) -> None:
    number = place(text)
    locate(number)
    where = whereabouts(number)
    assert (where.ip, where.country, where.findings) == ("", None, ())


def test_registries_that_answer_nonsense_refuse_or_redirect_inside_leave_the_rest(
    outside: Outside, place: Place
) -> None:
    for path, page in {
        "/rdap/ip/127.0.0.1": redirect("http://169.254.169.254/latest/"),
        "/rdap/domain/harbour.example": file(b"[1, 2", "application/rdap+json"),
    }.items():
        outside.rdap.instead(path, page)
    number = place(outside.url())
    locate(number)
    where = whereabouts(number)
    assert (where.ip, where.network, where.registrar) == ("127.0.0.1", "", "")


def test_a_slow_registry_does_not_hold_us_for_ever(
    outside: Outside, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rdap_client, "ANSWER_SECONDS", 0.3)
    outside.rdap.instead("/rdap/ip/127.0.0.1", late(file(b"{}", "application/rdap+json"), 2.0))
    number = place(outside.url())
    locate(number)
    assert whereabouts(number).registrar == "Names & Sons"


def test_registries_are_asked_by_https_only_outside_the_demonstration(outside: Outside, place: Place, settings) -> None:
    settings.LEEWARD = settings.LEEWARD.model_copy(update={"rdap_allow_http": False})
    number = place(outside.url())
    locate(number)
    assert whereabouts(number).network == ""
    assert outside.rdap.requests() == []


def test_a_bootstrap_file_that_was_not_to_be_had_is_tried_again(
    outside: Outside, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lookups_registries, "AGAIN_SECONDS", 0)
    found = lookups_registries.Registries()
    outside.rdap.instead("/dns.json", file(b"", "text/plain"))
    assert found.domain("harbour.example", at_most_old=timedelta(0)) is None
    outside.rdap.as_before("/dns.json")
    assert found.domain("harbour.example", at_most_old=timedelta(0)) is not None
    asked = len(outside.rdap.requests(path="/dns.json"))
    assert found.domain("harbour.example", at_most_old=timedelta(0)) is not None
    assert len(outside.rdap.requests(path="/dns.json")) == asked


def test_the_same_thing_is_one_place_and_another_port_another(cast: Cast, place: Place) -> None:
    assert place("http://bad.example/a") == place("https://BAD.example:443/a#x")
    assert place("http://bad.example/a") != place("http://bad.example:8080/a")
    assert place("http://bad.example:8081/a") != place("http://bad.example:8080/a")
    with scope(hotline=cast.other_hotline_id):
        theirs = open_location(
            hotline_id=cast.other_hotline_id, kind="url", display="http://bad.example/a", comparable="bad.example/a"
        )
    assert theirs != place("http://bad.example/a")
    assert Location.objects.count() == 3


def test_an_own_list_of_proxies_takes_the_place_of_the_shipped_one(settings, tmp_path) -> None:
    settings.LEEWARD = settings.LEEWARD.model_copy(update={"data": tmp_path})
    assert shields.behind("104.16.1.1") is not None
    count = shields.take_list("name,network,as_of,source\nOur Proxy,198.51.100.0/24,2027-01-01,a letter\n")
    found = shields.behind("198.51.100.9")
    assert (count, found and found.name, shields.behind("104.16.1.1")) == (1, "Our Proxy", None)


def test_a_domain_without_a_registry_and_an_address_as_host(outside: Outside, place: Place) -> None:
    number = place(f"http://127.0.0.1:{outside.web.port}/")
    locate(number)
    where = whereabouts(number)
    assert (where.ip, where.network, where.registrar) == ("127.0.0.1", "HARBOUR-NET", "")


def test_the_owners_mailbox_is_kept_where_the_registry_gives_one(outside: Outside, place: Place) -> None:
    outside.rdap.add_domain(Domain("harbour.example", "Names & Sons", "abuse@names.example", registrant="Someone"))
    number = place(outside.url())
    locate(number)
    assert not [row for row in whereabouts(number).findings if row.kind == "owner_email"]


def test_a_registry_that_is_too_busy_is_asked_later_and_has_not_said_that_there_is_nothing(
    outside: Outside, place: Place, time_machine: Any
) -> None:
    noon = datetime(2026, 11, 24, 12, tzinfo=UTC)
    time_machine.move_to(noon, tick=False)
    busy = Answer(status=429, headers=(("Retry-After", "1800"),))
    outside.rdap.instead("/rdap/domain/harbour.example", busy)
    number = place(outside.url())
    locate(number)
    assert whereabouts(number).abuse_emails == ("abuse@harbour.example",)
    assert whereabouts(number).registrar == ""
    (waits,) = Job.objects.filter(kind="hosting.locate_again", subject_id=number)
    assert waits.due_at == noon + timedelta(seconds=1800)
    asked = len(outside.rdap.requests())
    time_machine.move_to(noon + timedelta(seconds=1790), tick=False)
    locate(number)
    assert len(outside.rdap.requests()) == asked
    Job.objects.update(due_at=noon)
    assert run_until_idle(most=5) == 1, "it waits, and does not begin again at once"
    waits.refresh_from_db()
    assert waits.due_at == noon + timedelta(seconds=1800)
    outside.rdap.as_before("/rdap/domain/harbour.example")
    time_machine.move_to(noon + timedelta(seconds=1801), tick=False)
    run_until_idle()
    where = whereabouts(number)
    assert where.registrar == "Names & Sons"
    assert next(row.value for row in where.findings if row.kind == "ask_later") == ""


def test_what_a_clock_that_was_ahead_kept_is_asked_anew(outside: Outside, place: Place, time_machine: Any) -> None:
    noon = datetime(2026, 11, 24, 12, tzinfo=UTC)
    time_machine.move_to(noon + timedelta(days=1), tick=False)
    locate(place(outside.url()))
    asked = len(outside.rdap.requests())
    time_machine.move_to(noon, tick=False)
    locate(place(outside.url("/later")))
    assert len(outside.rdap.requests()) > asked


def test_a_registrar_completes_the_registrys_word_and_one_that_leads_in_circles_does_not(
    outside: Outside, place: Place
) -> None:
    thin = {
        "objectClassName": "domain",
        "ldhName": "harbour.example",
        "links": [_related(f"{outside.rdap.url}/rdap/more")],
    }
    thick = thin | {
        "entities": [{"roles": ["registrant"], "vcardArray": ["vcard", [["fn", {}, "text", "Harbour Ltd"]]]}]
    }
    outside.rdap.instead("/rdap/domain/harbour.example", _json(thin))
    outside.rdap.instead("/rdap/more", _json(thick))
    number = place(outside.url())
    locate(number)
    assert [row.value for row in whereabouts(number).findings if row.kind == "registrant"] == ["Harbour Ltd"]
    assert len(outside.rdap.requests(path="/rdap/more")) == 1


def test_a_name_without_rdap_is_asked_by_whois(outside: Outside, place: Place, settings: Any) -> None:
    with WhoisServer() as whois:
        whois.set("test", "whois: 127.0.0.1\n")
        whois.set("kite.test", "Domain Name: kite.test\nRegistrar: Good Names\nDomain Status: serverHold\n")
        settings.LEEWARD = settings.LEEWARD.model_copy(update={"whois_server": "127.0.0.1", "whois_port": whois.port})
        outside.names.set("www.kite.test", "A", "127.0.0.1")
        number = place("http://www.kite.test/a")
        locate(number)
    where = whereabouts(number)
    assert (where.registrar, where.domain_status) == ("Good Names", ("server hold",))
    assert {row.source for row in where.findings if row.kind == "registrar"} == {"WHOIS"}


def _related(url: str) -> dict[str, str]:
    return {"rel": "related", "type": "application/rdap+json", "href": url}


def _json(answer: dict[str, Any]) -> Any:
    return file(json.dumps(answer).encode(), "application/rdap+json")
