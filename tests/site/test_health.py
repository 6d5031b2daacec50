"""What is ill is seen by everybody at the desk, by machines without a word why, and by mail once; and it is gone when it is over."""

import os
import shutil
import socket
import sqlite3
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.db import OperationalError, connection
from django.test import Client
from django_scopes import scope
from lxml import html

from leeward.audit.models import AuditRow
from leeward.casework.models import CaseItem
from leeward.casework.queue.services import overdue
from leeward.cli import worker
from leeward.demo.world.smtp import EVERYBODY
from leeward.foundation.errors import BadInput
from leeward.jobs.clockwatch import keep, read_clocks, take_leave
from leeward.jobs.models import Job, WorkerBeat
from leeward.jobs.services import schedule
from leeward.jobs.worker import run_until_idle
from leeward.people.models import Portal
from leeward.site import alarming, asking, health
from leeward.site.alarming import LASTING, QUIET, tell
from leeward.site.alarms import EVERYWHERE, HINTS, PAGING, SENTENCES, Alarm
from leeward.site.doctor import findings
from leeward.site.doctor_alarms import ILL
from leeward.site.models import SentAlarm
from tests.casework.conftest import Desk, desk, running_world, world
from tests.disks import another_disk
from tests.personas import Cast

__all__ = ["desk", "running_world", "world"]

NOW = datetime.now(UTC)


@pytest.fixture(autouse=True)
def nothing_damaged() -> None:
    """Tests of damaged indexes share this process's data directory."""
    for note in settings.LEEWARD.data.rglob("*.damaged"):
        note.unlink()


@pytest.fixture(autouse=True)
def _knows_nothing() -> Iterator[None]:
    health.forget()
    yield
    health.forget()


def codes(now: datetime = NOW, hotline_id: int | None = None) -> set[str]:
    paging = ("no_mail_server", "nobody_on_call")  # the desk of the tests has neither
    found = [alarm for alarm in health.current_alarms(now) if hotline_id in (None, alarm.hotline_id)]
    return {alarm.code for alarm in found if alarm.code not in paging}


def text(response: Any) -> str:
    return " ".join(html.fromstring(response.content.decode()).text_content().split())


def late(minutes: float, *, urgent: bool = False, kind: str = "test.nothing") -> None:
    schedule(kind, subject_id=1, hotline_id=0, due_at=NOW - timedelta(minutes=minutes), urgent=urgent)


@pytest.mark.django_db
def test_a_silent_worker_is_seen_and_one_that_speaks_is_not() -> None:
    assert codes() == set()
    WorkerBeat.objects.create(owner="here:0", at=NOW - timedelta(seconds=59))
    assert codes() == set()
    assert codes(NOW + timedelta(seconds=2)) == {"worker_silent"}
    WorkerBeat.objects.update(at=NOW + timedelta(days=1))
    assert codes() == {"worker_silent"}, "it spoke last while the clock was ahead"
    WorkerBeat.objects.all().delete()
    late(0.5)
    assert codes() == set()
    assert codes(NOW + timedelta(minutes=1)) == {"worker_silent"}, "it never spoke, and there is work"


@pytest.mark.django_db
def test_a_second_worker_that_is_silent_is_named_unless_it_took_its_leave() -> None:
    def missed(now: datetime = NOW) -> list[str]:
        return [alarm.about for alarm in health.current_alarms(now) if alarm.code == "worker_missing"]

    for owner, minutes in {"one:0": 0, "two:0": 2, "three:0": -2, "gone:0": 8 * 24 * 60}.items():
        WorkerBeat.objects.create(owner=owner, at=NOW - timedelta(minutes=minutes))
    assert missed() == ["three:0", "two:0"], "one speaks, and nobody misses what was silent for a week"
    with time_machine.travel(NOW, tick=False):
        assert "leeward.jobs.W006" in {one.id for one in findings()}
    take_leave("two:0")
    assert missed() == ["three:0"]
    keep("two:0", replace(read_clocks(), at=NOW - timedelta(minutes=2)))
    assert missed() == ["three:0", "two:0"], "it came back, and died"
    assert missed(NOW + timedelta(minutes=5)) == [], "where all are silent, the worker is"
    assert "worker_silent" in codes(NOW + timedelta(minutes=5))


