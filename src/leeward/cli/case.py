"""`leeward case`: the cases of a hotline, for scripts and for the person at the console."""

from typing import Annotated, Any

import typer

from leeward.cli.output import show
from leeward.ground.errors import BadInput, NotFound

app = typer.Typer()
Hotline = Annotated[
    str, typer.Option("--hotline", help="The hotline's short name; not needed where there is only one.")
]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object a line.")]


@app.command("list")
def list_cases(
    state: Annotated[str, typer.Option(help="Only cases in this state, for example triaged.")] = "",
    most: Annotated[int, typer.Option(help="At most so many, the newest first.", min=1)] = 1000,
    hotline: Hotline = "",
    as_json: AsJson = False,
) -> int:
    """List cases, the newest first: id, state and location.

    Example: leeward case list --state triaged --json
    """
    hotline_id = _begin(hotline)
    from django_scopes import scope

    from leeward.casework.queries import listed
    from leeward.casework.rules.transitions import STATES

    if state and state not in STATES:
        raise BadInput(what=f"The state {state!r}", why=f"it is none of {', '.join(STATES)}")
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
    hotline_id = _begin(hotline)
    from django_scopes import scope

    from leeward.casework.queries import shown

    with scope(hotline=hotline_id):
        row = shown(reference)
    if as_json:
        show([row], as_json=True)
    else:
        show([{"name": name, "value": value} for name, value in row.items()], as_json=False)
    return 0


def _begin(slug: str) -> int:
    from leeward.site.start import start

    start()
    from leeward.people.queries import hotlines

    rows: list[Any] = [row for row in hotlines() if not slug or row.slug == slug]
    if not rows:
        raise NotFound(what="hotline")
    if len(rows) > 1:
        names = ", ".join(row.slug for row in rows)
        raise BadInput(what="The hotline", why=f"there are several: say --hotline with one of {names}")
    return int(rows[0].id)
