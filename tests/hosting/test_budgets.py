"""A host is asked only so often a minute: one report can't make many requests of it, and nothing is lost."""

import itertools
import sqlite3
import stat
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from hypothesis import example, given
from hypothesis import strategies as st

from leeward.demo.world import pages
from leeward.hosting.fetching import budgets
from leeward.hosting.fetching.budgets import FILE, asker, take_all, why_unusable
from leeward.hosting.models import Fetch
from leeward.hosting.queries import files_of, latest_fetch
from leeward.hosting.services import fetch
from leeward.jobs.worker import run_until_idle
from tests.hosting.conftest import Outside

Place = Callable[[str], int]
START = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
PICTURES = 40


@pytest.fixture(autouse=True)
def _few_requests(settings: Any, tmp_path: Path) -> None:
    update = {"fetch_report_per_minute": 60, "fetch_host_per_minute": 90, "data": tmp_path}
    settings.LEEWARD = settings.LEEWARD.model_copy(update=update)
    budgets._Alone.line = None


@pytest.mark.slow
def test_four_pages_of_one_report_ask_their_host_at_most_sixty_times_a_minute(outside: Outside, place: Place) -> None:
    named = [f"/{number}.jpg" for number in range(PICTURES)]
    for path in named:
        outside.site.put(path, pages.still(1))
    places = []
    for page in "abcd":
        outside.site.put(f"/{page}", pages.gallery("Pictures", [f"{path}?{page}" for path in named]))
        places.append(place(outside.url(f"/{page}")))
    asked: list[int] = []
    with time_machine.travel(START, tick=False) as clock:
        for number in places:
            fetch(number, on_behalf="report:1")
        asked.append(len(outside.web.requests()))
        waiting = [latest_fetch(number) for number in places]
        assert all(row is not None and row.waiting for row in waiting)
        for minute in range(1, 8):
            clock.move_to(START + timedelta(minutes=minute))
            run_until_idle(START + timedelta(minutes=minute))
            asked.append(len(outside.web.requests()))
    assert asked[0] <= 30
    assert max(after - before for before, after in itertools.pairwise(asked)) <= 60
    rows = [latest_fetch(number) for number in places]
    assert [(row.outcome, row.waiting, row.files_named) for row in rows if row] == [("answered", 0, PICTURES)] * 4
    for row in rows:
        assert row is not None
        assert all(file.problem == "" and file.sha256 for file in files_of(row.id))
    assert len(outside.web.requests()) == 4 * (PICTURES + 1)
    assert Fetch.objects.count() == 4


def test_many_reports_share_what_a_host_is_asked(outside: Outside, place: Place) -> None:
    outside.site.put("/a", pages.gallery("Pictures", [f"/{number}.jpg" for number in range(PICTURES)]))
    with time_machine.travel(START, tick=False):
        for number in range(5):
            fetch(place(outside.url(f"/a?{number}")), on_behalf=f"report:{number}")
    assert len(outside.web.requests()) <= 45


def test_names_below_one_domain_share_a_budget_and_addresses_do_not_hide() -> None:
    with time_machine.travel(START, tick=False):
        may_ask = asker("report:1")
        got = [may_ask(f"n{number}.victim.example") for number in range(60)]
        assert sum(got) == 30
        assert asker("report:2")("n.victim.example")
        assert may_ask("other.example")
        assert may_ask("192.0.2.7")


def test_the_counts_are_for_this_user_only_and_name_nobody(tmp_path: Path) -> None:
    asker("report:1")("secret.example")
    path = tmp_path / FILE
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert b"secret.example" not in path.read_bytes()


@example([1] * 120, 40)
@given(st.lists(st.integers(0, 30), min_size=1, max_size=120), st.integers(2, 40))
def test_no_minute_has_more_than_is_allowed(gaps: list[int], most: int) -> None:
    """Whatever the pace of those who ask."""
    now, taken, name = START, [], f"all {most} {len(gaps)} {gaps}"
    for gap in gaps:
        now += timedelta(seconds=gap)
        if take_all([(name, most)], now):
            taken.append(now)
    for first in taken:
        within = [one for one in taken if first <= one < first + timedelta(minutes=1)]
        assert len(within) <= most


def asked(domain: str, times: int = 40) -> int:
    may_ask = asker("report:1")
    with time_machine.travel(START, tick=False):
        return sum(may_ask(domain) for _ in range(times))


@pytest.mark.parametrize("content", [b"\0" * 8192, b"no database at all", b"SQLite format 3\0" + b"x" * 5000])
def test_a_damaged_file_of_counts_is_made_anew(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / FILE
    path.write_bytes(content)
    assert asked("victim.example") == 30
    assert path.read_bytes()[:16] == b"SQLite format 3\0"
    assert why_unusable() == ""
    assert asked("victim.example") == 0, "these counts are kept in the new file"


def test_counts_that_are_none_are_made_anew(tmp_path: Path) -> None:
    assert asked("victim.example") == 30
    with sqlite3.connect(tmp_path / FILE) as line:
        line.execute("UPDATE level SET at = 1e300")
    assert asked("victim.example", 1) == 1
    with sqlite3.connect(tmp_path / FILE) as line:
        line.execute("DROP TABLE level")
        line.execute("CREATE TABLE level (other TEXT)")
    assert asked("victim.example", 1) == 1


def test_a_file_of_counts_that_cannot_be_used_lets_each_process_count_for_itself(tmp_path: Path) -> None:
    (tmp_path / FILE).mkdir()
    assert asked("victim.example") == 30, "no case waits for it, and no host is asked more often"
    assert asked("victim.example") == 0
    assert "unable to open" in why_unusable()
    assert (tmp_path / FILE).is_dir()
    (tmp_path / FILE).rmdir()
    assert asked("victim.example") == 30
    assert (tmp_path / FILE).is_file()