@pytest.mark.django_db
def test_a_worker_that_was_taken_away_on_purpose_is_missed_until_somebody_says_so(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("leeward.site.start.start", lambda: None)
    now = datetime.now(UTC)
    for owner, minutes in {"one:0": 0, "two:0": 20}.items():
        WorkerBeat.objects.create(owner=owner, at=now - timedelta(minutes=minutes))
    (finding,) = [one for one in findings() if one.id == "leeward.jobs.W006"]
    assert "leeward worker gone" in finding.hint
    assert worker.list_all() == 1
    for wrong in ("one:0", "three:0"):
        with pytest.raises(BadInput):
            worker.gone(wrong)
    assert worker.gone("two:0") == 0
    assert "worker_missing" not in codes(now)
    assert worker.list_all() == 0
    assert AuditRow.objects.filter(event="worker.dismissed").count() == 1
    keep("two:0", replace(read_clocks(), at=now))
    keep("one:0", replace(read_clocks(), at=now + timedelta(minutes=2)))
    assert "worker_missing" in codes(now + timedelta(minutes=2)), "it came back, and is missed again"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("minutes", "urgent", "found"), [(0.9, True, set()), (1.1, True, {"urgent_waits"}), (14, False, set()), (16, False, {"work_late"})]
)  # fmt: skip
def test_late_work_is_seen(minutes: float, found: set[str], *, urgent: bool) -> None:
    WorkerBeat.objects.create(owner="here:0", at=NOW)
    late(minutes, urgent=urgent)
    assert codes() == found
    Job.objects.update(leased_until=NOW + timedelta(minutes=1))
    assert codes() == set(), "what is under way does not wait"


@pytest.mark.django_db
def test_what_was_given_up_or_hangs_is_seen() -> None:
    late(0)
    Job.objects.update(dead=True)
    assert codes() == {"given_up"}
    Job.objects.update(dead=False, kind="every:test.nothing", hung=1)
    assert codes() == {"hanging"}


def test_a_report_without_a_case_is_seen_and_taken_in(desk: Desk) -> None:
    report_id = desk.report(desk.world.gallery_url)
    later = datetime.now(UTC) + health.UNOPENED + timedelta(minutes=1)
    WorkerBeat.objects.create(owner="here:0", at=later)
    assert "not_cases" in codes(later, desk.cast.hotline_id)
    Job.objects.all().delete()  # as if the row were lost
    assert codes(later, desk.cast.hotline_id) == {"without_case"}
    with scope(hotline=desk.cast.hotline_id):
        assert overdue.open_forgotten(later) == 1
        assert overdue.open_forgotten(later) == 0
    run_until_idle()
    with scope(hotline=desk.cast.hotline_id):
        assert CaseItem.objects.filter(item__report_id=report_id).exists()
    assert codes(later, desk.cast.hotline_id) == set()


def test_everybody_at_the_desk_sees_it_on_every_page_until_it_is_over(desk: Desk) -> None:
    WorkerBeat.objects.create(owner="here:0", at=NOW - timedelta(hours=1))
    Job.objects.create(kind="test.nothing", subject_id=1, hotline_id=desk.cast.hotline_id + 999, due_at=NOW, dead=True)
    health.refresh_alarms()
    for name in ("ana", "carl", "adam"):
        page = text(desk.signed_in(name).get("/desk/account/"))
        assert "The worker is silent" in page
        assert "given up" not in page, "what concerns another hotline only"
    assert b"worker" not in Client().get("/jm/").content
    answer = Client().get("/healthz")
    assert (answer.status_code, answer.content) == (503, b"not well\n")
    WorkerBeat.objects.update(at=datetime.now(UTC))
    health.refresh_alarms()
    assert "The worker is silent" not in text(desk.signed_in("ana").get("/desk/account/"))
    assert Client().get("/healthz").content == b"ok\n"


