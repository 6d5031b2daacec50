"""When the desk saw last that nothing was there: what it finds later came after that, whatever time the face claims."""

from datetime import datetime, timedelta

from leeward.spool import where
from leeward.spool.models import Arrival, Emptied

NOTED_EVERY = timedelta(minutes=1)
CLOCKS_DIFFER = timedelta(minutes=5)  # the face's from the desk's; and for so long it may have waited to write


def note_empty(now: datetime) -> None:
    """Note, once a minute, that nothing was in the spool at this moment, nor anything that could not be taken in."""
    known = Emptied.objects.values_list("at", flat=True).first()
    if known is not None and timedelta(0) <= now - known < NOTED_EVERY:
        return
    if not Arrival.objects.using(where.alias()).exists():
        Emptied.objects.bulk_create(
            [Emptied(pk=1, at=now)], update_conflicts=True, unique_fields=["id"], update_fields=["at"]
        )


def not_before(now: datetime) -> datetime | None:
    """Return before which moment nothing can have come in that waits now; None if that isn't known, or a clock was put back."""
    known = Emptied.objects.values_list("at", flat=True).first()
    return None if known is None or known > now else known - CLOCKS_DIFFER
