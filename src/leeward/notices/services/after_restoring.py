"""What may have gone before something was restored or moved here is left to a person."""

from collections.abc import Collection
from datetime import datetime

from leeward.backup.queries import was_moved
from leeward.jobs.services import cancel
from leeward.notices.models import Message, Notice, Referral
from leeward.notices.queries.payments import cases_of_alert
from leeward.notices.rules.delivery import MOVED, PUT_BACK, RESTORED
from leeward.notices.services import away, outbox, police_first
from leeward.notices.services.delivery import end

OUR_OWN = ("staff", "alert")


def leave_unsure(
    now: datetime,
    *,
    new_cases: Collection[int] = (),
    among: Collection[int] | None = None,
    as_of: datetime | None = None,
) -> int:
    """Leave to a person every message that may have gone before what was restored or moved here, except those about these cases
    alone, which nobody can have heard of; return how many. What is for our own staff goes. `among`: only of these messages, which were
    put back. `as_of`: when something was restored, so that letters to the police that were written since count as of before it, too: they
    may hold these cases.
    In the hotline's scope and in the caller's transaction."""
    open_ones = Message.objects.select_for_update().filter(state__in=(*outbox.UNSENT, "sending"))
    if among is not None:
        open_ones = open_ones.filter(pk__in=among)
    left = 0
    for message in open_ones.exclude(kind__in=OUR_OWN).order_by("pk"):
        about = _cases_of(message)
        if about and about <= set(new_cases):
            continue
        message.problem, message.code = _why(is_put_back=among is not None), None
        if message.state == "failed" and outbox.is_open(message):
            message.sending_since = None  # that try failed: only what was on its way then counts as tried
        end(message, "unsure", now)
        away.follow(message, "unsure", now)
        if as_of is not None and message.kind == "referral":
            letters = [letter.pk for letter in outbox.referrals_in(message)]
            police_first.date_letters_before(as_of, Referral.objects.filter(pk__in=letters))
        cancel(outbox.DELIVER, subject_id=message.pk, hotline_id=message.hotline_id)
        left += 1
    return left


def _why(*, is_put_back: bool) -> str:
    if is_put_back:
        return PUT_BACK
    return MOVED if was_moved() else RESTORED


def _cases_of(message: Message) -> set[int]:
    if message.kind == "notice":
        return set(Notice.objects.filter(pk=message.subject_id).values_list("items__case_id", flat=True))
    if message.kind == "payment":
        return set(cases_of_alert(message.subject_id))
    if message.kind == "reply":
        return set()  # an answer to somebody who wrote: to something older
    return {referral.case_id for referral in outbox.referrals_in(message)}
