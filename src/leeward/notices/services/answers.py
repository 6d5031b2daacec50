"""A contact's answers about the addresses of a notice."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.utils.translation import gettext as _

from leeward.audit.services import hotline_transaction, record
from leeward.foundation.actor import Actor
from leeward.foundation.errors import BadInput, NotFound
from leeward.hosting import services as hosting_services
from leeward.jobs.services import publish_event
from leeward.monitoring import services as monitoring_services
from leeward.notices.errors import AnswerNeedsDetail, NoRoomForAnswers
from leeward.notices.models import Notice, NoticeItem
from leeward.notices.queries.unheard import is_unheard
from leeward.notices.rules.answers import ANSWERS, has_room_for, needs_detail, with_room
from leeward.notices.rules.plain_text import clean
from leeward.notices.services import measuring
from leeward.notices.services.redirecting import note_wrong_contact
from leeward.payments.rules.masking import without_card_numbers

MOST_DETAIL = 2000
MOST_EARLIER = 100  # beside the current one, without those with words and what is yet to be looked at


@dataclass(frozen=True, slots=True)
class Given:
    """One answer: the address, the answer, and the details that some answers need."""

    item_id: int
    answer: str
    detail: str = ""


def answer_notice(notice_id: int, given: Sequence[Given], *, actor: Actor) -> int:
    """Record answers about addresses of this notice; return how many were new. Either all or none are recorded. Raises
    NoRoomForAnswers where words don't fit; without words an answer always does, so that whoever else has the link can't shut a host out."""
    now = datetime.now(UTC)
    taken = 0
    with hotline_transaction():
        notice = Notice.objects.select_for_update().filter(pk=notice_id).first()
        if notice is None:
            raise NotFound(what=_("notice"))
        items = {item.pk: item for item in notice.items.select_related("notice__contact", "notice_case").order_by("pk")}
        for one in given:
            item = items.get(one.item_id)
            if item is None or one.answer not in ANSWERS:
                raise BadInput(
                    what=_("answer"), why=_("it names an address or an answer that this notice doesn't have")
                )
            taken += _take(item, one, actor, now)
        if taken:
            measuring.seen_alive(notice.contact_id)
    return taken


def _take(item: NoticeItem, given: Given, actor: Actor, now: datetime) -> bool:
    detail = without_card_numbers(clean(given.detail))[:MOST_DETAIL]
    if given.answer == "none":
        return False
    if needs_detail(given.answer) and not detail:
        raise AnswerNeedsDetail
    moved_to = detail if given.answer == "moved" else ""
    note = "" if given.answer == "moved" else detail
    if (item.answer, item.note, item.moved_to) == (given.answer, note, moved_to):
        return False
    was = item.answer
    if item.answered_at is not None:
        before = {"answer": was, "note": item.note, "moved_to": item.moved_to, "at": item.answered_at.isoformat()}
        if not has_room_for(detail, [*item.earlier, before]):
            raise NoRoomForAnswers
        item.earlier = with_room(_with_earlier(item, before), MOST_EARLIER)
    item.answer, item.note, item.moved_to, item.answered_at = given.answer, note, moved_to, now
    item.save(update_fields=["answer", "note", "moved_to", "answered_at", "earlier"])
    facts = {"item": item.pk, "case": item.case_id, "answer": item.answer}
    subject = f"notice:{item.notice_id}"
    record("notice.answered", actor=actor, hotline_id=item.hotline_id, subject=subject, facts=facts)
    publish_event("notice.answered", subject_id=item.pk, hotline_id=item.hotline_id)
    if item.answer == "disputed":
        publish_event("notice.disputed", subject_id=item.pk, hotline_id=item.hotline_id)
    elif item.answer in ("removed", "moved"):
        monitoring_services.check_soon(item.location_id)
    elif item.answer == "suspended":
        hosting_services.locate_soon(item.location_id, hotline_id=item.hotline_id)
    if "wrong_contact" in (was, item.answer):
        note_wrong_contact(item, now)
    return True


def _with_earlier(item: NoticeItem, before: dict[str, str]) -> list[dict[str, Any]]:
    """Return the earlier answers and the one before. While what was answered is still to be looked at, that one is marked; once it was,
    none is."""
    if is_unheard(item.pk):
        return [*item.earlier, before | {"unheard": True}]
    return [*({name: one[name] for name in one if name != "unheard"} for one in item.earlier), before]
