"""Decoders as a service of another user: over its socket they keep every promise that they keep as children."""

import io
import os
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from leeward.foundation.sandbox import Finding, Limits, Pool, apart, fences, users
from leeward.foundation.sandbox import pool as sandbox_pool
from leeward.foundation.sandbox.fences import modules_only
from tests.foundation.test_sandbox import HERE, HOSTILE, SHORT, alive, until

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="units, and what guards a decoder, are of Linux")
UNIT = (HERE / "shipping/debian/leeward-decoder@.service").read_text(encoding="utf-8")
IS_ANOTHER = os.geteuid() == 0 and users._is_open(tuple(modules_only(sys.path)))
AS_NOBODY = {"user": users.NOBODY, "group": users.NOBODY, "extra_groups": []}
# What systemd does for Accept=yes and StandardInput=socket, where its tool for trying that is not installed.
ACCEPTS = """
import socket, subprocess, sys
door = socket.socket(socket.AF_UNIX)
door.bind(sys.argv[1])
door.listen()
while True:
    line = door.accept()[0]
    subprocess.Popen(sys.argv[2:], stdin=line, stdout=line)
    line.close()
"""


def command() -> list[str]:
    """What the unit runs, by this interpreter."""
    (words,) = [shlex.split(line.partition("=")[2]) for line in UNIT.splitlines() if line.startswith("ExecStart=")]
    assert words[0] == "/usr/lib/leeward/bin/python"
    return [sys.executable, *words[1:]]


@dataclass(frozen=True, slots=True)
class Door:
    """A socket at which decoders are had, and who accepts there."""

    path: str
    pid: int

    def decoders(self) -> set[int]:
        """Return all processes that were started here: guards and whom they guard."""
        above = {}
        for status in Path("/proc").glob("[0-9]*/status"):
            try:
                fields = dict(line.split(":\t", 1) for line in status.read_text().splitlines() if ":\t" in line)
            except OSError:  # ended meanwhile
                continue
            if not fields["State"].startswith("Z"):
                above[int(fields["Pid"])] = int(fields["PPid"])
        found = {pid for pid, parent in above.items() if parent == self.pid}
        return found | {pid for pid, parent in above.items() if parent in found}


@pytest.fixture(scope="module")
def door() -> Iterator[Door]:
    with tempfile.TemporaryDirectory() as folder:
        path = f"{folder}/socket"
        Path(folder).chmod(0o755)
        if IS_ANOTHER:
            os.chown(folder, users.NOBODY, users.NOBODY)
        tool = shutil.which("systemd-socket-activate")
        accepts = [tool, "--accept", "--inetd", "-l", path] if tool else [sys.executable, "-I", "-c", ACCEPTS, path]
        process = subprocess.Popen(
            [*accepts, *command()],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            **(AS_NOBODY if IS_ANOTHER else {}),
        )  # type: ignore[call-overload]
        until(lambda: not apart.trouble(path))
        yield Door(path, process.pid)
        process.kill()
        process.wait()


@pytest.fixture
def pool(door: Door, monkeypatch: pytest.MonkeyPatch) -> Iterator[Pool]:
    monkeypatch.setenv(apart.SETTING, door.path)
    made = Pool(idle_seconds=600)
    yield made
    for child in made._idle:
        child.end()
    until(lambda: not door.decoders())


@pytest.mark.parametrize(
    ("function", "code"),
    [
        ("crash", "crashed"),
        ("die", "crashed"),
        ("spin", "too_slow"),
        ("hear_nothing", "too_slow"),
        ("swell", "too_much_memory"),
        ("fail", "failed"),
    ],
)
def test_what_a_file_does_is_a_finding_and_nothing_of_its_decoder_is_left(
    door: Door, pool: Pool, function: str, code: str
) -> None:
    found = pool.call(f"{HOSTILE}:{function}", b"x", Limits(seconds=0.3 if code == "too_slow" else SHORT.seconds))
    assert isinstance(found, Finding)
    assert found.code == code
    until(lambda: len(door.decoders()) == (2 if code == "failed" else 0))
    assert pool.call(f"{HOSTILE}:echo", b"next", SHORT) == {"body": b"next"}
    assert len(door.decoders()) == 2, "one, and its guard"


