"""Whether the police come before others who are told of a case beside its notices, as a hotline abroad is."""

from collections.abc import Collection
from datetime import UTC, datetime

from django.db.models import Max, Min

from leeward.hosting.queries import address_key_of
from leeward.jobs.clockwatch import trusted_now
from leeward.notices.going_on import (
    deciding,
    has_left_or_will,
    holds_at,
    is_held_beside,
    is_held_itself,
    may_be_held,
    newest_referral,
    standing_of,
)
from leeward.notices.models import TO_POLICE, NoticeCase
from leeward.notices.rules.answers import is_free
from leeward.notices.timing import police_wait


def others_wait(case_ids: Collection[int]) -> dict[int, bool]:
    """Return, by case, whether nobody else may be told of it, as no host may: the police don't have it, had no time to answer, or hold it
    or another case about its address. Where no host waits, they have nothing to release: then the same time has to pass since they have
    it. A case of which the police were not to be told, and that they don't hold, has no entry."""
    notice_cases = NoticeCase.objects.filter(case_id__in=list(case_ids))
    held = set(notice_cases.filter(is_held_itself() | is_held_beside()).values_list("pk", flat=True))
    return {
        one.case_id: one.pk in held or not _let_go(one) for one in notice_cases if one.tells_police or one.pk in held
    }


def is_address_held(location_id: int, country: str) -> bool:
    """Return whether the police of a country hold a case about an address, or may hold one since a restoring, for a case that nobody is told
    of."""
    return holds_at(address_key_of(location_id), country).exists()


def _let_go(notice_case: NoticeCase) -> bool:
    now, newest = datetime.now(UTC), newest_referral(notice_case)
    letter = deciding(notice_case, newest, now)
    if letter is None or newest is None or not has_left_or_will(newest):
        return False
    if is_free(standing_of(letter)):
        return True
    has_waiting_host = notice_case.tells_host and notice_case.state != "stopped"
    if has_waiting_host or may_be_held(notice_case):
        return False
    had = notice_case.referrals.filter(kind__in=TO_POLICE, round=newest.round, sent_at__isnull=False)
    times: dict[str, datetime | None] = had.aggregate(first=Min("sent_at"), last=Max("sent_at"))
    if times["first"] is None or times["last"] is None:
        return False
    # As a host does, they wait for what is said later for one time more, however often more comes in.
    ends = min(times["last"] + police_wait(), times["first"] + 2 * police_wait())
    return bool(ends <= trusted_now(now))
