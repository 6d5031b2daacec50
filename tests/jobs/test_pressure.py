"""The worker rests while reports come in, and never stops altogether."""

import os
import threading
import time
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection

from leeward.jobs import pressure
from leeward.jobs.models import Job
from leeward.jobs.registry import HANDLERS, Handler
from leeward.jobs.services import schedule
from leeward.jobs.worker import Share, _loop, _rest


@pytest.fixture(autouse=True)
def _own_folder(settings: Any, tmp_path: Path) -> None:
    from leeward.site.config import Config

    settings.LEEWARD = Config(data=tmp_path)


@pytest.mark.django_db
def test_a_report_presses_for_a_moment_only() -> None:
    assert not pressure.is_pressed()
    pressure.note_pressure()
    pressure.note_pressure()
    assert pressure.is_pressed() is (connection.vendor == "sqlite")
    mark = pressure._mark()
    if mark.exists():
        assert mark.stat().st_size == 0
        os.utime(mark, (time.time() - 1, time.time() - 1))
    assert not pressure.is_pressed()


@pytest.mark.django_db
def test_a_clock_that_was_put_back_stops_nothing() -> None:
    pressure.note_pressure()
    if pressure._mark().exists():
        os.utime(pressure._mark(), (time.time() + 3600, time.time() + 3600))
    assert not pressure.is_pressed()


@pytest.mark.parametrize(
    ("late", "spent", "together", "alone"),
    [
        (0.0, 0.02, 0.5, 0.5),
        (2.9, 0.02, 0.5, 0.5),
        (3.0, 0.02, 0.005, 0.5),
        (59.9, 9.0, 0.5, 0.5),
        (60.0, 0.02, 0.005, 0.06),
        (60.0, 9.0, 0.5, 0.5),
    ],
)
def test_what_is_late_rests_less_and_what_is_done_together_least(
    late: float, spent: float, together: float, alone: float
) -> None:
    assert pressure.rest_seconds(late, spent, is_together=True) == together
    assert pressure.rest_seconds(late, spent) == pytest.approx(alone)


def test_other_work_gives_way_to_what_is_done_together_while_that_is_late(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = SimpleNamespace(monotonic=lambda: 1000.0)
    monkeypatch.setattr(pressure, "time", clock)
    monkeypatch.setattr(pressure, "_late_at", [0.0])
    pressure.note_together(2.9)
    assert not pressure.is_together_late()
    pressure.note_together(3.0)
    assert pressure.is_together_late()
    assert pressure.rest_seconds(60.0, 0.02, gives_way=True) == 0.5
    clock.monotonic = lambda: 1003.0
    assert not pressure.is_together_late()


@pytest.mark.parametrize(("together_late", "rests"), [(10.0, [0.25, 5.0]), (1.0, [5.0, 3.0])])
def test_what_is_done_together_rests_less_than_what_gives_way_to_it(
    monkeypatch: pytest.MonkeyPatch, together_late: float, rests: list[float]
) -> None:
    """A second of work each, of two jobs of which one is done together; the other is late by a minute."""
    slept: list[float] = []
    monkeypatch.setattr(pressure, "REST_SECONDS", 5.0)
    monkeypatch.setattr(pressure, "_late_at", [-10.0])
    monkeypatch.setattr("leeward.jobs.worker.is_pressed", lambda: True)
    monkeypatch.setattr("leeward.jobs.worker.time", SimpleNamespace(sleep=slept.append))
    delay = timedelta(minutes=2)
    for kind, together in (("test.together", lambda subjects: subjects), ("test.other", None)):
        handler = Handler(kind, lambda _subject: None, delay, 3, delay, together=together, soon=together is not None)
        monkeypatch.setitem(HANDLERS, kind, handler)
    _rest(Job(kind="test.together"), together_late, 1.0)
    _rest(Job(kind="test.other"), 60.0, 1.0)
    assert slept == rests


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("share", "urgent"), [("all", False), ("urgent", True), ("all", True)])
def test_under_pressure_ordinary_work_rests_and_urgent_work_does_not(
    monkeypatch: pytest.MonkeyPatch, share: Share, *, urgent: bool
) -> None:
    """Pressed all the time, it still takes its turns; ordinary ones each with a rest after it."""
    rests: list[float] = []
    monkeypatch.setattr("leeward.jobs.worker.rest_seconds", lambda late, spent, **_: rests.append(late) or 0.0)
    monkeypatch.setattr("leeward.jobs.worker.is_pressed", lambda: True)
    for subject in range(4):
        schedule("test.nothing", subject_id=subject, hotline_id=0, urgent=urgent)
    worker = threading.Thread(target=_loop, args=(lambda: not Job.objects.filter(attempts=0).exists(), "here", share))
    worker.start()
    worker.join(60)
    assert Job.objects.filter(attempts=1).count() == 4  # nothing carries out this kind
    assert len(rests) == (0 if urgent else 4)


@pytest.mark.django_db
@pytest.mark.parametrize(("share", "waits"), [("urgent", [0.2] * 5), ("all", [0.2, 0.4, 0.8, 0.8, 0.8])])
def test_who_finds_nothing_looks_less_and_less_often_but_not_for_urgent_work(
    monkeypatch: pytest.MonkeyPatch, share: Share, waits: list[float]
) -> None:
    slept: list[float] = []
    clock = SimpleNamespace(sleep=slept.append, monotonic=time.monotonic)
    monkeypatch.setattr("leeward.jobs.worker.time", clock)
    monkeypatch.setattr("leeward.jobs.worker.connection", SimpleNamespace(close=lambda: None))  # this test's own
    _loop(lambda: len(slept) == len(waits), "here", share)
    assert slept == waits
