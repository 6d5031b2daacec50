"""`leeward response`: a country's assessments of its own response, listed and written to files."""

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from leeward.cli.hotline import in_hotline
from leeward.cli.output import show
from leeward.foundation.errors import BadInput, NotFound

app = typer.Typer()
Json = Annotated[bool, typer.Option("--json", help="One JSON object a line.")]
Hotline = Annotated[str, typer.Option(help="The hotline's short name; needed where there are several.")]
Framework = Annotated[str, typer.Option(help="The framework's name; needed where a year has several.")]
COLUMNS = ("country", "year", "framework", "version", "begun_at", "closed_at")


@app.command("list")
def list_assessments(hotline: Hotline = "", as_json: Json = False) -> int:
    """Every self-assessment, the newest year first.

    Example: leeward response list --json
    """
    with in_hotline(hotline):
        from leeward.national import queries

        rows: list[dict[str, Any]] = [
            {
                "country": row.country,
                "year": row.year,
                "framework": row.name,
                "version": row.version,
                "begun_at": row.begun_at,
                "closed_at": row.closed_at,
            }
            for row in queries.every_assessment()
        ]
        show(rows, as_json=as_json, columns=COLUMNS)
    return 0


@app.command("export")
def export_assessment(
    country: Annotated[str, typer.Argument(help="Its two-letter code.")],
    year: Annotated[int, typer.Argument(help="The year.")],
    as_format: Annotated[str, typer.Option("--format", help="csv, docx or pdf (tagged).")] = "csv",
    framework: Framework = "",
    language: Annotated[str, typer.Option(help="The language of DOCX and PDF.")] = "en",
    out: Annotated[Path | None, typer.Option(help="The file to write; standard output without it.")] = None,
    hotline: Hotline = "",
) -> int:
    """Write a self-assessment to a file; of a closed one, the same bytes each time. The log records it.

    Example: leeward response export JM 2026 --format pdf --out response.pdf
    """
    with in_hotline(hotline) as actor:
        from django.utils import translation

        from leeward.national import queries, services
        from leeward.national.paper import TYPES, is_installed, made

        if as_format not in TYPES:
            raise BadInput(what="--format", why=f"it is one of {', '.join(TYPES)}")
        if not is_installed(as_format):
            raise BadInput(what=f"--format {as_format}", why="the extra of this name is not installed")
        found = [
            row
            for row in queries.every_assessment()
            if (row.country, row.year) == (country.upper(), year) and framework in ("", row.name)
        ]
        if len(found) > 1:
            raise BadInput(what=f"{country} {year}", why="there are several; name one with --framework")
        whole = queries.assessment(found[0].id, datetime.now(UTC)) if found else None
        if whole is None:
            raise NotFound("See leeward response list.", what="self-assessment")
        with translation.override(language):
            content = made(whole, queries.years_of(whole), as_format)
        services.note_export(whole.row.id, as_format, actor=actor)
    if out is None:
        sys.stdout.buffer.write(content)
    else:
        out.write_bytes(content)
    return 0
