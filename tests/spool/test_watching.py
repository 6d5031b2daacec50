"""Pulling goes on by itself, a page about danger waits for nothing, and people hear of what can’t be taken in."""

import threading
import time
from datetime import UTC, datetime, timedelta

import pytest
from django.db import DatabaseError, connection, connections
from django_scopes import scope

from leeward.intake.models import Report
from leeward.jobs import worker
from leeward.jobs.models import Job
from leeward.jobs.registry import BESIDE
from leeward.jobs.worker import _beside
from leeward.site.health import current_alarms
from leeward.spool import where
from leeward.spool.models import Arrival
from leeward.spool.queries import waiting_outside
from leeward.spool.tasks import PAUSE_SECONDS, take_in
from tests.intake.walk import Walk, report
from tests.personas import Cast
from tests.spool.conftest import Face
from tests.spool.test_hostile import written
from tests.spool.test_reports import PLACE, WORDS, sent

pytestmark = pytest.mark.django_db


def test_a_worker_looks_for_what_came_at_least_each_second(face: Face, cast: Cast) -> None:
    seconds, act = BESIDE["leeward.spool.tasks.take_in"]
    assert act is take_in
    assert seconds <= 1
    with face():
        report(Walk(), kind="danger", where=PLACE, text=WORDS)
    sent(face)
    take_in()
    with scope(hotline=cast.hotline_id):
        assert sorted(Report.objects.values_list("urgency", flat=True)) == ["", "danger"]
    assert Job.objects.filter(kind__startswith="oncall", urgent=True).exists(), "it is paged at once"


def test_what_goes_on_beside_outlives_its_errors(monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[int] = []
    stopped = threading.Event()

    def act() -> None:
        done.append(len(done))
        if len(done) == 1:
            raise OSError("away")
        stopped.set()

    monkeypatch.setattr(time, "sleep", lambda _seconds: None)
    _beside(stopped.is_set, PAUSE_SECONDS, act)
    assert done == [0, 1]


@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="PostgreSQL has no file for the public face")
@pytest.mark.usefixtures("apart")
@pytest.mark.parametrize("thread", ["beside", "of jobs"])
def test_no_thread_keeps_the_file_of_the_face_open_when_another_may_be_in_its_place(
    thread: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    public = connections[where.ALIAS]
    public.close_at = time.monotonic() - 1
    was_open: list[tuple[bool, bool]] = []
    stopped = threading.Event()

    def act(*_claimed: object) -> None:
        was_open.append((public.connection is not None, connection.connection is not None))
        stopped.set()

    monkeypatch.setattr(time, "sleep", lambda _seconds: None)
    if thread == "beside":
        _beside(stopped.is_set, PAUSE_SECONDS, act)
    else:
        monkeypatch.setattr(worker, "claim", act)
        worker._loop(stopped.is_set, "here")
    assert was_open == [(False, True)]


def codes(now: datetime) -> set[str]:
    return {alarm.code for alarm in current_alarms(now) if alarm.code.startswith("spool")}


@pytest.mark.usefixtures("apart")
def test_people_hear_of_what_waits_and_of_what_cannot_be_taken_in(
    cast: Cast, face: Face, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = datetime.now(UTC)
    sent(face)
    assert codes(now) == set()
    assert codes(now + timedelta(seconds=90)) == {"spool_waits"}
    assert waiting_outside() == Arrival.objects.using(where.alias()).get().received_at
    take_in()
    assert waiting_outside() is None
    assert codes(now + timedelta(seconds=90)) == set()
    written(cast, sealed="rubbish")
    take_in()
    (alarm,) = [alarm for alarm in current_alarms(now) if alarm.code == "spool_kept_back"]
    assert "could not be taken in: 1." in alarm.text
    Arrival.objects.using(where.alias()).all().delete()
    monkeypatch.setattr("leeward.site.health.oldest_waiting", _away)
    assert codes(now) == {"spool_waits"}
    monkeypatch.setattr(where, "is_apart", lambda: False)
    assert codes(now) == set()


def _away() -> None:
    raise DatabaseError("no such file")
