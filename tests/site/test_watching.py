"""A request or a job that hangs ends its process, and the others go on; what is only long is let be. Real processes."""

import fcntl
import http.client
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from leeward.demo.ports import free_port
from tests.site.hanging import LIMIT
from tests.site.test_serve import children, until
from tests.tables import give_tables

pytestmark = pytest.mark.xdist_group("serve")
ROOT = Path(__file__).parents[2]


class Served:
    """A `leeward serve` with the addresses of `hanging_urls`."""

    def __init__(self, data: Path) -> None:
        self.data, self.port = data, free_port()
        give_tables(data / "leeward.sqlite3")
        environment = os.environ | {
            "LEEWARD_DATA": str(data),
            "TMPDIR": str(data),
            "LEEWARD_DATABASE_URL": "",
            "LEEWARD_DNS_RESOLVERS": "127.0.0.1:1",
            "LEEWARD_BASE_URL": f"http://127.0.0.1:{self.port}",
            "DJANGO_SETTINGS_MODULE": "tests.site.hanging",
            "PYTHONPATH": str(ROOT),
        }
        command = [sys.executable, "-m", "leeward", "serve", "--bind", f"127.0.0.1:{self.port}"]
        self.output = (data / "output").open("w+b")
        self.process = subprocess.Popen(command, env=environment, stderr=self.output, stdout=subprocess.DEVNULL)

    def get(self, path: str, timeout: float = 60) -> bytes:
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/{path}", timeout=timeout) as answer:
            return bytes(answer.read())

    def answers(self) -> bool:
        with suppress(OSError, http.client.HTTPException):
            return bool(self.get("healthz", timeout=5))
        return False

    def web_processes(self) -> set[int]:
        server = next((pid for pid, line in children(self.process.pid).items() if "site.served" in line), 0)
        return {pid for pid, line in children(server).items() if "resource_tracker" not in line}

    def worker(self) -> int:
        return next((pid for pid, line in children(self.process.pid).items() if "leeward-worker" in line), 0)

    def rows(self, sql: str, *values: object) -> list[tuple[object, ...]]:
        with sqlite3.connect(self.data / "leeward.sqlite3", timeout=60) as database:
            return database.execute(sql, values).fetchall()

    def said(self) -> str:
        return (self.data / "output").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    made = Served(tmp_path_factory.mktemp("served"))
    try:
        assert until(made.answers, seconds=120)
        assert until(lambda: len(made.web_processes()) == 2, seconds=60)
        assert until(made.answers, seconds=60)
        yield made
    finally:
        made.process.terminate()
        made.process.wait(30)


def _ask(served: Served, path: str, came: list[object]) -> threading.Thread:
    def ask() -> None:
        try:
            came.append(served.get(path))
        except (OSError, http.client.HTTPException) as error:
            came.append(error)

    thread = threading.Thread(target=ask)
    thread.start()
    return thread


def test_who_tidies_up_temporary_files_lets_the_boards_be(served: Served) -> None:
    """As systemd-tmpfiles does with a folder that somebody has locked."""
    (folder,) = served.data.glob("leeward-watch-*")
    opened = os.open(folder, os.O_RDONLY)
    try:
        with pytest.raises(BlockingIOError):
            fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
    finally:
        os.close(opened)


@pytest.mark.parametrize("path", ["test/hanging", "test/sleeping"])
def test_a_request_that_hangs_ends_its_own_process_only(served: Served, path: str) -> None:
    before, came = served.web_processes(), []
    thread = _ask(served, path, came)
    assert until(lambda: len(served.web_processes() - before) == 1, seconds=60)
    thread.join(60)
    assert isinstance(came[0], Exception)
    assert len(served.web_processes() & before) == 1, "the other process went on"
    assert until(served.answers, seconds=60)
    assert "web: a request took more than 5 s" in served.said()


def test_what_is_long_but_goes_on_is_let_be(served: Served) -> None:
    """A sender who takes longer than a request may, an answer that does, and both at once."""
    before, came = served.web_processes(), []
    receiving = _ask(served, "test/giving", came)
    with socket.create_connection(("127.0.0.1", served.port), 60) as line:
        line.sendall(b"PUT /test/taking HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 2\r\nConnection: close\r\n\r\n")
        for piece in (b"a", b"b"):
            time.sleep(LIMIT * 0.6)
            line.sendall(piece)
        answer = b"".join(iter(lambda: line.recv(65536), b""))
    receiving.join(60)
    assert came == [b"012345"]
    assert answer.endswith(b"2")
    assert served.web_processes() == before


def test_a_job_that_hangs_has_failed_and_the_others_are_done(served: Served) -> None:
    worker = served.worker()
    ask = (
        "INSERT INTO jobs_job (kind, subject_id, hotline_id, urgent, due_at, created_at, leased_by, attempts, begun, hung,"
        " generation, dead, problem) VALUES (?, ?, 0, 0, '2026-01-01 00:00:00', '2026-01-01 00:00:00', '', 0, 0, 0, 1, 0, '')"
    )
    served.rows(ask, "test.hang", 1)
    assert until(lambda: served.worker() not in (0, worker), seconds=60)
    for subject in range(8):
        served.rows(ask, "test.note", subject)
    assert until(lambda: not served.rows("SELECT 1 FROM jobs_job WHERE kind = 'test.note'"), seconds=60)
    found = served.rows("SELECT attempts, hung, dead, problem FROM jobs_job WHERE kind = 'test.hang'")
    assert found == [(1, 1, 0, "took_too_long")]
    assert "worker: job " in served.said()


def test_a_process_that_shows_no_sign_of_life_is_ended(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stopped, it writes no pulse; the parent can't ask it, only kill it. (The test looks itself, with less patience.)"""
    from leeward.site import watching

    before = served.web_processes()
    victim = min(before)
    server = next(pid for pid, line in children(served.process.pid).items() if "site.served" in line)
    (folder,) = served.data.glob("leeward-watch-*")
    os.kill(victim, signal.SIGSTOP)
    monkeypatch.setattr(watching, "QUIET_SECONDS", 3.0)
    monkeypatch.setattr(watching, "STUCK_SECONDS", 3.0)
    watch = watching.Watch(folder)
    assert until(lambda: watch.check({server}) is None and victim not in served.web_processes(), seconds=60)
    assert until(served.answers, seconds=60)
