"""Children for decoding: whatever happens in one is an answer here."""

import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from leeward.foundation.sandbox import Finding, Limits, Pool, fences
from leeward.foundation.sandbox.wire import Torn, receive, send

HERE = Path(__file__).parents[2]
HOSTILE, PICTURES = "tests.foundation.hostile", "leeward.hosting.decoders.pictures"
SHORT = Limits(seconds=1.5)
SMALL = Limits(seconds=30, memory_bytes=200 << 20)
HANDED_ON = {"HOME", "XDG_CACHE_HOME", "NUMBA_CACHE_DIR", "TMPDIR", "LC_ALL", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"}
DECODERS: dict[str, dict[str, object]] = {
    "leeward.hosting.decoders.pages:read_page": {"url": "http://a.example/", "charset": ""},
    "leeward.hosting.decoders.pictures:picture_hashes": {"licensed": ""},
    "leeward.hosting.decoders.strips:strip": {"width": 320, "blurred": True},
    "leeward.matching.hashing.child:visual_hashes": {
        "name": "",
        "exact": False,
        "derived": [],
        "limits": [1000, 1.0, 10],
        "licensed": "",
    },
    "leeward.foundation.sandbox.paper:make": {},
    "leeward.people.decoders.sound:only_sound": {"form": "mp3", "codec": "mp3", "most_seconds": 300},
}


@pytest.fixture
def pool() -> Iterator[Pool]:
    made = Pool(idle_seconds=600)
    yield made
    for child in made._idle:
        child.end()


def until(condition, seconds: float = 60.0) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.05)


def alive(pid: int) -> bool:
    try:
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return False


@pytest.mark.parametrize(
    ("function", "limits", "code"),
    [
        ("crash", SHORT, "crashed"),
        ("die", SHORT, "crashed"),
        ("spin", SHORT, "too_slow"),
        ("hold_the_interpreter", SHORT, "too_slow"),
        ("swell", SHORT, "too_much_memory"),
        ("swell_in_c", SMALL, "crashed"),
        ("answer_endlessly", Limits(), "crashed"),
        ("fail", SHORT, "failed"),
        ("odd", SHORT, "failed"),
    ],
)
def test_what_a_file_does_to_a_decoder_is_a_finding_and_the_next_file_is_read(
    pool: Pool, function: str, limits: Limits, code: str
) -> None:
    found = pool.call(f"{HOSTILE}:{function}", b"x", limits)
    assert isinstance(found, Finding)
    assert found.code == code
    assert str(found.why)
    assert pool.call(f"{HOSTILE}:echo", b"next", SHORT) == {"body": b"next"}


