"""Both sides of a request for review: what the requester added, and the replies of those who had a part in the case."""

from collections.abc import Iterable

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from leeward.audit.services import hotline_transaction
from leeward.casework.errors import AppealIsSettled, NoPart, RepliedAlready
from leeward.casework.models import Appeal, AppealReply, Assessment, Part
from leeward.casework.steps import had_part, locked_case, note_act, now_utc
from leeward.foundation.actor import Actor
from leeward.foundation.errors import BadInput, NotFound
from leeward.foundation.whole_text import whole
from leeward.intake.queries import relation_of, statement_of, statements_from_outside
from leeward.notices.queries import reasons_of_dispute
from leeward.people.rules.reading import mark_of
from leeward.people.services import authorize, staff_id
from leeward.sealing.fields import opened_rows

MOST_WORDS = 4000


def reply_to_appeal(appeal_id: int, *, text: str, actor: Actor) -> None:
    """Reply to a request for review before it is answered; once, and only by somebody who had a part in the case.

    Raises NoPart, RepliedAlready, AppealIsSettled.
    """
    text = whole(text, MOST_WORDS)
    if not text:
        raise BadInput(what=_("The reply"), why=_("it is empty"))
    with hotline_transaction():
        case_id = Appeal.objects.filter(pk=appeal_id).values_list("case_id", flat=True).first()
        if case_id is None:  # the request doesn't exist or has no case, so nobody had a part in it
            raise NotFound(what=_("appeal"))
        case = locked_case(case_id)
        authorize(actor, "case.assess", case.hotline_id)
        if not had_part(case, actor, ever=True):
            raise NoPart
        if Appeal.objects.get(pk=appeal_id).state != "open":
            raise AppealIsSettled
        if AppealReply.objects.filter(appeal_id=appeal_id, by_id=actor.id).exists():
            raise RepliedAlready
        AppealReply.objects.create(
            hotline_id=case.hotline_id, appeal_id=appeal_id, by_id=staff_id(actor), text=text, at=now_utc()
        )
        note_act("appeal.replied", case, actor=actor, facts={"appeal": appeal_id})


def added_statement(appeal: Appeal) -> str:
    """Return the statement that the requester added, of a host why it disagrees as it has said since; empty where there is none."""
    if appeal.state == "withdrawn":
        return ""
    return _added_by_host(appeal) if appeal.origin == "host" else statement_of(appeal.origin, appeal.origin_id)


def _added_by_host(appeal: Appeal) -> str:
    if appeal.state != "open":  # what it said since nobody has considered
        return ""
    before = earlier_of(appeal)
    reasons = reasons_of_dispute(appeal.origin_id, since=before[-1].decided_at if before else None)
    return reasons.removeprefix(appeal.text).strip()


def mark_of_request(appeal: Appeal, statement: str) -> str:
    """Return a mark of what the requester says, with the statement that was added: whoever answers has read it."""
    return mark_of(appeal.pk, appeal.text, statement)


def earlier_of(appeal: Appeal) -> list[Appeal]:
    """Return the requests that the same requester made about the same before, oldest first, all of them answered."""
    if appeal.round == 1:
        return []
    same = Appeal.objects.filter(origin=appeal.origin, origin_id=appeal.origin_id, round__lt=appeal.round)
    return opened_rows(same.order_by("round"))


def with_statements(appeals: Iterable[Appeal]) -> list[tuple[Appeal, str]]:
    """Return open requests from outside with the statement added to each, in at most two queries."""
    listed = list(appeals)
    statements = statements_from_outside([one.origin_id for one in listed]) if listed else {}
    return [(one, statements.get(one.origin_id, "")) for one in listed]


def relation_label(appeal: Appeal) -> str:
    """Return how a requester from outside says they are related to the content; empty for a reporter."""
    return relation_of(appeal.origin_id) if appeal.origin == "outside" else ""


def replies_to(appeal_id: int) -> list[AppealReply]:
    """Return every reply with its author, oldest first."""
    return opened_rows(AppealReply.objects.select_related("by").filter(appeal_id=appeal_id).order_by("id"))


def appeals_to_reply(person_id: int) -> QuerySet[Appeal]:
    """Return the open requests for review of cases in which this person had a part and to which they have not replied."""
    mine = {"case_id": OuterRef("case_id"), "by": person_id}
    took_part = Exists(Assessment.objects.filter(**mine)) | Exists(Part.objects.filter(**mine))
    replies = AppealReply.objects.filter(appeal_id=OuterRef("pk"), by=person_id)
    rows = Appeal.objects.select_related("case").filter(took_part, state="open")
    return rows.exclude(Exists(replies)).order_by("due_at")
