"""`leeward indicators`: figures, each defined once, counted each night."""

import sys
from datetime import UTC, date, datetime
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
REPORTS = ("html", "pdf")
FORMATS = ("csv", "json", "sdmx", "package")


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
    as_format: Annotated[str, typer.Option("--format", help="csv or json; with --public sdmx or package too.")] = "csv",
    public: Annotated[bool, typer.Option("--public", help="The newest edition that was published.")] = False,
    out: Annotated[Path | None, typer.Option(help="The file to write; standard output without it.")] = None,
    hotline: Hotline = "",
) -> int:
    """Every figure of a year, as it was last counted, or with --public as it was published.

    Small numbers are hidden only with --public, which needs --portal: figures are published for each portal.

    Example: leeward indicators export --portal jm --year 2026 --format csv --public
    """
    if as_format not in FORMATS:
        raise BadInput(what="--format", why=f"it is one of {', '.join(FORMATS)}")
    if public and not portal:
        raise BadInput(what="--public", why="it needs --portal")
    if as_format in FORMATS[2:] and not public:
        raise BadInput(what=f"--format {as_format}", why="it is for published figures, with --public")
    with in_hotline(hotline) as actor:
        row = _portal(portal, actor.hotline_id or 0)
        text = _published(row, year, as_format) if public and row else _counted(row, year, as_format)
    _write(text, out)
    return 0


@app.command("publish")
def publish_year(
    year: Annotated[int, typer.Option(help="The year.")],
    portal: OfPortal,
    note: Annotated[str, typer.Option(help="What was corrected since the last edition.")] = "",
    only_note: Annotated[
        bool, typer.Option("--only-note", help="Say, without numbers, that too few changed for a further edition.")
    ] = False,
    rounded: Annotated[
        bool | None,
        typer.Option(
            "--rounded/--hidden",
            help="Round what would be hidden to a multiple of 5 where that gives nothing away; as last time without it.",
        ),
    ] = None,
    hotline: Hotline = "",
) -> int:
    """Publish a portal's figures of a year as they were last counted, small numbers hidden, or say why not.

    Example: leeward indicators publish --portal jm --year 2025
    """
    with in_hotline(hotline) as actor:
        row = _portal(portal, actor.hotline_id or 0)
        from leeward.indicators import publishing

        assert row is not None
        now = datetime.now(UTC)
        if only_note:
            edition = publishing.note_changes(row.id, year, actor=actor, now=now)
        else:
            edition = publishing.publish_year(row.id, year, note=note, actor=actor, now=now, is_rounded=rounded)
        print(f"{row.slug}\t{year}\tedition {edition}")
    return 0


@app.command("report")
def write_report(
    year: Annotated[int, typer.Option(help="The year.")],
    portal: OfPortal,
    as_format: Annotated[str, typer.Option("--format", help="html or pdf (tagged).")] = "html",
    language: Annotated[str, typer.Option(help="One of the portal's languages; its first without it.")] = "",
    out: Annotated[Path | None, typer.Option(help="The file to write; standard output without it.")] = None,
    hotline: Hotline = "",
) -> int:
    """The report of a year from its newest published edition, with the country's own words: the same bytes of the same data.

    Example: leeward indicators report --portal jm --year 2025 --format pdf --out report.pdf
    """
    if as_format not in REPORTS:
        raise BadInput(what="--format", why=f"it is one of {', '.join(REPORTS)}")
    with in_hotline(hotline) as actor:
        from leeward.indicators import queries
        from leeward.indicators.report import report_html, report_pdf

        row = _portal(portal, actor.hotline_id or 0)
        assert row is not None
        if language and language not in row.languages:
            raise BadInput(what=f"--language {language[:20]}", why=f"the portal has {', '.join(row.languages)}")
        found = queries.editions_of(row.id, year)
        if not found:
            raise NotFound("See leeward indicators publish.", what="published year")
        html = report_html(row, found, language or row.languages[0])
        content = html.encode() if as_format == "html" else report_pdf(html)
    _write_bytes(content, out)
    return 0


@app.command("import-hosting")
def import_hosting(
    file: Annotated[Path, typer.Argument(help="CSV with the columns year, country and number.")],
    source: Annotated[str, typer.Option(help="Who published it, and where to read it.")],
    source_date: Annotated[str, typer.Option(help="The day of the source, like 2026-04-28.")],
    hotline: Hotline = "",
) -> int:
    """Take in a yearly series of where material was hosted, in place of what the same source said before.

    Example: leeward indicators import-hosting hosted.csv --source "INHOPE annual report" --source-date 2026-04-28
    """
    try:
        content = file.read_bytes()
    except OSError as error:
        raise BadInput(what=str(file), why=(error.strerror or str(error)).lower()) from error
    try:
        day = date.fromisoformat(source_date)
    except ValueError as error:
        raise BadInput(what="--source-date", why="write the day like 2026-04-28") from error
    with in_hotline(hotline) as actor:
        from leeward.indicators.drift import take_series

        print(f"rows\t{take_series(content, source=source, source_date=day, actor=actor)}")
    return 0


def _counted(row: "PortalRow | None", year: int, as_format: str) -> str:
    from leeward.indicators import queries
    from leeward.indicators.rules.table import as_csv, as_json

    rows = queries.rows_for(row, year, queries.year_of(row.id if row else None, year))
    return as_csv(queries.COLUMNS, rows) if as_format == "csv" else as_json(rows)


def _published(row: "PortalRow", year: int, as_format: str) -> str:
    from leeward.indicators import queries
    from leeward.indicators.open_files import package_of
    from leeward.indicators.rules.open_data import as_sdmx
    from leeward.indicators.rules.table import as_csv, as_json

    found = queries.editions_of(row.id, year)
    if not found:
        raise NotFound("See leeward indicators publish.", what="published year")
    rows = queries.rows_for(row, year, found[0].figures)
    if as_format == "package":
        return package_of(row, found[0])
    if as_format == "sdmx":
        return as_sdmx(rows, country=row.country)
    return as_csv(queries.COLUMNS, rows) if as_format == "csv" else as_json(rows)


def _portal(wanted: str, hotline_id: int) -> "PortalRow | None":
    from leeward.indicators.queries import portal_named

    found = portal_named(wanted, hotline_id) if wanted else None
    if wanted and found is None:
        raise NotFound("See --portal with a short name, as in the address of its page.", what="portal")
    return found


def _write(text: str, out: Path | None) -> None:
    if out is None:
        print(text, end="")
    else:
        _write_bytes(text.encode(), out)


def _write_bytes(content: bytes, out: Path | None) -> None:
    if out is None:
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()
        return
    try:
        out.write_bytes(content)
    except OSError as error:
        raise BadInput(what=f"--out {out}", why=(error.strerror or str(error)).lower()) from error
    print(out)
