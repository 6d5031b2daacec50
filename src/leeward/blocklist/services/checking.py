"""Looking again before a list is published, and taking off what is gone, overturned or never reviewed."""

import time
from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import takewhile

from django.db.models import F, Q

from leeward.audit.services import hotline_transaction
from leeward.blocklist.models import OPEN, Entry
from leeward.blocklist.services.steps import locked_entry, move, note, now_utc
from leeward.foundation.actor import SYSTEM, Actor
from leeward.hosting import services as hosting
from leeward.hosting.rules.urls import BadAddress, canonical_url
from leeward.monitoring.limits import limits_now

LOOKS_TAKE = timedelta(minutes=45)  # of the publication's two hours
_MOST_LOOKS = 20_000
_MOST_AT_ONCE = 500
GRACE = timedelta(days=14)
_MISSES = ("gone", "changed")


def recheck_list(list_id: int, *, now: datetime | None = None, within: timedelta = LOOKS_TAKE) -> int:
    """Look at what a list blocks, longest unseen first; return how many entries went because three looks in a row found nothing.

    A miss counts only where the control address answers, and not sooner than the settings say after the last look. Partners'
    entries are looked at as ours are. No look begins after `within`, so a list too long for that goes round in several runs.
    """
    ends = time.monotonic() + within.total_seconds()
    now = now or now_utc()
    limits = limits_now()
    due = Q(checked_at__isnull=True) | Q(checked_at__lte=now - limits.miss_gap)
    rows = Entry.objects.filter(due, list_id=list_id, state="approved")
    numbers = rows.order_by(F("checked_at").asc(nulls_first=True), "id").values_list("id", flat=True)[:_MOST_LOOKS]
    in_time = takewhile(lambda _number: time.monotonic() < ends, list(numbers))
    return sum(_recheck(number, now, limits.misses) for number in in_time)


def _recheck(entry_id: int, now: datetime, misses: int) -> bool:
    """Look once; True where the entry went."""
    entry = Entry.objects.filter(pk=entry_id, state="approved").first()
    location_id = _location_of(entry) if entry else None
    if entry is None or location_id is None:
        return False
    outcome: str = hosting.probe(location_id).outcome
    is_ours = outcome in _MISSES and not hosting.control_answers()
    with hotline_transaction():
        current = Entry.objects.select_for_update().get(pk=entry_id)
        if current.state != "approved" or current.checked_at != entry.checked_at:
            return False
        current.checked_at = now
        current.location_id = location_id
        if not is_ours:
            current.check_outcome = outcome
            current.misses = current.misses + 1 if outcome in _MISSES else 0
        if current.misses >= misses:
            move(current, "entry.removed", "removed", actor=SYSTEM, ending="gone", facts={"misses": current.misses})
            return True
        current.save(update_fields=["checked_at", "check_outcome", "misses", "location"])
        if outcome in _MISSES and not is_ours:
            note("entry.missed", current, actor=SYSTEM, facts={"misses": current.misses, "outcome": outcome})
    return False


def _location_of(entry: Entry) -> int | None:
    """The place whose end is the end of the entry: the case's, else what a partner listed."""
    if entry.location_id is not None:
        return entry.location_id
    try:
        url = canonical_url(entry.address or entry.comparable)
    except BadAddress:
        return None
    kind = "onion" if url.is_onion else "url"
    return hosting.open_location(hotline_id=entry.hotline_id, kind=kind, display=url.url, comparable=url.key)


def remove_at_location(location_id: int) -> int:
    """Take off every list what stands there because of this place: it is gone. Return how many entries went."""
    return _remove_all(Q(location_id=location_id), ending="gone", actor=SYSTEM)


def remove_of_case(case_id: int, *, actor: Actor) -> int:
    """Take off every list what stands there because of this case, and refuse what waits; return how many entries went."""
    return _remove_all(Q(case_id=case_id), ending="case", actor=actor)


def follow_case(
    from_case: int,
    to_case: int,
    reference: str,
    people: Sequence[int],
    *,
    only: Sequence[int] | None = None,
    actor: Actor,
) -> list[int]:
    """Two cases became one, or are two again: what stands or waits because of the one stands because of the other from now on, or
    `only` some of it. `people` had a part in the other one, and answer for these entries no more. Return the entries."""
    with hotline_transaction():
        rows = Entry.objects.filter(case_id=from_case, state__in=OPEN).order_by("id")
        numbers = list((rows if only is None else rows.filter(pk__in=only)).values_list("id", flat=True))
        for number in numbers:
            entry = locked_entry(number, *OPEN)
            entry.case_id, entry.case_reference = to_case, reference
            entry.case_people = sorted({*entry.case_people, *people})
            entry.save(update_fields=["case_id", "case_reference", "case_people"])
            note("entry.moved", entry, actor=actor, facts={"from_case": from_case, "to_case": to_case})
    return numbers


def _remove_all(which: Q, *, ending: str, actor: Actor) -> int:
    with hotline_transaction():
        numbers = list(Entry.objects.filter(which, state__in=OPEN).order_by("id").values_list("id", flat=True))
        for number in numbers:
            move(locked_entry(number, *OPEN), "entry.removed", "removed", actor=actor, ending=ending)
    return len(numbers)


def suspend_unreviewed(*, now: datetime | None = None) -> int:
    """Suspend what nobody reviewed in time: nothing stays listed by being forgotten. Return how many entries."""
    late = (now or now_utc()).date() - GRACE
    with hotline_transaction():
        rows = Entry.objects.filter(state="approved", review_on__lt=late, source="")
        numbers = list(rows.order_by("id").values_list("id", flat=True)[:_MOST_AT_ONCE])
        for number in numbers:
            entry = locked_entry(number, "approved")
            move(entry, "entry.suspended", "suspended", actor=SYSTEM, ending="expired")
    return len(numbers)
