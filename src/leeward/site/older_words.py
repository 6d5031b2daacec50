"""When desk keys from before a rotation are destroyed: only once nothing can need them any more."""

from collections.abc import Iterator
from datetime import datetime

from django.db import DatabaseError

from leeward.backup.queries import is_held
from leeward.jobs.clockwatch import is_in_doubt, settled_last
from leeward.sealing import keys
from leeward.sealing.queries import older_needed_at
from leeward.sealing.rules.older_keys import stays_until
from leeward.sealing.services import destroy_older
from leeward.spool.queries import is_empty

UNKNOWN = "The database doesn't know the newest key yet: the worker notes it within a minute."
HALFWAY = (
    "words.pub doesn't name the newest key: it is from before a rotation on another machine, whose words.pub belongs here, or a rotation "
    "was stopped halfway. Then run leeward words rotate once more."
)


def why_kept(now: datetime) -> Iterator[str]:
    """Yield why older desk keys stay, beside the texts that are sealed to them; nothing if they need not. For who reads a command."""
    needed_at, settled_at = older_needed_at(), settled_last()
    if keys.publics_held()[:1] != [keys.public().desk]:
        yield HALFWAY
    if needed_at is None:
        yield UNKNOWN
    else:
        until = stays_until(needed_at, settled_at or needed_at)
        if now < until:
            yield (
                f"Until {until:%Y-%m-%d %H:%M} UTC, for something sealed to one may still come in: that is 30 days after the rotation, after "
                "the last that only an older key opened, or after a clock was put right."
            )
    if is_in_doubt():
        yield "Nobody has confirmed that the clock is right: leeward clock confirm."
    if is_held():
        yield "This was restored from a backup, and nobody has confirmed that it is the one that counts."
    try:
        if not is_empty():
            yield "Something waits on the public face, or could not be taken in: leeward spool list."
    except (DatabaseError, ValueError):
        yield "Whether something waits on the public face can't be seen now."


def destroy_unneeded(now: datetime) -> int:
    """Destroy the older desk keys that this process holds if nothing can need them any more; return how many."""
    return 0 if any(why_kept(now)) else destroy_older(now)
