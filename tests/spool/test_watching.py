"""Pulling goes on by itself, a page about danger waits for nothing, and people hear of what can’t be taken in."""

import threading
import time
from datetime import UTC, datetime, timedelta

import pytest
from django.db import DatabaseError, connection, connections
from django_scopes import scope

from leeward.backup.errors import BackupNotMade
from leeward.intake.models import Report
from leeward.jobs import worker
from leeward.jobs.models import Job
from leeward.jobs.registry import BESIDE
from leeward.jobs.worker import _beside
from leeward.site.health import current_alarms
from leeward.spool import where
from leeward.spool.models import Arrival, Emptied
from leeward.spool.queries import waiting_outside
from leeward.spool.taking import CLOCKS_DIFFER
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
    take_in()
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


@pytest.mark.usefixtures("apart")
def test_a_backup_says_since_when_anything_waits_that_it_lacks(
    cast: Cast, face: Face, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent(face)
    now = datetime.now(UTC)
    assert waiting_outside(now) == Arrival.objects.using(where.alias()).get().received_at
    take_in()
    assert waiting_outside(now) is None
    Emptied.objects.update(at=now - timedelta(days=22))
    put_aside = written(cast, sealed="rubbish", received_at=now - timedelta(days=21))
    take_in()
    written(cast)
    assert waiting_outside(now) == put_aside.received_at, "what was put aside has a receipt, and is in no backup"
    monkeypatch.setattr(where, "is_apart", lambda: False)
    assert waiting_outside(now) == (put_aside.received_at if connection.vendor == "postgresql" else None)


@pytest.mark.usefixtures("apart")
def test_where_nobody_can_look_what_waits_counts_since_nothing_did(monkeypatch: pytest.MonkeyPatch) -> None:
    now = datetime.now(UTC)
    monkeypatch.setattr(Arrival.objects, "using", lambda _alias: _away())
    with pytest.raises(BackupNotMade, match="no such file"):
        waiting_outside(now)
    Emptied.objects.create(at=now - timedelta(hours=3))
    assert waiting_outside(now) == now - timedelta(hours=3) - CLOCKS_DIFFER


@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="PostgreSQL keeps no text as a time")
@pytest.mark.usefixtures("apart")
def test_what_has_no_time_may_have_waited_since_nothing_did(cast: Cast) -> None:
    now = datetime.now(UTC)
    Emptied.objects.create(at=now - timedelta(hours=3))
    written(cast)
    with connections[where.alias()].cursor() as cursor:
        cursor.execute("UPDATE spool_arrival SET received_at = 7")
    assert waiting_outside(now) == now - timedelta(hours=3) - CLOCKS_DIFFER


@pytest.mark.usefixtures("apart")
@pytest.mark.parametrize("claimed", ["1970-01-01 00:00:00", "0001-01-01 00:00:00", "2099-01-01 00:00:00"])
def test_a_backup_believes_no_time_that_cannot_be(cast: Cast, claimed: str) -> None:
    """The face may write any: one row would have everybody of all times asked to look, or a time to come written into the backup."""
    now = datetime.now(UTC)
    written(cast)
    with connections[where.alias()].cursor() as cursor:
        cursor.execute("UPDATE spool_arrival SET received_at = %s", [claimed])
    if claimed > str(now.year):
        with pytest.raises(BackupNotMade, match="no time"):
            waiting_outside(now)
    Emptied.objects.create(at=now - timedelta(hours=3))
    assert waiting_outside(now) == now - timedelta(hours=3) - CLOCKS_DIFFER


@pytest.mark.usefixtures("apart")
def test_the_clock_of_the_face_may_be_a_little_ahead(cast: Cast) -> None:
    now = datetime.now(UTC)
    written(cast, received_at=now + timedelta(minutes=1))
    assert waiting_outside(now) == now


def _away() -> None:
    raise DatabaseError("no such file")
