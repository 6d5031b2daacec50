"""Reading tips: the list, one with its versions and bundle, what their senders hear."""

from dataclasses import dataclass
from datetime import datetime
from typing import cast

from django.db.models import Count

from leeward.people.queries import staff_names, staff_of
from leeward.tips.models import BY_MAIL, FOLDED, STATES, TipRow, TipVersion
from leeward.tips.rules.becoming import SYSTEMS
from leeward.tips.rules.outcomes import outcome_now
from leeward.tips.rules.tip import System, Tip, tip_from
from leeward.web_security.paging import Page, page_of

WORKS = frozenset({"analyst", "supervisor"})
MOST_IN_BUNDLE = 50


@dataclass(frozen=True, slots=True)
class VersionRow:
    """A version of a tip, newest first; `facts` is None once its words were deleted."""

    number: int
    at: datetime
    way: str
    name: str
    by_name: str
    facts: Tip | None


@dataclass(frozen=True, slots=True)
class TipPage:
    """All of one tip. `bundled` are the tips that were folded into it, `in_bundle` how many they are."""

    row: TipRow
    versions: list[VersionRow]
    assigned_name: str
    outcome_name: str
    bundled: list[TipRow]
    in_bundle: int


def tips(state: str, number: str, page: str | None) -> Page[TipRow]:
    """Return the tips of a state (all, where it is none), newest first but urgent ones before others that wait; with a
    number, those that have it."""
    rows = TipRow.objects.order_by("-id")
    if number:
        rows = rows.filter(number=number)
    if state in ("waiting", "held"):
        rows = rows.filter(state=state).order_by("-is_urgent", "id")
    elif state in STATES:
        rows = rows.filter(state=state)
    return page_of(rows, page)


def counts() -> dict[str, int]:
    """Return how many tips are in each state."""
    rows = dict(TipRow.objects.order_by().values_list("state").annotate(Count("id")))
    return {state: rows.get(state, 0) for state in STATES}


def tip(tip_id: int, hotline_id: int) -> TipPage | None:
    """Return a tip, or None if this hotline has none of this number."""
    row = TipRow.objects.filter(pk=tip_id).first()
    if row is None:
        return None
    names = staff_names(hotline_id)
    versions = [
        VersionRow(
            one.number,
            one.at,
            one.way,
            one.name,
            names.get(one.by_id or 0, ""),
            tip_from(one.facts) if one.facts else None,
        )
        for one in TipVersion.objects.filter(tip=row).order_by("-number")
    ]
    bundled = TipRow.objects.filter(bundle=row).order_by("-id")
    found = list(bundled[:MOST_IN_BUNDLE])
    return TipPage(
        row,
        versions,
        names.get(row.assigned_to_id or 0, ""),
        names.get(row.outcome_by_id or 0, ""),
        found,
        len(found) if len(found) < MOST_IN_BUNDLE else bundled.count(),
    )


def workers(hotline_id: int) -> dict[int, str]:
    """Return the names of everybody to whom a tip can be given."""
    return {row.id: row.name for row in staff_of(hotline_id) if row.is_active and row.roles & WORKS}


def senders() -> list[str]:
    """Return from whom tips came, as far as they name themselves."""
    named = TipRow.objects.exclude(sender="").order_by("sender")
    return list(named.values_list("sender", flat=True).distinct()[:100])


def feedback_rows(sender: str) -> list[dict[str, str]]:
    """Return what the sender of each tip hears, oldest first; of all senders where none is named."""
    rows = TipRow.objects.order_by("id")
    return [_feedback(row) for row in (rows.filter(sender=sender) if sender else rows).iterator() if outcome_of(row)]


def outcome_of(row: TipRow) -> str:
    """Return the code of what a tip's sender hears; "" where it hears nothing. Anybody can write a mail in another's name:
    of what came so, it hears only what somebody recorded."""
    if row.sender_key.startswith(BY_MAIL) and not row.outcome:
        return ""
    return outcome_now(row.outcome, is_folded=row.state == FOLDED)


def system_name(row: TipRow) -> str:
    """Return what a tip's system is called."""
    return SYSTEMS[cast("System", row.system)]


def _feedback(row: TipRow) -> dict[str, str]:
    return {
        "system": system_name(row),
        "number": row.number,
        "sender": row.sender,
        "provider": row.provider,
        "label": row.label,
        "arrived": row.arrived_at.date().isoformat(),
        "versions": str(row.versions),
        "outcome": outcome_of(row),
        "since": (row.outcome_at or row.arrived_at).date().isoformat(),
    }
