"""`leeward backup`: make, prove and restore backups."""

import errno
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from leeward.backup.places import is_remote
from leeward.cli.backup_create import AsJson, Folder, create, size_of
from leeward.cli.backup_keys import key, opened_keys
from leeward.cli.backup_schedule import ENVIRONMENT as OF_THE_SERVICE
from leeward.cli.backup_schedule import schedule
from leeward.cli.environment_file import add
from leeward.cli.output import complain, show
from leeward.foundation.environment_file import quoted as in_quotes
from leeward.foundation.errors import BadInput

if TYPE_CHECKING:
    from pyrage.x25519 import Identity

app = typer.Typer()
KeyFile = Annotated[
    Path | None,
    typer.Option("--key", help="The key file that leeward backup key made."),
]
Name = Annotated[str, typer.Option("--name", help="Which backup, as list names it; the last that was made without it.")]
SignedBy = Annotated[
    list[str] | None,
    typer.Option(
        "--signed-by",
        help="The public key (base64) by which your installation signs, as you noted it elsewhere: no other may have signed. May be given "
        "several times, where it was made anew.",
    ),
]
WITHOUT_WORDS = (
    "Without words, since {why}: what reporters wrote until then opens no more, and stands as a text whose key is gone. What remains is all "
    "but the words: addresses, cases, decisions, what the police and hosts were told, hashes, figures, accounts, the log. What comes in from "
    "now on is sealed and opens as ever. leeward serve and backups begin once you say that they are lost: leeward words keys --are-right. If "
    "words.keys turns up before, restore once more with it. No backup replaces one that lies in the folder: move it away and keep it."
)
WITHOUT_A_KEY = (
    "This backup lacks a key that its database was made with, or has another one: {why}. The file that leeward serve asks for may be in an "
    "earlier backup: restore that (--name) into another folder, and copy it from there. Only if none has it: leeward keys accept NAME; "
    "docs/how-to/production.md says what stops working then."
)
_MOST_OF_A_KEY = 12
app.command()(key)
app.command()(create)


app.command()(schedule)


@app.command("list")
def list_backups(folder: Folder, as_json: AsJson = False) -> int:
    """List the backups in a folder, oldest first; exit with 1 if one is damaged or lacks pieces, or words.keys beside them doesn’t go with
    one. Needs no key.

    Example: leeward backup list /backup --json
    """
    from leeward.backup.reading import listed

    rows = listed(_there(folder))
    is_wrong = any(not row.made_at or row.missing_pieces or row.words for row in rows)
    if as_json:
        show(rows, as_json=True)
        return int(is_wrong)
    have_changed = len({row.sealed_to for row in rows if row.made_at}) > 1
    for row in rows:
        state = "verified" if row.is_verified else "not verified"
        if not row.made_at:
            state = f"made by a newer Leeward ({row.newer})" if row.newer else "its file is damaged"
        elif row.missing_pieces:
            state = f"pieces missing: {row.missing_pieces}"
        held = ", of a copy that nobody had confirmed" if row.is_held else ""
        words = f"; {row.words}" if row.words else ""
        to = ", ".join(f"{one[:_MOST_OF_A_KEY]}…" for one in row.sealed_to) or "keys that it doesn’t name"
        print(f"{row.name}\t{size_of(row.size)}\t{state}{held}{words}{f'; sealed to {to}' if have_changed else ''}")
    if not rows:
        print("There is no backup yet.")
    return int(is_wrong)


@app.command()
def verify(
    folder: Folder,
    key_file: KeyFile = None,
    name: Name = "",
    signed_by: SignedBy = None,
    scratch: Annotated[
        Path | None, typer.Option(help="Where to restore for trial; the system’s place for temporary files without it.")
    ] = None,
    policy: Annotated[
        Path | None,
        typer.Option(
            help="Whom you trust (lines log VKEY, witness VKEY, need NUMBER): they must have seen the log in the 26 hours before the backup. "
            "Without it the file that LEEWARD_LOG_POLICY names."
        ),
    ] = None,
    head: Annotated[
        list[Path] | None,
        typer.Option(
            help="A signed head of the log that you kept: the backup must continue it. May be given several times."
        ),
    ] = None,
    load: Annotated[
        bool,
        typer.Option(
            "--load",
            help="With PostgreSQL, load it into a scratch database of the server of LEEWARD_DATABASE_URL, whose role must be allowed to make one.",
        ),
    ] = False,
    as_json: AsJson = False,
) -> int:
    """Restore a backup for trial into a scratch place and check its files, its database and its log. Needs no installation.

    Example: leeward backup verify /backup --key backup.key --policy trusted.txt
    """
    from leeward.backup.reading import Outside
    from leeward.backup.reading import verify as prove
    from leeward.cli.arguments import note
    from leeward.cli.arguments import policy as policy_in

    if policy is None and (named := os.environ.get("LEEWARD_LOG_POLICY")):
        policy = Path(named)
    if scratch is not None and not scratch.is_dir():
        raise BadInput(what=str(scratch), why="it is no folder")
    outside = Outside(policy_in(policy) if policy else None, tuple(note(path) for path in head or ()))
    server = _database_url() if load else ""
    if load and not server:
        raise BadInput(what="--load", why="LEEWARD_DATABASE_URL names no server")
    with _room_for_trial(scratch):
        proved = prove(
            _there(folder),
            name,
            _keys_in(key_file, folder),
            signed_by=tuple(signed_by or ()),
            scratch=scratch,
            outside=outside,
            server=server,
            passing_over=_name_passed_over,
        )
    if load and not proved.loaded:
        raise BadInput(what="--load", why="the role may not make a database, or the backup is not of PostgreSQL")
    if as_json:
        show([proved], as_json=True)
        return 0
    print(
        f"{proved.name}: whole. {proved.files} files, {size_of(proved.size)}; the log has {proved.rows} rows and is signed by "
        f"{proved.signed_by}."
    )
    for line in proved.vouched:
        print(line)
    if proved.loaded:
        print("A PostgreSQL server took it.")
    return 0


