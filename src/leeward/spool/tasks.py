"""Pulling and pushing, all the time; and comparing all, each night."""

from datetime import UTC, datetime, timedelta

from leeward.jobs.registry import beside, every
from leeward.spool import owner, where
from leeward.spool.queries import has_work
from leeward.spool.replaced import mend
from leeward.spool.services import compare, forget_taken, pull, try_again
from leeward.spool.taking import note_empty

PAUSE_SECONDS = 0.3
CHECK_SECONDS = 1.0
MOST_BATCHES = 50


def _is_ours() -> bool:
    """Return whether there is a public face apart, whose database no other installation uses."""
    return where.is_apart() and owner.is_ours()


@beside(PAUSE_SECONDS)
def take_in() -> None:
    """Pull what came, and push what changed."""
    if not _is_ours():
        return
    now = datetime.now(UTC)
    if not has_work():
        note_empty(now)
        return
    for _batch in range(MOST_BATCHES):
        if not pull(datetime.now(UTC)):
            return


@beside(CHECK_SECONDS)
def mend_another_file() -> None:
    """Write all cards where another file is in the place of the public face's."""
    if _is_ours():
        mend()


@every(timedelta(minutes=5))
def try_urgent_again() -> None:
    """Try again what is urgent and could not be taken in: what kept it out may be over."""
    if _is_ours():
        try_again(urgent_alone=True)


@every(timedelta(days=1), lease=timedelta(hours=2))
def compare_cards() -> None:
    """Mend what a card shows wrongly, and try again what could not be taken in."""
    if _is_ours():
        try_again()
        compare()
        forget_taken(datetime.now(UTC))
