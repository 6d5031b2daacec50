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


@app.command("hand-over")
def hand_over(
    portal: Annotated[str, typer.Argument(help="The portal's short name.")],
    to: Annotated[str, typer.Option(help="The short name of the hotline that takes it over.")],
    like: Annotated[str, typer.Option(help="The portal there whose people on call are on call for it, too.")] = "",
    key: Annotated[list[int] | None, typer.Option(help="The number of an API key that goes along.")] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Both hotlines agree: hand it over now.")] = False,
    as_json: AsJson = False,
) -> int:
    """Show what would happen if a portal went to another hotline of this installation, and with --yes hand it over.

    Exits with 1 if something has to be settled before; then nothing is changed. Of many open reports the oldest go along at
    once and the others follow in pieces; what is left if the command ends follows while Leeward serves.

    Example: leeward portal hand-over bb --to jm
    """
    _begin()
    from django_scopes import scope

    from leeward.administration.services.handing_over import accept_offer, bring_after, offer_portal, plan_of
    from leeward.people.queries import hotlines, portal_of_slug

    found, receiver = portal_of_slug(portal), next((row for row in hotlines() if row.slug == to), None)
    if found is None:
        raise NotFound("See leeward setup.", what="portal")
    if receiver is None:
        raise NotFound("See leeward setup.", what="hotline")
    same = portal_of_slug(like) if like else None
    actor = Actor(kind="command")
    with scope(hotline=found.hotline_id):
        plan = plan_of(found, receiver.id, like=same.id if same else None)
        row = {"portal": found.slug, "from": found.hotline_name, "to": receiver.name, **plan.counts}
        row |= {"in_the_way": list(plan.in_the_way), "keys": [one.id for one in plan.keys]}
        if yes and not plan.in_the_way:
            offered = offer_portal(found, receiver.id, keys=key or [], actor=actor)
            row["became"] = accept_offer(offered, like=plan.like.id if plan.like else None, actor=actor)
            row["left"] = bring_after(offered)
    show([row], as_json=as_json)
    return 1 if plan.in_the_way else 0


def _begin() -> None:
    from leeward.site.start import start_on_tables

    start_on_tables()
