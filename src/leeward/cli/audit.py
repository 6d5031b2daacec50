"""`leeward audit`: check and export the log."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from leeward.cli.output import complain, show
from leeward.foundation.errors import BadInput

if TYPE_CHECKING:
    from leeward.audit.queries import Verdict

app = typer.Typer()


@app.command()
def verify(
    file: Annotated[Path | None, typer.Option(help="Check an exported file instead of the database.")] = None,
    key: Annotated[str | None, typer.Option(help="The public key you trust (base64), for an exported file.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a chain.")] = False,
) -> int:
    """Check every row of every chain; exit with 1 and name the first bad row if one was changed, removed or cut off.

    Example: leeward audit verify --json
    """
    verdicts = _of_file(file, key) if file else _of_database()
    rows = [
        {
            "chain": verdict.chain,
            "rows": verdict.rows,
            "ok": verdict.fault is None,
            "first_bad_row": verdict.fault.number if verdict.fault else None,
            "problem": f"Row {verdict.fault.number} {verdict.fault.what}." if verdict.fault else None,
        }
        for verdict in verdicts
    ]
    if as_json:
        show(rows, as_json=True)
    for row in rows:
        if not as_json:
            print(f"chain {row['chain']}: {row['rows']} rows, {row['problem'] or 'all good'}")
    return 0 if all(row["ok"] for row in rows) else 1


@app.command()
def export(
    out: Annotated[Path | None, typer.Option(help="Where to write; standard output without it.")] = None,
    chain: Annotated[int | None, typer.Option(help="Only this hotline's chain (its number).")] = None,
) -> int:
    """Write the log as JSON lines that can be checked without the database.

    Example: leeward audit export --out log.jsonl && leeward audit verify --file log.jsonl
    """
    from leeward.site.start import start

    start()
    from leeward.audit.export import write_log

    if out is None:
        write_log(sys.stdout, chain)
        return 0
    with out.open("w", encoding="utf-8") as target:
        count = write_log(target, chain)
    complain(f"{count} rows written to {out}.")
    return 0


def _of_database() -> "list[Verdict]":
    from leeward.site.start import start

    start()
    from leeward.audit.queries import chains, verdict
    from leeward.people.queries import hotlines

    opened = {hotline.id for hotline in hotlines()}  # opening a hotline is the first row of its log
    return [verdict(chain, is_begun=chain in opened) for chain in sorted({*chains(), *opened})]


def _of_file(file: Path, key: str | None) -> "list[Verdict]":
    from leeward.site.start import start

    start()
    from leeward.audit.export import verdicts_of_file

    try:
        with file.open(encoding="utf-8") as source:
            return verdicts_of_file(source, file.name, key)
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(what=str(file), why=getattr(error, "strerror", None) or "it is not text") from error
