"""`leeward words`: the key that opens what reporters wrote."""

import os
import select
import shlex
import signal
import subprocess
import sys
import time
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from leeward.cli.output import show
from leeward.foundation.errors import BadInput

app = typer.Typer()
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object.")]
MOST_TRIES = 3
COMMAND = "LEEWARD_WORDS_PASSPHRASE_COMMAND"
COMMAND_SECONDS, MOST_PRINTED = 60.0, 8192
REMAINS = (
    "With no other key left, what remains is all but the words: addresses, cases, decisions, hashes, figures, the log."
)
STAYS = (
    "The older key stays in words.key for 30 days, longer while something still comes in or waits that is sealed to it; then the worker "
    "destroys it. leeward words status says why it stays. Give the new words.pub to every machine that has a copy, and restart "
    "leeward-public."
)
LOST = (
    "Words from before open only with the recovery key: leeward words recover --key FILE. Or with a words.key of then that turns up again, "
    "here, elsewhere or in a backup of then that is restored: leeward words take FILE."
)
CLOSED = f"Texts that no key in words.key opens: {{count}}. {LOST}"
LOCKED = (
    "words.key {what}. It is here, and not lost: give the passphrase in LEEWARD_WORDS_PASSPHRASE_FILE, or type it where leeward words rotate "
    "asks you. Nothing was changed. Only if nobody knows it any more, and there is no recovery key for leeward words recover, give this fingerprint "
    "of the file with --fingerprint; then no words from before open any more, and the file is laid aside.\n"
    "Fingerprint: {fingerprint}"
)
OPEN_NOW = "The new words.key has no passphrase: leeward words passphrase seals it by one."
BACK_UP = (
    "Make a backup now (leeward backup create): what comes in from now on opens with no key that an older backup has."
)


class CommandFailed(BadInput):
    """The command that prints the passphrase didn't: what it asks, such as a vault, may not be there yet."""

    passes = True


@app.command()
def status(as_json: AsJson = False) -> int:
    """Show to which keys words are sealed, how many, why older desk keys stay, and where plain text is left; exit with 1 if some is, or if
    there are texts that no key here opens.

    Example: leeward words status --json
    """
    _start(needs_key=False)
    from leeward.sealing.queries import problems, standing
    from leeward.site.older_words import why_kept

    found, wrong = standing(), list(problems())
    if found.older_keys:
        found = replace(found, older_stay=tuple(why_kept(datetime.now(UTC))))
    if as_json:
        show([found], as_json=True)
    else:
        print(f"Desk key: {found.desk}" + ("" if found.opens else " (its private half is not open here)"))
        for one in wrong:
            print(one.text)
        print(f"Recovery key: {found.recovery or 'none; see leeward words recovery'}")
        print(f"Sealed texts: {found.texts}, of them to older keys: {found.to_older_keys}")
        if found.opens:
            print(f"Older desk keys that stay in words.key: {found.older_keys}")
        for why in found.older_stay:
            print(f"  {why}")
        if found.closed:
            print(CLOSED.format(count=found.closed))
        for file in found.laid_aside:
            print(f"Laid aside: {file}. With it, and its passphrase if it has one: leeward words take {file}")
        print(f"Plain text is left in: {', '.join(found.plain_in) or 'no column'}")
    return int(bool(wrong or found.plain_in or found.closed))


@app.command()
def keys(
    are_right: Annotated[
        bool,
        typer.Option("--are-right", help="Go on with the database and the keys as they are: what has no key is lost."),
    ] = False,
) -> int:
    """Show what is wrong with the keys of single texts, and exit with 1 if anything is.

    They may be lost, or belong to another or a later database; then keys that no text needs are not destroyed. Nor are they where they
    are very many at once. With --are-right they are: put the right database or words.sqlite3 back instead, if there is one.

    Example: leeward words keys
    """
    _start(needs_key=False, is_certain=are_right)
    from leeward.sealing.queries import problems_of_store, unused_that_stay
    from leeward.sealing.services import go_on_as_it_is

    if are_right:
        print(f"Destroyed: {go_on_as_it_is()} keys that no text needs.")
    found = [*problems_of_store(), *unused_that_stay()]
    for wrong in found:
        print(wrong.text, wrong.hint, sep="\n")
    if not found:
        print("Nothing is wrong with the keys of single texts.")
    return int(bool(found))


@app.command()
def recovery(
    public: Annotated[str, typer.Argument(help="The public key (age1…) that leeward backup key printed.")],
) -> int:
    """Seal to a recovery key as well, whose private half is kept elsewhere; what is sealed already follows.

    Make it on another machine by leeward backup key, and keep its file there, twice.

    Example: leeward words recovery age1…
    """
    _start()
    from leeward.foundation.actor import Actor
    from leeward.sealing.services import reseal, set_recovery

    set_recovery(public, Actor(kind="command"), datetime.now(UTC))
    reseal()
    print("Words are sealed to the desk key and to this recovery key.")
    return 0


