"""What was sent about an address before, and whether it was seen there since: read from rows whenever a message is made."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import F

from leeward.jobs.clockwatch import is_in_doubt
from leeward.monitoring.queries import watches_of
from leeward.notices.going_on import TOLD, holder_of, may_be_held
from leeward.notices.models import NoticeCase, NoticeItem, Referral
from leeward.notices.recipients import without_recipient
from leeward.notices.rules.claims import Police, SentCounts

HOSTS = ("host", "foreign_host")


@dataclass(slots=True)
class _Sent:
    by_contact: Counter[int] = field(default_factory=Counter)
    by_kind: Counter[str] = field(default_factory=Counter)
    newest: datetime | None = None


def sent_counts_of(
    places: Sequence[tuple[int, int]], *, contact_id: int | None, but_not: int = 0
) -> dict[int, SentCounts]:
    """Return, by case, what was sent since its notice case was opened; `places` are (case, location), `contact_id` is
    the reader (None if nobody was ever written to), `but_not` is the notice being made. Two queries."""
    sent = {case_id: _Sent() for case_id, _location in places}
    found = NoticeItem.objects.filter(
        case_id__in=list(sent), round=F("notice_case__round"), notice__sent_at__isnull=False
    ).exclude(notice__state="dead")
    for item in found.exclude(notice=but_not).exclude(notice_case__state="stopped").select_related("notice"):
        one, at = sent[item.case_id], item.notice.sent_at
        one.by_contact[item.notice.contact_id] += 1
        one.by_kind["host" if item.notice.kind in HOSTS else item.notice.kind] += 1
        one.newest = max(one.newest or at, at) if at else one.newest
    locations = {location for case_id, location in places if sent[case_id].newest}
    watches = watches_of(locations) if locations else {}
    found_before = {}
    for case_id, location in places:
        one, watch = sent[case_id], watches.get(location)
        good = watch.last_good_at if watch is not None and watch.state != "removed" else None
        found_before[case_id] = SentCounts(
            reader=one.by_contact[contact_id] if contact_id is not None else 0,
            host=one.by_kind["host"],
            owner=one.by_kind["owner"],
            is_seen=one.newest is not None and good is not None and good > one.newest,
        )
    return found_before


def stands_with(referral: Referral) -> Police:
    """Return the state with the police and the host when a referral is made; expects its notice case to be loaded."""
    notice_case = referral.notice_case
    notices = NoticeItem.objects.filter(TOLD, notice_case=notice_case, round=notice_case.round)
    tells_host = notice_case.tells_host and referral.kind != "protection"
    return Police(
        tells_host=tells_host,
        host_is_informed=tells_host and notices.exists(),
        was_passed=was_passed(referral.case_id, before=referral.pk),
        was_referred=was_referred(referral.case_id, before=referral.pk),
        time_runs=referral.state != "held" and not may_be_held(notice_case) and _may_time_tell_host(notice_case),
    )


def _may_time_tell_host(notice_case: NoticeCase) -> bool:
    return not is_in_doubt() and not without_recipient([notice_case]) and holder_of(notice_case) is None


def was_passed(case_id: int, *, before: int | None = None) -> bool:
    """Return whether the police were sent the case before anybody had assessed it (`before` this referral)."""
    found = Referral.objects.filter(case_id=case_id, kind="forward", sent_at__isnull=False)
    return (found.filter(pk__lt=before) if before is not None else found).exists()


def was_referred(case_id: int, *, before: int | None = None) -> bool:
    """Return whether the police were sent the case after assessment (`before` this referral)."""
    found = Referral.objects.filter(case_id=case_id, kind="referral", sent_at__isnull=False)
    return (found.filter(pk__lt=before) if before is not None else found).exists()
