"""Whether the police come before others who are told of a case beside its notices, as a hotline abroad or a payment firm is."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import UTC, datetime

from django.db.models import QuerySet

from leeward.hosting.queries import address_key_of
from leeward.hosting.rules.address import recognise
from leeward.hosting.rules.keys import key_of
from leeward.jobs.clockwatch import trusted_now
from leeward.notices.going_on import (
    came_back,
    deciding,
    has_left_or_will,
    holds_at,
    is_held_beside,
    is_held_itself,
    may_be_held,
    standing_of,
)
from leeward.notices.models import TO_POLICE, NoticeCase, Referral
from leeward.notices.rules.answers import FREE, is_free
from leeward.notices.rules.payments import Gate, gate_of
from leeward.notices.timing import police_wait


def others_wait(case_ids: Collection[int]) -> dict[int, bool]:
    """Return, by case, whether nobody else may be told of it, as no host may: the police don't have it, had no time to answer, or hold it
    or another case about its address. Where no host waits, they have nothing to release: then the same time has to pass since they have
    it. A case of which the police were not to be told, and that they don't hold, has no entry. A few queries, however many cases, where
    nothing was restored and nobody reports again and again."""
    notice_cases = NoticeCase.objects.filter(case_id__in=list(case_ids))
    return {one.case_id: waits for one, is_held, waits in _standings(notice_cases) if one.tells_police or is_held}


def gates_of(case_ids: Collection[int]) -> dict[int, Gate]:
    """Return how each case stands with the police for a payment firm, which waits as all others do. A case about which nobody was to be told
    has no entry."""
    notice_cases = NoticeCase.objects.filter(case_id__in=list(case_ids))
    return {
        one.case_id: gate_of(is_held=is_held, waits=waits if one.tells_police else None, is_open=one.state == "open")
        for one, is_held, waits in _standings(notice_cases)
    }


def _standings(notice_cases: QuerySet[NoticeCase]) -> list[tuple[NoticeCase, bool, bool]]:
    """Return each with whether the police hold it or another case about its address, and whether others wait for that or for their time."""
    held = set(notice_cases.filter(is_held_itself() | is_held_beside()).values_list("pk", flat=True))
    found = list(notice_cases)
    letters = defaultdict[int, list[Referral]](list)
    of_them = Referral.objects.filter(notice_case__in=[one.pk for one in found], kind__in=TO_POLICE)
    for letter in of_them.select_related("portal").order_by("pk"):
        letters[letter.notice_case_id].append(letter)
    now = datetime.now(UTC)
    trusted, was_restored = trusted_now(now), came_back()
    standings = []
    for one in found:
        of_round = [letter for letter in letters[one.pk] if letter.round == one.round]
        over = _is_over(one, of_round, trusted)
        waits = one.pk in held or not (
            _let_go(one, of_round, now) or (over and not (was_restored and may_be_held(one)))
        )
        standings.append((one, one.pk in held, waits))
    return standings


def is_address_held(location_id: int, country: str) -> bool:
    """Return whether the police of a country hold a case about an address, or may hold one since a restoring, for a case that nobody is told
    of."""
    return holds_at(address_key_of(location_id)).filter(portal__country=country).exists()


def held_among(addresses: Collection[str]) -> set[str]:
    """Return for which of these addresses, as they are written, the same is so of the police of whichever country. As many queries for many
    as for one."""
    keys = {address: {key_of(one.kind, one.comparable) for one in recognise(address)} for address in addresses}
    if not keys:
        return set()
    held = set(holds_at(*set().union(*keys.values())).values_list("notice_case__address_key", flat=True))
    return {address for address in keys if keys[address] & held}


def _let_go(notice_case: NoticeCase, letters: Sequence[Referral], now: datetime) -> bool:
    """Return whether the police, or the end of their time, let others be told of a case, by the letters of its round, oldest first."""
    newest = letters[-1] if letters else None
    if newest is None or is_free(standing_of(newest)):
        return newest is not None
    return any(letter.state in FREE for letter in letters) and deciding(notice_case, newest, now) != newest


def _is_over(notice_case: NoticeCase, letters: Sequence[Referral], now: datetime) -> bool:
    """Return whether their time is over where no host waits for it. As a host does, others wait for what is written later for one time more,
    however often more comes in; and the time of one country's police ends none of another's. What was only passed on, before anybody
    decided who is told, took none of it."""
    has_waiting_host = notice_case.tells_host and notice_case.state != "stopped"
    if has_waiting_host or not letters or not has_left_or_will(letters[-1]):
        return False
    country, had = letters[-1].portal.country, defaultdict[str, list[datetime]](list)
    for letter in [one for one in letters if one.kind != "forward"] or letters:
        if letter.sent_at is not None and (letter.portal.country == country or letter.state not in FREE):
            had[letter.portal.country].append(letter.sent_at)
    ends = (min(max(times) + police_wait(), min(times) + 2 * police_wait()) for times in had.values())
    return country in had and all(end <= now for end in ends)
