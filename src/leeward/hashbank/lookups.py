"""Reading what those who ask from outside may see of the bank; all within the open hotline's scope."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from itertools import batched

from django.db.models import QuerySet

from leeward.ground.actor import Actor
from leeward.hashbank.live import index_here
from leeward.hashbank.models import IndexChange, Inquiry, InquiryMatch, RecordHash
from leeward.hashbank.rules.kinds import KINDS
from leeward.hashbank.rules.police import is_same_agency
from leeward.hashbank.scene import hotline_here


def index_status(kinds: Collection[str]) -> dict[str, tuple[int, int]]:
    """For each kind of hash how many are matched against, and the second since 1970 of the newest change."""
    newest = IndexChange.objects.filter(hotline_id=hotline_here()).order_by("-id").values_list("at", flat=True).first()
    built_to = int(newest.timestamp()) if newest else -1
    return {kind: (_size(kind), built_to) for kind in kinds}


def _size(kind: str) -> int:
    if kind == "pdq":
        return len(index_here())
    return RecordHash.objects.filter(hotline_id=hotline_here(), kind=KINDS[kind].number).count()


@dataclass(frozen=True, slots=True)
class InquiryRow:
    """A case for which an agency asked."""

    id: int
    agency: str
    reference: str
    is_restricted: bool
    asked: int
    found: int
    at: datetime
    last_at: datetime


@dataclass(frozen=True, slots=True)
class OverlapRow:
    """Another agency that asked about the same: for which case of ours, whom to call, how many records, since when."""

    reference: str
    agency: str
    their_reference: str
    contact: str
    records: int
    since: datetime


def inquiries_of(agency: str) -> QuerySet[Inquiry]:
    """The cases for which an agency asked, the newest first."""
    return Inquiry.objects.filter(hotline_id=hotline_here(), agency=agency).order_by("-last_at")


def inquiries_by(actor: Actor) -> QuerySet[Inquiry]:
    """The cases for which this person asked, the newest first."""
    return Inquiry.objects.filter(hotline_id=hotline_here(), by=actor.label).order_by("-last_at")


def inquiry_row(row: Inquiry) -> InquiryRow:
    """A case for which an agency asked, as others see it."""
    return InquiryRow(
        row.pk, row.agency, row.reference, bool(row.restriction), row.asked, row.found, row.at, row.last_at
    )


def overlaps(inquiry_ids: Collection[int]) -> list[OverlapRow]:
    """Which other agencies asked about the records of these cases; not where one of the two has a written restriction."""
    mine: dict[int, list[Inquiry]] = defaultdict(list)
    own = InquiryMatch.objects.filter(inquiry_id__in=inquiry_ids, inquiry__restriction="").select_related("inquiry")
    for row in own:
        mine[row.record_id].append(row.inquiry)
    met: dict[tuple[int, int], list[InquiryMatch]] = defaultdict(list)
    cases: dict[int, Inquiry] = {}
    for records in batched(mine, 800):
        others = InquiryMatch.objects.filter(record_id__in=records, inquiry__restriction="").select_related("inquiry")
        for row in others:
            for case in mine[row.record_id]:
                if not is_same_agency(case.agency, row.inquiry.agency):
                    cases[case.pk] = case
                    met[case.pk, row.inquiry_id].append(row)
    found = [_overlap(cases[case_id], rows) for (case_id, _), rows in met.items()]
    return sorted(found, key=lambda row: row.since, reverse=True)


def _overlap(case: Inquiry, rows: list[InquiryMatch]) -> OverlapRow:
    other = rows[0].inquiry
    since = max(min(row.at for row in rows), case.at)
    return OverlapRow(case.reference, other.agency, other.reference, other.contact, len(rows), since)
