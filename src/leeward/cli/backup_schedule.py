"""`leeward backup schedule`: shows and sets the nightly backup."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from leeward.backup.places import is_remote, shown
from leeward.cli.output import show
from leeward.foundation.errors import BadInput

ENVIRONMENT = Path("/etc/leeward/environment")


def schedule(
    folder: Annotated[
        str, typer.Argument(help="Set it: the folder of backups, or s3://bucket/folder, sftp://user@server/folder.")
    ] = "",
    at: Annotated[int | None, typer.Option("--at", min=0, max=23, help="Set it: the hour in UTC.")] = None,
    to: Annotated[
        list[str] | None,
        typer.Option("--to", help="Set it: a public key (age1…) to seal to; may be given several times."),
    ] = None,
    keep: Annotated[int | None, typer.Option(min=1, help="Set it: how many backups to keep.")] = None,
    keep_weeks: Annotated[
        int | None, typer.Option(min=0, help="Set it: of how many weeks one is kept beside these.")
    ] = None,
    keep_months: Annotated[
        int | None, typer.Option(min=0, help="Set it: of how many months one is kept beside these.")
    ] = None,
    into: Annotated[
        Path, typer.Option(help="The file with the service’s settings, NAME=VALUE a line; it must exist.")
    ] = ENVIRONMENT,
    yes: Annotated[bool, typer.Option("--yes", help="Write the settings into the file now.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
) -> int:
    """Show what the nightly backup is set to: where, when next, sealed to how many keys, what is kept; exit with 1 where none is set.

    With anything to set, show the lines for the service’s settings, and with --yes write them into its file; restart the service then.
    The settings are LEEWARD_BACKUP_TO, _RECIPIENTS, _HOUR, _KEEP, _KEEP_WEEKS, _KEEP_MONTHS and _KEY_FILE in its environment.

    Example: leeward backup schedule /backup --at 2 --to age1… --keep 30 --yes
    """
    given = {"HOUR": at, "KEEP": keep, "KEEP_WEEKS": keep_weeks, "KEEP_MONTHS": keep_months}
    settings = {f"LEEWARD_BACKUP_{name}": str(value) for name, value in given.items() if value is not None}
    if folder:
        settings = {"LEEWARD_BACKUP_TO": _place(folder)} | settings
    if to:
        from leeward.sealing.age import recipients_of

        recipients_of(to)
        settings["LEEWARD_BACKUP_RECIPIENTS"] = ",".join(to)
    return _set(settings, into, yes=yes) if settings else _shown(as_json=as_json)


def _place(folder: str) -> str:
    """Return where backups go as the service will read it, wherever it starts."""
    if is_remote(folder):
        if not folder.lower().startswith(("s3://", "sftp://")):
            raise BadInput(what=shown(folder), why="a place for backups is a folder, or begins with s3:// or sftp://")
        return folder
    return str(Path(folder).absolute())


def _set(settings: dict[str, str], into: Path, *, yes: bool) -> int:
    from leeward.cli.environment_file import may_write, quoted, write

    lines = [f"{name}={quoted(value)}" for name, value in settings.items()]
    print("\n".join(lines))
    if yes:
        write(into, settings)
        print(f"Written into {into}; restart the service.")
    elif into.exists() and not may_write(into):
        print(f"For {into}, in which this command can’t write: put them there by hand, then restart the service.")
    else:
        print(f"For {into}; --yes writes them there.")
    return 0


def _shown(*, as_json: bool) -> int:
    from leeward.site.start import start_on_tables

    start_on_tables()
    from django.conf import settings

    from leeward.backup.queries import newest_in
    from leeward.backup.rules.timing import next_run

    config, now = settings.LEEWARD, datetime.now(UTC)
    made, proved = newest_in(config.backup_to, now) if config.backup_to else (None, None)
    row = {
        "to": shown(config.backup_to),
        "next_at": next_run(made, config.backup_hour, now) if config.backup_to and config.backup_recipients else None,
        "hour": config.backup_hour,
        "keep": config.backup_keep,
        "keep_weeks": config.backup_keep_weeks,
        "keep_months": config.backup_keep_months,
        "keys": len(config.backup_recipients),
        "proved_here": bool(config.backup_key),
        "newest_at": made,
        "newest_proved_at": proved,
    }
    if as_json:
        show([row], as_json=True)
    elif not config.backup_to:
        print("No backup is made here by itself: LEEWARD_BACKUP_TO names no folder (docs/how-to/backups.md).")
    else:
        if config.backup_recipients:
            print(
                f"To {shown(config.backup_to)}, sealed to {_count(len(config.backup_recipients), 'key')}; next at "
                f"{row['next_at']:%Y-%m-%d %H:%M} UTC, or within the hour after."
            )
        else:
            print(f"None is made to {shown(config.backup_to)}: LEEWARD_BACKUP_RECIPIENTS names no key to seal to.")
        beyond = [
            _count(count, name)
            for count, name in ((config.backup_keep_weeks, "week"), (config.backup_keep_months, "month"))
            if count
        ]
        print(
            f"Kept: the newest {config.backup_keep}"
            + (f", and the newest of each of the last {' and '.join(beyond)}." if beyond else ".")
        )
        print(f"Newest: {_when(made)}; newest that was restored for trial: {_when(proved)}.")
        print(
            "Each is restored for trial here."
            if row["proved_here"]
            else "None is restored for trial here: no key is here."
        )
    return int(not (config.backup_to and config.backup_recipients))


def _count(count: int, name: str) -> str:
    return f"{count} {name}" if count == 1 else f"{count} {name}s"


def _when(at: datetime | None) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC" if at else "none"
