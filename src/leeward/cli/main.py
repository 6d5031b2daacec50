"""The entry point: finds the noun, keeps the exit codes (0 good, 1 found something, 2 wrong use, 75 of serve: try again, 130 Ctrl-C)."""

import errno
import gc
import os
import sys
import traceback
from importlib import import_module

import click
import typer
from typer._click.exceptions import ClickException, NoArgsIsHelpError  # typer brings its own copy of click

from leeward import __version__
from leeward.cli.output import complain
from leeward.foundation.causes import cause_of
from leeward.foundation.errors import LeewardError

# Each module has `app`, a typer.Typer; a new noun is one file and one line.
NOUNS = {
    "account": "Accounts, when nobody can get in by the desk.",
    "address": "Recognise, compare and locate addresses.",
    "audit": "Check, prove and export the log.",
    "backup": "Backups: made, proved, restored.",
    "bank": "Known images, videos and files: the bank of hashes.",
    "blocklist": "Lists that resolvers, proxies and filters load.",
    "case": "The cases of a hotline.",
    "clock": "What is known of jumps of this machine's clock.",
    "contact": "Contacts that are publicly known, for a hotline's directory.",
    "exchange": "What hotlines write to each other.",
    "hotline": "One hotline, moved whole to an installation of its own.",
    "indicators": "Figures: defined, counted, exported.",
    "intake": "Tips from abroad, taken in as reports.",
    "index": "Index files for exact search of known codes.",
    "keys": "The secret and the keys that this installation was made with.",
    "language": "What the pages say in each language.",
    "law": "The register of laws and what they make of a set of facts.",
    "learning": "Catalogues of learning material that others publish.",
    "portal": "Changes of whom a portal tells or calls.",
    "provider": "Those who must report, and their receipts.",
    "response": "What a country has in place, by its own assessment.",
    "settings": "What an administrator set for a hotline, as one file.",
    "spool": "What came in on the public pages and could not be taken in.",
    "training": "Who took part in courses.",
    "token": "Keys with which outside programs use the API.",
    "witness": "Who cosigns our log, and whose logs we cosign.",
    "worker": "The workers, and those that are gone on purpose.",
    "words": "The key that opens what reporters wrote: shown, changed, tried.",
}
# Each module has a function of its own name; a single command without a noun.
VERBS = ("demo", "doctor", "export", "hash", "scan", "serve", "setup", "upgrade")

TRY_AGAIN = 75  # as sysexits.h has it: the shipped units start again, other than after 2
# Of a server of PostgreSQL that is there.
_ANSWERS = ("authentication failed", "does not exist", "pg_hba.conf", "no password supplied")

app = typer.Typer(
    name="leeward",
    help="Leeward: a country's whole answer to child sexual abuse material on the Internet.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Every command takes --data DIRECTORY (default: LEEWARD_DATA, else ./var).",
)


@app.command()
def version() -> None:
    """Print the version."""
    print(__version__)


def build(first: str = "") -> typer.Typer:
    """Assemble the command line from nouns and verbs: only the one that `first` names, or all. One is enough to run it,
    and starts faster."""
    for noun, help_text in NOUNS.items():
        if first in (noun, "") or first not in (*NOUNS, *VERBS):
            app.add_typer(import_module(f"leeward.cli.{noun}").app, name=noun, help=help_text, no_args_is_help=True)
    for verb in VERBS:
        if first in (verb, "") or first not in (*NOUNS, *VERBS):
            app.command(name=verb)(getattr(import_module(f"leeward.cli.{verb}"), verb))
    return app


def take_data_option(arguments: list[str]) -> list[str]:
    """Remove `--data DIR` from the arguments, wherever it is, and set LEEWARD_DATA; return the rest."""
    rest, wanted = [], False
    for argument in arguments:
        if wanted:
            os.environ["LEEWARD_DATA"], wanted = argument, False
        elif argument == "--data":
            wanted = True
        elif argument.startswith("--data="):
            os.environ["LEEWARD_DATA"] = argument.removeprefix("--data=")
        else:
            rest.append(argument)
    if wanted:
        raise click.UsageError("--data needs a directory.")
    return rest


def main() -> None:
    """Run the command line and exit with its exit code; never with a traceback for what the user did."""
    os.umask(0o077)  # files that a command writes, wherever they are, are for its user only
    try:
        code = run(sys.argv[1:])
        sys.stdout.flush()
    except BrokenPipeError:  # the reader of our output has closed it
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 0
    gc.freeze()  # the last look for garbage through all that was loaded would take a third of a second, for nothing
    sys.exit(code)


def run(arguments: list[str]) -> int:
    """Run one command line; return its exit code."""
    try:
        rest = take_data_option(arguments)
        command = typer.main.get_command(build(rest[0] if rest else ""))
        result = command.main(args=rest, prog_name="leeward", standalone_mode=False)
    except LeewardError as error:
        complain(error.text, str(error.hint))
        return TRY_AGAIN if arguments[:1] == ["serve"] and error.passes else 2
    except NoArgsIsHelpError as error:
        print(error.ctx.get_help() if error.ctx else error)
        return 2
    except (click.ClickException, ClickException) as error:
        complain(error.format_message(), "See leeward --help.")
        return 2
    except (click.Abort, typer.Abort, KeyboardInterrupt):
        return 130
    except BrokenPipeError:
        raise
    except Exception as error:
        code = _failed(error)
        return TRY_AGAIN if arguments[:1] == ["serve"] and _may_pass(error) else code
    return result if isinstance(result, int) else 0


