"""What is said of the notice to the host: only days on which it is told, and nothing as under way that isn’t."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from django.db.models import Count, Min, Q
from django.utils.translation import gettext as _

from leeward.backup.queries import is_held
from leeward.jobs.clockwatch import is_in_doubt
from leeward.notices.going_on import TOLD, came_back, goes_on_at, has_no_end, holder_of
from leeward.notices.models import TO_POLICE, Message, NoticeCase, NoticeItem, Referral
from leeward.notices.recipients import host_of, without_recipient
from leeward.notices.rules.ladder import LADDER_KINDS
from leeward.notices.timing import NO_SERVER, short

UNDER_WAY = ("waiting", "sending", "failed")
# The items of which it isn't known whether they told a host, or whoever the ladder tells.
UNSURE = Q(notice__kind__in=LADDER_KINDS, notice__state="sent", notice__sent_at=None)
# It was sent, it isn't known whether it arrived, it goes when a time is over, is being sent, could not be sent so far and is tried
# again, waits for an answer, or for something else.
Fate = Literal["sent", "unknown", "later", "now", "again", "answer", "not_yet"]


@dataclass(frozen=True, slots=True)
class OfHost:
    """What is true of the notice to the host; `goes_on_at`: when the police's time is over; `tried_since` is set where it is tried again;
    `is_held_beside`: the police hold another case about the same address; `is_nothing_sent`: a restoring isn't confirmed; `recipient`: name and
    address of whoever can be told, where nobody was."""

    fate: Fate
    told_at: datetime | None
    goes_on_at: datetime | None
    tried_since: datetime | None
    is_nobody_known: bool
    is_held_beside: bool
    is_nothing_sent: bool
    recipient: tuple[str, str] | None


def of_host(notice_case: NoticeCase, letters: Iterable[Referral], now: datetime, *, decides: bool) -> OfHost:
    """Return what is true of it, whichever of its case's letters to the police (oldest first) is looked at; `decides`: the newest is. No day
    is named while nothing goes out, and what has an end waits for no answer."""
    items = NoticeItem.objects.filter(notice_case=notice_case, round=notice_case.round)
    told_at, may_know = items.aggregate(
        first=Min("notice__sent_at", filter=TOLD), unsure=Count("pk", filter=UNSURE)
    ).values()
    is_held_beside = notice_case.state == "address" or (
        notice_case.state == "untold" and holder_of(notice_case) is not None
    )
    recipient = host_of(notice_case) if told_at is None else None
    is_nobody_known = told_at is None and recipient is None
    is_nothing_sent = is_held()
    ends = None if is_nobody_known else time_over_at([notice_case], letters).get(notice_case.pk)
    goes_on = None if is_nothing_sent else ends
    tried_since = None
    if told_at is not None:
        fate: Fate = "sent"
    elif may_know:
        fate = "unknown"
    elif goes_on is not None:
        fate = "later"
    elif notice_case.state == "open":
        fate, tried_since = ("not_yet", None) if is_nothing_sent else _fate_of_open(notice_case, now)
    else:
        asks = notice_case.state == "police" or (notice_case.state == "untold" and decides and not is_held_beside)
        asks = asks or (notice_case.state == "address" and decides and has_no_end(notice_case))
        fate = "answer" if asks and not is_nobody_known and ends is None else "not_yet"
    return OfHost(fate, told_at, goes_on, tried_since, is_nobody_known, is_held_beside, is_nothing_sent, recipient)


def _fate_of_open(notice_case: NoticeCase, now: datetime) -> tuple[Fate, datetime | None]:
    """Return what is true where nobody waits for the police, and since when it is tried where it is tried again."""
    if notice_case.problem:
        return "not_yet", None
    message = _message_to_host(notice_case)
    if message is not None and message.state == "failed":
        return "again", message.first_try_at
    if message is None and (notice_case.next_at is None or notice_case.next_at > now):
        return "not_yet", None
    # What was due before has no way out, for example because there is no mail server.
    is_late = message is not None and message.next_at <= now - short(NO_SERVER)
    return "not_yet" if is_late else "now", None


def time_over_at(
    notice_cases: Iterable[NoticeCase], known: Iterable[Referral] | None = None, *, doubted: bool | None = None
) -> dict[int, datetime]:
    """Return, by notice case that waits for the police, when their time is over. It says nothing of any while it is in doubt whether the
    clock is right: then no time ends. Three queries at most; `known`: as for `goes_on_at`; `doubted`: where that is known."""
    found = goes_on_at(notice_cases, known)
    return {} if found and (is_in_doubt() if doubted is None else doubted) else found


def case_time_over_at(case_id: int) -> datetime | None:
    """Return the same for the notice case of a case."""
    return next(iter(time_over_at(NoticeCase.objects.filter(case_id=case_id)).values()), None)


def host_due_at(notice_cases: Sequence[NoticeCase]) -> dict[int, datetime]:
    """Return when time alone lets the host be told, by notice case; expects those whose host wasn't told. It says nothing of one where
    nobody is known to tell."""
    due = time_over_at(notice_cases)
    if due and is_held():  # nothing goes out that day
        return {}
    nobody = without_recipient([one for one in notice_cases if one.pk in due]) if due else set()
    return {pk: at for pk, at in due.items() if pk not in nobody}


def _message_to_host(notice_case: NoticeCase) -> Message | None:
    """Return the newest message of the round to the host, or to whoever the ladder tells, that is on its way."""
    items = NoticeItem.objects.filter(notice_case=notice_case, round=notice_case.round, notice__kind__in=LADDER_KINDS)
    ours = Message.objects.filter(kind="notice", subject_id__in=items.values("notice"), state__in=UNDER_WAY)
    return ours.order_by("-pk").first()


def why_no_day(notice_case: NoticeCase, letters: Iterable[Referral], *, was_notified: bool) -> str:
    """Return why a notice case waits for the police and no time of its own ends that, expecting its letters to them and that there is no
    such time; "" if it doesn't. `was_notified`: a host was told in this round."""
    asks = notice_case.state in ("police", "address") if notice_case.tells_police else notice_case.state == "police"
    if not (asks and notice_case.tells_host and has_no_end(notice_case)):
        return ""
    if not notice_case.tells_police and not any(one.state == "held" for one in letters):
        return _(
            "The police may hold this: what they answered may have been lost in a restoring. Until they release it, or the longest hold "
            "would be over, no host is told."
        )
    if was_notified:
        return _(
            "Reminders wait for the police’s answer, and no time ends that: what they said before may have been lost in a restoring."
        )
    return _(
        "The notice waits for the police’s answer, and no time ends that: what they said before may have been lost in a restoring."
    )


