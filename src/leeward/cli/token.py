"""`leeward token`: keys of the API."""

from datetime import date
from typing import Annotated

import typer

from leeward.cli.hotline import in_hotline
from leeward.cli.output import show
from leeward.foundation.actor import Actor
from leeward.foundation.errors import BadInput

app = typer.Typer()
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object a line.")]
HotlineName = Annotated[
    str, typer.Option("--hotline", help="The hotline's short name; needed where there are several.")
]
COLUMNS = (
    "id",
    "hotline_id",
    "name",
    "agency",
    "is_vouched",
    "scopes",
    "made_at",
    "expires_on",
    "revoked_at",
    "last_used_on",
)


@app.command("issue")
def issue(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Whose key it is.")],
    scope: Annotated[
        list[str],
        typer.Option(
            "--scope",
            help="provider, subscriber, check, read, match, curate, police, peer, own_pictures, statistics, export, "
            "intake or sms.",
        ),
    ],
    agency: Annotated[str, typer.Option("--agency", help="The agency that holds a key with the scope police.")] = "",
    until: Annotated[str, typer.Option("--until", help="The day it ends, YYYY-MM-DD.")] = "",
    hotline: HotlineName = "",
) -> int:
    """Create a key for an outside program and print it: it is shown only once.

    Example: leeward token issue "Harbour Host, uploads" --scope check
    """
    with in_hotline(hotline) as actor:
        from leeward.people.services.tokens import issue_token

        print(issue_token(name=name, scopes=scope, agency=agency, expires_on=_day(until), actor=actor))
    return 0


@app.command("list")
def list_tokens(as_json: AsJson = False) -> int:
    """List the keys of every hotline; the keys themselves are not stored.

    Example: leeward token list --json
    """
    _begin()
    from leeward.people.queries import hotlines, tokens_of

    show([row for hotline in hotlines() for row in tokens_of(hotline.id)], as_json=as_json, columns=COLUMNS)
    return 0


@app.command("revoke")
def revoke(token_id: Annotated[int, typer.Argument(metavar="ID", help="The number from leeward token list.")]) -> int:
    """Revoke a key: it stops working at once.

    Example: leeward token revoke 3
    """
    _begin()
    from leeward.people.services.tokens import revoke_token

    revoke_token(token_id, actor=Actor(kind="command"))
    print(f"Key {token_id} is revoked.")
    return 0


@app.command("vouch")
def vouch(token_id: Annotated[int, typer.Argument(metavar="ID", help="The number from leeward token list.")]) -> int:
    """Confirm that a key's holder is who it says; until somebody other than its maker has, all such keys count as one subscriber.

    Example: leeward token vouch 3
    """
    _begin()
    from leeward.people.services.tokens import vouch_for_token

    vouch_for_token(token_id, actor=Actor(kind="command"))
    print(f"The holder of key {token_id} is confirmed.")
    return 0


def _begin() -> None:
    from leeward.site.start import start_on_tables

    start_on_tables()


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise BadInput(what="--until", why=f"{text[:20]!r} is not a day written as YYYY-MM-DD") from None
