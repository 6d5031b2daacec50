"""`leeward law load`, `export` and `import-edition`: the register's files in and out of the database."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from leeward.cli.arguments import content as content_of
from leeward.cli.arguments import text
from leeward.cli.output import NotWritten, complain, show
from leeward.foundation.actor import Actor
from leeward.foundation.errors import BadInput

if TYPE_CHECKING:
    from leeward.laws.register import Register

Json = Annotated[bool, typer.Option("--json", help="One JSON object a row.")]
COMMAND = Actor("command")


def register() -> "Register":
    """Start Django and return the register in force."""
    from leeward.site.start import start_on_tables

    start_on_tables()
    from leeward.laws import queries

    return queries.register()


def _database() -> None:
    """Start Django and migrate the tables, so that the register can be loaded before the setup."""
    from leeward.site.start import prepare_database, start

    start()
    prepare_database()


def load(
    folder: Annotated[Path | None, typer.Argument(help="A folder of files; those that ship without it.")] = None,
    replace: Annotated[bool, typer.Option("--replace", help="Discard changes made on the desk.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would change.")] = False,
    as_json: Json = False,
) -> int:
    """Load the register's files into the database: all of them or none.

    Example: leeward law load --dry-run
    """
    _database()
    from leeward.laws.services import load_register

    texts = None if folder is None else folder_texts(folder)
    rows = load_register(texts, actor=COMMAND, replace=replace, dry_run=dry_run)
    if as_json:
        show(rows, as_json=True)
        return 0
    for row in rows:
        if row.outcome != "unchanged":
            print(f"{row.code}\t{row.outcome}")
    same = sum(row.outcome == "unchanged" for row in rows)
    complain(f"{len(rows)} files {'looked at' if dry_run else 'loaded'}, {same} unchanged.")
    return 0


def export(
    code: Annotated[str | None, typer.Argument(help="Only this jurisdiction.", metavar="[CC]")] = None,
    out: Annotated[Path | None, typer.Option(help="A folder, or a file for one jurisdiction; else the screen.")] = None,
) -> int:
    """Write the register's files as they are in force: byte for byte the loaded ones where nothing changed.

    Example: leeward law export --out law-files
    """
    laws = register()
    from leeward.laws.queries import register_texts

    texts = register_texts()
    if code:
        wanted = str(laws.file(code.upper())["code"])
        texts = {wanted: texts[wanted]}
    if out is None:
        sys.stdout.write("---\n".join(texts.values()))
        return 0
    try:
        if code and not out.is_dir():
            out.write_bytes(texts[wanted].encode())
            return 0
        out.mkdir(parents=True, exist_ok=True)
        for name, text in texts.items():
            (out / f"{name}.yaml").write_bytes(text.encode())
    except OSError as error:
        raise NotWritten.of(out, error) from None
    complain(f"{len(texts)} files written to {out}.")
    return 0


def import_edition(
    file: Annotated[Path, typer.Argument(help="CSV with the columns iso2, edition, c1 to c5, source.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would change.")] = False,
    as_json: Json = False,
) -> int:
    """Import a new edition of ICMEC's review: all rows or none.

    Its review of grooming (2017) is an edition of its own: columns iso2, edition (grooming-1), grooming, source.

    Example: leeward law import-edition edition-10.csv --dry-run
    """
    _database()
    from leeward.laws import services
    from leeward.laws.rules.edition import BadEdition

    try:
        changes = services.import_edition(text(file), name=file.name, actor=COMMAND, dry_run=dry_run)
    except BadEdition as error:
        for problem in error.problems:
            complain(f"{file.name}, {problem}.")
        complain("Nothing was imported.")
        return 2
    show(changes, as_json=as_json)
    countries = len({change.iso2 for change in changes})
    if not as_json:
        complain(f"{len(changes)} values of {countries} countries {'would change' if dry_run else 'changed'}.")
    return 0


def sheet(
    code: Annotated[str, typer.Argument(help="The country, such as LC.", metavar="CC")],
    out: Annotated[Path | None, typer.Option(help="Where to write; the screen without it.")] = None,
) -> int:
    """Write what was read in a country's statutes as a spreadsheet (CSV), for its ministry to correct.

    Example: leeward law sheet LC --out saint-lucia.csv
    """
    laws = register()
    from leeward.laws.rules.sheet import write_sheet

    content = write_sheet(laws.written[str(laws.file(code.upper())["code"])])
    if out is None:
        sys.stdout.write(content)
        return 0
    try:
        out.write_text(content, encoding="utf-8", newline="")
    except OSError as error:
        raise NotWritten.of(out, error) from None
    return 0


def take_sheet(
    code: Annotated[str, typer.Argument(help="The country, such as LC.", metavar="CC")],
    file: Annotated[Path, typer.Argument(help="Its spreadsheet, as `leeward law sheet` writes it.")],
    remove: Annotated[
        bool, typer.Option("--remove", help="Take out what a sheet of an unknown version lacks.")
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would change.")] = False,
    as_json: Json = False,
) -> int:
    """Take a country's corrected spreadsheet into the database: all lines or none.

    A line that is left out is taken out, as long as `taken_from` says which version of the readings the sheet was taken from; what was
    added to the register since stays.

    Example: leeward law take-sheet LC saint-lucia.csv --dry-run
    """
    _database()
    from leeward.laws import services
    from leeward.laws.rules.sheet import BadSheet, sheet_text
    from leeward.laws.rules.sheet_taken import place_name

    try:
        taken = services.import_sheet(
            code.upper(), sheet_text(content_of(file)), name=file.name, actor=COMMAND, dry_run=dry_run, removes=remove
        )
    except BadSheet as bad:
        for line, why in bad.problems:
            complain(f"{file.name}, line {line}: {why}.")
        complain("Nothing was taken in.")
        return 2
    show([{"added": taken.added, "changed": taken.changed, "removed": taken.removed}], as_json=as_json)
    for correction in () if as_json else taken.corrections:
        columns = (f"{name}: {before or '–'} → {after or '–'}" for name, before, after in correction.columns)
        complain(f"Changed: {place_name(correction.row)}, {'; '.join(columns)}.")
    if taken.missing and not taken.removed:
        complain("The sheet names no version that was in force here, so what it lacks stays; --remove takes it out.")
    for row in () if as_json and taken.removed else taken.missing:
        complain(f"{'Removed' if taken.removed else 'Stays'}: {place_name(row)}.")
    return 0


def folder_texts(folder: Path) -> dict[str, str]:
    """Return the files of a folder by name, in order."""
    paths = sorted(path for path in folder.glob("*.yaml") if path.name[:2].isupper())
    if not paths:
        raise BadInput(what=str(folder), why="there is no jurisdiction's file (such as JM.yaml) in it")
    return {path.name: text(path) for path in paths}