def why_case_waits(case_id: int) -> str:
    """Return the same for a case, so that nobody takes it to go on by itself; one query where nothing was ever restored."""
    notice_case = NoticeCase.objects.filter(case_id=case_id).first() if came_back() else None
    if notice_case is None:
        return ""
    letters = Referral.objects.filter(notice_case=notice_case).order_by("pk")
    informed = NoticeItem.objects.filter(TOLD, notice_case=notice_case, round=notice_case.round)
    return why_no_day(notice_case, letters, was_notified=informed.exists())


def why_beside(notice_case: NoticeCase) -> str:
    """Return why a notice case waits for another one about its address; "" if it doesn't."""
    waits = notice_case.state == "address" and notice_case.tells_host
    holder = holder_of(notice_case) if waits else None
    if holder is None:
        return ""
    letters = [*Referral.objects.filter(notice_case=holder, kind__in=TO_POLICE).order_by("pk")]
    reference = {"reference": letters[-1].reference}
    is_held = any(one.state == "held" for one in letters)
    if is_held and has_no_end(NoticeCase.objects.get(pk=holder)):
        return (
            _(
                "The police hold the notice of %(reference)s about the same address, and no time ends that: what they said of it since may "
                "have been lost in a restoring. Until they release it, no host is told about this case."
            )
            % reference
        )
    if is_held:
        return (
            _(
                "The police hold the notice of %(reference)s about the same address. Until that hold is over, no host is told about "
                "this case."
            )
            % reference
        )
    return (
        _(
            "The police may hold the notice of %(reference)s about the same address: what they answered may have been lost in a "
            "restoring. Until they release it, or the longest hold would be over, no host is told about this case."
        )
        % reference
    )
