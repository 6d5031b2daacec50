"""The demonstration: every step is seen, in order; and where something is broken it says which step was not."""

import io
import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from leeward.demo.play import perform
from leeward.demo.running import Installation
from leeward.demo.steps import STEPS, Play, StepFailed
from leeward.demo.world import World
from tests.journeys.conftest import ONE_WEB_PROCESS, OWN
from tests.journeys.tree import child, descendants_of, is_alive
from tests.police_first import assert_police_first, rows_of_export
from tests.tables import give_tables

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("journeys")]


def steps_of(text: str) -> list[dict[str, Any]]:
    """The steps, one JSON object a line."""
    return [json.loads(line) for line in text.splitlines()]


def test_the_demonstration_plays_every_step(tmp_path: Path) -> None:
    give_tables(tmp_path / "leeward.sqlite3")
    command = [sys.executable, "-m", "leeward", "demo", "--once", "--json", "--fill", "20"]  # others wait before it
    environment = {**os.environ, **OWN, "LEEWARD_DATA": str(tmp_path)}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    steps = steps_of(done.stdout)
    assert [step["step"] for step in steps] == list(STEPS)
    for step in steps:
        assert set(step) == {"step", "ok", "seconds", "detail"}
        assert step["ok"] is True
        assert step["seconds"] >= 0
        assert step["detail"]
    seen = {step["step"]: step["detail"] for step in steps}
    assert seen["report_received"]["cookies"] == 0
    assert seen["removed"]["checks_seen_by_the_host"] >= 3
    assert seen["second_look"]["blind"] is True
    assert seen["police_told"]["could_be_undone"] is True
    assert (seen["peer_acted"]["said_here"], seen["peer_acted"]["receipt"]) == ("Removed", "It is gone.")
    assert seen["urgent_paged"]["seconds_to_the_mail"] <= 60
    assert seen["urgent_acknowledged"]["signed_in"] is False
    assert seen["audit_verified"]["rows"] > 0
    assert seen["figures_published"]["counted_at_the_desk"] > 0
    export = [sys.executable, "-m", "leeward", "audit", "export"]
    log = subprocess.run(export, env=environment, capture_output=True, text=True, timeout=60, check=True)
    assert assert_police_first(rows_of_export(log.stdout)) > 0


@pytest.mark.skipif(sys.platform != "linux", reason="processes are found through /proc")
def test_nothing_stays_behind_when_the_demonstration_is_ended(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "leeward", "demo", "--json"]
    environment = {**os.environ, **OWN, **ONE_WEB_PROCESS, "TMPDIR": str(tmp_path)}
    environment.pop("LEEWARD_DATA", None)
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as demo:
        assert demo.stdout is not None
        assert json.loads(demo.stdout.readline())["ok"] is True
        running = descendants_of(demo.pid)
        assert running
        demo.terminate()
        assert demo.wait(60) == 128 + signal.SIGTERM
    assert [pid for pid in running if is_alive(pid)] == []
    assert list(tmp_path.glob("leeward-demo-*")) == []


def stop_between_writes(pid: int, installation: Installation) -> None:
    """Stop a process at a moment at which it does not keep others from writing."""
    while True:
        os.kill(pid, signal.SIGSTOP)
        try:
            with closing(sqlite3.connect(installation.data / "leeward.sqlite3", timeout=0.2)) as database:
                database.execute("BEGIN IMMEDIATE")
                return
        except sqlite3.OperationalError:
            os.kill(pid, signal.SIGCONT)
            time.sleep(0.05)


@pytest.mark.skipif(sys.platform != "linux", reason="processes are found through /proc")
def test_a_step_that_did_not_happen_is_named(
    world: World, installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("leeward.demo.steps.PATIENCE_SECONDS", 5.0)
    worker = child(installation.pid, "worker")
    assert worker
    stop_between_writes(worker, installation)  # nobody does the work
    out = io.StringIO()
    play = Play(as_json=True, out=out)
    try:
        with pytest.raises(StepFailed, match="located"):
            perform(play, installation, world)
    finally:
        os.kill(worker, signal.SIGCONT)
    assert play.finish() == 1
    steps = steps_of(out.getvalue())
    assert [step["step"] for step in steps] == list(STEPS)
    assert [step["step"] for step in steps if step["ok"]] == ["report_received"]
    assert steps[1]["step"] == "located"
    assert "error" in steps[1]["detail"]
    assert {step["detail"]["error"] for step in steps[2:]} == {"This step was not reached."}
