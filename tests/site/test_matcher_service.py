"""`leeward serve --face matcher`: answers on a socket without a database; replaced, killed and fed with rubbish it drops nothing."""

import http.client
import io
import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path
from types import SimpleNamespace

import pytest

from leeward.matching.hashing import hash_stream
from leeward.matching.lists import Answer, Matcher
from leeward.site.matcher_service import Parent, _Server, listening_socket
from tests.matching.lists import jpeg, png, signer, written
from tests.matching.test_variants import bordered, file, original, shown
from tests.site.test_serve import children, serving
from tests.tables import give_tables

START = "import sys; from leeward.cli.main import main; sys.exit(main())"
ALONE = ("serve", "--face", "matcher")
SECRET = {"LEEWARD_SECRET": "nobody else may read this, not even a matcher"}


def set_for(folder: Path, path: Path, *, key: str = signer().public_key) -> dict[str, str]:
    """The settings of a matcher."""
    return {"LEEWARD_MATCHER_LIST": str(folder), "LEEWARD_MATCHER_SOCKET": str(path), "LEEWARD_MATCHER_KEY": key}


class Service:
    """A running matcher and its socket."""

    def __init__(self, folder: Path, place: Path) -> None:
        self.path = place / "matcher.sock"
        environment = os.environ | SECRET | set_for(folder, self.path)
        with (place / "rows.sqlite3").open("w") as rows:  # what the parent has open is none of the worker's
            self.process = subprocess.Popen(
                [sys.executable, "-c", START, *ALONE], env=environment, pass_fds=(rows.fileno(),)
            )
        self.until(lambda: self.get("/healthz")[0] == 200)

    @staticmethod
    def until(is_so) -> None:
        end = time.monotonic() + 60
        while time.monotonic() < end:
            try:
                if is_so():
                    return
            except OSError:
                pass
            time.sleep(0.05)
        raise AssertionError("not within 60 seconds")

    def ask(self, method: str, path: str, body: bytes | None = None, **headers: str) -> tuple[int, bytes]:
        connection = http.client.HTTPConnection("matcher", timeout=60)
        connection.sock = socket.socket(socket.AF_UNIX)
        connection.sock.settimeout(60)
        connection.sock.connect(str(self.path))
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()

    def get(self, path: str) -> tuple[int, bytes]:
        return self.ask("GET", path)

    def check(self, data: object) -> dict:
        is_file = isinstance(data, bytes)
        kind = "application/octet-stream" if is_file else "application/json"
        status, body = self.ask(
            "POST", "/check", data if is_file else json.dumps(data).encode(), **{"Content-Type": kind}
        )
        assert status == 200, body
        return json.loads(body)

    def metric(self, name: str) -> float:
        return float(re.search(rf"^{re.escape(name)} (.+)$", self.get("/metrics")[1].decode(), re.M)[1])

    def workers(self) -> list[int]:
        found = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        return [int(one) for one in found]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return written(tmp_path_factory.mktemp("list") / "list", [png(0), original()], [0, 0])


@pytest.fixture(scope="module")
def service(folder: Path, tmp_path_factory: pytest.TempPathFactory):
    running = Service(folder, tmp_path_factory.mktemp("matcher"))
    yield running
    running.process.send_signal(signal.SIGTERM)
    assert running.process.wait(60) == 0
    assert not running.path.exists()


def test_it_answers_files_hashes_health_and_metrics(service: Service):
    assert service.check(png(0))["match"] == "known"
    assert service.check(jpeg(0))["match"] == "near"
    framed = service.check(file(bordered(shown())))
    assert (framed["match"], framed["alteration"], framed["advice"]) == ("altered", "framed", "review")
    row = hash_stream(io.BytesIO(png(0))).as_dict(("sha256",))
    assert [one["match"] for one in service.check([row, {"pdq": "zz"}])] == ["known", "none"]
    health = json.loads(service.get("/healthz")[1])
    assert health == {"list": "test", "serial": 1, "entries": 2, "trouble": None, "failures": 0}
    assert service.metric("leeward_matcher_list_current") == 1
    assert service.metric('leeward_matcher_matches_total{match="altered"}') >= 1


