"""The installation that is broken: its processes, its disk, its clock, its backups; and whoever starts again what ended."""

import http.client
import os
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterable, Mapping
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import httpx2

from leeward.demo.ports import free_port
from leeward.demo.world import World
from leeward.site.faces import API, DESK, PUBLIC
from tests.journeys.conftest import ONE_WEB_PROCESS, OWN, SET_STAGE
from tests.journeys.tree import child, children_of, descendants_of
from tests.matching.lists import png, signer, written
from tests.notices.imap import ImapServer
from tests.tables import give_beginnings

DISK_BYTES = 400_000_000  # more than `site.disk` calls full
BETWEEN_BYTES = 100_000_000
START_SECONDS = 300.0  # a machine may be busy
AGAIN_SECONDS = 1.0  # what a service manager waits before it starts a service again
STOP, MATCHER = "stop", "matcher"
SMALL = {"LEEWARD_WORK_THREADS": "2", "LEEWARD_WEB_THREADS": "4"}
FACES_PAGE = Path(__file__).resolve().parents[2] / "docs" / "how-to" / "faces.md"
_ROUTE = re.compile(
    r"^location ~ (\S+) \{ client_max_body_size \w+; proxy_pass http://127\.0\.0\.1:847(\d); \}$", re.MULTILINE
)


