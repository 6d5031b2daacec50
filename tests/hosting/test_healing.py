"""An outage of name servers or registries leaves nothing unknown for good: it is asked again within minutes of its end."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine

from leeward.demo.world import pages
from leeward.demo.world.web import Answer
from leeward.hosting.models import Fetch
from leeward.hosting.queries import whereabouts
from leeward.hosting.services import fetch, healing, locate, probe
from leeward.jobs import worker
from leeward.jobs.models import Job
from tests.hosting.conftest import HOST, Outside

Place = Callable[[str], int]
CONTROL = "control.example"
MINUTE = timedelta(minutes=1)
BUSY, JSON = pages.plain("Busy", status=502), "application/rdap+json"


@pytest.fixture(autouse=True)
def _known(outside: Outside, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.LEEWARD = settings.LEEWARD.model_copy(update={"control_url": f"https://{CONTROL}/"})
    outside.names.set(CONTROL, "A", "127.0.0.1")
    monkeypatch.setattr(healing, "OUTAGE", healing._Outage())
    monkeypatch.setattr(healing, "TURNS", healing._Turns())
    monkeypatch.setattr("leeward.hosting.lookups.names.SECONDS", 0.15)


def ran(now: datetime) -> list[tuple[int, str, bool]]:
    """Run what is due, and return what is left of the jobs that heal: how often each failed, why, and whether it was given up."""
    worker.run_until_idle(now)
    rows = Job.objects.filter(kind=healing.HEAL).order_by("subject_id")
    return list(rows.values_list("attempts", "problem", "dead"))


def test_what_an_outage_of_name_servers_left_open_is_found_and_fetched_after_it(outside: Outside, place: Place) -> None:
    number, now = place(outside.url("/a")), datetime.now(UTC)
    outside.site.put("/a", pages.plain("Hello"))
    for name in (HOST, CONTROL):
        outside.names.fail(name, "SILENCE")
    locate(number)
    fetch(number, on_behalf="report:1")
    assert whereabouts(number).ip == ""
    waits = []
    for _try in range(6):
        job = Job.objects.get(kind=healing.HEAL)
        waits.append(round((job.due_at - now) / MINUTE))
        now = job.due_at
        ran(now)
        healing.OUTAGE = healing._Outage()
    assert waits == [1, 2, 4, 8, 15, 15]
    for name in (HOST, CONTROL):
        outside.names.heal(name)
    assert ran(now + 15 * MINUTE) == []
    where = whereabouts(number)
    assert (where.ip, where.country, where.registrar) == ("127.0.0.1", "JM", "Names & Sons")
    last = Fetch.objects.order_by("-pk")[0]
    assert (last.outcome, last.on_behalf) == ("answered", "report:1")


def test_a_name_that_is_back_is_looked_up_as_soon_as_the_place_is_found_up(outside: Outside, place: Place) -> None:
    number, now = place(outside.url("/a")), datetime.now(UTC)
    outside.site.put("/a", pages.plain("Hello"))
    outside.names.forget(HOST)
    locate(number)
    fetch(number, on_behalf="report:1")
    assert (probe(number).outcome, ran(now + MINUTE)) == ("gone", [])
    outside.names.set(HOST, "A", "127.0.0.1")
    assert probe(number).outcome == "same"
    assert ran(now + 2 * MINUTE) == []
    where = whereabouts(number)
    assert (where.ip, where.country) == ("127.0.0.1", "JM")
    assert Fetch.objects.order_by("-pk")[0].outcome == "answered"
    probe(number)
    assert not Job.objects.filter(kind=healing.HEAL).exists(), "known now"


def test_what_was_seen_while_the_clock_was_ahead_hides_nothing_that_is_seen_later(
    outside: Outside, place: Place
) -> None:
    number = place(outside.url("/a"))
    outside.site.put("/a", pages.plain("Hello"))
    outside.names.forget(HOST)
    with time_machine.travel(datetime.now(UTC) + timedelta(days=1)):
        locate(number)
        fetch(number)
    assert whereabouts(number).ip == ""
    outside.names.set(HOST, "A", "127.0.0.1")
    locate(number)
    seen = fetch(number)
    assert seen is not None
    assert (seen.outcome, whereabouts(number).ip, whereabouts(number).country) == ("answered", "127.0.0.1", "JM")


def test_while_everything_is_silent_one_question_is_enough_and_its_end_wakes_all(
    outside: Outside, place: Place
) -> None:
    first, second = place(outside.url("/a")), place(outside.url("/b"))
    now = datetime.now(UTC)
    for name in (HOST, CONTROL):
        outside.names.fail(name, "SILENCE")
    locate(first)
    locate(second)
    asked = len(outside.names.queries())
    assert [row[0] for row in ran(now + 2 * MINUTE)] == [1, 1]
    assert {query.name.rstrip(".") for query in outside.names.queries()[asked:]} == {HOST, CONTROL}
    assert len([query for query in outside.names.queries()[asked:] if query.name.startswith(CONTROL)]) <= 2
    for name in (HOST, CONTROL):
        outside.names.heal(name)
    Job.objects.filter(kind=healing.HEAL, subject_id=first).update(due_at=now)
    healing.OUTAGE._quiet_until = 0.001  # the quiet is over
    assert ran(now + 3 * MINUTE) == []  # the second would have waited for four


def test_the_end_of_an_outage_wakes_all_also_where_the_first_name_is_ill_itself(outside: Outside, place: Place) -> None:
    first, second = place(outside.url("/a")), place(outside.url("/b").replace(HOST, f"b.{HOST}"))
    now = datetime.now(UTC)
    for name in (HOST, f"b.{HOST}", CONTROL):
        outside.names.fail(name, "SERVFAIL")
    locate(first)
    locate(second)
    ran(now + 2 * MINUTE)
    Job.objects.filter(kind=healing.HEAL, subject_id=second).update(due_at=now + timedelta(hours=1))
    outside.names.heal(CONTROL)
    outside.names.set(f"b.{HOST}", "A", "127.0.0.1")
    outside.names.heal(f"b.{HOST}")
    healing.OUTAGE._quiet_until = 0.001  # the quiet is over
    ran(now + 5 * MINUTE)
    assert list(Job.objects.filter(kind=healing.HEAL).values_list("subject_id", flat=True)) == [first]


def test_thousands_of_names_whose_servers_are_ill_take_turns(
    outside: Outside, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(healing, "MOST_UNHEARD", 2)
    lot = [0, 9]  # drawn for the third and the fourth
    monkeypatch.setattr("leeward.hosting.services.healing.secrets.randbelow", lambda _many: lot.pop(0))
    hosts = [f"h{at}.{HOST}" for at in range(4)]
    for host in hosts:
        outside.names.fail(host, "SERVFAIL")
        locate(place(outside.url().replace(HOST, host)))
    asked = len(outside.names.queries())
    now = datetime.now(UTC)
    assert ran(now + 2 * MINUTE) == [(1, "still_unheard", False)] * 4
    assert {query.name.rstrip(".") for query in outside.names.queries()[asked:]} == {*hosts[:3], CONTROL}
    healing.TURNS._since -= 2 * healing.MINUTE_SECONDS
    assert healing.TURNS.draw(), "nothing has failed for two minutes: nobody has to wait for a turn"


@pytest.mark.parametrize(
    ("path", "instead"),
    [
        ("/rdap/ip/127.0.0.1", BUSY),
        ("/rdap/domain/harbour.example", BUSY),
        ("/ipv4.json", BUSY),
        ("/rdap/ip/127.0.0.1", pages.plain("We are back soon")),
        ("/rdap/ip/127.0.0.1", Answer(200, b"\xff\xfe\x00", JSON)),
        ("/rdap/ip/127.0.0.1", Answer(200, b'{"rdapConformance": 7, "objectClassName": []}', JSON)),
        ("/rdap/ip/127.0.0.1", Answer(200, b'{"objectClassName": "ip network"}', JSON)),
        ("/rdap/domain/harbour.example", Answer(200, b'{"objectClassName": "domain", "lang": "en"}', JSON)),
        ("/rdap/domain/harbour.example", Answer(301, headers=(("Location", "/rdap/domain/harbour.example"),))),
    ],
)
def test_a_registry_that_fails_or_says_something_else_is_asked_again(
    outside: Outside, place: Place, path: str, instead: Answer
) -> None:
    number, now = place(outside.url("/a")), datetime.now(UTC)
    outside.rdap.instead(path, instead)
    locate(number)
    assert ran(now + MINUTE * 2) == [(1, "still_unheard", False)]
    outside.rdap.as_before(path)
    healing.registries()._files.clear()
    assert ran(now + MINUTE * 5) == []
    where = whereabouts(number)
    assert (where.country, where.registrar) == ("JM", "Names & Sons")


def test_a_name_that_does_not_exist_and_a_registry_that_knows_nothing_are_answers(
    outside: Outside, place: Place
) -> None:
    locate(place(outside.url().replace("harbour.example", "nobody.example")))
    outside.names.set("pictures.nobody.example", "A", "127.0.0.1")
    locate(place(outside.url("/b").replace("harbour.example", "nobody.example")))
    assert not Job.objects.filter(kind=healing.HEAL).exists()


def test_after_two_days_a_person_has_to_look(outside: Outside, place: Place) -> None:
    number, now = place(outside.url("/a")), datetime.now(UTC)
    outside.names.fail(HOST, "SERVFAIL")
    locate(number)
    assert sum((healing.THEN * 2**at for at in range(3)), timedelta()) + (healing.TRIES - 4) * healing.MOST > timedelta(
        days=1, hours=23
    )
    Job.objects.filter(kind=healing.HEAL).update(attempts=healing.TRIES - 1)
    assert ran(now + MINUTE * 2) == [(healing.TRIES, "still_unheard", True)]
