"""Which hotline a command works for: the one named, or the only one. `leeward hotline`: one moved whole."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from leeward.cli.output import complain, show
from leeward.foundation.actor import Actor
from leeward.foundation.errors import BadInput, NotFound

if TYPE_CHECKING:
    from leeward.administration.services import PutBack

app = typer.Typer()
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object a line.")]
MOST_NAMED = 20
COLUMNS = ("table", "missing", "differing", "same", "put_back")


@contextmanager
def in_hotline(slug: str) -> Iterator[Actor]:
    """Set up, and enter the scope of the hotline; yields the command as its actor."""
    from leeward.site.start import start_on_tables

    start_on_tables()
    from django_scopes import scope

    from leeward.people.queries import hotlines

    found = [row for row in hotlines() if slug in ("", row.slug)]
    if not found:
        raise NotFound("See leeward setup.", what="hotline")
    if len(found) > 1:
        raise BadInput(what="--hotline", why=f"there are several: {', '.join(row.slug for row in found)}")
    with scope(hotline=found[0].id):
        yield Actor(kind="command", hotline_id=found[0].id)


@app.command("export")
def export_one(
    hotline: Annotated[str, typer.Option(help="The hotline's short name.")],
    out: Annotated[Path, typer.Option(help="The file to write; it must not exist.")],
    to: Annotated[list[str], typer.Option("--to", help="A public key (age1…) that leeward backup key printed.")],
    share_secret: Annotated[
        bool, typer.Option("--share-secret", help="The other hotlines here agree that their secret goes along.")
    ] = False,
) -> int:
    """Write everything of one hotline into one sealed file, for an installation of its own.

    The secret by which its receipts open goes along. It is the whole installation's: it also opens links that other hotlines here sent.

    Example: leeward hotline export --hotline bb --out bb.hotline --to age1…
    """
    with in_hotline(hotline) as actor:
        from leeward.administration.services import export_hotline
        from leeward.audit.keys import public_key

        lines = export_hotline(out, to, shares_secret=share_secret, actor=actor, now=datetime.now(UTC))
        print(f"{out}: {lines} lines, signed by {public_key()}.")
        print("Close its portals here, so that no report comes in that the file doesn’t have.")
    return 0


@app.command("import")
def import_one(
    file: Annotated[Path, typer.Argument(help="The file that leeward hotline export wrote.")],
    key_file: Annotated[Path, typer.Option("--key", help="The key file that leeward backup key made.")],
    signed_by: Annotated[
        str, typer.Option("--signed-by", help="The public key that export printed: no other may have signed.")
    ],
) -> int:
    """Take one hotline in, where there is none yet: into an empty data directory (--data).

    Nothing goes out until somebody confirms it, on the desk or by leeward backup confirm.

    Example: leeward hotline import bb.hotline --key move.key --signed-by KEY --data /var/lib/leeward
    """
    from leeward.backup.hotline.file import trusted
    from leeward.cli.backup_keys import opened_keys
    from leeward.site.config import read_config
    from leeward.site.secret_file import make_secret
    from leeward.site.start import prepare_database, settle_keys, start

    if not file.is_file():
        raise BadInput(what=str(file), why="it is no file")
    with file.open("rb") as stream:
        reader = trusted(stream, opened_keys(key_file), signed_by)
        make_secret(read_config(), reader.opening.secret)
        start()
        prepare_database()
        settle_keys()
        from leeward.administration.services import import_hotline

        found = import_hotline(reader, signed_by=signed_by, actor=Actor("command"), now=datetime.now(UTC))
    print(f"{found.slug}: {found.rows} rows, of which {found.log_rows} of the log, which is whole.")
    print("Nothing goes out until an administrator confirms it on the desk, or leeward backup confirm.")
    return 0


@app.command("put-back")
def put_back(
    file: Annotated[
        Path, typer.Argument(help="A file that leeward hotline export wrote here, or in a backup of here.")
    ],
    key_file: Annotated[Path, typer.Option("--key", help="The key file that leeward backup key made.")],
    only: Annotated[
        list[str] | None,
        typer.Option(metavar="TABLE", help="Only rows of this table or part, as listed; may be given several times."),
    ] = None,
    log_differs: Annotated[
        bool, typer.Option("--log-differs", help="Put back what isn’t of the log, although the log here is another.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Put it back now.")] = False,
    as_json: AsJson = False,
) -> int:
    """Show what one hotline’s file has that is missing here, and with --yes put it back under its old numbers; others go on meanwhile.

    What is here stays, also where it differs. Messages that come back are left to a person, and notices go on
    only with --only jobs. What was deleted on purpose since comes back too.

    Example: leeward hotline put-back bb.hotline --key move.key
    """
    from leeward.backup.hotline.file import trusted
    from leeward.cli.backup_keys import opened_keys
    from leeward.site.start import start_on_tables

    if not file.is_file():
        raise BadInput(what=str(file), why="it is no file")
    start_on_tables()
    from leeward.administration.services import put_back_hotline
    from leeward.audit.keys import public_key
    from leeward.backup.services import unknown_in

    if unknown := unknown_in(only or ()):
        raise BadInput(what=unknown[0], why="there is no such table")
    with file.open("rb") as stream:
        done = put_back_hotline(
            trusted(stream, opened_keys(key_file), public_key()),
            only=only or (),
            is_trial=not yes,
            log_may_differ=log_differs,
            actor=Actor("command"),
            now=datetime.now(UTC),
        )
    rows = [one for one in done.found.tables.values() if one.missing or one.differing]
    show(rows, as_json=as_json, with_heading=not as_json, columns=None if as_json else COLUMNS)
    complain(f"{done.slug}: rows {'put back' if yes else 'that --yes would put back'}: {done.found.rows}.")
    if done.found.quiet:
        complain(f"Jobs left out, since they would reach others: {done.found.quiet}.")
        if not {"jobs", "jobs.Job"} & set(only or ()):
            complain(
                "Enter first what the police and hosts answered since the file was written; then --only jobs lets notices go on "
                "(docs/how-to/backups.md)."
            )
    if done.withdrawn:
        complain(f"Of these reports and requests were taken back since, and have no words here: {done.withdrawn}.")
    if done.held:
        complain(f"Messages for a person to decide, with reports to receivers: {done.held}.")
    if done.found.log_differs_at is not None:
        complain(f"From row {done.found.log_differs_at} on the log here is another than in the file; it stays.")
    _tell_of_the_log(done, is_done=yes)
    if done.log_fault:
        complain(f"The log here has a fault that stays: {done.log_fault}.")
    return int(done.found.log_differs_at is not None or bool(done.log_fault))


def _tell_of_the_log(done: "PutBack", *, is_done: bool) -> None:
    """Name what the log says was done after the file was written, and what nothing but the log has."""
    if done.closed:
        complain(
            f"Accounts that come back closed, since the log says that their roles or what they sign in with changed after the file was written: "
            f"{_named(done.closed)}. Once one is right, an administrator opens it on its page, or leeward account reopen."
        )
    if done.since and done.found.rows:
        acts = "; ".join(f"{kind.replace('_', ' ')} {_named(numbers)}" for kind, numbers in done.since.items())
        complain(
            f"After the file was written, the log says, something was done about {acts}. What that changed is in no row that came back: see "
            "leeward audit export."
        )
    for one in done.lost:
        complain(
            f"The log speaks of these, and neither the file nor a table has them: {one.kind.replace('_', ' ')} {_named(one.numbers)}."
        )
    if done.lost:
        page = "The page for receipts says" if is_done else "With --yes the page for receipts will say"
        complain(f"{page} from when to when reports may be lost. docs/how-to/backups.md says what to do.")


def _named(numbers: Sequence[int]) -> str:
    more = f" and {len(numbers) - MOST_NAMED} more" if len(numbers) > MOST_NAMED else ""
    return ", ".join(map(str, numbers[:MOST_NAMED])) + more


@app.command("processing")
def record_of_processing(
    hotline: Annotated[str, typer.Option(help="The hotline's short name; not needed if there is one only.")] = "",
    out: Annotated[Path | None, typer.Option(help="The file to write; standard output without it.")] = None,
) -> int:
    """Write the record of processing of one hotline (Article 30 of the GDPR): what is kept about whom, why, for how long as it is set
    now, and who gets it.

    Example: leeward hotline processing --hotline jm --out processing.md
    """
    with in_hotline(hotline) as actor:
        from leeward.administration.processing.paper import of_hotline
        from leeward.installation.queries import config_now
        from leeward.people.queries import hotlines

        (mine,) = (row for row in hotlines() if row.id == actor.hotline_id)
        text = of_hotline(mine, config_now(), datetime.now(UTC))
    if out is None:
        print(text, end="")
    else:
        out.write_text(text, encoding="utf-8")
        print(f"{out}: {len(text.splitlines())} lines. Fill in what only you know.")
    return 0
