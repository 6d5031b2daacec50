"""`leeward worker`: the workers that reported that they are alive, and those that are gone on purpose."""

from datetime import UTC, datetime
from typing import Annotated

import typer

from leeward.cli.output import show
from leeward.foundation.actor import Actor
from leeward.foundation.errors import BadInput

app = typer.Typer()
COLUMNS = ("name", "reported_at", "left_at", "is_missed")


@app.command("list")
def list_all(as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False) -> int:
    """Show every worker of the last week with when it was heard last; exit with 1 if one is missed.

    Example: leeward worker list
    """
    _start()
    from leeward.jobs.queries import workers

    found = workers(datetime.now(UTC))
    show(found, as_json=as_json, columns=COLUMNS, with_heading=True)
    return int(any(one.is_missed for one in found))


@app.command()
def gone(
    name: Annotated[str, typer.Argument(help="The worker's name, as the alarm and leeward worker list show it.")],
) -> int:
    """Say that a worker that fell silent was taken away on purpose: it is missed no more, until it is heard again.

    Example: leeward worker gone name.example:5f0c11aa:1234
    """
    _start()
    from leeward.jobs.jumps import dismiss
    from leeward.jobs.queries import workers

    now = datetime.now(UTC)
    if name not in {one.name for one in workers(now) if one.is_missed}:
        raise BadInput(what=name[:100], why="no worker of this name is missed; leeward worker list shows them")
    dismiss(name, Actor("command"), now)
    return 0


def _start() -> None:
    from leeward.site.start import start_on_tables

    start_on_tables()