@app.command()
def rotate(
    lost: Annotated[bool, typer.Option("--lost", help="The desk key is lost for good: give it up.")] = False,
    fingerprint: Annotated[
        str,
        typer.Option(
            "--fingerprint", help="With --lost: that of words.key, where a passphrase seals it that nobody knows."
        ),
    ] = "",
) -> int:
    """Make a new desk key and give it all words. The older one stays until nothing can need it any more, then the worker destroys it.

    That is 30 days after something was last found sealed to it, and once nothing waits on the public face: leeward words status. Give
    the new words.pub to every machine that has a copy.

    With --lost a words.key that doesn't open is laid aside. One that only lacks its passphrase is given up with its fingerprint alone,
    which is shown.

    Example: leeward words rotate
    """
    _start(needs_key=not lost)
    from leeward.foundation.actor import Actor
    from leeward.sealing import keys
    from leeward.sealing.queries import standing
    from leeward.sealing.services import reseal
    from leeward.sealing.services import rotate as make_new

    was_open, was_locked = keys.may_open(), keys.is_locked()
    if lost and was_locked and "".join(fingerprint.split()).casefold() != keys.fingerprint().replace(" ", ""):
        print(LOCKED.format(what=keys.fault(), fingerprint=keys.fingerprint()))
        return 2
    print(make_new(Actor(kind="command"), datetime.now(UTC), are_lost=lost))
    if lost and not was_open:
        print(LOST)
        if was_locked and not keys.passphrase():
            print(OPEN_NOW)
    else:
        reseal()
        print(STAYS)
        if closed := standing().closed:  # as where somebody else's words.key lies there
            print(CLOSED.format(count=closed))
    print(BACK_UP)
    return 0


@app.command()
def take(
    file: Annotated[Path, typer.Argument(help="A words.key of before: from elsewhere, or one that was laid aside.")],
) -> int:
    """Take in a words.key of before that turned up again, or whose passphrase is known again, and give what it opens to the newest key.

    Its keys are put behind those in words.key and go as after a rotation. A file that was laid aside beside words.key is deleted then.

    Example: leeward words take /var/lib/leeward/words.key.aside-0a1b2c3d4e5f
    """
    from leeward.cli.backup_keys import opened_keys
    from leeward.sealing.errors import KeyDoesNotOpen

    try:
        found = opened_keys(file)
    except KeyDoesNotOpen as error:
        hint = "Give the file, or another copy of it, as it was, and the passphrase of then. Nothing was changed."
        raise type(error)(hint, **error.values) from error
    _start()
    from leeward.foundation.actor import Actor
    from leeward.sealing import keys, services
    from leeward.sealing.queries import standing

    was_closed = standing().closed
    services.take(found, Actor(kind="command"), datetime.now(UTC))
    services.reseal()
    if file.resolve() in [one.resolve() for one in keys.laid_aside()]:
        file.unlink()
    closed = standing().closed
    print(f"Texts that open again: {was_closed - closed}. That no key in words.key opens: {closed}.")
    return int(bool(closed))


@app.command()
def reseal() -> int:
    """Give words that are sealed to an older key to the newest one; stopped, it goes on where it was.

    Example: leeward words reseal
    """
    _start()
    from leeward.sealing.services import reseal as give

    left = give()
    print(f"Left with older keys: {left}.")
    return int(bool(left))


@app.command()
def recover(
    key_file: Annotated[Path, typer.Option("--key", help="The file of the recovery key.")],
) -> int:
    """Open with the recovery key what a lost desk key closed, and give it to a new one.

    Example: leeward words recover --key recovery.key
    """
    from leeward.cli.backup_keys import opened_key

    key = opened_key(key_file)
    _start(needs_key=False)
    from leeward.foundation.actor import Actor
    from leeward.sealing.services import recover as give

    print(f"Given to a new desk key: {give(key, Actor(kind='command'), datetime.now(UTC))} texts.")
    print(BACK_UP)
    return 0


@app.command()
def passphrase() -> int:
    """Ask for a new passphrase and seal words.key by it; an empty one takes it away. Restart leeward serve afterwards.

    Example: leeward words passphrase
    """
    _start()
    from leeward.sealing import keys
    from leeward.sealing.errors import WordsLocked
    from leeward.sealing.services import set_passphrase

    if not keys.may_open():
        raise WordsLocked
    if not sys.stdin.isatty():
        raise BadInput(what="The passphrase", why="nobody can be asked for it here")
    secret = str(
        typer.prompt("New passphrase", hide_input=True, confirmation_prompt=True, default="", show_default=False)
    )
    set_passphrase(secret)
    print("words.key is sealed by the passphrase." if secret else "words.key has no passphrase any more.")
    return 0


