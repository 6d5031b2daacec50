"""Another file may be put in the place of the public face's: one that was lost and made anew, or an older copy. What is written into
the old one is lost, and the cards of the other one are not as the desk wrote them.

In which file they were compared is noted in it, as a random number, and in the data directory. Neither is in a backup: who was restored
compares as well.
"""

import os
import secrets
import time
from pathlib import Path

from django.conf import settings
from django.db import connections

from leeward.spool import where
from leeward.spool.services import compare

NOTE = "public-compared"
AGAIN_SECONDS = 60.0  # who has taken the face over can change the number all the time
_last: list[float] = []


def mend() -> bool:
    """Compare every card if that wasn't done yet in the file that is there; return whether it was done now."""
    file = settings.LEEWARD.public_file
    if file is None or (_last and time.monotonic() - _last[0] < AGAIN_SECONDS):
        return False
    where.leave_replaced()
    note = Path(settings.LEEWARD.data_dir) / NOTE
    inode, number = file.stat().st_ino, _number()
    if number and _read(note) == f"{inode} {number}":
        return False
    compare()
    _last[:] = [time.monotonic()]
    number = secrets.randbelow(2**31 - 1) + 1
    with connections[where.ALIAS].cursor() as cursor:
        cursor.execute(f"PRAGMA user_version={number}")
    fresh = note.with_name(f".{NOTE}.{os.getpid()}")
    fresh.write_text(f"{inode} {number}", encoding="ascii")
    fresh.replace(note)
    return True


def _number() -> int:
    with connections[where.ALIAS].cursor() as cursor:
        return int(cursor.execute("PRAGMA user_version").fetchone()[0])


def _read(note: Path) -> str:
    try:
        return note.read_text(encoding="ascii")
    except (OSError, ValueError):
        return ""
