"""Check entries again before a list is published, and remove what is gone, overturned or never reviewed."""

import time
from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import takewhile

from django.db.models import F, Q

from leeward.audit.services import hotline_transaction
from leeward.blocklist.models import OPEN, Entry
from leeward.blocklist.services.steps import locked_entry, move, note, now_utc
from leeward.foundation.actor import SYSTEM, Actor
from leeward.hosting import services as hosting_services
from leeward.hosting.rules.urls import BadAddress, canonical_url
from leeward.jobs.clockwatch import trusted_now
from leeward.monitoring.limits import limits_now
from leeward.sealing.errors import WordsLocked

RECHECKS_TAKE = timedelta(minutes=45)  # of the two hours for a publication
_MOST_RECHECKS = 20_000
_MOST_AT_ONCE = 500
GRACE = timedelta(days=14)
_MISSES = ("gone", "changed")


def recheck_list(list_id: int, *, now: datetime | None = None, within: timedelta = RECHECKS_TAKE) -> int:
    """Check what a list blocks, the longest unchecked first; return how many entries were removed after three misses in
    a row.

    A miss counts only if the control address answers, and only after the interval in the settings. Partners' entries
    are checked like ours. No check begins after `within`, so a long list takes several runs.
    """
    ends = time.monotonic() + within.total_seconds()
    now = now or now_utc()
    limits = limits_now()
    due = Q(checked_at__isnull=True) | Q(checked_at__lte=now - limits.miss_gap)
    rows = Entry.objects.filter(due, list_id=list_id, state="approved")
    numbers = rows.order_by(F("checked_at").asc(nulls_first=True), "id").values_list("id", flat=True)[:_MOST_RECHECKS]
    in_time = takewhile(lambda _number: time.monotonic() < ends, list(numbers))
    return sum(_recheck(number, now, limits.misses) for number in in_time)


def _recheck(entry_id: int, now: datetime, misses: int) -> bool:
    """Check once; return whether the entry was removed."""
    entry = Entry.objects.filter(pk=entry_id, state="approved").first()
    location_id = _location_of(entry) if entry else None
    if entry is None or location_id is None:
        return False
    try:
        outcome: str = hosting_services.probe(location_id).outcome
    except WordsLocked:  # how it is accessed can't be read here: the others are checked all the same
        return False
    is_ours = outcome in _MISSES and not hosting_services.control_answers()
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
    """Return the location whose disappearance ends the entry: the case's, otherwise the one that a partner listed."""
    if entry.location_id is not None:
        return entry.location_id
    try:
        url = canonical_url(entry.address or entry.comparable)
    except BadAddress:
        return None
    kind = "onion" if url.is_onion else "url"
    with hotline_transaction():  # whoever opens a case of it just now has the hotline's turn
        return hosting_services.open_location(
            hotline_id=entry.hotline_id, kind=kind, display=url.url, comparable=url.key
        )


def remove_at_location(location_id: int) -> int:
    """Remove the entries of all lists that are based on this location, which is gone. Return how many."""
    return _remove_all(Q(location_id=location_id), ending="gone", actor=SYSTEM)


def remove_of_case(case_id: int, *, actor: Actor) -> int:
    """Remove the listed entries based on this case and refuse the proposals; return how many entries that were."""
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
    """Move entries from one case to another after two cases were merged or separated; `only` limits this to some of
    them.

    `people` were involved in the other case, and can no longer answer for these entries. Return the entries.
    """
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
    """Suspend entries that nobody reviewed in time, so that nothing stays listed because it was forgotten. Return how
    many. By a clock that may be ahead no review is late: it would empty the lists.
    """
    late = trusted_now(now or now_utc()).date() - GRACE
    with hotline_transaction():
        rows = Entry.objects.filter(state="approved", review_on__lt=late, source="")
        numbers = list(rows.order_by("id").values_list("id", flat=True)[:_MOST_AT_ONCE])
        for number in numbers:
            entry = locked_entry(number, "approved")
            move(entry, "entry.suspended", "suspended", actor=SYSTEM, ending="expired")
    return len(numbers)