def test_it_is_closed_off_as_the_child_of_a_service_is_and_has_nothing_of_it(
    pool: Pool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LEEWARD_SECRET", "only tests use this")
    secret = tmp_path / "secret"
    secret.write_text("only tests use this")
    with socket.create_server(("127.0.0.1", 0)) as server, socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listener:
        listener.bind(f"{secret}.socket")
        found = pool.call(f"{HOSTILE}:reach_out", b"", Limits(), path=str(secret), port=server.getsockname()[1])
    assert found.pop("thread") == "done"
    assert set(found.values()) == {"PermissionError"}, found
    seen = pool.call(f"{HOSTILE}:around", b"", SHORT)
    assert set(seen["open"]) <= {"/dev/null", "socket", f"/proc/{seen['pid']}/statm"}
    assert "LEEWARD_SECRET" not in seen["environment"]
    said = pool.call("leeward.foundation.sandbox.fences:seen", b"", SHORT)
    assert said == {"user": users.NOBODY if IS_ANOTHER else os.geteuid(), "lacks": []}


def test_what_a_decoder_says_of_itself_tells_one_that_is_not_closed_off() -> None:
    assert fences.seen(b"") == {"user": os.geteuid(), "lacks": ["Landlock", "seccomp"]}


def test_there_are_two_at_most_and_who_waits_too_long_is_told(door: Door, pool: Pool) -> None:
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        done = Path(folder, "done")
        found: list[object] = []
        threads = [
            threading.Thread(
                target=lambda: found.append(pool.call(f"{HOSTILE}:wait", b"", Limits(60, 60), until=str(done)))
            )
            for _ in range(4)
        ]
        for thread in threads:
            thread.start()
        until(lambda: len(pool._busy) == 2)
        assert pool.call(f"{HOSTILE}:echo", b"", Limits(wait_seconds=0.2)) == Finding("busy")
        assert len(door.decoders()) == 4, "two, and their guards"
        done.touch()
        for thread in threads:
            thread.join(60)
        assert len(found) == 4
        assert len(set(found)) <= 2


def test_decoders_end_with_whoever_asked_for_them_even_if_a_fork_of_it_lives_on(door: Door) -> None:
    program = (
        "import os, threading, time\n"
        "from leeward.foundation.sandbox import pool, Limits\n"
        f"for name in ('spin', 'hear_nothing'):\n"
        f"    threading.Thread(target=pool.call, args=('{HOSTILE}:' + name, b'', Limits(seconds=600)), daemon=True).start()\n"
        "while len(pool._POOL._busy) < 2 or any(not child.knows and child.calls < 1 for child in pool._POOL._busy):\n"
        "    time.sleep(0.05)\n"
        "time.sleep(0.5)\n"
        "if not (fork := os.fork()):\n"
        "    time.sleep(600)\n"
        "print(fork, flush=True)\n"
        "time.sleep(600)\n"
    )
    environment = os.environ | {apart.SETTING: door.path}
    parent = subprocess.Popen(
        [sys.executable, "-W", "ignore", "-c", program], stdout=subprocess.PIPE, text=True, cwd=HERE, env=environment
    )
    assert parent.stdout is not None
    fork = int(parent.stdout.readline())
    try:
        assert len(door.decoders()) == 4
        parent.kill()
        parent.wait()
        until(lambda: not door.decoders(), 10)
        assert alive(fork)
    finally:
        os.kill(fork, signal.SIGKILL)
        parent.stdout.close()


def test_a_stream_is_read_there_and_a_reader_that_has_enough_leaves_nothing_running(door: Door, pool: Pool) -> None:
    lines = [f"line {number}" for number in range(60_000)]
    whole = "\n".join([*lines, ""]).encode()
    assert [one["line"] for one in pool.stream(f"{HOSTILE}:letters", io.BytesIO(whole), SHORT)] == lines
    found = pool.stream(f"{HOSTILE}:letters", io.BytesIO(whole), SHORT)
    assert next(found)["line"] == lines[0]
    (child,) = pool._busy
    kept = os.dup(child.line.fileno())  # as a fork would have it
    found.close()  # type: ignore[attr-defined]
    until(lambda: not door.decoders(), 10)
    os.close(kept)


def test_one_that_ended_meanwhile_is_given_no_file(door: Door, pool: Pool) -> None:
    """As when its service is stopped and started again."""
    assert pool.call(f"{HOSTILE}:echo", b"a", SHORT) == {"body": b"a"}
    for pid in door.decoders():
        with suppress(ProcessLookupError):  # one ends with the other
            os.kill(pid, signal.SIGKILL)
    until(lambda: not door.decoders())
    assert pool.call(f"{HOSTILE}:echo", b"b", SHORT) == {"body": b"b"}


@pytest.mark.parametrize("there", ["nothing", "nobody", "one that hangs up"])
def test_where_nobody_answers_nothing_is_decoded_and_no_child_stands_in(
    there: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "socket"
    monkeypatch.setenv(apart.SETTING, str(path))
    stood_in: list[Pool] = []
    with socket.socket(socket.AF_UNIX) as listener:
        if there != "nothing":
            listener.bind(str(path))
        if there == "nobody":
            listener.close()
        if there == "one that hangs up":
            listener.listen()
            threading.Thread(target=lambda: [listener.accept()[0].close() for _ in range(2)], daemon=True).start()
        assert bool(apart.trouble(str(path))) == (there != "one that hangs up")
        asked = Pool()
        monkeypatch.setattr(sandbox_pool, "_forked", lambda: stood_in.append(asked))
        assert asked.call(f"{HOSTILE}:echo", b"x", SHORT) == Finding("silent")
        assert [*asked.stream(f"{HOSTILE}:letters", io.BytesIO(b"a\n"), SHORT)] == [Finding("silent")]
    assert stood_in == [], "a child of the service’s own user"
    assert str(Finding("silent").why)
