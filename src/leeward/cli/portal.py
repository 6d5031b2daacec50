"""`leeward portal`: for whoever runs the server, where a change takes two people and there is only one."""

from typing import Annotated

import typer

from leeward.cli.output import show
from leeward.foundation.actor import Actor
from leeward.foundation.errors import NotFound

app = typer.Typer()
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object a line.")]
COLUMNS = ("id", "what", "whose", "about", "field", "before", "wanted", "asked_by", "asked_at")


@app.command("changes")
def list_changes(as_json: AsJson = False) -> int:
    """List the changes that wait for a second person, a line a field: of portals, and of how the police are written to.

    Example: leeward portal changes --json
    """
    _begin()
    from leeward.people.labels import REACH_NAMES, SECRET_NAMES
    from leeward.people.queries import hotlines, portal_changes_waiting

    rows = [
        {
            "id": row.id,
            "what": row.what,
            "whose": row.name,
            "about": row.about,
            "field": name,
            "before": row.before.get(name, ""),
            "wanted": row.wanted[name] if name not in SECRET_NAMES else "(not shown)",
            "asked_by": row.asked_by,
            "asked_at": row.asked_at.isoformat(),
        }
        for hotline in hotlines()
        for row in portal_changes_waiting(hotline.id)
        for name in REACH_NAMES
        if name in row.wanted
    ]
    show(rows, as_json=as_json, columns=COLUMNS)
    return 0


@app.command("confirm")
def confirm(
    change: Annotated[int, typer.Argument(metavar="NUMBER", help="The number that leeward portal changes shows.")],
) -> int:
    """Be the second person who confirms a change of a portal, or of how the police are written to.

    Ask the police unit, the helpline or whoever is on call yourself, at a number that you know. This is logged.
    Example: leeward portal confirm 3
    """
    _begin()
    from leeward.people.queries import portal_change
    from leeward.people.services import settle_change

    if portal_change(change) is None:
        raise NotFound("See leeward portal changes.", what="change")
    settle_change(change, confirm=True, actor=Actor(kind="command"))
    print(f"Change {change} is confirmed.")
    return 0


def _begin() -> None:
    from leeward.site.start import start

    start()