@app.command()
def restore(
    folder: Folder,
    key_file: KeyFile = None,
    name: Name = "",
    signed_by: SignedBy = None,
    without_words: Annotated[
        bool,
        typer.Option(
            "--without-words",
            help="words.keys beside the backups is lost for good: give up what reporters wrote, and restore the rest.",
        ),
    ] = False,
) -> int:
    """Put a backup into an empty data directory (--data, else LEEWARD_DATA) and, with LEEWARD_DATABASE_URL, an empty database.

    Nothing goes out of what was restored until somebody confirms it, on the desk or by leeward backup confirm. Exit with 1 if it lacks a key
    that its database was made with: leeward serve asks for that.

    Example: leeward backup restore /backup --key backup.key --data /var/lib/leeward
    """
    from leeward.backup.reading import restore as put_back
    from leeward.backup.rules.choosing import ENVIRONMENT

    data = Path(os.environ.get("LEEWARD_DATA", "var")).resolve()
    url, now = _database_url(), datetime.now(UTC)
    found = put_back(
        _there(folder),
        name,
        _keys_in(key_file, folder),
        data=data,
        database_url=url,
        now=now,
        signed_by=tuple(signed_by or ()),
        passing_over=_name_passed_over,
        without_words=without_words,
    )
    add(data / ENVIRONMENT, {"LEEWARD_DATA": str(data)} | ({"LEEWARD_DATABASE_URL": url} if url else {}))
    print(*_how_to_start(found.made_at, data, data / ENVIRONMENT), sep="\n")
    if datetime.fromisoformat(found.made_at) > now:
        complain(f"By this machine’s clock ({now:%Y-%m-%d %H:%M} UTC) that is to come: set it before leeward serve.")
    if found.words_fault:
        print(WITHOUT_WORDS.format(why=found.words_fault))
    if found.key_fault:
        complain(WITHOUT_A_KEY.format(why=found.key_fault))
    return int(bool(found.key_fault))


@app.command()
def hold(
    at: Annotated[
        str,
        typer.Option(help="The moment that the database was put back to, with its offset: 2026-11-29T05:00:00+00:00."),
    ],
) -> int:
    """Say that the database was put back to a moment by other means, such as PostgreSQL's archive: nothing goes out until somebody
    confirms it.

    Example: leeward backup hold --at 2026-11-29T05:00:00+00:00
    """
    from leeward.site.start import prepare_database, start

    start()
    from leeward.backup.queries import began_at
    from leeward.backup.services import hold as hold_from

    try:
        moment = datetime.fromisoformat(at)
        moment.astimezone(UTC)
    except (ValueError, OverflowError):  # the latter for one before the first year in UTC
        raise BadInput(what="--at", why="it is no moment such as 2026-11-29T05:00:00+00:00") from None
    if moment.tzinfo is None:
        raise BadInput(what="--at", why="say the offset as well, such as +00:00")
    if moment > datetime.now(UTC):
        raise BadInput(what="--at", why="that moment is still to come")
    prepare_database()
    if (began := began_at()) and moment < began:
        raise BadInput(what="--at", why=f"this installation began only at {began:%Y-%m-%d %H:%M} UTC")
    if not hold_from(moment, datetime.now(UTC)):
        raise BadInput(what="this installation", why="nothing goes out of it already; see leeward backup confirm")
    print(
        f"Held, as after a backup of {moment:%Y-%m-%d %H:%M %z}. Start leeward serve; confirm by leeward backup confirm."
    )
    return 0


