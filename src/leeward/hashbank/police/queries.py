"""Reading what those who ask from outside may see of the bank; all within the open hotline's scope."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Min, QuerySet

from leeward.foundation.actor import Actor
from leeward.hashbank.models import IndexChange, Inquiry, InquiryMatch, RecordHash
from leeward.hashbank.records.live import index_here
from leeward.hashbank.rules.kinds import KINDS
from leeward.hashbank.rules.police import is_same_agency
from leeward.hashbank.scene import hotline_here


def index_status(kinds: Collection[str]) -> dict[str, tuple[int, int]]:
    """For each kind of hash how many are matched against, and the second since 1970 of the newest change."""
    newest = IndexChange.objects.filter(hotline_id=hotline_here()).order_by("-id").values_list("at", flat=True).first()
    built_to = int(newest.timestamp()) if newest else -1
    others = [KINDS[kind].number for kind in kinds if kind != "pdq"]
    rows = (
        RecordHash.objects.filter(hotline_id=hotline_here(), kind__in=others) if others else RecordHash.objects.none()
    )
    sizes = dict(
        rows.order_by().values_list("kind").annotate(number=Count("id"))
    )  # one walk for all kinds: there are millions
    return {
        kind: (len(index_here()) if kind == "pdq" else sizes.get(KINDS[kind].number, 0), built_to) for kind in kinds
    }


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
    open_to_all = Inquiry.objects.filter(hotline_id=hotline_here(), restriction="")
    mine = {row.pk: row for row in open_to_all.filter(id__in=inquiry_ids)}
    agencies = {row.agency for row in mine.values()}
    others = {
        row.pk: row
        for row in open_to_all.exclude(agency__in=agencies if len(agencies) == 1 else ()).filter(found__gt=0)
    }
    met = (
        InquiryMatch.objects.filter(inquiry_id__in=mine, record__inquiry_matches__inquiry_id__in=others)
        .values_list("inquiry_id", "record__inquiry_matches__inquiry_id")
        .annotate(records=Count("record_id", distinct=True), since=Min("record__inquiry_matches__at"))
        .order_by()
    )
    found = [
        OverlapRow(case.reference, other.agency, other.reference, other.contact, records, max(since, case.at))
        for case, other, records, since in ((mine[one], others[two], *rest) for one, two, *rest in met)
        if not is_same_agency(case.agency, other.agency)
    ]
    return sorted(found, key=lambda row: row.since, reverse=True)