def _failed(error: Exception) -> int:
    """Say what is wrong with the disk or the database, or print the traceback of a fault of ours; return the exit code.

    It is never 1, which several commands give as an answer: `leeward bank lookup` for a known file.
    """
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EROFS):
        where = f" ({error.filename})" if error.filename else ""
        complain(f"A file can't be written: {error.strerror}{where}.", _remedy("disk is full"))
    elif _is_unreadable_value(error):
        complain("The database is damaged: a value in it can't be read.", _remedy("malformed"))
    elif _is_database_trouble(error):
        message = str(error).splitlines()[0].partition(" with text ")[0]  # what is damaged may be an address
        complain(f"The database can't be used: {message}.", _remedy_on_server(error) or _remedy(message))
    else:
        traceback.print_exception(error)
    return 2


_READING = ("convert", "from_db_value", "apply_converters")  # what Django calls on its way from a column to a value
_REMEDIES = (
    (
        ("disk is full", "disk i/o error", "no space left"),
        "The disk is full or broken: make room where the data are (df -h), then try again; what was not finished was not kept.",
    ),
    (
        ("malformed", "not a database", "could not decode"),
        "Don’t write to it any more. Keep the file, and restore the newest backup (docs/how-to/backups.md); have the disk examined.",
    ),
    (("locked",), "Another process is writing for long: try again in a moment."),
    (
        ("readonly", "read-only"),
        "Give the data directory and all in it to the user that Leeward runs as (chown -R), on a disk that is not read-only.",
    ),
    (
        ("unable to open",),
        "Is it the right --data, and may the user that Leeward runs as read and write it? Where there is none yet, leeward setup makes one.",
    ),
    (("no such table",), "Is this the right --data? leeward setup makes one."),
)


# Of a server of PostgreSQL by the cause of its error: what is true of files is not true there.
_ON_SERVER = {
    "read_only": "PostgreSQL takes no writes here: it is a standby (SELECT pg_is_in_recovery(); name the primary in LEEWARD_DATABASE_URL, or "
    "several servers with target_session_attrs=read-write), or default_transaction_read_only is on for the server, the database or the role.",
    "disk_full": "The disk of the PostgreSQL server is full, not that of this data directory: make room there (its data directory, pg_wal, "
    "temp_tablespaces), then try again; what was not finished was not kept.",
    "database_damaged": "Don’t write to it any more. Have the server’s disk examined and its log read, and restore the newest backup "
    "(docs/how-to/backups.md).",
}


def _remedy_on_server(error: Exception) -> str:
    """Return what to do about an error of PostgreSQL, "" for one of SQLite or another cause."""
    if not type(error.__cause__).__module__.startswith("psycopg"):
        return ""
    full = "no space left" in str(error).lower()  # whoever can't even sign in gets no code
    return _ON_SERVER.get("disk_full" if full else cause_of(error), "")


def _remedy(message: str) -> str:
    """Return what to do about a database error."""
    if message.startswith("relation "):
        message = "no such table"
    for words, remedy in _REMEDIES:
        if any(word in message.lower() for word in words):
            return remedy
    return "Check LEEWARD_DATABASE_URL and whether the database runs."


def _may_pass(error: Exception) -> bool:
    """Return whether what keeps a server from starting may end without anybody: then starting again helps."""
    return _is_unreachable(error) or cause_of(error) in ("database_locked", "disk_full")


def _is_unreachable(error: Exception) -> bool:
    """Return whether PostgreSQL isn't there (yet): starting again helps, other than where it answers that it lets nobody in."""
    message, state = str(error), getattr(error.__cause__, "sqlstate", "")
    if not _is_database_trouble(error) or any(words in message for words in _ANSWERS):
        return False
    return state is None or state.startswith(("08", "53", "57P"))


def _is_unreadable_value(error: Exception) -> bool:
    """Return whether Django or its driver could make nothing of what stands in the database, which is no fault of a command's."""
    if not isinstance(error, (ValueError, TypeError, OverflowError)):
        return False
    calls = traceback.walk_tb(error.__traceback__)
    last = [(code.co_filename, code.co_name) for code in (frame.f_code for frame, _line in calls)][-8:]
    read = [name for file, name in last if "/django/db/" in file]
    return any(name.startswith(_READING) for name in read) or (bool(read) and isinstance(error, UnicodeDecodeError))


def _is_database_trouble(error: Exception) -> bool:
    """Return whether the database is missing, has no tables or can't be reached; checks Django only if it is loaded."""
    module = sys.modules.get("django.db")
    return module is not None and isinstance(error, module.DatabaseError)