class House:
    """An installation in `folder`, with a small disk of its own where this machine lets us have one.

    It `is_apart` if its three faces are processes of their own, the public one with a database file of its own on another small disk;
    then a stop page and a matcher run beside them.
    With a `stage` (a data directory that is set already, made with `secret`) it begins as a copy of that.
    """

    def __init__(
        self,
        folder: Path,
        world: World,
        imap: ImapServer,
        *,
        is_apart: bool = False,
        stage: Path | None = None,
        secret: str = "",
    ) -> None:
        self.folder, self.world, self._imap = folder, world, imap
        self.is_apart, self._stage, self._secret = is_apart, stage, secret
        self.disk, self.data, self.backups = folder / "disk", folder / "disk" / "data", folder / "backups"
        self.between = folder / "between"
        self.public_file = self.between / "spool" / "public.sqlite3"
        self.gone: list[Path] = []  # files of the public face that were lost
        self.log, self._clock = folder / "serve.log", folder / "clock"
        self.port = free_port()
        self.ports = {"": self.port}
        if is_apart:
            self.ports = {PUBLIC: self.port, DESK: free_port(), API: free_port(), STOP: free_port()}
        self.url = f"http://127.0.0.1:{self.port}"
        self.is_open = True  # whether somebody is to start again what ended
        self.has_own_disk = False
        self.refusals: list[str] = []
        self._serve: subprocess.Popen[bytes] | None = None
        self._signer: subprocess.Popen[bytes] | None = None
        self._ended_at: float | None = None
        self._says_clock_is_right = False
        self._lock = threading.RLock()
        self.commands = threading.Lock()  # held by whoever runs some of them in a row

    @property
    def environment(self) -> Mapping[str, str]:
        """What every command of the installation is told."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith("LEEWARD_")}
        here = str(Path(__file__).parent / "clock")
        own = {
            "LEEWARD_DATA": str(self.data),
            "LEEWARD_BASE_URL": self.url,
            "LEEWARD_BIND": f"127.0.0.1:{self.port}",
            "DJANGO_SETTINGS_MODULE": "leeward.site.settings",
            "CHAOS_CLOCK": str(self._clock),
            "PYTHONPATH": os.pathsep.join(filter(None, (here, kept.get("PYTHONPATH")))),
            "LEEWARD_MAILBOX": self._imap.setting,
            "SSL_CERT_FILE": str(self._imap.made.certificate),
        }
        if self._secret:
            own["LEEWARD_SECRET"] = self._secret
        if self.is_apart:
            own |= {
                "LEEWARD_DESK_BIND": f"127.0.0.1:{self.ports[DESK]}",
                "LEEWARD_API_BIND": f"127.0.0.1:{self.ports[API]}",
                "LEEWARD_PUBLIC_DATABASE": str(self.public_file),
                "LEEWARD_STOP_BIND": f"127.0.0.1:{self.ports[STOP]}",
                "LEEWARD_MATCHER_LIST": str(self.folder / "list"),
                "LEEWARD_MATCHER_SOCKET": str(self.folder / MATCHER),
                "LEEWARD_MATCHER_KEY": signer().public_key,
            }
        return {**kept, **self.world.environment(), **OWN, **ONE_WEB_PROCESS, **SMALL, **own}

    def build(self) -> None:
        """Make the disk and, on it, the demonstration's hotline with its portal and people."""
        self.set_clock(0)
        for place in (self.disk, self.between):
            place.mkdir(parents=True)
        if self.is_apart:
            written(self.folder / "list", [png(0)], [0])
        if self._stage is not None:
            shutil.copytree(self._stage, self.data)
            return
        self.has_own_disk = _is_mounted(self.disk, DISK_BYTES) and _is_mounted(self.between, BETWEEN_BYTES)
        give_beginnings(self.data)
        subprocess.run([sys.executable, "-c", SET_STAGE], env=self.environment, check=True, timeout=180)
        self.backups.mkdir()
        done = self.command("backup", "key", str(self.key_file), "--no-passphrase")
        self.recipient = done.stdout.strip()

    def keep(self) -> None:
        """Copy the data from the small disk, for whoever looks what was violated."""
        if self.has_own_disk:
            for place in (self.data, self.between):
                kept = self.folder / "kept" / ("" if place == self.data else place.name)
                shutil.copytree(place, kept, ignore=shutil.ignore_patterns("socket", "filler"), dirs_exist_ok=True)

    def leave(self) -> None:
        """End everything, and give the disk back."""
        self.is_open = False
        for process in (self._serve, self._signer):
            if process is not None and process.poll() is None:
                process.terminate()
                with suppress(subprocess.TimeoutExpired):
                    process.wait(15)
                process.kill()
                process.wait()
        for place in (self.disk, self.between):
            if place.is_mount():
                subprocess.run(["umount", "--lazy", str(place)], check=False)

    @property
    def key_file(self) -> Path:
        """The key that opens backups."""
        return self.folder / "backup.key"

    def command(self, *arguments: str, seconds: float = 300) -> subprocess.CompletedProcess[str]:
        """Run a `leeward` command on this installation."""
        return self._run(["-m", "leeward", *arguments], seconds)

    def run(self, program: str) -> subprocess.CompletedProcess[str]:
        """Run a few lines of Python on this installation."""
        return self._run(["-c", program], 300)

    def _run(self, arguments: list[str], seconds: float) -> subprocess.CompletedProcess[str]:
        whole = [sys.executable, *arguments]
        return subprocess.run(whole, env=self.environment, capture_output=True, text=True, timeout=seconds, check=False)

    def start(self, faces: Iterable[str] | None = None) -> None:
        """Start it, and wait for these faces or all; raises RuntimeError if one gives no answer in time."""
        with self._lock:
            self.is_open = True
            self._begin()
        self.wait_for(self.parts if faces is None else faces)

    @property
    def parts(self) -> list[str]:
        """All that answers somebody: the faces, and what runs beside them."""
        return [*self.ports, *([MATCHER] if self.is_apart else [])]

    def wait_for(self, faces: Iterable[str]) -> None:
        """Wait until these faces, or parts beside them, answer; raises RuntimeError."""
        end = time.monotonic() + START_SECONDS
        for face in faces:
            while not self.answers(face):
                if time.monotonic() > end:
                    raise RuntimeError(f"the installation gave no answer: {self.last_words()}")
                self.tend()
                time.sleep(0.1)

    def answers(self, face: str) -> bool:
        """Return whether a face answers at all; it says that it is ill by a status of its own."""
        if face == MATCHER:
            return self._hashes()
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{self.ports[face]}/healthz", timeout=5)
        except urllib.error.HTTPError:
            return True
        except OSError:
            return False
        return True

    def _hashes(self) -> bool:
        """Return whether the matcher answers from its list."""
        asked = http.client.HTTPConnection(MATCHER)
        with socket.socket(socket.AF_UNIX) as asked.sock:
            asked.sock.settimeout(5)
            try:
                asked.sock.connect(str(self.folder / MATCHER))
                asked.request("GET", "/healthz")
                return asked.getresponse().status == 200
            except (OSError, http.client.HTTPException):
                return False

    @property
    def proxy(self) -> httpx2.BaseTransport:
        """The way of a visitor to whichever face answers an address."""
        return _Proxy(self.ports)

    def tend(self) -> None:
        """Start again what ended, as a service manager does; a refusal that names the clock is answered by a person."""
        with self._lock:
            if self.is_open:
                self._tend()

    def _tend(self) -> None:
        if self._signer is None or self._signer.poll() is not None:
            self._start_signer()
        if self._serve is None or self._serve.poll() is None:
            return
        if self._ended_at is None:
            self._ended_at = time.monotonic()
            if (code := self._serve.returncode) and code > 0:
                self.refusals.append(self.last_words())
                self._says_clock_is_right = "clock says" in self.last_words()
        elif time.monotonic() - self._ended_at > AGAIN_SECONDS:
            self._begin()

    def last_words(self) -> str:
        """Return the end of what `leeward serve` said."""
        return self.log.read_text(encoding="utf-8", errors="replace")[-600:].strip() if self.log.exists() else ""

    def _begin(self) -> None:
        options = ["--clock-is-right"] if self._says_clock_is_right else []
        self._says_clock_is_right, self._ended_at = False, None
        with self.log.open("ab") as log:
            command = [sys.executable, "-m", "leeward", "serve", *options]
            self._serve = subprocess.Popen(command, env=self.environment, stdout=log, stderr=log)

    def refused(self) -> str:
        """Try to start what is down, and return what is said if it refuses; "" if it runs, or ends otherwise."""
        before = len(self.last_words())
        self._begin()
        assert self._serve is not None
        with suppress(subprocess.TimeoutExpired):
            code = self._serve.wait(START_SECONDS)
            said = self.log.read_text(encoding="utf-8", errors="replace").strip().splitlines()
            return said[-1] if code == 2 and before and "Traceback" not in self.last_words() else ""
        return ""

    def close(self) -> None:
        """Kill all of it, and let nobody start it again; `start` does. Return when the last of its processes is gone."""
        with self._lock:
            self.is_open = False
            pid = self._pid("serve")
            left = descendants_of(pid) if pid else []
            self.kill("serve")
        end = time.monotonic() + 20
        while (left := [one for one in left if _command(one)]) and time.monotonic() < end:
            time.sleep(0.1)
        for one in left:
            with suppress(ProcessLookupError):
                os.kill(one, signal.SIGKILL)

    def _start_signer(self) -> None:
        folder = self.data / "signer"
        folder.mkdir(mode=0o700, exist_ok=True)
        command = [sys.executable, "-P", "-m", "leeward.audit.signer", str(folder)]
        with self.log.open("ab") as log:
            self._signer = subprocess.Popen(command, env=self.environment, stdout=log, stderr=log)

    def stop_signer(self) -> None:
        """End the signer, whose folder is about to change; `tend` starts it again."""
        if self._signer is not None:
            self._signer.kill()
            self._signer.wait()

    def kill(self, name: str) -> bool:
        """`kill -9` of one process; False if it isn't running now."""
        pid = self._pid(name)
        if pid is None:
            return False
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
        if name == "serve" and self._serve is not None:
            self._serve.wait()
        return True

    def _pid(self, name: str) -> int | None:
        serve = self._serve
        if name == "signer":
            return self._signer.pid if self._signer is not None and self._signer.poll() is None else None
        if serve is None or serve.poll() is not None:
            return None
        if name == "serve":
            return serve.pid
        if name == "worker":
            return child(serve.pid, name)
        if name == "decoder":
            return next((pid for pid in descendants_of(serve.pid) if "sandbox" in _command(pid)), None)
        face, _, part = name.partition(" ")
        if face == MATCHER:
            matcher = next((pid for pid in children_of(serve.pid) if "--face matcher" in _command(pid)), None)
            return matcher if matcher is None or not part else next(iter(children_of(matcher)), None)
        port = self.ports.get(face) or self.ports.get(DESK, self.port)  # `web`: the one that there is, or the desk's
        listens = re.compile(rf"(:|--port ){port} ")  # the web server renames itself
        server = next((pid for pid in children_of(serve.pid) if listens.search(_command(pid))), None)
        if server is None or not part:
            return server
        return next((pid for pid in children_of(server) if "tracker" not in _command(pid)), None)

    def set_clock(self, ahead_seconds: float) -> None:
        """Set the clock of every process of the installation."""
        new = self._clock.with_suffix(".new")
        new.write_text(str(ahead_seconds), encoding="ascii")
        new.replace(self._clock)

    def database(self) -> sqlite3.Connection:
        """Open the database beside the installation, to read."""
        return sqlite3.connect(f"file:{self.data}/leeward.sqlite3?mode=ro", uri=True, timeout=60)

    def value(self, sql: str, *values: object) -> Any:
        """Return the first column of the first row; None if there is none."""
        with closing(self.database()) as database:
            return next(iter(database.execute(sql, values).fetchone() or ()), None)

    def public_database(self, file: Path | None = None) -> sqlite3.Connection:
        """Open the public face's file, or one that it had, to read; a file that isn't there isn't made."""
        return sqlite3.connect(f"file:{file or self.public_file}?mode=rw", uri=True, timeout=60)

    def change(self, sql: str, *values: object) -> None:
        """Change a row behind the installation's back."""
        with closing(sqlite3.connect(self.data / "leeward.sqlite3", timeout=60)) as database, database:
            database.execute(sql, values)


def _command(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    except OSError:
        return ""


def _is_mounted(place: Path, size: int) -> bool:
    """Mount a small disk there, and return whether that can be done."""
    mount = ["mount", "-t", "tmpfs", "-o", f"size={size},mode=700", "chaos", str(place)]
    return shutil.which("mount") is not None and subprocess.run(mount, capture_output=True, check=False).returncode == 0


class _Proxy(httpx2.HTTPTransport):
    """What docs/how-to/faces.md has a reverse proxy do: each address goes to its face, and the Host header stays."""

    def __init__(self, ports: Mapping[str, int]) -> None:
        super().__init__()
        found = _ROUTE.findall(FACES_PAGE.read_text(encoding="utf-8"))
        self._routes = [(re.compile(pattern), ports.get({"1": DESK, "2": API}[end])) for pattern, end in found]
        assert len(self._routes) == 2, FACES_PAGE

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        """Send it on."""
        port = next((port for pattern, port in self._routes if port and pattern.match(request.url.path)), None)
        if port is not None:
            request = httpx2.Request(
                request.method,
                request.url.copy_with(port=port),
                headers=request.headers,
                stream=request.stream,
                extensions=request.extensions,
            )
        return super().handle_request(request)
