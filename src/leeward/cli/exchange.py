"""`leeward exchange`: lists of other hotlines, and whether two hotlines agree, whatever happens between them."""

import time
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from leeward.cli.arguments import content as read_file
from leeward.cli.hotline import in_hotline
from leeward.cli.output import complain, show
from leeward.foundation.errors import BadInput

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


@app.command("import")
def import_list(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A list as CSV; its first line names the columns.")],
    peer: Annotated[str, typer.Option("--peer", help="The name of the hotline whose items they are.")],
    hotline: Annotated[
        str, typer.Option("--hotline", help="Our hotline's short name; needed where there are several.")
    ] = "",
) -> int:
    """Put another hotline's unassessed items into the inbox of the desk; a list that was imported adds nothing.

    A column "address" is needed; "number", "country", "md5", "sha1" and "sha256" are taken. The exit code is 1 if a line
    could not be read.
    Example: leeward exchange import items.csv --peer "Hotline of the far shore"
    """
    content = read_file(file)
    with in_hotline(hotline) as actor:
        from leeward.exchange import queries, services
        from leeward.exchange.rules.listed import MOST_ITEMS, read_list

        found = [number for number, name in queries.active_peers().items() if name == peer]
        if len(found) != 1:
            raise BadInput(
                what="--peer", why=f"the hotlines are: {', '.join(queries.active_peers().values()) or 'none'}"
            )
        assert actor.hotline_id is not None
        done = services.import_items(
            found[0], read_list(content, most=MOST_ITEMS), hotline_id=actor.hotline_id, actor=actor
        )
    for line in done.unread:
        complain(f"Line {line.line} can't be read: {line.why}")
    show(
        [{"new": done.new, "known": done.known, "unread": len(done.unread)}],
        as_json=False,
        with_heading=True,
        columns=("new", "known", "unread"),
    )
    return 1 if done.unread else 0