def test_a_child_has_nothing_of_its_parent(pool: Pool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LEEWARD_SECRET", "only tests use this")
    with (tmp_path / "database").open("w"), socket.create_server(("127.0.0.1", 0)):
        seen = pool.call(f"{HOSTILE}:around", b"", SHORT)
    assert set(seen["environment"]) <= HANDED_ON
    assert set(seen["open"]) <= {"/dev/null", "socket", f"/proc/{seen['pid']}/statm"}


def test_no_decoder_loads_django_and_none_can_write(pool: Pool, tmp_path: Path) -> None:
    pool.call(f"{HOSTILE}:echo", b"", SHORT)  # imported before its child is closed off
    for name, arguments in DECODERS.items():
        pool.call(name, b"<p>a", Limits(), **arguments)
    seen = pool.call(f"{HOSTILE}:around", b"", SHORT)
    assert "PIL.Image" in seen["modules"]
    assert not [name for name in seen["modules"] if name.partition(".")[0] in ("django", "psycopg")]
    ours = [name for name in seen["modules"] if name.startswith("leeward.")]
    assert not [name for name in ours if {"models", "services", "queries", "views"} & set(name.split("."))]
    assert pool.call(f"{HOSTILE}:write", b"x" * 100, SHORT, path=str(tmp_path / "kept")) == Finding(
        "failed", "PermissionError"
    )
    assert not (tmp_path / "kept").exists()


def test_a_taken_over_decoder_reaches_no_file_no_network_and_no_other_process(
    pool: Pool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The kernel refuses it, whatever runs in the child; what a decoder does need, threads, it has."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend("")  # as `python -m` does
    secret = tmp_path / "secret"
    secret.write_text("only tests use this")
    with socket.create_server(("127.0.0.1", 0)) as server, socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listener:
        listener.bind(f"{secret}.socket")
        found = pool.call(f"{HOSTILE}:reach_out", b"", Limits(), path=str(secret), port=server.getsockname()[1])
    assert found.pop("thread") == "done"
    assert set(found.values()) == {"PermissionError"}, found
    assert len(found) == 24
    assert secret.read_text() == "only tests use this"


def test_what_a_closed_off_child_can_not_import_runs_in_another(pool: Pool) -> None:
    pool.call(f"{HOSTILE}:echo", b"", SHORT)
    first = pool.pids
    for _ in range(3):
        assert pool.call("tests.foundation.late:echo", b"x", SHORT) == b"x"
        assert pool.call(f"{HOSTILE}:echo", b"y", SHORT) == {"body": b"y"}
    assert len(pool.pids) == 2, "each goes on in its own"
    assert set(first) < set(pool.pids)


@pytest.mark.parametrize("adapter", ["WithFiles", "Missing"])
def test_an_adapter_with_files_of_its_own_is_loaded_before_a_child_is_closed_off(pool: Pool, adapter: str) -> None:
    drawn = BytesIO()
    Image.effect_noise((64, 64), 60).save(drawn, "PNG")
    pool.call(f"{HOSTILE}:echo", b"", SHORT)
    seen = []
    for _ in range(2):
        found = pool.call(
            f"{PICTURES}:picture_hashes", drawn.getvalue(), Limits(), licensed=f"tests.licensed_adapter:{adapter}"
        )
        assert set(found["licensed"]) == ({"photodna"} if adapter == "WithFiles" else set())
        seen.append(set(pool.pids))
    assert seen[0] == seen[1], "once is enough"
    new = Pool()
    assert new.call(f"{PICTURES}:small", drawn.getvalue(), Limits(), width=32, blurred=False, part=1.0), "it needs none"
    new._idle[0].end()


def test_room_is_made_for_what_no_child_can_import() -> None:
    one = Pool(most=1)
    one.call(f"{HOSTILE}:echo", b"", SHORT)
    first = one.pids
    assert one.call("tests.foundation.late:echo", b"x", SHORT) == b"x"
    assert len(one.pids) == 1
    assert one.pids != first
    one._idle[0].end()


def test_without_the_kernels_help_a_file_is_still_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fences, "_has_landlock", lambda: False)
    monkeypatch.setattr(fences, "find_library", lambda name: None)
    fences.missing.cache_clear()
    assert fences.missing() == ("Landlock", "seccomp")
    fences.missing.cache_clear()
    monkeypatch.setattr(sys, "platform", "darwin")
    assert fences.fence(sys.path) == frozenset()


@pytest.fixture
def in_the_open() -> Iterator[Path]:
    """A folder that every user may look into, as a child may be another one; those of pytest are for one user only."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


def test_there_are_two_at_most_and_who_waits_too_long_is_told(pool: Pool, in_the_open: Path) -> None:
    done = in_the_open / "done"
    found: list[object] = []
    threads = [
        threading.Thread(
            target=lambda: found.append(
                pool.call(f"{HOSTILE}:wait", b"", Limits(seconds=60, wait_seconds=60), until=str(done))
            )
        )
        for _ in range(6)
    ]
    for thread in threads:
        thread.start()
    until(lambda: len(pool.pids) == 2)
    told = pool.call(f"{HOSTILE}:echo", b"", Limits(wait_seconds=0.1))
    assert (told, found) == (Finding("busy"), [])
    done.touch()
    for thread in threads:
        thread.join(60)
    assert len(found) == 6
    assert all(isinstance(one, int) for one in found)
    assert len(set(found)) <= 2


def test_children_end_when_idle_and_with_their_parent(tmp_path: Path) -> None:
    quick = Pool(idle_seconds=0.1)
    quick.call(f"{HOSTILE}:echo", b"", SHORT)
    (child,) = quick.pids
    until(lambda: not quick.pids and not alive(child))
    program = (
        "import sys, threading, time\n"
        "from leeward.foundation.sandbox import call, pids, Limits\n"
        f"call('{HOSTILE}:echo', b'')\n"
        f"threading.Thread(target=call, args=('{HOSTILE}:spin', b'', Limits(seconds=600)), daemon=True).start()\n"
        f"threading.Thread(target=call, args=('{HOSTILE}:spin', b'', Limits(seconds=600)), daemon=True).start()\n"
        "while len(pids()) < 2: time.sleep(0.05)\n"
        "print(*pids(), flush=True)\n"
        "time.sleep(600)\n"
    )
    parent = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True, cwd=HERE)
    assert parent.stdout is not None
    children = [int(pid) for pid in parent.stdout.readline().split()]
    assert len(children) == 2
    assert all(map(alive, children))
    parent.kill()
    parent.wait()
    until(lambda: not any(map(alive, children)))
    parent.stdout.close()


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel's choice is Linux's")
def test_where_memory_runs_out_the_kernel_ends_a_child_before_its_parent(pool: Pool) -> None:
    pool.call(f"{HOSTILE}:echo", b"", SHORT)
    assert Path(f"/proc/{pool.pids[0]}/oom_score_adj").read_text() == "1000\n"
    assert "OOMPolicy=continue" in (HERE / "shipping/debian/leeward.service").read_text(), (
        "of all that the unit runs, it only"
    )


def test_a_fork_starts_children_of_its_own() -> None:
    program = (
        "import os\n"
        "from leeward.foundation.sandbox import call, pids\n"
        f"call('{HOSTILE}:echo', b'')\n"
        "had = pids()\n"
        "if not (pid := os.fork()):\n"
        f"    os._exit(call('{HOSTILE}:echo', b'') != {{'body': b''}} or set(pids()) & set(had) != set())\n"
        "raise SystemExit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))\n"
    )
    assert not subprocess.run([sys.executable, "-c", program], cwd=HERE, check=False, timeout=120).returncode


def message(head: bytes) -> bytes:
    return len(head).to_bytes(4, "big") + head


@pytest.mark.parametrize(
    "sent",
    [
        b"",
        b"\xff\xff\xff\xff",
        message(b"[]")[:-1],
        message(b"{'a'}"),
        message(b'{"blob": 0, "b": 1}'),
        message(b'{"blob": 0, "bytes": 9999999}'),
        message(b'{"blob": 0, "bytes": -1}'),
        message(b'{"blob": 0, "bytes": 10}') + b"x",
        message(b"[" * 100_000),
        message(b'{"table": []}'),
        message(b'{"blob": 0, "bytes": Infinity}'),
    ],
)
def test_what_is_no_message_is_torn(sent: bytes) -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        theirs.sendall(sent)
        theirs.close()
        with pytest.raises(Torn):
            receive(ours, most_bytes=1000)


def test_plain_data_comes_as_it_went() -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        value = {"a": [1, 2.5, None, True, "é\ud800"], "b": {"blob": b"x" * 1000, "bytes": [b"", b"y"]}}
        send(ours, value)
        assert receive(theirs, most_bytes=5000) == value
        with pytest.raises(TypeError):
            send(ours, {"a": object()})