def test_rubbish_gets_a_sentence_and_leaves_it_answering(service: Service):
    assert service.get("/elsewhere")[0] == 404
    assert service.ask("POST", "/check", b"{", **{"Content-Type": "application/json"})[0] == 400
    many = json.dumps([{"md5": "0" * 32}] * 101).encode()
    assert service.ask("POST", "/check", many, **{"Content-Type": "application/json"})[0] == 413
    assert service.ask("POST", "/check", b"", **{"Content-Length": "99999999999"})[0] == 413
    assert service.ask("POST", "/check", b"", **{"Content-Length": "many"})[0] == 411
    for broken in (png(0)[:300], b"\xff\xd8\xff" + bytes(4000), b"RIFF\xff\xff\xff\xffWEBP" + b"\xff" * 300, b""):
        assert service.check(broken)["match"] == "none"
    assert service.check(png(0))["match"] == "known"


def test_the_worker_has_no_secret_and_no_database(service: Service):
    (worker,) = service.workers()
    assert service.check(png(0))["match"] == "known"
    assert b"LEEWARD" not in Path(f"/proc/{worker}/environ").read_bytes()
    parents = _opened(service.process.pid)
    assert any("sqlite" in one for one in parents)
    (shared,) = {one for one in parents if one.startswith("socket:")}
    # Besides the socket that it answers on: a pair without a name to the process that decodes pictures, and for a moment the connections
    # on which somebody was just answered. Nothing else of the parent's, no database, no network.
    service.until(lambda: _sockets(worker) <= {shared} | _of_no_name())
    assert shared in _sockets(worker)
    assert not any("sqlite" in one for one in _opened(worker))
    program = (
        "import sys, leeward.site.matcher_service; print([name for name in sys.modules if name.startswith('django')])"
    )
    loaded = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert loaded.stdout.strip() == "[]"