@pytest.mark.parametrize("what", ["page_reaches_nobody", "urgent_untold"])
def test_machines_the_desk_and_the_doctor_say_when_nobody_hears_of_something_urgent(
    desk: Desk, settings: Any, what: str
) -> None:
    settings.LEEWARD = settings.LEEWARD.model_copy(update={"pace": 60.0})  # a try a second
    to = EVERYBODY
    if what == "urgent_untold":
        desk.world.mail.defer(to := "police@constabulary.example", times=10_000)
    else:
        desk.world.mail.refuse(to)
    try:
        case = desk.case("", kind="danger", text="[message withheld]")
        desk.until(case, lambda _case: what in codes(datetime.now(UTC)))
        health.refresh_alarms()
        assert Client().get("/healthz").status_code == 503
        sentence = str(SENTENCES[what]).partition("%")[0]
        assert sentence in text(desk.signed_in("carl").get("/desk/account/"))
        assert any(sentence in one.sentence for one in findings() if ".E" in one.id)
    finally:
        desk.world.mail.accept_again(to)
    if what == "urgent_untold":
        desk.until(case, lambda _case: what not in codes(datetime.now(UTC)))
        health.refresh_alarms()
        assert Client().get("/healthz").status_code == 200


def test_it_is_written_once_to_whoever_is_concerned(desk: Desk) -> None:
    """From the web process, straight to the mail server: the worker may be what is dead."""
    alarms = (Alarm("worker_silent", EVERYWHERE),)
    desk.world.mail.clear()
    tell(alarms, NOW)
    tell(alarms, NOW + LASTING - timedelta(seconds=1))
    assert desk.world.mail.messages() == []
    for _ in range(2):
        tell(alarms, NOW + LASTING)
    mails = desk.world.mail.messages()
    assert SentAlarm.objects.get().told_at is not None
    tell((), NOW + LASTING)
    assert not SentAlarm.objects.exists()
    assert len(mails) == len({mail.recipients for mail in mails}) > 0
    assert all("The worker is silent" in mail.message["Subject"] for mail in mails)