@app.command()
def drill(
    key_file: Annotated[Path, typer.Option("--key", help="The file of the recovery key, or a copy of words.key.")],
    most: Annotated[int, typer.Option(min=1, help="How many texts to try.")] = 1000,
    as_json: AsJson = False,
) -> int:
    """Try whether a key would open the words that are here, without showing any; exit with 1 if it doesn't open all.

    Once a year is well. With every key lost, what remains is all but the words: addresses, cases, decisions, hashes, figures, the log.

    Example: leeward words drill --key recovery.key
    """
    from leeward.cli.backup_keys import opened_key

    key = opened_key(key_file)
    _start(needs_key=False)
    from leeward.sealing.queries import drill as try_key

    found = try_key(key, most)
    if as_json:
        show([found], as_json=True)
    else:
        print(f"Tried: {found.tried} texts. Opened: {found.opened}.")
        if found.tried and not found.opened:
            print(REMAINS)
    return int(found.opened < found.tried)


def ask_for_passphrase() -> str:
    """Ask the command of the settings, or else whoever sits there up to three times, for the passphrase of the words' key, if it has one
    that nothing else gives; return it, "" where nobody was asked. Raises PassphraseNotGiven and BadInput."""
    from django.conf import settings

    from leeward.sealing import keys
    from leeward.sealing.errors import KeyDoesNotOpen, PassphraseNotGiven

    if not keys.is_locked():
        return ""
    if settings.LEEWARD.words_passphrase_command:
        return take_passphrase_of_command()
    if not sys.stdin.isatty():
        return ""
    for _try in range(MOST_TRIES):
        secret = str(typer.prompt("Passphrase of words.key", hide_input=True))
        keys.be_given(secret)
        if not keys.is_locked():
            return secret
        print(KeyDoesNotOpen(why=keys.why_locked()).text, flush=True)
    raise PassphraseNotGiven(what=keys.fault())


def take_passphrase_of_command() -> str:
    """Take the passphrase of the words' key from the command of the settings, where there is one and the key needs it; return it, ""
    where the command was not run. Raises BadInput."""
    from django.conf import settings

    from leeward.sealing import keys

    command = settings.LEEWARD.words_passphrase_command
    if not command or not keys.is_locked():
        return ""
    secret = _first_line_of(command)
    keys.be_given(secret)
    if keys.is_locked():
        raise BadInput(what=COMMAND, why=keys.why_locked())
    return secret


def _first_line_of(command: str) -> str:
    """Return the first line that a command prints, which is shown nowhere. It is told none of our settings."""
    what = COMMAND
    environment = {name: value for name, value in os.environ.items() if not name.startswith("LEEWARD_")}
    try:
        words = shlex.split(command)
        started = subprocess.Popen(  # noqa: S603 - words of who runs the machine, never a shell
            words, stdout=subprocess.PIPE, env=environment, start_new_session=True
        )
    except (OSError, ValueError, IndexError) as error:
        raise BadInput(what=what, why=f"it can’t be run ({getattr(error, 'strerror', None) or error})") from error
    with started:
        try:
            output = _printed_by(started)
        except subprocess.TimeoutExpired:
            os.killpg(started.pid, signal.SIGKILL)
            raise CommandFailed(what=what, why=f"it didn’t end within {COMMAND_SECONDS:.0f} seconds") from None
        if len(output) > MOST_PRINTED:
            os.killpg(started.pid, signal.SIGKILL)
            raise BadInput(what=what, why=f"it printed more than {MOST_PRINTED} bytes")
    if started.returncode:
        raise CommandFailed(what=what, why=f"it ended with {started.returncode}")
    try:
        return output.decode().splitlines()[0]
    except (UnicodeDecodeError, IndexError):
        raise BadInput(what=what, why="its first line is no text") from None


def _printed_by(started: subprocess.Popen[bytes]) -> bytes:
    """Return what a command prints until it ends, or somewhat more than MOST_PRINTED of it. Raises TimeoutExpired."""
    assert started.stdout is not None
    until, found = time.monotonic() + COMMAND_SECONDS, b""
    while len(found) <= MOST_PRINTED:
        left = max(until - time.monotonic(), 0)
        if not select.select([started.stdout], [], [], left)[0]:
            raise subprocess.TimeoutExpired(started.args, COMMAND_SECONDS)
        if not (some := os.read(started.stdout.fileno(), MOST_PRINTED)):
            started.wait(max(until - time.monotonic(), 0))
            break
        found += some
    return found


def _start(*, needs_key: bool = True, is_certain: bool = False) -> None:
    """Make ready; a key that is lost, or a passphrase, stops only what needs the words opened. It `is_certain` where a
    person said so of a database that seems another."""
    from leeward.site.start import prepare_database, settle_keys, start

    start(is_certain=is_certain)
    prepare_database(is_certain=is_certain)
    if needs_key:
        ask_for_passphrase()
    settle_keys(with_words=needs_key)
