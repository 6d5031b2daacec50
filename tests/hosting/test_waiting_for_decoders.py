"""While nothing can be decoded no page or picture counts as looked at: each is fetched once more, by itself, once decoders work again."""

import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from leeward.demo.world import pages
from leeward.foundation.sandbox import Pool, apart, pool
from leeward.hosting.fetching import control
from leeward.hosting.models import Fetch
from leeward.hosting.queries import files_of, latest_fetch
from leeward.hosting.services import fetch, fetching
from leeward.jobs.models import Job
from leeward.jobs.registry import load
from leeward.jobs.worker import run_job
from leeward.site import outside as site_outside
from tests.foundation.test_sandbox import HOSTILE
from tests.hosting.conftest import Outside

Place = Callable[[str], int]
MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def _no_decoder_yet(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    made = Pool()
    monkeypatch.setattr(pool, "_POOL", made)
    forget()
    yield
    forget()
    for child in made._idle:
        child.end()


def forget() -> None:
    control.PAGES.forget()
    control.PICTURES.forget()


@pytest.fixture(params=["nobody listens", "each crashes"])
def broken(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[[], None]]:
    """Break all decoders; give what mends them."""
    patch = pytest.MonkeyPatch()
    if request.param == "nobody listens":
        patch.setenv(apart.SETTING, str(tmp_path / "socket"))
    else:
        patch.setattr(sys, "executable", "/bin/false")  # it ends before or after it is given a file

    def mend() -> None:
        patch.undo()
        forget()

    yield mend
    patch.undo()


def due(number: int) -> datetime:
    return Job.objects.get(kind=fetching.REST, subject_id=number).due_at


def run_due(now: datetime) -> None:
    """Run what is due of what is fetched later."""
    load()
    for job in Job.objects.filter(kind=fetching.REST, due_at__lte=now):
        run_job(job, now)


def heard() -> list[int]:
    return list(Job.objects.filter(kind="casework.fetched_more").values_list("subject_id", flat=True))


def test_a_page_is_fetched_once_more_when_it_can_be_read(
    outside: Outside, place: Place, broken: Callable[[], None]
) -> None:
    outside.site.put("/a", pages.gallery("Pictures", ["/1.jpg"]))
    outside.site.put("/1.jpg", pages.still(1))
    number, now = place(outside.url("/a")), datetime.now(UTC)
    first = fetch(number, on_behalf="report:1", windows=True)
    assert first is not None
    assert first.reason in control.PAGES_THAT_WAIT
    assert (first.awaits_decoders, first.files_named, first.waiting) == (True, 0, 1)
    run_due(now + 2 * MINUTE)
    assert len(outside.web.requests()) == 1, "no host is asked while nothing can be read"
    assert due(first.id) <= now + 7 * MINUTE
    broken()
    run_due(now + 8 * MINUTE)
    row = latest_fetch(number)
    assert row is not None
    assert (row.reason, row.files_named, row.waiting, row.awaits_decoders) == ("", 1, 0, False)
    assert Fetch.objects.get(pk=row.id).with_windows
    assert [(file.problem, len(file.pdq)) for file in files_of(row.id)] == [("", 64)]
    assert len(outside.web.requests(path="/a")) == 2
    assert list(Fetch.objects.order_by("pk").values_list("waiting", flat=True)) == [0, 0], "what was seen first is kept"
    run_due(now + 20 * MINUTE)
    assert len(outside.web.requests()) == 3
    assert not Job.objects.filter(kind=fetching.REST).exists()


def test_pictures_are_fetched_once_more_in_their_rows(
    outside: Outside, place: Place, broken: Callable[[], None]
) -> None:
    outside.site.put("/1.jpg", pages.still(1))
    number, now = place(outside.url("/1.jpg")), datetime.now(UTC)
    first = fetch(number)
    assert first is not None
    assert (first.waiting, first.awaits_decoders) == (1, True)
    (file,) = files_of(first.id)
    assert file.problem in control.FILES_THAT_WAIT
    assert (len(file.sha256), file.pdq) == (64, "")
    run_due(now + 2 * MINUTE)
    assert (len(outside.web.requests()), heard()) == (1, [])
    broken()
    run_due(now + 8 * MINUTE)
    (healed,) = files_of(first.id)
    assert (healed.id, healed.problem, len(healed.pdq)) == (file.id, "", 64)
    row = latest_fetch(number)
    assert row is not None
    assert (row.id, row.waiting, row.awaits_decoders, len(outside.web.requests())) == (first.id, 0, False, 2)


def test_a_file_that_crashes_decoders_which_work_is_not_fetched_again(
    outside: Outside, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("leeward.hosting.fetching.files._DECODERS", HOSTILE.rpartition(":")[0] or HOSTILE)
    outside.site.put("/1.jpg", pages.still(1))
    row = fetch(place(outside.url("/1.jpg")))
    assert row is not None
    assert row.waiting == 0
    assert not Job.objects.filter(kind=fetching.REST).exists()


def test_decoders_that_all_crash_are_an_alarm_and_a_silent_service_is_one_already(
    broken: Callable[[], None],
) -> None:
    now = datetime.now(UTC)
    wrong = site_outside._decoders(now)
    assert wrong == (None if apart.place() else (now, ""))
    broken()
    assert site_outside._decoders(now) is None


def test_after_two_weeks_it_stays_as_it_is(outside: Outside, place: Place, broken: Callable[[], None]) -> None:
    outside.site.put("/1.jpg", pages.still(1))
    row = fetch(place(outside.url("/1.jpg")))
    assert row is not None
    Fetch.objects.filter(pk=row.id).update(at=row.at - fetching.GIVEN_UP)
    run_due(datetime.now(UTC) + 2 * MINUTE)
    assert Fetch.objects.get().waiting == 0
    assert not Job.objects.filter(kind=fetching.REST).exists()
