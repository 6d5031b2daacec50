"""The people of the load: locust, in an environment of its own, since it changes how sockets and threads work and brings a plugin of
pytest with it."""

import json
import os
import shutil
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
ENVIRONMENT = ROOT / ".cache" / "load"
START_SECONDS = 5  # until everybody is there


def python() -> Path:
    """Return the Python of locust's environment, made on first use from `uv.lock`; it needs uv and a package index."""
    made = ENVIRONMENT / "bin" / "python"
    ours = ROOT / ".uv" / "bin" / "uv"
    uv = ours if ours.exists() else shutil.which("uv")
    if uv is None:
        raise RuntimeError("uv is needed to install locust: make setup")
    command = [uv, "sync", "--quiet", "--locked", "--only-group", "load", "--python", ROOT / ".venv" / "bin" / "python"]
    there = {name: value for name, value in os.environ.items() if name != "VIRTUAL_ENV"}
    subprocess.run(command, cwd=ROOT, env=there | {"UV_PROJECT_ENVIRONMENT": str(ENVIRONMENT)}, check=True)
    return made


@dataclass(frozen=True)
class Came:
    """What came of the requests of one crowd; times in milliseconds."""

    entries: dict[str, dict[str, float]] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)
    accepted: list[tuple[str, str]] = field(default_factory=list)  # where, kind

    def a_second(self, name: str) -> float:
        """How many requests of a name were answered a second."""
        entry = self.entries.get(name, {})
        return entry.get("count", 0) / max(entry.get("seconds", 0.0), 1.0)

    def milliseconds(self, name: str, which: str = "p95") -> float:
        """How long they took."""
        return float(self.entries.get(name, {}).get(which) or 0.0)


class Crowd:
    """A locust of its own; `wait` returns what came of it. `who` names its people."""

    def __init__(self, url: str, seconds: float, out: Path, asked: dict[str, Any], who: tuple[str, ...]) -> None:
        self._out = out
        self._log = out.with_suffix(".log")
        command = [
            *(
                python(),
                "-m",
                "locust",
                "--headless",
                "--reset-stats",
                "--only-summary",
                "--skip-log-setup",
                "--exit-code-on-error",
                "0",
            ),
            *("-f", Path(__file__).with_name("locustfile.py"), "--host", url, "--run-time", f"{round(seconds)}s"),
            *("--users", str(asked["people"]), "--spawn-rate", str(max(1.0, asked["people"] / START_SECONDS))),
            *("--stop-timeout", "100", *who),
        ]
        whole = os.environ | {"LEEWARD_LOAD": json.dumps(asked | {"out": str(out)})}
        with self._log.open("wb") as log:
            self._process = subprocess.Popen([str(word) for word in command], env=whole, stdout=log, stderr=log)

    def wait(self) -> Came:
        """Wait until its time is over and everybody got an answer."""
        code = self._process.wait()
        if not self._out.exists():
            raise RuntimeError(f"locust ended with {code}: {self._log.read_text(encoding='utf-8')[-2000:]}")
        found = json.loads(self._out.read_text(encoding="utf-8"))
        return Came(found["entries"], found["errors"], [(where, kind) for where, kind in found["accepted"]])

    def end(self) -> None:
        """End it before its time."""
        if self._process.poll() is None:
            self._process.terminate()
            self._process.wait()
