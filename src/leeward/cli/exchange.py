"""`leeward exchange`: whether two hotlines agree, whatever happens between them."""

import json
import os
import subprocess
import sys
import tempfile
import time
from random import Random
from typing import Annotated, Any

import typer

from leeward.cli.output import complain, show

app = typer.Typer()
LONGEST_RUN = 6.0  # seconds until a process is killed


@app.callback()
def exchange() -> None:
    """What hotlines write to each other."""


@app.command("simulate")
def simulate(
    seed: Annotated[int, typer.Option("--seed", help="The same seed plays the same run, unless it is killed.")] = 1,
    messages: Annotated[int, typer.Option("--messages", min=1, help="How many messages both write.")] = 1000,
    kills: Annotated[int, typer.Option("--kills", min=0, help="How often the process is killed meanwhile.")] = 0,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
) -> int:
    """Let two hotlines exchange reports over a link that loses, repeats, reorders and delays, and compare both.

    It plays in an installation of its own, which is deleted afterwards. The exit code is 1 if they don't agree on
    every item, something was done twice, or a message is lost.
    Example: leeward exchange simulate --seed 7 --messages 10000 --kills 3
    """
    with tempfile.TemporaryDirectory() as data:
        outcome, killed = _played(data, seed, messages, kills)
    if outcome is None:
        complain("The simulation ended without an outcome.")
        return 1
    columns = ("exchanges", "messages", "killed", "differing", "twice", "undelivered", "seconds")
    show([outcome | {"killed": killed}], as_json=as_json, columns=columns, with_heading=True)
    return 0 if outcome["is_good"] else 1


def _played(data: str, seed: int, messages: int, kills: int) -> tuple[dict[str, Any] | None, int]:
    """Return the outcome and how often the process really was killed before it."""
    chance = Random(seed)  # noqa: S311 - no secret
    for run in range(kills):
        process = _begun(data, seed, messages, run)
        lines = _lines(process, kill_after=chance.uniform(0.5, LONGEST_RUN))
        if process.returncode == 0:
            return _last(lines), run
    process = _begun(data, seed, messages, kills)
    return _last(_lines(process)), kills


def _begun(data: str, seed: int, messages: int, run: int) -> "subprocess.Popen[str]":
    kept = {name: value for name, value in os.environ.items() if not name.startswith("LEEWARD_")}
    command = [sys.executable, "-m", "leeward.demo.simulate", str(seed), str(messages), str(run)]
    # Our own program with numbers only.
    return subprocess.Popen(  # noqa: S603
        command, env=kept | {"LEEWARD_DATA": data}, stdout=subprocess.PIPE, text=True
    )


def _lines(process: "subprocess.Popen[str]", kill_after: float | None = None) -> list[str]:
    """Return what a process says; once it says that it is ready, it is killed after some seconds."""
    assert process.stdout is not None
    lines = [process.stdout.readline()]
    if kill_after is not None:
        until = time.monotonic() + kill_after
        while process.poll() is None and time.monotonic() < until:
            time.sleep(0.05)
        process.kill()
    lines += process.stdout.readlines()
    process.wait()
    return lines


def _last(lines: list[str]) -> dict[str, Any] | None:
    found = [json.loads(line) for line in lines if line.startswith("{")]
    return found[-1] if found and "is_good" in found[-1] else None
