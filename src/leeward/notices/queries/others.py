"""Whether the police come before others who are told of a case beside its notices, as a hotline abroad is."""

from collections.abc import Collection
from datetime import UTC, datetime

from leeward.jobs.clockwatch import trusted_now
from leeward.notices.going_on import is_held_beside, is_held_itself, may_be_held, newest_referral, standing_of
from leeward.notices.models import NoticeCase
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


def _let_go(notice_case: NoticeCase) -> bool:
    letter = newest_referral(notice_case)
    if letter is None or letter.sent_at is None:
        return False
    if is_free(standing_of(letter)):
        return True
    has_waiting_host = notice_case.tells_host and notice_case.state != "stopped"
    if has_waiting_host or may_be_held(notice_case):
        return False
    return bool(letter.sent_at + police_wait() <= trusted_now(datetime.now(UTC)))
