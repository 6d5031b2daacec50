"""`leeward contact`: whom a hotline can write to, beside the directory on the desk."""

from typing import Annotated

import typer

from leeward.cli.case import Hotline, begin
from leeward.cli.output import complain, show
from leeward.foundation.actor import Actor

app = typer.Typer()


@app.command("known")
def known_contacts(
    search: Annotated[str, typer.Argument(help="Part of a name, an address or a country's code.")] = "",
    country: Annotated[str, typer.Option(help="Only of this country, two letters.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a contact.")] = False,
) -> int:
    """Show the hotlines, platforms and registrars that are publicly known; none has been tested.

    Example: leeward contact known --country JM --json
    """
    from leeward.site.start import start

    start()
    from leeward.notices.queries import shipped_contacts

    rows = [
        {
            "key": row.key,
            "kind": row.kind,
            "country": row.country,
            "name": row.name,
            "email": row.email,
            "report_url": row.report_url,
            "source": row.trust.source,
            "seen": row.trust.was_seen,
            "as_of": row.trust.as_of,
        }
        for row in shipped_contacts(search=search, country=country)
    ]
    show(rows, as_json=as_json, columns=("key", "email", "report_url"))
    return 0


@app.command("take")
def take_contacts(
    keys: Annotated[list[str], typer.Argument(metavar="KEY...", help="Keys as `leeward contact known` shows them.")],
    hotline: Hotline = "",
) -> int:
    """Add known contacts to a hotline's directory, unconfirmed: no case goes there until a person has confirmed each.

    Example: leeward contact take "hotline/TT/Children's Authority"
    """
    hotline_id = begin(hotline)
    from django_scopes import scope

    from leeward.notices import services
    from leeward.notices.queries import with_keys

    rows = with_keys(keys)
    without = len(set(keys)) - len(rows)
    with scope(hotline=hotline_id):
        added = services.take_known(rows, hotline_id=hotline_id, actor=Actor(kind="command"))
    complain(f"{added} added, unconfirmed." + (f" {without} not known, or without an address." if without else ""))
    return 1 if without else 0