@app.command()
def sent(
    log: Annotated[
        list[Path] | None,
        typer.Option("--log", help="A log of the mail server, plain or .gz; may be given several times."),
    ] = None,
    folder: Annotated[
        str | None,
        typer.Option("--folder", help="The folder of LEEWARD_MAILBOX in which the server keeps what it sent."),
    ] = None,
    as_json: AsJson = False,
) -> int:
    """After restoring, read from the mail server which messages left since the backup; the outbox shows it beside each that is held.

    Postfix and Exim are understood; of any other log, lines that name a Message-ID. Nothing is sent and no message changes.

    Example: leeward backup sent --log /var/log/mail.log.1 --log /var/log/mail.log
    """
    from leeward.site.start import prepare_database, settle_keys, start

    start()
    from leeward.administration.services import read_what_left, take_up
    from leeward.cli.arguments import lines_of_logs
    from leeward.foundation.actor import Actor

    if (log is None) == (folder is None):
        raise BadInput(what="The source", why="it is either --log or --folder")
    prepare_database()
    settle_keys(with_words=False)
    now, actor = datetime.now(UTC), Actor(kind="command")
    take_up(now)
    lines = None if log is None else lines_of_logs(log)
    read = read_what_left(lines, folder=folder or "", actor=actor, now=now)
    rows = sorted(read.found.values(), key=lambda one: (one.at is None, one.at, one.message_id))
    if as_json:
        show(rows, as_json=True)
        return 0
    covered = (
        f"{read.since:%Y-%m-%d %H:%M} to {read.until:%Y-%m-%d %H:%M} UTC" if read.since and read.until else "no time"
    )
    print(f"Read: {covered}. Messages of this installation that left since the backup: {len(rows)}.")
    print("See the outbox on the desk: it stands beside each that is held.")
    return 0


@app.command()
def confirm() -> int:
    """Let messages go out again after restoring. Make sure first that no other copy of this installation runs.

    Example: leeward backup confirm --data /var/lib/leeward
    """
    from leeward.site.start import prepare_database, settle_keys, start

    start()
    from leeward.administration.services import confirm_restored, take_up
    from leeward.foundation.actor import Actor

    prepare_database()
    settle_keys(with_words=False)
    take_up(datetime.now(UTC))
    left = confirm_restored(actor=Actor(kind="command"), now=datetime.now(UTC))
    print(
        "Messages go out again. To be decided by a person, under Outbox on the desk or, if it is a report to a receiver, on its case’s "
        f"page of exports: {left} more."
    )
    return 0


def _keys_in(file: Path | None, folder: str) -> "list[Identity]":
    """Return the keys in a key file. Raises BadInput where none is named, with the public keys of those that open what lies there."""
    if file is not None:
        return opened_keys(file)
    from leeward.backup.reading import listed

    public = sorted({one for row in listed(_there(folder)) for one in row.sealed_to})
    of = f" for {' or '.join(public)}" if public else ""
    why = f"name the key file that leeward backup key made{of}; it is kept elsewhere than the server, in two places"
    raise BadInput(what="--key", why=why)


def _how_to_start(made_at: str, data: Path, environment: Path) -> Iterator[str]:
    """Yield what to type next, as it stands: leeward serve without these settings would begin another installation, an empty one."""
    from leeward.sealing.age import needs_passphrase

    yield f"The backup of {made_at} is in {data}."
    yield f"The settings that it was made with, and where it is now, are in {environment}: look through them if this is another machine."
    yield "To start it in this shell, as the user who owns these files, and for every other command about it:\n"
    yield f"    set -a; . {in_quotes(str(environment))}; set +a"
    yield "    leeward serve\n"
    if OF_THE_SERVICE.exists():
        yield "Or, as the service of the Debian package, by root (what its file of settings had is kept beside it):\n"
        yield f"    install --backup=numbered -o root -g leeward -m 640 {in_quotes(str(environment))} {OF_THE_SERVICE}"
        yield "    systemctl restart leeward\n"
    if (words := data / "words.key").exists() and needs_passphrase(words.read_bytes()):
        yield "leeward serve asks for the passphrase of words.key, as it was when the newest backup there was made, unless a setting names it."
    yield "Nothing goes out until an administrator confirms it on the desk, or leeward backup confirm with the same settings."
    yield "Index files of known images are built again from the database: leeward bank rebuild for each hotline, or wait."


def _name_passed_over(names: tuple[str, ...]) -> None:
    complain(
        f"Passed over, though named later: {', '.join(names)}. Each was made earlier by its number, as by a clock that was ahead, or by a copy "
        "that nobody had confirmed, or is not whole. Where two folders were put together here it may be the newest: --name takes it."
    )


@contextmanager
def _room_for_trial(scratch: Path | None) -> Iterator[None]:
    """Raises BadInput where a backup doesn't fit where it is restored for trial."""
    try:
        yield
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT):
            raise
        where = scratch or Path(tempfile.gettempdir())
        raise BadInput(
            what="The backup", why=f"{where} has no room for it; name a folder that has, by --scratch"
        ) from error


def _database_url() -> str:
    if path := os.environ.get("LEEWARD_DATABASE_URL_FILE"):
        return Path(path).read_text(encoding="utf-8").strip()
    return os.environ.get("LEEWARD_DATABASE_URL", "")


def _there(folder: str) -> str:
    if not is_remote(folder) and not Path(folder).is_dir():
        raise BadInput(what=folder, why="it is no folder")
    return folder
