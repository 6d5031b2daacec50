"""Watching over a real web host: removed only after several misses, never through our own outage, reopened when it is back."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django_scopes import scope

from leeward.demo.world.dns import NameServer
from leeward.demo.world.host import Site, WebHost
from leeward.demo.world.pages import forbidden, gallery, hangs_up, not_in_your_country, plain, still
from leeward.foundation.actor import SYSTEM
from leeward.hosting import services as hosting_services
from leeward.jobs.clockwatch import Jump, confirm, note
from leeward.jobs.models import Job
from leeward.jobs.registry import SUBSCRIBERS, load
from leeward.jobs.worker import run_until_idle
from leeward.monitoring import queries, services
from tests.personas import Cast

START = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
MINUTES = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
HOST = "pictures.harbour-host.example"
CONTROL = "control.example"


@dataclass
class Lookout:
    """One watched page on a real host, and the clock."""

    web: WebHost
    names: NameServer
    clock: time_machine.Traveller
    location_id: int
    hotline_id: int
    now: datetime = START

    @property
    def site(self) -> Site:
        return self.web.site(HOST)

    @property
    def control(self) -> Site:
        return self.web.site(CONTROL)

    @property
    def watch(self) -> queries.WatchRow:
        found = queries.watch_of(self.location_id)
        assert found is not None
        return found

    def work(self, after: timedelta) -> None:
        self.now += after
        self.clock.move_to(self.now)
        run_until_idle(self.now)

    def states(self, steps: int, every: timedelta) -> list[str]:
        found = []
        for _ in range(steps):
            self.work(every)
            found.append(self.watch.state)
        return found


@pytest.fixture
def lookout(cast: Cast, settings: Any) -> Iterator[Lookout]:
    with WebHost() as web, NameServer() as names:
        for name in (HOST, CONTROL):
            names.set(name, "A", "127.0.0.1")
        web.site(CONTROL).put("/", plain("Control"))
        web.site(HOST).put("/a/77", gallery("Pictures", ["/1.jpg", "/2.jpg"]))
        web.site(HOST).put("/1.jpg", still(1))
        web.site(HOST).put("/2.jpg", still(2))
        settings.LEEWARD = settings.LEEWARD.model_copy(
            update={
                "dns_resolvers": (names.resolver,),
                "fetch_allowed_networks": ("127.0.0.0/8",),
                "control_url": web.address_of(CONTROL),
                "fetch_seconds": 3.0,
            }
        )
        with time_machine.travel(START, tick=False) as clock, scope(hotline=cast.hotline_id):
            url = web.address_of(HOST, "/a/77")
            location = hosting_services.open_location(
                hotline_id=cast.hotline_id, kind="url", display=url, comparable=url
            )
            hosting_services.fetch(location)
            services.watch(location, hotline_id=cast.hotline_id)
            yield Lookout(web, names, clock, location, cast.hotline_id)


@pytest.fixture(autouse=True)
def _nobody_above_listens(monkeypatch: pytest.MonkeyPatch) -> None:
    """These tests watch places of no case; the desk, which would look for one, is not told."""
    load()
    for event in list(SUBSCRIBERS):
        monkeypatch.setitem(SUBSCRIBERS, event, [])


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> Callable[[], list[tuple[str, int]]]:
    """What was announced: the duties that listeners of ours would get."""
    for news in ("removed", "returned", "unreachable"):
        monkeypatch.setitem(SUBSCRIBERS, f"location.{news}", [f"test.{news}"])

    def said() -> list[tuple[str, int]]:
        found = Job.objects.filter(kind__startswith="test.").order_by("pk").values_list("kind", "subject_id")
        return [(kind.removeprefix("test."), subject) for kind, subject in found]

    return said


def test_a_page_that_stays_is_looked_at_hourly_then_daily(lookout: Lookout) -> None:
    lookout.states(24, HOUR)
    assert len(queries.checks_of(lookout.location_id, 100)) == 24
    lookout.work(8 * DAY)
    before = len(queries.checks_of(lookout.location_id, 100))
    lookout.states(24, HOUR)
    assert len(queries.checks_of(lookout.location_id, 100)) - before in (1, 2)
    assert {check.outcome for check in queries.checks_of(lookout.location_id, 100)} == {"same"}


@pytest.mark.parametrize("status", [404, 410])
def test_a_page_that_was_taken_down_is_removed_after_three_misses(
    lookout: Lookout, heard: Callable[[], Any], status: int
) -> None:
    lookout.site.take_down("/a/77", status=status)
    lookout.work(HOUR)
    first_miss = lookout.now
    assert lookout.watch.state == "missing"
    assert lookout.states(2, 3 * MINUTES) == ["missing", "removed"]
    assert lookout.watch.removed_at == first_miss
    assert heard() == [("removed", lookout.location_id)]
    assert [check.status for check in queries.checks_of(lookout.location_id, 3)] == [status] * 3


def test_misses_in_quick_succession_do_not_count(lookout: Lookout) -> None:
    lookout.site.take_down("/a/77")
    lookout.work(HOUR)
    for _ in range(10):
        services.check_soon(lookout.location_id)
        lookout.work(timedelta(seconds=10))
    assert (lookout.watch.state, lookout.watch.misses) == ("missing", 1)
    assert not queries.checks_of(lookout.location_id, 1)[0].counted


def test_other_content_is_a_miss(lookout: Lookout) -> None:
    lookout.site.replace("/a/77", plain("For sale", "<p>This name is for sale.</p>"))
    lookout.work(HOUR)
    assert lookout.states(2, 3 * MINUTES) == ["missing", "removed"]
    assert {check.outcome for check in queries.checks_of(lookout.location_id)} == {"changed"}


def test_a_name_that_is_gone_is_a_miss(lookout: Lookout) -> None:
    lookout.names.forget(HOST)
    lookout.work(HOUR)
    assert lookout.states(2, 3 * MINUTES) == ["missing", "removed"]


def test_our_own_outage_removes_nothing(lookout: Lookout, heard: Callable[[], Any]) -> None:
    lookout.site.take_down("/a/77")
    lookout.control.replace("/", hangs_up())
    assert set(lookout.states(10, HOUR)) == {"up"}
    assert queries.checks_of(lookout.location_id, 1)[0].reason == "control_silent"
    lookout.web.stop()
    assert set(lookout.states(3, HOUR)) == {"up"}
    assert heard() == []
    lookout.web.start()
    lookout.control.restore("/")
    assert lookout.states(4, HOUR)[-1] == "removed"


@pytest.mark.parametrize("page", [forbidden(), not_in_your_country(), hangs_up()], ids=["403", "451", "hangs up"])
def test_what_does_not_tell_is_unreachable_and_given_up_after_a_month(
    lookout: Lookout, heard: Callable[[], Any], page: Any
) -> None:
    lookout.site.replace("/a/77", page)
    lookout.work(HOUR)
    assert lookout.watch.state == "unreachable"
    assert heard() == [("unreachable", lookout.location_id)]
    assert set(lookout.states(29, DAY)) == {"unreachable"}
    assert lookout.states(2, DAY)[-1] == "off"
    assert lookout.watch.next_at is None
    lookout.site.restore("/a/77")
    assert services.check_soon(lookout.location_id) is False


def test_what_is_back_is_told(lookout: Lookout, heard: Callable[[], Any]) -> None:
    lookout.site.take_down("/a/77")
    lookout.states(4, HOUR)
    assert lookout.watch.state == "removed"
    lookout.site.restore("/a/77")
    lookout.work(DAY)
    assert (lookout.watch.state, lookout.watch.removed_at) == ("up", None)
    assert heard() == [("removed", lookout.location_id), ("returned", lookout.location_id)]


def test_watching_twice_is_watching_once_and_stopping_ends_it(lookout: Lookout) -> None:
    first = services.watch(lookout.location_id, hotline_id=lookout.hotline_id)
    assert first == lookout.watch.id
    assert services.stop_watching(lookout.location_id)
    assert not services.stop_watching(lookout.location_id)
    lookout.work(2 * DAY)
    assert queries.checks_of(lookout.location_id) == []
    assert services.watch(lookout.location_id, hotline_id=lookout.hotline_id) == first
    lookout.work(HOUR)
    assert len(queries.checks_of(lookout.location_id)) == 1


def test_what_was_seen_gone_is_looked_at_anew_where_somebody_says_that_it_is_there(
    lookout: Lookout, heard: Callable[[], Any]
) -> None:
    lookout.site.take_down("/a/77")
    assert lookout.states(3, HOUR)[-1] == "removed"
    Job.objects.filter(kind__startswith="test.").delete()  # that was heard
    count = len(queries.checks_of(lookout.location_id, 100))
    assert services.watch(lookout.location_id, hotline_id=lookout.hotline_id) == lookout.watch.id
    assert (lookout.watch.state, lookout.watch.removed_at) == ("up", None)
    lookout.work(timedelta(minutes=1))
    assert len(queries.checks_of(lookout.location_id, 100)) == count + 1
    assert lookout.states(2, HOUR)[-1] == "removed"
    assert heard() == [("removed", lookout.location_id)]


def test_a_look_that_is_done_twice_is_one_check(lookout: Lookout) -> None:
    lookout.work(HOUR)
    assert services.run_check(lookout.watch.id) == lookout.watch.next_at
    assert len(queries.checks_of(lookout.location_id)) == 1


def test_the_pace_shortens_every_wait(lookout: Lookout, settings: Any) -> None:
    settings.LEEWARD = settings.LEEWARD.model_copy(update={"pace": 3600.0})
    services.stop_watching(lookout.location_id)
    services.watch(lookout.location_id, hotline_id=lookout.hotline_id)
    lookout.site.take_down("/a/77")
    assert lookout.states(3, timedelta(seconds=1))[-1] == "removed"


def test_another_hotline_has_no_watch_here(lookout: Lookout, cast: Cast) -> None:
    with scope(hotline=cast.other_hotline_id):
        assert queries.watch_of(lookout.location_id) is None
        assert queries.watches_of([lookout.location_id]) == {}
        assert services.check_soon(lookout.location_id) is False


def test_a_clock_that_was_behind_gives_up_no_watch(lookout: Lookout) -> None:
    lookout.site.replace("/a/77", hangs_up())
    right, behind = START, START - 31 * DAY
    lookout.now = behind
    lookout.clock.move_to(behind)
    note(Jump(right, behind), "here:0")
    lookout.work(HOUR)
    assert lookout.watch.state == "unreachable"
    note(Jump(behind + HOUR, right + HOUR), "here:0")
    lookout.now = right + HOUR
    assert lookout.states(3, HOUR) == ["unreachable"] * 3
    assert lookout.watch.unreachable_since == right + 2 * HOUR, "how long it was before, the clock doesn’t tell"
    assert lookout.states(31, DAY)[-1] == "off"


def test_a_clock_that_is_in_doubt_gives_up_no_watch(lookout: Lookout) -> None:
    lookout.site.replace("/a/77", hangs_up())
    lookout.work(HOUR)
    note(Jump(lookout.now, lookout.now + 31 * DAY), "here:0")
    assert lookout.states(2, 31 * DAY) == ["unreachable"] * 2
    confirm(SYSTEM, lookout.now)
    assert lookout.states(2, 20 * DAY) == ["unreachable"] * 2
    assert lookout.states(1, 31 * DAY) == ["off"]


def test_a_clock_that_jumps_during_a_check_gives_up_no_watch(lookout: Lookout, monkeypatch: pytest.MonkeyPatch) -> None:
    lookout.site.replace("/a/77", hangs_up())
    lookout.work(HOUR)
    probe = hosting_services.probe

    def while_the_clock_jumps(location_id: int) -> Any:
        found = probe(location_id)
        lookout.clock.move_to(lookout.now + 31 * DAY)
        return found

    monkeypatch.setattr(hosting_services, "probe", while_the_clock_jumps)
    assert lookout.states(1, HOUR) == ["unreachable"]
