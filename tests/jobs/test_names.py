"""Names of workers: another one for each that lives, and what a dead one leaves goes to whoever takes its place."""

import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from socket import gethostname

import pytest
from django.conf import settings
from django.db import connection

from leeward.jobs import names
from leeward.jobs.clockwatch import keep, read_clocks, take_leave
from leeward.jobs.models import ClockJump, Job, WorkerBeat
from leeward.jobs.names import take_name
from leeward.jobs.services import schedule
from leeward.jobs.worker import claim, reclaim

pytestmark = pytest.mark.django_db(transaction=True)
HOLD = "import fcntl, sys; file = open(sys.argv[1], 'r+'); fcntl.lockf(file, fcntl.LOCK_EX); print(flush=True); input()"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty data folder; nobody listens for long."""
    monkeypatch.setattr(names, "LISTENS_SECONDS", 1.0)
    return use(tmp_path / "data", monkeypatch)


def use(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder.mkdir(exist_ok=True)
    monkeypatch.setattr(settings, "LEEWARD", settings.LEEWARD.model_copy(update={"data": folder}))
    return folder


def copied(folder: Path, name: str) -> Path:
    return Path(shutil.copytree(folder, folder.with_name(name)))


def start_machine_anew(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    boot_id = folder.with_name("boot_id")
    boot_id.write_text("another start")
    monkeypatch.setattr(names, "BOOT_ID", boot_id)


def started() -> str:
    """A worker after its start: it has released what was left to it, and reported once."""
    name, before = take_name()
    for one in (name, before):
        reclaim(one, datetime.now(UTC))
    keep(name, read_clocks())
    return name


def running(owner: str) -> None:
    """A job that it has leased."""
    schedule("test.do", subject_id=1, hotline_id=0, due_at=datetime.now(UTC))
    assert claim(datetime.now(UTC), owner) is not None


def leased_by() -> str:
    return Job.objects.get().leased_by


@contextmanager
def held(file: Path) -> Iterator[subprocess.Popen[str]]:
    """Another process that holds a slot until it is killed."""
    file.read_bytes()  # this one holds it no longer: so are these locks, once the file is closed
    command = [sys.executable, "-c", HOLD, str(file)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        process.stdout.readline()
        try:
            yield process
        finally:
            process.kill()


@contextmanager
def alive(name: str) -> Iterator[None]:
    """A worker on another machine that reports all the time."""
    ended = threading.Event()

    def report() -> None:
        while not ended.wait(0.1):
            keep(name, read_clocks())
        connection.close()

    thread = threading.Thread(target=report)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


def test_after_a_kill_the_name_is_the_same_and_what_was_running_comes_back_at_once() -> None:
    first = started()
    running(first)
    assert started() == first
    assert leased_by() == ""


def test_a_second_worker_on_a_folder_takes_the_next_slot_until_the_first_is_killed(folder: Path) -> None:
    first = started()
    running(first)
    with held(folder / ".worker-0") as other:
        second = started()
        assert second != first
        assert leased_by() == first, "it is still running there"
        assert take_name() == (second, second), "and its own again after its restart"
        other.kill()
        other.wait()
        assert take_name() == (first, first)


@pytest.mark.parametrize("has_left", [True, False])
def test_after_a_restart_of_the_machine_what_was_running_comes_back_and_the_clock_is_compared(
    folder: Path, monkeypatch: pytest.MonkeyPatch, *, has_left: bool
) -> None:
    first = started()
    running(first)
    now = datetime.now(UTC)
    ClockJump.objects.create(owner=first, before=now, after=now + timedelta(days=1))
    if has_left:
        take_leave(first)
    last = WorkerBeat.objects.get()
    start_machine_anew(monkeypatch, folder)
    name, before = take_name()
    assert (name != first, before) == (True, first)
    beat = WorkerBeat.objects.get()
    assert (beat.owner, beat.at, beat.running, beat.boot_id) == (name, last.at, last.running, last.boot_id)
    assert ClockJump.objects.get().owner == name
    reclaim(before, now)
    assert leased_by() == ""
    assert take_name() == (name, name)


def test_a_clone_of_a_machine_that_works_takes_nothing_from_it(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = started()
    running(first)
    clone = copied(folder, "clone")
    with alive(first):
        use(clone, monkeypatch)
        second = started()
        assert second != first
        assert leased_by() == first, "it is still running there"
        assert take_name() == (second, second)
        use(folder, monkeypatch)
        assert take_name() == (first, first)


def test_of_two_copies_of_a_folder_that_start_together_one_takes_its_place(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = started()
    running(first)
    take_leave(first)
    taken = []
    for copy in (copied(folder, "one"), copied(folder, "two")):
        use(copy, monkeypatch)
        taken.append(take_name())
    assert [before == first for _name, before in taken] == [True, False]
    assert WorkerBeat.objects.get().running is None, "the clock of another machine says nothing of this one's"
    use(folder, monkeypatch)
    assert len({first, started(), *(name for name, _before in taken)}) == 3, "whoever comes back there is itself"


def test_what_a_worker_left_that_had_the_name_of_before_0_2_1_comes_back_once(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = f"{gethostname()}:0"
    keep(old, read_clocks())
    running(old)
    name = started()
    assert leased_by() == ""
    assert [beat.owner for beat in WorkerBeat.objects.all()] == [name], "nobody misses the old one"
    use(folder.with_name("clone"), monkeypatch)
    assert started() != name


@pytest.mark.parametrize("left", [b"\0" * 20, b"\xff\n", b"another:1:1"], ids=["zeros", "bytes", "another's"])
def test_a_damaged_file_keeps_no_worker_from_starting(folder: Path, left: bytes) -> None:
    keep("another:1:1", read_clocks())
    take_leave("another:1:1")
    name = started()
    (folder / ".worker-0").write_bytes(left)
    assert started() == name


def test_without_room_for_its_file_a_worker_works_all_the_same(folder: Path) -> None:
    (folder / ".worker-0").mkdir()
    assert started() != started()


def test_nobody_else_reads_the_file(folder: Path) -> None:
    take_name()
    assert (folder / ".worker-0").stat().st_mode & 0o077 == 0
    assert (folder / ".worker-0").stat().st_uid == os.geteuid()