def test_it_is_told_once_while_nothing_can_be_recorded(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """On a full disk and in a locked database, which are alarms themselves."""
    alarms = (Alarm("disk_full", EVERYWHERE),)
    desk.world.mail.clear()

    def refused(*_given: object, **_more: object) -> None:
        raise OperationalError("database or disk is full")

    with monkeypatch.context() as ill:
        ill.setattr(SentAlarm.objects, "get_or_create", refused)
        ill.setattr(SentAlarm.objects, "update_or_create", refused)
        for passed in (timedelta(0), LASTING - timedelta(seconds=1), LASTING, LASTING, 2 * LASTING):
            with pytest.raises(OperationalError):
                tell(alarms, NOW + passed)
            assert bool(desk.world.mail.messages()) == (passed >= LASTING)
    for passed in (3 * LASTING, 5 * LASTING):
        tell(alarms, NOW + passed)
    mails = desk.world.mail.messages()
    assert len(mails) == len({mail.recipients for mail in mails}) > 0
    assert all("The disk is full" in mail.message["Subject"] for mail in mails)
    assert SentAlarm.objects.get().told_at == NOW + LASTING


def test_what_began_while_the_clock_was_ahead_is_told_once_it_is_right(desk: Desk) -> None:
    alarms = (Alarm("worker_silent", EVERYWHERE),)
    desk.world.mail.clear()
    tell(alarms, NOW + timedelta(days=1))
    for passed in (0, 1, 2, 3):
        tell(alarms, NOW + passed * LASTING)
    mails = desk.world.mail.messages()
    assert len(mails) == len({mail.recipients for mail in mails}) > 0


def test_what_was_told_while_the_clock_was_ahead_is_not_told_again(desk: Desk) -> None:
    alarms = (Alarm("worker_silent", EVERYWHERE),)
    for passed in (0, 1, 2):
        tell(alarms, NOW + timedelta(days=1) + passed * LASTING)
    desk.world.mail.clear()
    for passed in (0, 1, 2, 3):
        tell(alarms, NOW + passed * LASTING)
    assert desk.world.mail.messages() == []


def test_each_of_several_things_that_are_ill_in_the_same_way_is_told_once(desk: Desk) -> None:
    """The second witness, portal or key, while people know of the first only."""

    def silent(*names: str) -> tuple[Alarm, ...]:
        return tuple(Alarm("witness_old", EVERYWHERE, (("what", name),), name) for name in names)

    desk.world.mail.clear()
    for passed in (0, 1, 2):
        tell(silent("one.example"), NOW + passed * LASTING)
    for passed in (3, 4, 5):
        tell(silent("one.example", "two.example"), NOW + passed * LASTING)
    tell(silent("two.example"), NOW + 6 * LASTING)
    mails = desk.world.mail.messages()
    people = {mail.recipients for mail in mails}
    told = Counter(name for mail in mails for name in ("one", "two") if f"{name}.example" in mail.message["Subject"])
    assert told == {"one": len(people), "two": len(people)}
    tell((), NOW + 6 * LASTING + QUIET)
    assert not SentAlarm.objects.exists()


def test_what_is_ill_on_one_machine_is_over_when_that_machine_says_so(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, settings: Any
) -> None:
    """Two machines of one installation: each sees its own disk."""

    def sees(machine: str, free: int) -> tuple[Alarm, ...]:
        (tmp_path / machine).mkdir(exist_ok=True)
        settings.LEEWARD = settings.LEEWARD.model_copy(update={"data": tmp_path / machine})
        monkeypatch.setattr(socket, "gethostname", lambda: machine)
        monkeypatch.setattr(shutil, "disk_usage", lambda _place: room._replace(free=free))
        return tuple(alarm for alarm in health.current_alarms(NOW) if alarm.code.startswith("disk"))

    room = shutil.disk_usage("/")._replace(total=10**12)
    desk.world.mail.clear()
    for passed in (0, 1, 2, 3):
        tell(sees("one", 10**6), NOW + passed * LASTING)
        tell(sees("two", 10**12), NOW + passed * LASTING)
    mails = desk.world.mail.messages()
    assert len(mails) == len({mail.recipients for mail in mails}) > 0
    tell(sees("two", 10**6), NOW + 4 * LASTING)
    assert SentAlarm.objects.filter(code="disk_full").count() == 2, "the disk of the other is another"
    tell(sees("one", 10**12), NOW + 5 * LASTING + QUIET)
    assert [row.about for row in SentAlarm.objects.all()] == ["@two "]
    tell(sees("two", 10**12), NOW + 5 * LASTING + QUIET)
    assert not SentAlarm.objects.exists()


def test_a_machine_that_is_given_another_name_is_not_told_of_again(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, settings: Any
) -> None:
    settings.LEEWARD = settings.LEEWARD.model_copy(update={"data": tmp_path})

    def ill(machine: str) -> tuple[Alarm, ...]:
        monkeypatch.setattr(socket, "gethostname", lambda: machine)
        return (Alarm("disk_low", EVERYWHERE, machine=machine),)

    desk.world.mail.clear()
    for passed in (0, 1, 2):
        tell(ill("one"), NOW + passed * LASTING)
    mails = desk.world.mail.messages()
    assert mails
    for passed in (3, 4, 5):
        tell(ill("two"), NOW + passed * LASTING)
    assert desk.world.mail.messages() == mails
    assert [row.about for row in SentAlarm.objects.all()] == ["@two "]
    tell(ill("one"), NOW + 6 * LASTING)
    assert SentAlarm.objects.count() == 2, "a name is taken up once: this may be a copy of the data on another machine"
    tell(ill("two"), NOW + 6 * LASTING)
    ill("two")
    tell((), NOW + 6 * LASTING + QUIET)
    assert [row.about for row in SentAlarm.objects.all()] == ["@one "]


@pytest.mark.django_db
def test_what_is_ill_is_known_by_which_it_is_and_not_by_how_ill(cast: Cast, settings: Any) -> None:
    """Two portals for which nobody can be paged are two alarms; more jobs that were given up are not."""
    settings.LEEWARD = settings.LEEWARD.model_copy(update={"smtp_host": ""})
    Portal.objects.create(hotline_id=cast.hotline_id, slug="second", name="Second", country="JM")
    paging = [alarm for alarm in health.current_alarms(NOW) if alarm.code in ("no_mail_server", "nobody_on_call")]
    assert len({alarm.key for alarm in paging}) == len(paging) >= 2
    late(0)
    Job.objects.update(dead=True)
    (before,) = [alarm for alarm in health.current_alarms(NOW) if alarm.code == "given_up"]
    late(0, kind="test.other")
    Job.objects.update(dead=True)
    (after,) = [alarm for alarm in health.current_alarms(NOW) if alarm.code == "given_up"]
    assert (before.key, before.values != after.values) == (after.key, True)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")  # so it ends its threads
def test_looking_goes_on_while_telling_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    """For a mail server that accepts and says nothing, for half a minute a person."""
    looks, is_over = list[float](), threading.Event()

    def look() -> None:
        looks.append(time.monotonic())
        if is_over.is_set():
            raise SystemExit  # of its thread

    def wait() -> None:
        is_over.wait()
        raise SystemExit

    monkeypatch.setattr(alarming, "POLL_SECONDS", 0.01)
    monkeypatch.setattr(alarming, "refresh_alarms", look)
    monkeypatch.setattr(alarming, "_tell_seen", wait)
    alarming.watch()
    end = time.monotonic() + 30
    while len(looks) < 3 and time.monotonic() < end:
        time.sleep(0.01)
    is_over.set()
    for thread in threading.enumerate():
        if thread.name in ("health", "alarms"):
            thread.join(30)
    assert len(looks) >= 3


@pytest.mark.django_db(transaction=True)
def test_a_locked_database_is_not_taken_for_a_silent_worker() -> None:
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL has no lock on a whole database")
    WorkerBeat.objects.create(owner="here:0", at=NOW - timedelta(minutes=2))
    assert codes() == {"worker_silent"}
    with closing(sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        assert codes() == {"database_locked"}
        assert "fuser" in Alarm("database_locked", EVERYWHERE).hint
        assert not health.is_well()
        began = time.monotonic()
        for passed in (timedelta(0), LASTING):
            with pytest.raises(OperationalError):
                tell((Alarm("database_locked", EVERYWHERE),), NOW + passed)
        assert time.monotonic() - began < 20, "it waited for the lock for half a minute each time"
    assert codes() == {"worker_silent"}
    WorkerBeat.objects.update(at=NOW)
    assert codes() == set()


@pytest.mark.django_db
def test_a_full_disk_is_not_taken_for_a_silent_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    WorkerBeat.objects.create(owner="here:0", at=NOW - timedelta(minutes=2))
    size = shutil.disk_usage("/")._replace(free=1_000_000)
    with monkeypatch.context() as full:
        full.setattr(shutil, "disk_usage", lambda _place: size)
        assert codes() == {"disk_full"}
        assert not health.is_well()
        assert Client().get("/healthz").status_code == 503
    assert codes() == {"worker_silent"}


@pytest.mark.once  # a file is its database only where the desk's is one, too
@pytest.mark.django_db
def test_the_disk_of_the_public_face_is_looked_at_where_it_is_another(
    settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = another_disk(settings.LEEWARD.data_dir) / f"leeward-public-{os.getpid()}"
    other.mkdir()
    try:
        settings.LEEWARD = settings.LEEWARD.model_copy(update={"public_database": str(other / "public.sqlite3")})
        room, elsewhere = shutil.disk_usage("/"), settings.LEEWARD.data_dir
        for free, found in {10**12: set(), 900_000_000: {"public_disk_low"}, 1_000_000: {"public_disk_full"}}.items():
            there = room._replace(total=10**12, free=free)
            monkeypatch.setattr(shutil, "disk_usage", lambda place, there=there: room if place == elsewhere else there)
            known = {alarm.code: alarm for alarm in health.refresh_alarms()}
            assert {code for code in known if "disk" in code} == found
            assert all(str(other) in alarm.text for code, alarm in known.items() if code in found)
            assert {one.id for one in findings()} >= {f"leeward.{ILL[code]}" for code in found}
        assert not health.is_well(), "nothing that comes in can be stored"
        settings.LEEWARD = settings.LEEWARD.model_copy(update={"public_database": "public.sqlite3"})
        assert not any("disk" in code for code in codes()), "that disk is the disk of the data"
    finally:
        other.rmdir()


@pytest.mark.django_db
def test_each_check_answers_for_itself(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """One fails, one never ends: page, metrics and readiness say so, and what the others found."""
    monkeypatch.setattr(asking, "SECONDS", 0.2)
    WorkerBeat.objects.create(owner="here:0", at=NOW - timedelta(hours=1))
    ended = threading.Event()

    def fails(_now: datetime) -> Iterator[Alarm]:
        yield Alarm("log_unsigned", EVERYWHERE, (("what", "ours"),))
        raise ValueError("what nobody expected")

    def hangs(_place: object) -> str:
        ended.wait()
        return ""

    monkeypatch.setitem(health.QUESTIONS, "log", fails)
    monkeypatch.setattr(health, "state_where", hangs)
    try:
        for _ in range(2):  # the second time an earlier question still waits
            found = {(alarm.code, alarm.about) for alarm in health.refresh_alarms() if alarm.code != "no_mail_server"}
            assert found == {("worker_silent", ""), ("log_unsigned", ""), ("not_asked", "log"), ("not_asked", "disk")}
        answer = client.get("/health/ready", REMOTE_ADDR="127.0.0.1")
        assert answer.status_code == 503
        assert any(row["sentence"].endswith("whether something is wrong: disk.") for row in answer.json()["alarms"])
        assert 'leeward_alarms{code="not_asked"} 2' in client.get("/metrics", REMOTE_ADDR="127.0.0.1").content.decode()
    finally:
        ended.set()


@pytest.mark.django_db(transaction=True)
def test_a_table_that_somebody_keeps_locked_holds_up_one_check_only(monkeypatch: pytest.MonkeyPatch) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite's readers wait for nobody")
    monkeypatch.setattr(asking, "SECONDS", 0.5)
    WorkerBeat.objects.create(owner="here:0", at=NOW - timedelta(hours=1))
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("BEGIN")
            cursor.execute("LOCK TABLE jobs_clockjump")
            assert {(one.code, one.about) for one in health.current_alarms(NOW)} == {
                ("worker_silent", ""),
                ("not_asked", "clock"),
            }
    finally:
        other.close()
    assert codes() == {"worker_silent"}


def test_every_alarm_says_what_to_do_unless_its_sentence_does() -> None:
    """The sentence of a key, and of keys that are kept, names its hint; those about paging are settled under On call."""
    assert set(SENTENCES) - set(HINTS) <= {"key", "words_unused_stay", *PAGING}
