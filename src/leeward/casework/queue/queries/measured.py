"""Cases and requests for review as figures count them, one after another: of a million, never more than a few thousand in memory."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from operator import itemgetter
from typing import Any

from django.db.models import F

from leeward.blocklist.queries import block_appeal_times
from leeward.casework.models import Appeal, Assessment, Case
from leeward.casework.rules.states import LAST_STATES
from leeward.exchange.queries import answer_times
from leeward.hosting.queries import hosts_named
from leeward.intake.services.receiving import REHEARSAL

_AT_ONCE = 2_000
# Results of a request about a block, as those about cases are called.
_OF_BLOCKS = {"lifted": "upheld", "kept": "rejected"}
_COLUMNS = (
    *("id", "portal_id", "received_at", "outcome", "country", "known", "report_count"),
    *("first_assessed_at", "decided_at", "police_told_at", "host_told_at", "removed_at"),
    *("urgent_since", "passed_at", "closed_at", "state", "location_id"),
)
_OUTCOME = _COLUMNS.index("outcome")

type Times = tuple[datetime, datetime | None]


@dataclass(frozen=True, slots=True)
class MeasuredCase:
    """What is counted of a case; `facts` are those of the last assessment of an illegal one, else empty. `ended_at`: since when
    nobody works on it. `peer`: when another hotline was told of it, and when that answered. `hosts`: network and registrar of an
    illegal one.
    """

    portal_id: int
    received_at: datetime
    outcome: str
    country: str
    known: bool
    reports: int
    first_assessed_at: datetime | None
    decided_at: datetime | None
    police_told_at: datetime | None
    host_told_at: datetime | None
    removed_at: datetime | None
    urgent_since: datetime | None
    passed_at: datetime | None
    ended_at: datetime | None
    peer: Times | None
    facts: Mapping[str, Any]
    hosts: tuple[str, str] = ("", "")


def measured_cases() -> Iterator[MeasuredCase]:
    """Return every case of the hotline in scope; merged ones and those of test reports aren't counted."""
    rows = Case.objects.filter(merged_into=None).exclude(source=REHEARSAL).order_by("id").values_list(*_COLUMNS)
    after = 0
    while some := list(rows.filter(id__gt=after)[:_AT_ONCE]):
        after = some[-1][0]
        facts, peers = _facts(some[0][0], after), answer_times(some[0][0], after)
        hosts = hosts_named([row[-1] for row in some if row[_OUTCOME] == "illegal"])
        for number, *values, closed_at, state, place in some:
            ended_at = closed_at if state in LAST_STATES else None
            known = peers.get(number), facts.get(number, {}), hosts.get(place, ("", ""))
            yield MeasuredCase(*values, ended_at, *known)  # type: ignore[call-arg]


def _facts(first: int, last: int) -> dict[int, Mapping[str, Any]]:
    """Return what was last stated about each illegal case in a span of numbers, assessments of drawn cases left out."""
    span = Assessment.objects.filter(case_id__gte=first, case_id__lte=last)
    found = span.filter(cycle=F("case__cycle"), case__outcome="illegal")
    stated = found.exclude(round="sample").order_by("case_id", "id").values_list("case_id", "facts")
    return {case: list(rows)[-1][1] for case, rows in groupby(stated, key=itemgetter(0))}


@dataclass(frozen=True, slots=True)
class MeasuredAppeal:
    """What is counted of a request for review, about a case or about a block: both have the same four outcomes."""

    portal_id: int
    asked_at: datetime
    state: str
    decided_at: datetime | None


def measured_appeals() -> Iterator[MeasuredAppeal]:
    """Return every request for review of the hotline in scope, those about test reports and of the desk itself left out."""
    rows = Appeal.objects.exclude(case__source=REHEARSAL).exclude(origin="desk").order_by("id")
    for row in rows.values_list("portal_id", "asked_at", "state", "decided_at").iterator(_AT_ONCE):
        yield MeasuredAppeal(*row)
    for portal, asked_at, state, decided_at in block_appeal_times():
        yield MeasuredAppeal(portal, asked_at, _OF_BLOCKS.get(state, state), decided_at)
