"""The keys that open backups: made, and read from their files."""

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from leeward.cli.output import NotWritten
from leeward.foundation.errors import BadInput

if TYPE_CHECKING:
    from pyrage.x25519 import Identity

PASSPHRASE = "LEEWARD_BACKUP_PASSPHRASE"  # noqa: S105 - the name of a variable


def key(
    file: Annotated[Path, typer.Argument(help="Where to write the key; it must not exist.")],
    passphrase: Annotated[bool, typer.Option(help="Ask for a passphrase that seals the file.")] = True,
) -> int:
    """Make a key that opens backups, and print its public key, to which the server seals them.

    Make it on another machine and keep it there, twice: with this file lost, no backup can be opened.

    Example: leeward backup key backup.key
    """
    from leeward.sealing.age import new_key

    secret = _asked(confirm=True) if passphrase else ""
    raw, public = new_key(secret)
    try:
        with open(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as target:
            target.write(raw)
    except OSError as error:
        raise NotWritten.of(file, error) from error
    print(public)
    return 0


def opened_key(file: Path) -> "Identity":
    """Return the private key in a key file, the first if it holds several; asks for its passphrase if it has one."""
    return opened_keys(file)[0]


def opened_keys(file: Path) -> list["Identity"]:
    """Return the private keys in a key file; asks for its passphrase if it has one."""
    from leeward.cli.arguments import content
    from leeward.sealing.age import keys_of, needs_passphrase

    raw = content(file)
    return keys_of(raw, _asked() if needs_passphrase(raw) else "")


def _asked(*, confirm: bool = False) -> str:
    """Return the passphrase: from the environment, or from whoever sits there."""
    if given := os.environ.get(PASSPHRASE):
        return given
    if not sys.stdin.isatty():
        raise BadInput(what="The passphrase", why=f"nobody can be asked for it here; {PASSPHRASE} may hold it")
    return str(typer.prompt("Passphrase", hide_input=True, confirmation_prompt=confirm))
