"""A full disk of the PostgreSQL server, which isn't the one of the data, is named, and costs no job its tries."""

import os
import subprocess
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest
from django.db import connection, transaction
from django.test import Client

from leeward.jobs import registry, worker
from leeward.jobs.models import Job, WorkerBeat
from leeward.jobs.registry import Handler
from leeward.jobs.services import schedule
from leeward.site import database_disk, health
from leeward.site.alarms import EVERYWHERE, Alarm

NOW = datetime.now(UTC)
FULL = "DO $$ BEGIN RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = '53100'; END $$"
ON_POSTGRES = pytest.mark.skipif("connection.vendor != 'postgresql'", reason="of PostgreSQL")


@pytest.fixture(autouse=True)
def _knows_nothing() -> Iterator[None]:
    health.forget()
    yield
    health.forget()


def codes() -> set[str]:
    health.forget()
    return {alarm.code for alarm in health.current_alarms(NOW)} - {"no_mail_server", "nobody_on_call"}


@ON_POSTGRES
@pytest.mark.django_db
def test_it_is_an_alarm_that_names_the_server_and_nothing_is_ready(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    WorkerBeat.objects.create(owner="here:0", at=NOW - timedelta(minutes=2))
    assert codes() == {"worker_silent"}
    with monkeypatch.context() as full:
        full.setattr(database_disk, "TRIED", (FULL,))
        assert codes() == {"database_disk_full"}
        assert "database server" in Alarm("database_disk_full", EVERYWHERE).text
        assert "PostgreSQL" in Alarm("database_disk_full", EVERYWHERE).hint
        assert client.get("/healthz").status_code == 503
        ready = client.get("/health/ready", REMOTE_ADDR="127.0.0.1")
        assert (ready.status_code, ready.json()["ready"]) == (503, False)
        assert "database_disk_full" in {alarm["code"] for alarm in ready.json()["alarms"]}
    assert codes() == {"worker_silent"}
    with monkeypatch.context() as broken:  # what else is wrong there, other checks say
        broken.setattr(database_disk, "TRIED", ("SELECT 1 / 0",))
        assert codes() == {"worker_silent"}


@ON_POSTGRES
@pytest.mark.django_db
def test_a_disk_that_is_really_full_is_seen_and_nothing_is_left_of_the_trial(monkeypatch: pytest.MonkeyPatch) -> None:
    assert not database_disk.is_full()
    with connection.cursor() as cursor:
        cursor.execute("SHOW work_mem")
        assert cursor.fetchone() != ("64kB",), "it holds for the trial only"
    address = os.environ["LEEWARD_DATABASE_URL"]
    with tempfile.TemporaryDirectory(dir="/var/tmp") as folder:
        mount = ["mount", "-t", "tmpfs", "-o", "size=1m,mode=777", "tmpfs", folder]
        if os.geteuid() or subprocess.run(mount, check=False, capture_output=True).returncode:
            pytest.skip("a small disk can't be made here")
        try:
            place = Path(folder) / "space"
            place.mkdir()
            subprocess.run(["chown", "postgres", place], check=True)
            with psycopg.connect(address, autocommit=True) as server:
                server.execute(f"CREATE TABLESPACE tiny LOCATION '{place}'")
                elsewhere = (database_disk.TRIED[0], "SET LOCAL temp_tablespaces = 'tiny'", database_disk.TRIED[2])
                monkeypatch.setattr(database_disk, "TRIED", elsewhere)
                database_disk.forget()
                assert database_disk.is_full()
                server.execute("DROP TABLESPACE tiny")
        finally:
            subprocess.run(["umount", folder], check=True)


def test_other_databases_have_no_server_whose_disk_is_full(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "vendor", "sqlite")
    assert not database_disk.is_full()


@ON_POSTGRES
@pytest.mark.django_db
def test_a_job_that_finds_no_room_waits_and_is_never_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(_subject: int) -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(FULL)

    monkeypatch.setattr(registry, "_loaded", True)
    monkeypatch.setitem(
        registry.HANDLERS, "test.full", Handler("test.full", fails, timedelta(minutes=2), 2, timedelta(seconds=10))
    )
    schedule("test.full", subject_id=1, hotline_id=0, due_at=NOW)
    for minutes in range(0, 20, 2):
        moment = NOW + timedelta(minutes=minutes)
        job = worker.claim(moment, "here")
        assert job is not None
        worker.run_job(job, moment)
    row = Job.objects.get()
    assert (row.dead, row.attempts) == (False, 0)


@ON_POSTGRES
@pytest.mark.django_db
def test_a_worker_that_starts_then_waits_instead_of_dying(monkeypatch: pytest.MonkeyPatch) -> None:
    tried = []

    def finds_no_room(*names: object) -> None:
        tried.append(names)
        if len(tried) < 3:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(FULL)

    monkeypatch.setattr(worker, "reclaim", finds_no_room)
    monkeypatch.setattr(worker, "close_old_connections", lambda: None)  # the test's is one for all of it
    monkeypatch.setattr(time, "sleep", lambda _seconds: None)
    worker._begin(lambda: False, {"here:0"}, frozenset())
    assert len(tried) == 3
    tried.clear()
    worker._begin(lambda: bool(tried), {"here:0"}, frozenset())
    assert len(tried) == 1, "it ends when it is told to"
