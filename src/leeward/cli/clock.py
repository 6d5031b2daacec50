"""`leeward clock`: what is known of jumps of this machine's clock."""

from datetime import UTC, datetime
from typing import Annotated

import typer

from leeward.cli.output import show
from leeward.foundation.actor import Actor

app = typer.Typer()


@app.command("show")
def show_all(as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False) -> int:
    """Show the jumps that nobody has confirmed; exit with 1 if there is one.

    Example: leeward clock show
    """
    _start()
    from leeward.jobs.clockwatch import open_jumps

    jumps = open_jumps()
    show(jumps, as_json=as_json, with_heading=True)
    return 1 if jumps else 0


@app.command()
def confirm() -> int:
    """Say that the clock is right now: the police have their whole time from now, what is old enough is deleted, and leeward serve starts
    although the log has rows of later times.

    Example: leeward clock confirm
    """
    _start()
    from leeward.administration.services import confirm_clock
    from leeward.site.refusing import take_clock_as_right

    now = datetime.now(UTC)
    take_clock_as_right(now)
    print(confirm_clock(actor=Actor("command"), now=now))
    return 0


def _start() -> None:
    from leeward.site.start import start_on_tables

    start_on_tables()
