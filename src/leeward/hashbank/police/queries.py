"""Read what police and subscribers may see of the bank; within the scope of the current hotline."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Min, QuerySet

from leeward.foundation.actor import Actor
from leeward.hashbank.models import IndexChange, Inquiry, InquiryMatch
from leeward.hashbank.records.live import index_here
from leeward.hashbank.records.services.counting import hashes_by_kind
from leeward.hashbank.rules.police import is_same_agency
from leeward.hashbank.scene import hotline_here


def index_status(kinds: Collection[str]) -> dict[str, tuple[int, int]]:
    """For each kind of hash, return how many are matched against and the time of the newest change, in seconds since
    1970.
    """
    newest = IndexChange.objects.filter(hotline_id=hotline_here()).order_by("-id").values_list("at", flat=True).first()
    built_to = int(newest.timestamp()) if newest else -1
    sizes = hashes_by_kind([kind for kind in kinds if kind != "pdq"])
    return {kind: (len(index_here()) if kind == "pdq" else sizes[kind], built_to) for kind in kinds}


@dataclass(frozen=True, slots=True)
class InquiryRow:
    """An agency's inquiry for one case."""

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
    """Another agency that asked about the same records: for which case of ours, whom to call, how many records, since
    when.
    """

    reference: str
    agency: str
    their_reference: str
    contact: str
    records: int
    since: datetime


def inquiries_of(agency: str) -> QuerySet[Inquiry]:
    """Return the inquiries of an agency, newest first."""
    return Inquiry.objects.filter(hotline_id=hotline_here(), agency=agency).order_by("-last_at")


def inquiries_by(actor: Actor) -> QuerySet[Inquiry]:
    """Return the inquiries made by this person, newest first."""
    return Inquiry.objects.filter(hotline_id=hotline_here(), by=actor.label).order_by("-last_at")


def inquiry_row(row: Inquiry) -> InquiryRow:
    """Convert an inquiry for use outside this module."""
    return InquiryRow(
        row.pk, row.agency, row.reference, bool(row.restriction), row.asked, row.found, row.at, row.last_at
    )


def overlaps(inquiry_ids: Collection[int]) -> list[OverlapRow]:
    """Return the other agencies that asked about the records of these cases, unless either side has a written
    restriction.
    """
    open_to_all = Inquiry.objects.filter(hotline_id=hotline_here(), restriction="")
    mine = {row.pk: row for row in open_to_all.filter(id__in=inquiry_ids)}
    agencies = {row.agency for row in mine.values()}
    others = {
        row.pk: row
        for row in open_to_all.exclude(agency__in=agencies if len(agencies) == 1 else ()).filter(found__gt=0)
    }
    pairs = (
        InquiryMatch.objects.filter(inquiry_id__in=mine, record__inquiry_matches__inquiry_id__in=others)
        .values_list("inquiry_id", "record__inquiry_matches__inquiry_id")
        .annotate(records=Count("record_id", distinct=True), since=Min("record__inquiry_matches__at"))
        .order_by()
    )
    found = [
        OverlapRow(case.reference, other.agency, other.reference, other.contact, records, max(since, case.at))
        for case, other, records, since in ((mine[one], others[two], *rest) for one, two, *rest in pairs)
        if not is_same_agency(case.agency, other.agency)
    ]
    return sorted(found, key=lambda row: row.since, reverse=True)
