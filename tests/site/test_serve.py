"""One process tree: what dies is started again, what ends takes everything with it, data survive."""

import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from leeward.demo.ports import free_port
from leeward.site.ports import with_port
from leeward.site.serve import Child, restart_wait
from tests.tables import give_tables

pytestmark = pytest.mark.xdist_group("serve")
PAST_SALT, TODAYS_SALT = "salt.2020-01-01", f"salt.{datetime.now(UTC).date()}"


def children(pid: int) -> dict[int, str]:
    """Child processes of `pid` with their names and command lines."""
    found = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                if int((entry / "stat").read_text().rsplit(")", 1)[1].split()[1]) == pid:
                    shown, command = ((entry / file).read_text() for file in ("comm", "cmdline"))
                    found[int(entry.name)] = command and (shown + command).replace("\0", " ")
            except (OSError, IndexError):
                continue
    return found


def until(true: object, seconds: float = 60.0) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            if true():
                return True
        except OSError:
            pass
        time.sleep(0.05)
    return False


def _hear_nothing() -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)


@contextmanager
def serving(data: Path, **more: str) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    """A tree with a stop page, past its start, and the address at which it says that it is well; of a shell that wants to hear of no
    child’s end, and whose terminal is gone by then."""
    port, stop_port = free_port(), free_port()
    environment = os.environ | {
        "LEEWARD_DATA": str(data),
        "LEEWARD_DATABASE_URL": "",
        "LEEWARD_DNS_RESOLVERS": "127.0.0.1:1",
        "LEEWARD_BASE_URL": f"http://127.0.0.1:{port}",
        **more,
    }
    command = [sys.executable, "-m", "leeward", "serve", "--bind", f"127.0.0.1:{port}"]
    command += ["--stop-bind", f"127.0.0.1:{stop_port}"]
    process = subprocess.Popen(
        command, env=environment, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, preexec_fn=_hear_nothing,  # noqa: PLW1509 - tests have no threads here
    )  # fmt: skip
    url = f"http://127.0.0.1:{port}/healthz"
    try:
        assert until(lambda: urllib.request.urlopen(url, timeout=2).status == 200, seconds=180)
        process.stderr.close()
        process.stop_port = stop_port
        yield process, url
    finally:
        process.terminate()
        process.wait(15)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    """The tree of this module: it outlives all but the test that ends it."""
    data, memory = tmp_path_factory.mktemp("data"), tmp_path_factory.mktemp("memory")
    give_tables(data / "leeward.sqlite3")
    for name in (PAST_SALT, TODAYS_SALT):
        (memory / name).write_bytes(name.encode())
    with serving(data, RUNTIME_DIRECTORY=f"{memory}:/elsewhere") as running:
        running[0].memory, running[0].data = memory, data
        yield running


def test_a_server_forgets_past_salts_while_it_runs_and_those_of_when_it_was_off(
    served: tuple[subprocess.Popen[bytes], str],
) -> None:
    past = served[0].memory / PAST_SALT
    assert not past.exists()
    past.write_bytes(b"x" * 32)  # as if it were midnight now
    assert until(lambda: not past.exists())
    assert (served[0].memory / TODAYS_SALT).read_bytes() == TODAYS_SALT.encode()


def test_web_and_worker_are_started_again_after_a_kill(served: tuple[subprocess.Popen[bytes], str]) -> None:
    process, url = served
    for name in ("site.served", "leeward-worker"):
        victim = next(pid for pid, line in children(process.pid).items() if name in line)
        family = children(victim)
        os.kill(victim, signal.SIGKILL)
        assert until(lambda family=family: not any(Path(f"/proc/{pid}").exists() for pid in family))
        assert until(
            lambda name=name, victim=victim: any(
                name in line for pid, line in children(process.pid).items() if pid != victim
            )
        )
    assert until(lambda: urllib.request.urlopen(url, timeout=2).status == 200, seconds=120)


def test_idle_connections_that_are_kept_alive_keep_nobody_out(served: tuple[subprocess.Popen[bytes], str]) -> None:
    """A hundred browsers that have read a page and not gone away yet: the next visitor is answered at once."""
    _process, url = served
    place = urlsplit(url)
    kept = [HTTPConnection(place.hostname, place.port, timeout=10) for _ in range(100)]
    try:
        for one in kept:
            one.request("GET", place.path)
            assert one.getresponse().read()
            assert one.sock is not None, "the server left it open"
        assert urllib.request.urlopen(url, timeout=10).status == 200
    finally:
        for one in kept:
            one.close()


STRANGE = (
    b"GET / HTTP/1.1\r\nHost: blocked.example\r\nAccept: text/html\r\n",
    b"GET /desk/ HTTP/1.1\r\nHost: 127.0.0.1\r\n",
    b"GET /healthz?x=%0d%0a HTTP/1.1\r\nHost: a_b..example:99\r\n",
    b"POST /api/v1/reports HTTP/1.1\r\nHost: [::1]\r\nContent-Length: 2\r\n",
    b"GET http://blocked.example/a/../b HTTP/1.1\r\nHost: other.example\r\nCookie: sessionid=x\r\n",
    b"DELETE /static/leeward/leeward.css HTTP/1.0\r\n",
)


