"""The installation that is broken: its processes, its disk, its clock, its backups; and whoever starts again what ended."""

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from contextlib import closing, suppress
from pathlib import Path

from leeward.demo.ports import free_port
from leeward.demo.world import World
from tests.journeys.conftest import ONE_WEB_PROCESS, OWN, SET_STAGE
from tests.journeys.tree import child, children_of, descendants_of
from tests.notices.imap import ImapServer
from tests.tables import give_beginnings

DISK_BYTES = 400_000_000  # more than `site.disk` calls full
START_SECONDS = 300.0  # a machine may be busy
AGAIN_SECONDS = 1.0  # what a service manager waits before it starts a service again
SMALL = {"LEEWARD_WORK_THREADS": "2", "LEEWARD_WEB_THREADS": "4"}


class House:
    """An installation in `folder`, with a small disk of its own where this machine lets us have one."""

    def __init__(self, folder: Path, world: World, imap: ImapServer) -> None:
        self.folder, self.world, self._imap = folder, world, imap
        self.disk, self.data, self.backups = folder / "disk", folder / "disk" / "data", folder / "backups"
        self.log, self._clock = folder / "serve.log", folder / "clock"
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.is_open = True  # whether somebody is to start again what ended
        self.has_own_disk = False
        self.refusals: list[str] = []
        self._serve: subprocess.Popen[bytes] | None = None
        self._signer: subprocess.Popen[bytes] | None = None
        self._ended_at: float | None = None
        self._says_clock_is_right = False
        self._lock = threading.RLock()

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
        return {**kept, **self.world.environment(), **OWN, **ONE_WEB_PROCESS, **SMALL, **own}

    def build(self) -> None:
        """Make the disk and, on it, the demonstration's hotline with its portal and people."""
        self.disk.mkdir(parents=True)
        self.set_clock(0)
        mount = ["mount", "-t", "tmpfs", "-o", f"size={DISK_BYTES},mode=700", "chaos", str(self.disk)]
        self.has_own_disk = shutil.which("mount") is not None and _succeeds(mount)
        give_beginnings(self.data)
        subprocess.run([sys.executable, "-c", SET_STAGE], env=self.environment, check=True, timeout=180)
        self.backups.mkdir()
        done = self.command("backup", "key", str(self.key_file), "--no-passphrase")
        self.recipient = done.stdout.strip()

    def keep(self) -> None:
        """Copy the data from the small disk, for whoever looks what was violated."""
        if self.has_own_disk:
            shutil.copytree(
                self.data, self.folder / "kept", ignore=shutil.ignore_patterns("socket"), dirs_exist_ok=True
            )

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
        if self.has_own_disk:
            subprocess.run(["umount", "--lazy", str(self.disk)], check=False)

    @property
    def key_file(self) -> Path:
        """The key that opens backups."""
        return self.folder / "backup.key"

    def command(self, *arguments: str, seconds: float = 300) -> subprocess.CompletedProcess[str]:
        """Run a `leeward` command on this installation."""
        whole = [sys.executable, "-m", "leeward", *arguments]
        return subprocess.run(whole, env=self.environment, capture_output=True, text=True, timeout=seconds, check=False)

    def start(self) -> None:
        """Start it; raises RuntimeError if it gives no answer in time."""
        with self._lock:
            self.is_open = True
            self._begin()
        end = time.monotonic() + START_SECONDS
        while not self.answers():
            if time.monotonic() > end:
                raise RuntimeError(f"the installation gave no answer: {self.last_words()}")
            self.tend()
            time.sleep(0.1)

    def answers(self) -> bool:
        """Return whether it answers at all; it says that it is ill by a status of its own."""
        try:
            urllib.request.urlopen(f"{self.url}/healthz", timeout=5)
        except urllib.error.HTTPError:
            return True
        except OSError:
            return False
        return True

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
        """Kill all of it, and let nobody start it again; `start` does."""
        with self._lock:
            self.is_open = False
            self.kill("serve")
        end = time.monotonic() + 15
        while self.answers() and time.monotonic() < end:
            time.sleep(0.1)

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
        if name in ("web", "worker"):
            return child(serve.pid, name)
        if name == "web process":
            server = child(serve.pid, "web")
            workers = [pid for pid in children_of(server) if "tracker" not in _command(pid)] if server else []
            return workers[0] if workers else None
        return next((pid for pid in descendants_of(serve.pid) if "sandbox" in _command(pid)), None)  # a decoder

    def set_clock(self, ahead_seconds: float) -> None:
        """Set the clock of every process of the installation."""
        new = self._clock.with_suffix(".new")
        new.write_text(str(ahead_seconds), encoding="ascii")
        new.replace(self._clock)

    def database(self) -> sqlite3.Connection:
        """Open the database beside the installation, to read."""
        return sqlite3.connect(f"file:{self.data}/leeward.sqlite3?mode=ro", uri=True, timeout=60)

    def change(self, sql: str, *values: object) -> None:
        """Change a row behind the installation's back."""
        with closing(sqlite3.connect(self.data / "leeward.sqlite3", timeout=60)) as database, database:
            database.execute(sql, values)


def _command(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    except OSError:
        return ""


def _succeeds(command: list[str]) -> bool:
    return subprocess.run(command, capture_output=True, check=False).returncode == 0
