"""`leeward backup create`: makes a backup, and says what was unlike the last time."""

from datetime import UTC, datetime
from typing import Annotated

import typer

from leeward.backup.places import shown
from leeward.cli.output import complain, show

Folder = Annotated[str, typer.Argument(help="The folder of backups, or s3://bucket/folder, sftp://user@server/folder.")]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object a line.")]
SEALED_ANEW = (
    "The backup before is sealed to other keys, or doesn’t say to which, as those of older versions: what wasn’t there for the keys of now was "
    "written anew. Earlier backups open by their own keys; those that don’t say to which they are sealed, by the old and the new key together, "
    "in one key file."
)


def create(
    folder: Folder,
    to: Annotated[
        list[str] | None,
        typer.Option("--to", help="A public key (age1…) to seal to; LEEWARD_BACKUP_RECIPIENTS without it."),
    ] = None,
    keep: Annotated[
        int | None, typer.Option(min=1, help="How many backups to keep; LEEWARD_BACKUP_KEEP without it.")
    ] = None,
    emptied: Annotated[
        bool,
        typer.Option(
            "--emptied", help="Backups that were in the folder are gone on purpose; this ends the alarm about them."
        ),
    ] = False,
    as_json: AsJson = False,
) -> int:
    """Make a backup while the installation runs; only what changed since the last one is added.

    Example: leeward backup create /backup --to age1… --keep 30
    """
    from leeward.site.start import start_on_tables

    start_on_tables()
    from django.conf import settings

    from leeward.backup.queries import is_held
    from leeward.backup.services import create as make
    from leeward.site.doctor_backups import LACKS, as_it_was
    from leeward.spool.queries import waiting_outside

    config, now = settings.LEEWARD, datetime.now(UTC)
    made = make(
        folder,
        to or config.backup_recipients,
        keep=keep or config.backup_keep,
        waiting_since=waiting_outside(now),
        now=now,
        is_held=is_held(),
        is_emptied=emptied,
    )
    if as_json:
        show([made], as_json=True)
        return 0
    print(
        f"{made.name}: {size_of(made.size)} in {made.files} files; {made.new_pieces} of {made.pieces} pieces are new "
        f"({size_of(made.new_bytes)} written). Older backups deleted: {made.thinned_out}."
    )
    if made.gone:
        complain(LACKS.format(place=shown(folder), gone=made.gone))
        complain(as_it_was(folder))
    if made.sealed_anew:
        print(SEALED_ANEW)
    if made.problem:
        complain(f"Older backups could not be thinned out: {made.problem}.")
    if made.unread:
        complain(f"Not thinned out, and no piece deleted, since it can’t be read: {', '.join(made.unread)}.")
    if made.others:
        complain(f"Not thinned out, since our key signed none of this name: {', '.join(made.others)}.")
    return 0


def size_of(count: float) -> str:
    """Return a number of bytes as one reads it."""
    for unit in ("bytes", "KB", "MB", "GB"):
        if count < 1000 or unit == "GB":
            return f"{count:.0f} {unit}" if unit == "bytes" else f"{count:.1f} {unit}"
        count /= 1000
    return ""