def test_a_web_process_that_is_killed_again_and_again_comes_back_each_time(
    served: tuple[subprocess.Popen[bytes], str],
) -> None:
    """Also where its own server takes that for a loop, ends and lets the parent start all anew."""
    process, url = served

    def web() -> set[int]:
        server = next((pid for pid, line in children(process.pid).items() if "site.served" in line), 0)
        return {pid for pid, line in children(server).items() if "resource_tracker" not in line}

    for _time in range(3):
        assert until(lambda: len(web()) == 2, seconds=120)
        for victim in web():
            os.kill(victim, signal.SIGKILL)
        assert until(lambda: urllib.request.urlopen(url, timeout=2).status == 200, seconds=120)
    assert until(lambda: len(web()) == 2, seconds=120)


def test_the_wait_before_a_restart_grows_and_has_an_end() -> None:
    assert [restart_wait(soon) for soon in range(8)] == [1, 1, 2, 4, 8, 16, 30, 30]
    child = Child("web", lambda: [sys.executable, "-c", "raise SystemExit(3)"])
    waits = []
    child.start()
    for _time in range(3):
        child.process.wait(60)
        now = child.started_at + 1
        child.keep_alive(now)
        child.keep_alive(now + restart_wait(child.soon) / 2)
        assert child.process.poll() == 3, "not before its time"
        waits.append(child.again_at - now)
        child.keep_alive(child.again_at)
    assert waits == [1, 2, 4]
    child.process.wait(60)
    child.keep_alive(child.started_at + 61)
    assert child.soon == 0, "what lived for a minute begins anew"


def test_the_stop_page_answers_every_name_and_nothing_else(served: tuple[subprocess.Popen[bytes], str]) -> None:
    """Blocked names may be pointed at us: any host, any address, any method; no page of ours is to be had under them."""
    process, url = served
    where = ("127.0.0.1", process.stop_port)
    assert until(lambda: socket.create_connection(where, 2).close() is None)
    for asked in STRANGE:
        with socket.create_connection(where, 10) as line:
            line.sendall(asked + b"Connection: close\r\n\r\n" + (b"{}" if b"POST" in asked else b""))
            answer = b"".join(iter(lambda line=line: line.recv(65536), b""))
        head, _, body = answer.partition(b"\r\n\r\n")
        assert head.split(b"\r\n")[0].split(b" ")[1] == b"451", (asked, head)
        assert b"This page is blocked" in body
        assert f'<{url.removesuffix("/healthz")}/>; rel="blocked-by"'.lower().encode() in head.lower()
        assert b"set-cookie" not in head.lower()
        assert b"location:" not in head.lower()
        assert b"blocked.example" not in answer


def test_a_signal_ends_everything_with_0_and_leaves_files_that_can_be_copied_alone(
    served: tuple[subprocess.Popen[bytes], str],
) -> None:
    process, _ = served
    beats = "SELECT count(*), count(left_at) FROM jobs_workerbeat"
    with closing(sqlite3.connect(process.data / "leeward.sqlite3")) as database:
        assert until(lambda: database.execute(beats).fetchone() == (1, 0))
        process.terminate()
        assert process.wait(15) == 0
        assert database.execute(beats).fetchone() == (1, 1), "nobody misses a worker that ended as it should"
    for name in ("leeward.sqlite3", "words.sqlite3"):
        log = process.data / f"{name}-wal"
        assert not log.exists() or not log.stat().st_size, name


def test_a_start_makes_the_tables_that_are_missing_and_killing_the_parent_ends_the_children(tmp_path: Path) -> None:
    older = give_tables(tmp_path / "leeward.sqlite3")
    with closing(sqlite3.connect(older)) as database:
        database.executescript(
            "DROP TABLE site_sentalarm; DROP TABLE site_outside; DELETE FROM django_migrations WHERE app = 'site'"
        )
    with serving(tmp_path, LEEWARD_WEB_PROCESSES="1") as (process, url):
        with closing(sqlite3.connect(older)) as database:
            assert database.execute("SELECT count(*) FROM site_sentalarm").fetchone() == (0,)
        before = set(children(process.pid))
        assert len(before) == 3
        process.kill()
        process.wait(5)
        assert until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in before))
        with pytest.raises(OSError, match=r"refused|reset"):
            urllib.request.urlopen(url, timeout=2)


def test_a_parent_that_can_watch_no_more_ends_everything_and_itself(tmp_path: Path) -> None:
    """It would be taken for well by whoever started it, while nothing of it is started again."""
    data, folder = tmp_path / "data", tmp_path / "tmp"
    data.mkdir()
    folder.mkdir()
    give_tables(data / "leeward.sqlite3")
    with serving(data, LEEWARD_WEB_PROCESSES="1", TMPDIR=str(folder)) as (process, _url):
        before = set(children(process.pid))
        (boards,) = folder.glob("leeward-watch-*")
        shutil.rmtree(boards)
        assert process.wait(30) == 1
        assert not any(Path(f"/proc/{pid}").exists() for pid in before)


def test_an_address_that_another_server_shares_with_everybody_is_refused_and_a_free_one_is_not() -> None:
    from leeward.site.ports import AddressTaken, need_free

    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)  # as the web server does it
        other.bind(("127.0.0.1", 0))
        other.listen()
        address = f"127.0.0.1:{other.getsockname()[1]}"
        with pytest.raises(AddressTaken, match=address):
            need_free(address, patience_seconds=0)
    need_free(address, patience_seconds=0)


def test_port_0_is_a_port_that_is_free_and_said() -> None:
    assert with_port("127.0.0.1:8470") == "127.0.0.1:8470"
    host, _, port = with_port("127.0.0.1:0").rpartition(":")
    assert host == "127.0.0.1"
    assert 1024 < int(port) < 65536
