"""`leeward spool`: what came in on the public pages and could not be taken in, of every hotline."""

from typing import Annotated

import typer

from leeward.cli.output import show
from leeward.foundation.actor import Actor

app = typer.Typer()
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object a line.")]
Number = Annotated[int, typer.Argument(metavar="NUMBER", min=1, help="The number that leeward spool list shows.")]
COLUMNS = ("number", "hotline", "portal", "kind", "at", "urgent", "problem", "why")


@app.command("list")
def list_kept_back(as_json: AsJson = False) -> int:
    """List what could not be taken in, newest first, without a word of it; exit with 1 if there is something.

    Example: leeward spool list --json
    """
    _begin()
    from leeward.intake.desk_labels import ARRIVALS, KEPT_BACK
    from leeward.people.queries import hotlines, portals_by_id
    from leeward.spool.queries.kept import all_kept_back

    slugs = {row.id: row.slug for row in hotlines()}
    is_empty = True
    for row in all_kept_back():
        portal = portals_by_id({row.portal_id}).get(row.portal_id) if row.portal_id else None
        line = {
            "number": row.number,
            "hotline": slugs.get(row.hotline_id, ""),
            "portal": portal.slug if portal is not None and portal.hotline_id == row.hotline_id else "",
            "kind": row.kind if row.kind in ARRIVALS else "",
            "at": row.at.isoformat() if row.at else "",
            "urgent": row.is_urgent,
            "problem": row.problem if row.problem in KEPT_BACK else "",
            "why": str(KEPT_BACK.get(row.problem, KEPT_BACK["unreadable"])),
        }
        show([line], as_json=as_json, with_heading=is_empty, columns=COLUMNS)
        is_empty = False
    return 0 if is_empty else 1


@app.command()
def retry(number: Number) -> int:
    """Have it taken in once more, within seconds, while Leeward serves. This is logged.

    Example: leeward spool retry 17
    """
    _begin()
    from leeward.intake.services.settling import try_again

    try_again(number, hotline_id=_hotline_of(number), actor=Actor(kind="command"))
    print(f"{number} is tried again.")
    return 0


@app.command()
def drop(
    number: Number,
    because: Annotated[str, typer.Option("--because", help="Why: no_form, no_key, known or other.")],
) -> int:
    """Delete it for good, with what waits for it alone. This is logged, with the reason.

    Supervisors see on the desk what is in it.

    Example: leeward spool drop 17 --because no_form
    """
    _begin()
    from leeward.intake.services.settling import give_up

    gone = give_up(number, reason=because, hotline_id=_hotline_of(number), actor=Actor(kind="command"))
    print(f"Deleted: {gone}.")
    return 0


@app.command("take-over")
def take_over() -> int:
    """Let the public face's file that LEEWARD_PUBLIC_DATABASE names be this installation's, which takes the place of the one that used it.

    That one runs no longer: what waits there is taken in here, also before a restoring is confirmed, and receipts show what is known here. This
    is logged.

    Example: leeward spool take-over
    """
    _begin()
    from leeward.foundation.errors import BadInput
    from leeward.spool.owner import take_over as tie_anew

    file = tie_anew(Actor(kind="command"))
    if file is None:
        raise BadInput(what="LEEWARD_PUBLIC_DATABASE", why="it names no file here")
    print(f"{file} is this installation's. Any other takes nothing out of it from now on.")
    return 0


def _hotline_of(number: int) -> int | None:
    """Return the hotline in whose log it is recorded; None, the installation's, where what stands there is no hotline of ours."""
    from leeward.intake.services.settling import kept_back
    from leeward.people.queries import hotlines

    found = kept_back(number, None).hotline_id
    return found if found in {row.id for row in hotlines()} else None


def _begin() -> None:
    from leeward.site.start import start_on_tables

    start_on_tables()
