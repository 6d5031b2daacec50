"""`leeward settings`: what an administrator set for a hotline, as one file."""

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from leeward.cli.hotline import in_hotline
from leeward.cli.output import show
from leeward.foundation.errors import BadInput

app = typer.Typer()
HotlineName = Annotated[
    str, typer.Option("--hotline", help="The hotline's short name; needed where there are several.")
]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object a line.")]
Only = Annotated[
    list[str] | None, typer.Option("--only", metavar="SECTION", help="Only this section; may be given several times.")
]
COLUMNS = ("place", "now", "then")


@app.command("export")
def export_settings(
    out: Annotated[Path | None, typer.Option("--out", help="The file; standard output without it.")] = None,
    only: Only = None,
    hotline: HotlineName = "",
) -> int:
    """Write everything that administrators set for a hotline, from its portals to its notice texts. No secret is in it.

    Example: leeward settings export --out jm.json
    """
    with in_hotline(hotline) as actor:
        from leeward.administration.services.settings_file import write_settings

        text = write_settings(actor.hotline_id or 0, only=only or (), actor=actor)
    if out is None:
        sys.stdout.write(text)
    else:
        try:
            out.write_text(text, encoding="utf-8")
        except OSError as error:
            raise BadInput(what=str(out), why=str(error.strerror).lower()) from error
    return 0


@app.command("import")
def import_settings(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A file that export wrote.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only show what would change.")] = False,
    only: Only = None,
    hotline: HotlineName = "",
    as_json: AsJson = False,
) -> int:
    """Import settings from a file, all or none, and show what changed. What the file doesn't name stays; new staff are invited.

    What still has to be done by hand, such as creating keys, is printed on standard error.

    Example: leeward settings import jm.json --dry-run
    """
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(what=str(file), why=getattr(error, "strerror", None) or "it is not text") from error
    with in_hotline(hotline) as actor:
        from leeward.administration.services.settings_file import take_settings

        done = take_settings(actor.hotline_id or 0, text, actor=actor, dry_run=dry_run, only=only or ())
    rows = [
        {
            "place": one.place,
            "now": json.dumps(one.now, ensure_ascii=False),
            "then": json.dumps(one.then, ensure_ascii=False),
        }
        for one in done.changed
    ]
    show(rows, as_json=as_json, columns=COLUMNS)
    for line in [*([] if rows else ["Nothing changes: all of it is so already."]), *done.by_hand]:
        print(line, file=sys.stderr)
    return 0
