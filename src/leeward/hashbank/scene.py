"""The current hotline's bank: transactions that change it, and recording what the index has to apply."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import pairwise

from django.db.models import F
from django_scopes import get_scope

from leeward.audit.services import hotline_transaction
from leeward.hashbank.models import BankClock, IndexChange
from leeward.jobs.services import schedule

TAKE_IN = "hashbank.take_in"


def hotline_here() -> int:
    """Return the id of the hotline whose scope is open."""
    here = get_scope().get("hotline")
    if here is None:
        raise LookupError("no hotline's scope is open")
    return int(getattr(here, "pk", here))


@contextmanager
def bank_transaction() -> Iterator[int]:
    """Open a transaction that changes the bank and yield its revision number. Others wait until it ends."""
    hotline_id = hotline_here()
    with hotline_transaction(hotline_id):
        mine = BankClock.objects.filter(hotline_id=hotline_id)
        if not mine.update(revision=F("revision") + 1):
            BankClock.objects.create(hotline_id=hotline_id, revision=1)
        yield mine.get().revision


def hashes_changed(hash_ids: Iterable[int]) -> None:
    """Record that these hashes changed; the index applies that at the next search, or by a job."""
    hotline_id = hotline_here()
    ids = sorted(set(hash_ids))
    if not ids:
        return
    starts = [ids[0], *(after for before, after in pairwise(ids) if after != before + 1)]
    ends = [*(before for before, after in pairwise(ids) if after != before + 1), ids[-1]]
    IndexChange.objects.bulk_create(
        [IndexChange(hotline_id=hotline_id, first=first, last=last) for first, last in zip(starts, ends, strict=True)],
        batch_size=200,
    )
    standing_changed()


def standing_changed() -> None:
    """Schedule the job that checks earlier questions again after the bank has changed."""
    hotline_id = hotline_here()
    schedule(TAKE_IN, subject_id=hotline_id, hotline_id=hotline_id)