def test_a_worker_has_files_decoded_where_its_parent_was_told_to(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else it would start decoders as its own user, where whoever set this wanted another."""
    monkeypatch.setenv("LEEWARD_DECODER_SOCKET", str(tmp_path / "nobody"))
    monkeypatch.setenv("LEEWARD_SECRET", "only tests use this")
    started: list[dict[str, str]] = []

    def popen(*words: object, env: dict[str, str], **_more: object) -> SimpleNamespace:
        started.append(env)
        return SimpleNamespace(stdout=io.BytesIO())

    monkeypatch.setattr(subprocess, "Popen", popen)
    with socket.socket(socket.AF_UNIX) as listening:
        assert Parent(listening, folder, None)._started() is None
    assert started[0]["LEEWARD_DECODER_SOCKET"] == str(tmp_path / "nobody")
    assert "LEEWARD_SECRET" not in started[0]


def _opened(pid: int) -> set[str]:
    """What a process has open. Raises OSError if something is closed meanwhile."""
    return {os.readlink(one) for one in Path(f"/proc/{pid}/fd").iterdir()}


def _sockets(pid: int) -> set[str]:
    return {one for one in _opened(pid) if one.startswith("socket:")}


def _of_no_name() -> set[str]:
    """The sockets that only the two processes at their ends can reach."""
    rows = [line.split() for line in Path("/proc/net/unix").read_text().splitlines()[1:]]
    return {f"socket:[{row[6]}]" for row in rows if len(row) == 7}


@pytest.mark.slow
def test_a_new_worker_takes_over_without_a_dropped_request(service: Service):
    (before,) = service.workers()
    failed, done, is_over = [], [], threading.Event()

    def keep_asking() -> None:
        while not is_over.is_set():
            try:
                done.append(service.check({"md5": "0" * 32})["match"])
            except Exception as error:
                failed.append(error)

    askers = [threading.Thread(target=keep_asking) for _ in range(3)]
    for one in askers:
        one.start()
    try:
        for _ in range(2):
            old = service.workers()
            service.process.send_signal(signal.SIGHUP)
            service.until(lambda old=old: len(service.workers()) == 1 and service.workers() != old)
    finally:
        is_over.set()
        for one in askers:
            one.join()
    assert failed == []
    assert len(done) > 20
    assert before not in service.workers()


def test_a_killed_worker_comes_back_and_whoever_waits_is_answered(service: Service):
    (worker,) = service.workers()
    os.kill(worker, signal.SIGKILL)
    assert service.check(png(0))["match"] == "known"
    assert service.workers() != [worker]


def test_its_memory_stays_as_it_is(service: Service):
    """The whole is measured by `python -m bench matcher_service`; here only that two thousand requests leave nothing behind."""
    row = {"pdq": "0123456789abcdef" * 4, "sha256": "0" * 64}
    for _ in range(300):
        service.check(row)
    before = service.metric("leeward_matcher_memory_bytes")
    for _ in range(1500):
        service.check(row)
    assert service.metric("leeward_matcher_memory_bytes") - before < 4 << 20


@pytest.mark.slow
def test_a_list_that_is_not_trusted_or_a_place_that_is_taken_is_one_sentence(service: Service, folder: Path, tmp_path):
    def refused(given: dict[str, str]) -> str:
        command, environment = [sys.executable, "-c", START, *ALONE], os.environ | given
        done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120, check=False)
        assert done.returncode in (1, 2)
        assert "Traceback" not in done.stderr
        return done.stderr

    assert "another program answers on it" in refused(set_for(folder, service.path))
    assert "is by another key" in refused(set_for(folder, tmp_path / "m.sock", key=signer(1).public_key))
    assert "are set together or not at all" in refused({"LEEWARD_MATCHER_LIST": str(folder)})
    assert "needs LEEWARD_MATCHER_LIST" in refused({})


@pytest.mark.xdist_group("serve")
def test_in_the_tree_it_has_nothing_of_the_installation_and_comes_back_after_a_kill(folder: Path, tmp_path: Path):
    asked = object.__new__(Service)
    asked.path = tmp_path / "m.sock"
    (tmp_path / "data").mkdir()
    give_tables(tmp_path / "data" / "leeward.sqlite3")
    with serving(tmp_path / "data", LEEWARD_WEB_PROCESSES="1", **SECRET, **set_for(folder, asked.path)) as (tree, _url):

        def matcher() -> int:
            return next((pid for pid, line in children(tree.pid).items() if "--face matcher" in line), 0)

        asked.until(lambda: asked.get("/healthz")[0] == 200)
        first = matcher()
        workers = children(first)
        assert len(workers) == 1
        for pid in (first, *workers):
            names = {one.partition(b"=")[0] for one in Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")}
            mine = {f"LEEWARD_MATCHER_{name}".encode() for name in ("LIST", "SOCKET", "KEY")}
            assert {name for name in names if name.startswith(b"LEEWARD")} <= (mine if pid == first else set())
        os.kill(first, signal.SIGKILL)
        asked.until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in workers))
        asked.until(lambda: asked.get("/healthz")[0] == 200)
        assert matcher() not in (0, first)
        assert asked.check(png(0))["match"] == "known"
    assert not asked.path.exists()


class Failing(Matcher):
    """A matcher that fails at every file, as a bug would make it."""

    def check(self, data: bytes) -> Answer:
        raise KeyError(data.decode())


def test_what_nobody_expected_is_answered_counted_and_logged_without_what_was_asked(
    folder: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
):
    service = object.__new__(Service)
    service.path = tmp_path / "m.sock"
    listening = listening_socket(service.path)
    server = _Server(listening, Failing(folder, key=signer().public_key))
    threading.Thread(target=server.serve_forever, args=(0.05,)).start()
    try:
        status, body = service.ask("POST", "/check", b"a harbour")
        assert status == 500
        assert "a person has to look" in json.loads(body)["error"]
        assert service.metric('leeward_matcher_failures_total{error="KeyError"}') == 1
        assert service.metric('leeward_matcher_answers_total{path="/check",status="500"}') == 1
        assert json.loads(service.get("/healthz")[1])["failures"] == 1
        gone = socket.socket(socket.AF_UNIX)
        gone.connect(str(service.path))
        gone.sendall(b"POST /check HTTP/1.1\r\nContent-Length: 9\r\n\r\n")
        gone.close()
        assert json.loads(service.get("/healthz")[1])["failures"] == 1  # whoever goes away is no failure
    finally:
        server.shutdown()
        server.server_close()
    told = capfd.readouterr().err
    assert "leeward: the matcher failed at /check: KeyError in test_matcher_service.py:" in told
    assert "harbour" not in told
