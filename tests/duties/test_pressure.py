"""The worker rests while reports come in, and never stops altogether."""

import os
import threading
import time
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from leeward.duties import pressure
from leeward.duties.worker import _loop


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


@pytest.mark.django_db(transaction=True)
def test_the_worker_goes_on_under_pressure(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pressed all the time, it still takes its turns, each after a rest."""
    monkeypatch.setattr("leeward.duties.worker.REST_SECONDS", 0.05)
    monkeypatch.setattr("leeward.duties.worker.IDLE_SECONDS", 0.0)
    monkeypatch.setattr("leeward.duties.worker.is_pressed", lambda: True)
    turns: list[float] = []
    stop = threading.Event()

    def claimed(now: object, owner: str, share: str) -> None:
        turns.append(time.monotonic())
        if len(turns) == 4:
            stop.set()

    monkeypatch.setattr("leeward.duties.worker.claim", claimed)
    worker = threading.Thread(target=_loop, args=(stop.is_set, "here"))
    worker.start()
    worker.join(10)
    assert len(turns) == 4
    assert all(later - earlier >= 0.04 for earlier, later in pairwise(turns))
