"""Count hashes by kind: a stored count, and what was added since then. Millions are too many to count each time."""

from collections import Counter
from collections.abc import Collection

from django.db.models import Count, Max, Q

from leeward.audit.services import hotline_transaction
from leeward.hashbank.models import BankClock, HashCount, RecordHash
from leeward.hashbank.numbers import numbered
from leeward.hashbank.rules.kinds import KIND_NAMES, KINDS
from leeward.hashbank.scene import hotline_here


def hashes_by_kind(kinds: Collection[str]) -> dict[str, int]:
    """Return how many hashes of each of these kinds the bank holds."""
    if not kinds:
        return {}
    last, counts = _stored()
    counts.update(_counted(last, None, kinds))
    return {kind: counts[kind] for kind in kinds}


def count_hashes() -> None:
    """Store how many hashes of each kind there are. Safe to run twice, and beside changes of the bank."""
    hotline_id = hotline_here()
    with hotline_transaction(hotline_id):  # nobody else changes the bank: no smaller id can appear later
        BankClock.objects.select_for_update().filter(hotline_id=hotline_id).first()
        newest = RecordHash._base_manager.aggregate(newest=Max("id"))["newest"] or 0
    last, counts = _stored()
    if newest > last:
        counts.update(_counted(last, newest, tuple(KINDS)))
        values = {"last": newest, "counts": dict(counts)}
        with hotline_transaction(hotline_id):
            HashCount.objects.update_or_create(hotline_id=hotline_id, defaults=values)


def _stored() -> tuple[int, Counter[str]]:
    row = HashCount.objects.filter(hotline_id=hotline_here()).first()
    return (row.last, Counter(row.counts)) if row is not None else (0, Counter())


def _counted(after: int, to: int | None, kinds: Collection[str]) -> Counter[str]:
    """Count the hashes with ids after one and up to another (None: to the end) in one pass."""
    numbers = {f"kind_{KINDS[kind].number}": KINDS[kind].number for kind in kinds}
    rows = numbered(RecordHash, hotline_here()).filter(id__gt=after)
    if to is not None:
        rows = rows.filter(id__lte=to)
    found = rows.aggregate(**{name: Count("id", filter=Q(kind=number)) for name, number in numbers.items()})
    return Counter({KIND_NAMES[number]: found[name] for name, number in numbers.items()})
