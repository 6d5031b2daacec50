"""`leeward exchange`: whether two hotlines agree, whatever happens between them."""

import time
from dataclasses import asdict
from typing import Annotated

import typer

from leeward.cli.output import show

app = typer.Typer()
COLUMNS = ("seed", "exchanges", "messages", "killed", "days", "differing", "twice", "undelivered", "lost")


@app.callback()
def exchange() -> None:
    """What hotlines write to each other."""


@app.command("simulate")
def simulate(
    seed: Annotated[int, typer.Option("--seed", help="The same seed plays the same run, unless it is killed.")] = 1,
    messages: Annotated[int, typer.Option("--messages", min=1, help="How many messages both write.")] = 1000,
    kills: Annotated[int, typer.Option("--kills", min=0, help="How often a process is killed meanwhile.")] = 0,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
) -> int:
    """Let two installations exchange reports over a link that loses, repeats, reorders, cuts and delays, and compare both.

    Each is a process with its own data, which is deleted afterwards. The exit code is 1 if they don't agree on every
    item, something was done twice, or a message is lost.
    Example: leeward exchange simulate --seed 7 --messages 10000 --kills 3
    """
    from leeward.demo.exchanging.run import simulate as play

    begun = time.monotonic()
    found = play(seed, messages, kills)
    row = {"seed": seed, **asdict(found), "is_good": found.is_good, "seconds": round(time.monotonic() - begun, 1)}
    if as_json:
        show([row], as_json=True)
    else:
        show([row], as_json=False, columns=(*COLUMNS, "memory", "seconds"), with_heading=True)
        show([{"fate": fate, "requests": count} for fate, count in sorted(found.link.items())], as_json=False)
        print("They agree." if found.is_good else "They don't agree.")
    return 0 if found.is_good else 1
