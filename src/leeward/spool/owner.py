"""Whose the public face's file is: another installation may be led to it by its settings, as a copy that was restored for trial is by those
of the real one. It must take no report out of there, nor write there what its own database has.

Each installation has a random name in its data directory, which is in no backup; and beside the file, where the face can make nothing,
stands the name of the one that uses it.
"""

import secrets
from contextlib import suppress
from pathlib import Path

from django.conf import settings

from leeward.audit.services import INSTALLATION, hotline_transaction, record
from leeward.backup.queries import is_held
from leeward.foundation import own_files
from leeward.foundation.actor import Actor
from leeward.spool.errors import PublicFileOfAnother

NAME = "public-owner"  # in the data directory
BESIDE = "-owner"  # ends the name of the file beside the public face's
_NAME_BYTES = 16


def is_ours() -> bool:
    """Return whether this installation uses the public face's file; always where there is none, as on PostgreSQL: there what the face
    shares with the desk is in the desk's database."""
    file = settings.LEEWARD.public_file
    return file is None or _read(_beside(file)) == _read(_name()) != ""


def is_of_another() -> bool:
    """Return whether another installation's name is beside the public face's file."""
    file = settings.LEEWARD.public_file
    return file is not None and _read(_beside(file)) not in ("", _read(_name()))


def need_ours() -> None:
    """Raise PublicFileOfAnother unless this installation uses the public face's file."""
    if not is_ours():
        raise PublicFileOfAnother(path=settings.LEEWARD.public_file)


def tie() -> None:
    """Let the public face's file be this installation's if it is nobody's yet. Raises PublicFileOfAnother where it is another's; or may be,
    since the name beside it is empty or can't be read, or nobody's is there and this installation was restored and isn't confirmed."""
    file = settings.LEEWARD.public_file
    if file is None or is_ours():
        return
    if not _beside(file).exists() and not (file.exists() and is_held()):
        with suppress(OSError):  # whoever makes the file names what is wrong with the folder
            file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            own_files.make(_beside(file), _own_name().encode("ascii"))
        if not _beside(file).exists():
            return
    need_ours()


def take_over(actor: Actor) -> Path | None:
    """Let the public face's file be this installation's, whoever used it before, which is logged; return which that is, None where it has
    none."""
    file = settings.LEEWARD.public_file
    if file is None:
        return None
    with hotline_transaction(INSTALLATION):
        record("spool.taken_over", actor=actor, hotline_id=None, subject="installation:1")
        name = _own_name()
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        _beside(file).unlink(missing_ok=True)
        own_files.make(_beside(file), name.encode("ascii"))
    return file


def _own_name() -> str:
    """Return the name of this installation, made at its first use; anew where it is empty or can't be read."""
    name = secrets.token_hex(_NAME_BYTES).encode("ascii")
    own_files.make(_name(), name)
    if not _read(_name()):
        own_files.replace(_name(), name)
    return _read(_name())


def _name() -> Path:
    return Path(settings.LEEWARD.data_dir) / NAME


def _beside(file: Path) -> Path:
    return file.with_name(file.name + BESIDE)


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="ascii")
    except (OSError, ValueError):
        return ""
