"""`leeward training`: who took part in courses."""

from pathlib import Path
from typing import Annotated

import typer

from leeward.cli.hotline import in_hotline
from leeward.cli.output import complain, show
from leeward.foundation.errors import BadInput

app = typer.Typer()
HOTLINE = Annotated[str, typer.Option("--hotline", help="Our hotline's short name; needed where there are several.")]
MOST_COMPLAINTS = 20


@app.command("list")
def list_people(
    course: Annotated[str, typer.Argument(help="The course's short name.")],
    hotline: HOTLINE = "",
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
) -> int:
    """List who took part in a course; the log records it.

    Example: leeward training list POL-1 --json
    """
    with in_hotline(hotline) as actor:
        from leeward.capacity import queries, services

        row = queries.course_named(course)
        if row is None:
            raise BadInput(what=course, why="there is no course with this short name")
        count = show(queries.everybody(row.id), as_json=as_json)
        services.note_export(row.id, count, actor=actor)
    return 0


@app.command("moodle")
def ask_moodle(
    course: Annotated[str, typer.Argument(help="The course's short name, here and in Moodle.")],
    site: Annotated[str, typer.Option(help="Moodle's address, for example https://moodle.example")],
    token_file: Annotated[Path, typer.Option(help="A file with the token of its web service, and nothing else.")],
    country: Annotated[str, typer.Option(help="The country of whoever took part.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be added.")] = False,
    hotline: HOTLINE = "",
) -> int:
    """Ask Moodle's web service who completed a course, and put them on record; with one fault nothing is added.

    Example: leeward training moodle POL-1 --site https://moodle.example --token-file moodle.token --country JM
    """
    with in_hotline(hotline) as actor:
        from leeward.capacity import moodle, queries, services

        row = queries.course_named(course)
        if row is None:
            raise BadInput(what=course, why="there is no course with this short name")
        try:
            token = token_file.read_text("ascii").strip()
        except (OSError, UnicodeError) as error:
            raise BadInput(what=f"--token-file {token_file}", why="it can't be read") from error
        read = list(moodle.completions(site, token, course, queries.usual_for(row.role, country)))
        faults = [one for one in read if one.faults]
        for one in faults[:MOST_COMPLAINTS]:
            complain(f"person {one.number}: {'; '.join(map(str, one.faults))}")
        if faults:
            complain(f"{len(faults)} people can't be taken.", "Nothing was added.")
            return 1
        found = [one.participation for one in read if one.participation]
        done = (
            services.preview(row.id, found) if dry_run else services.take(row.id, found, session_id=None, actor=actor)
        )
    print(f"new\t{done.new}\nsame\t{done.same}")
    return 0


@app.command("import")
def import_people(
    course: Annotated[str, typer.Argument(help="The course's short name.")],
    table: Annotated[Path, typer.Argument(help="A CSV table, or Moodle's completion report.")],
    country: Annotated[str, typer.Option(help="The country of whoever the table names none for.")],
    form: Annotated[str, typer.Option(help="own, moodle (day/month/year) or moodle_us (month/day/year).")] = "own",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be added.")] = False,
    hotline: HOTLINE = "",
) -> int:
    """Put on record who took part, row by row, however long the table is; with one fault nothing is added.

    What was interrupted is run again. The exit code is 1 if rows can't be taken.
    Example: leeward training import POL-1 completions.csv --country JM --form moodle --dry-run
    """
    with in_hotline(hotline) as actor:
        from leeward.capacity import queries, services
        from leeward.capacity.rules.sheets import FORMS, NotATable, encoding_of, rows

        row = queries.course_named(course)
        if row is None:
            raise BadInput(what=course, why="there is no course with this short name")
        kind = next((one for one in FORMS if one == form), None)
        if kind is None:
            raise BadInput(what="--form", why=f"it is one of {', '.join(FORMS)}")
        usual, faults = queries.usual_for(row.role, country), 0
        try:
            with table.open("rb") as head:
                encoding = encoding_of(head.read(4))
            with table.open(encoding=encoding, newline="") as lines:
                for one in rows(lines, kind, usual):
                    faults += bool(one.faults)
                    if one.faults and faults <= MOST_COMPLAINTS:
                        complain(f"line {one.number}: {'; '.join(map(str, one.faults))}")
            if faults:
                complain(f"{faults} rows can't be taken.", "Nothing was added.")
                return 1
            with table.open(encoding=encoding, newline="") as lines:
                found = (one.participation for one in rows(lines, kind, usual) if one.participation)
                done = (
                    services.preview(row.id, found)
                    if dry_run
                    else services.take(row.id, found, session_id=None, actor=actor)
                )
        except NotATable as error:
            raise BadInput(what=str(table), why=str(error.why)) from error
        except OSError as error:
            raise BadInput(what=str(table), why=(error.strerror or str(error)).lower()) from error
    print(f"new\t{done.new}\nsame\t{done.same}")
    return 0
