"""`leeward indicators`: figures, each defined once, counted each night."""

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from leeward.cli.hotline import in_hotline
from leeward.cli.output import show
from leeward.foundation.errors import BadInput, NotFound

if TYPE_CHECKING:
    from leeward.people.queries import PortalRow

app = typer.Typer()
Json = Annotated[bool, typer.Option("--json", help="One JSON object a line.")]
Hotline = Annotated[str, typer.Option(help="The hotline's short name; needed where there are several.")]
OfPortal = Annotated[str, typer.Option("--portal", help="A portal by short name or country; all without it.")]
FORMATS = ("csv", "json")


@app.command("list")
def list_indicators(as_json: Json = False) -> int:
    """Every indicator with its unit, definition, formula and source.

    Example: leeward indicators list --json
    """
    from leeward.site.start import start

    start()
    from leeward.indicators.definitions import DEFINITIONS

    rows = [
        {
            "name": one.name,
            "unit": one.unit,
            "definition": str(one.definition),
            "title": str(one.title),
            "formula": one.formula,
            "source": one.source,
            "counterpart": one.counterpart,
            "caveat": str(one.caveat),
        }
        for one in DEFINITIONS
    ]
    show(rows, as_json=as_json, columns=("name", "unit", "definition"))
    return 0


@app.command("show")
def show_indicator(
    name: Annotated[str, typer.Argument(help="Its name, as leeward indicators list prints it.")],
    portal: OfPortal = "",
    year: Annotated[int | None, typer.Option(help="Only this year; every year without it.")] = None,
    hotline: Hotline = "",
    as_json: Json = False,
) -> int:
    """One indicator over the years; what the toolkit says of it stands first. Small numbers are not hidden.

    Example: leeward indicators show illegal_share --portal jm --json
    """
    with in_hotline(hotline) as actor:
        from leeward.indicators import queries
        from leeward.indicators.definitions import BY_NAME

        if name not in BY_NAME:
            raise BadInput(what=name[:40], why="there is no such indicator; see leeward indicators list")
        row = _portal(portal, actor.hotline_id or 0)
        rows: list[dict[str, Any]] = [
            {
                **dict.fromkeys(queries.COLUMNS),
                "portal": first["place"],
                "year": first["year"],
                "indicator": name,
                "of": first["quantity"],
                "number": first["value"],
                "source": first["source"],
            }
            for first in queries.first_rows(BY_NAME[name])
            if year is None or first["year"] == str(year)
        ]
        portal_id = row.id if row else None
        for one in [year] if year is not None else sorted(queries.years_of(portal_id)):
            rows += queries.rows_for(row, one, queries.year_of(portal_id, one), (name,))
        show(rows, as_json=as_json, columns=queries.COLUMNS, with_heading=True)
    return 0


@app.command("count")
def count_again(hotline: Hotline = "") -> int:
    """Count everything again now, as is done each night.

    Example: leeward indicators count
    """
    with in_hotline(hotline) as actor:
        from leeward.indicators import services

        changed = services.count_again(actor.hotline_id or 0, now=datetime.now(UTC))
        print(f"months changed\t{changed}")
    return 0


@app.command("export")
def export_year(
    year: Annotated[int, typer.Option(help="The year.")],
    portal: OfPortal = "",
    as_format: Annotated[str, typer.Option("--format", help="csv or json.")] = "csv",
    out: Annotated[Path | None, typer.Option(help="The file to write; standard output without it.")] = None,
    hotline: Hotline = "",
) -> int:
    """Every figure of a year, as it was last counted. Small numbers are not hidden.

    Example: leeward indicators export --portal jm --year 2026 --format csv
    """
    if as_format not in FORMATS:
        raise BadInput(what="--format", why=f"it is one of {', '.join(FORMATS)}")
    with in_hotline(hotline) as actor:
        from leeward.indicators import queries
        from leeward.indicators.rules.table import as_csv, as_json

        row = _portal(portal, actor.hotline_id or 0)
        rows = queries.rows_for(row, year, queries.year_of(row.id if row else None, year))
    _write(as_csv(queries.COLUMNS, rows) if as_format == "csv" else as_json(rows), out)
    return 0


def _portal(wanted: str, hotline_id: int) -> "PortalRow | None":
    from leeward.indicators.queries import portal_named

    found = portal_named(wanted, hotline_id) if wanted else None
    if wanted and found is None:
        raise NotFound("See --portal with a short name, as in the address of its page.", what="portal")
    return found


def _write(text: str, out: Path | None) -> None:
    if out is None:
        print(text, end="")
        return
    try:
        out.write_text(text, encoding="utf-8", newline="")
    except OSError as error:
        raise BadInput(what=f"--out {out}", why=(error.strerror or str(error)).lower()) from error
    print(out)
