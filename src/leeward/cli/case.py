"""`leeward case`: the cases of a hotline, for scripts and for the person at the console."""

from datetime import UTC, datetime, time
from typing import Annotated, Any

import typer

from leeward.cli.arguments import day
from leeward.cli.output import complain, show
from leeward.cli.progress import progress_of
from leeward.foundation.errors import BadInput, NotFound

app = typer.Typer()
Hotline = Annotated[
    str, typer.Option("--hotline", help="The hotline's short name; not needed where there is only one.")
]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object a line.")]


@app.command("list")
def list_cases(
    state: Annotated[str, typer.Option(help="Only cases in this state, for example triaged.")] = "",
    most: Annotated[int, typer.Option(help="At most this many, newest first.", min=1)] = 1000,
    hotline: Hotline = "",
    as_json: AsJson = False,
) -> int:
    """List cases, the newest first: id, state and location.

    Example: leeward case list --state triaged --json
    """
    hotline_id = begin(hotline)
    from django_scopes import scope

    from leeward.casework.queries import listed
    from leeward.casework.rules.states import STATES

    if state and state not in STATES:
        raise BadInput(what=f"The state {state!r}", why=f"it is not one of {', '.join(STATES)}")
    with scope(hotline=hotline_id):
        show(listed(state, most), as_json=as_json, columns=("id", "state", "location"))
    return 0


@app.command("show")
def show_case(
    reference: Annotated[str, typer.Argument(help="The case's number, for example 2026-0001.")],
    hotline: Hotline = "",
    as_json: AsJson = False,
) -> int:
    """Show one case: its state, its place, its times, what was decided.

    Example: leeward case show 2026-0001 --json
    """
    hotline_id = begin(hotline)
    from django_scopes import scope

    from leeward.casework.queries import shown

    with scope(hotline=hotline_id):
        row = shown(reference)
    if as_json:
        show([row], as_json=True)
    else:
        show([{"name": name, "value": value} for name, value in row.items()], as_json=False)
    return 0


@app.command("rerun-law")
def rerun_law(
    since: Annotated[str, typer.Option(help="Decisions made on this day (UTC) or later, YYYY-MM-DD.")],
    hotline: Hotline = "",
    as_json: AsJson = False,
) -> int:
    """List decisions on which the law, as it is recorded now, would say something else; exit with 1 if there are any.

    The stored facts are assessed again by the law of the same countries as it was on the day of the decision; no case is changed.
    Example: leeward case rerun-law --since 2026-01-01
    """
    start_of_day = datetime.combine(day(since, "--since"), time(), UTC)
    hotline_id = begin(hotline)
    from django_scopes import scope

    from leeward.casework.assessment.queries.rerun import changed_opinions

    with scope(hotline=hotline_id), progress_of("asking the law again") as progress:
        columns = None if as_json else ("id", "country", "then", "now", "law_version_then", "law_version_now")
        count = show(changed_opinions(start_of_day, progress=progress), as_json=as_json, columns=columns)
    if not as_json:
        complain(f"Opinions that differ: {count}.")
    return 1 if count else 0


def begin(slug: str) -> int:
    from leeward.site.start import start_on_tables

    start_on_tables()
    from leeward.people.queries import hotlines

    rows: list[Any] = [row for row in hotlines() if not slug or row.slug == slug]
    if not rows:
        raise NotFound(what="hotline")
    if len(rows) > 1:
        names = ", ".join(row.slug for row in rows)
        raise BadInput(what="The hotline", why=f"there are several: say --hotline with one of {names}")
    return int(rows[0].id)
