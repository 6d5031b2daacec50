"""Outside reviewers: somebody from another hotline who is the second person for one case, one request for review or one
block.

They are invited where a hotline has fewer people than the rules require. Each of their answers ends the invitation in
the same transaction.
"""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from django.utils.translation import gettext as _

from leeward.audit.services import hotline_transaction
from leeward.blocklist import services as blocklist_services
from leeward.blocklist.queries.entries import entry_by_id, mark_of_entry
from leeward.casework.appeals.services.appealing import decide_appeal
from leeward.casework.assessment.services.assessing import assess
from leeward.casework.errors import NotForAnOutsider
from leeward.casework.merging.services.merged import numbers_merged_into
from leeward.casework.models import Appeal, Case
from leeward.casework.situations import people_of_cycle, people_with_part
from leeward.casework.steps import let_go, locked_case, note_act
from leeward.foundation.actor import Actor
from leeward.foundation.errors import BadInput, NotFound
from leeward.notices import queries as notices_queries
from leeward.notices.queries import EnteredRow
from leeward.notices.services import confirm_entered
from leeward.people.access import OutsideReviewer
from leeward.people.queries import ReviewRow
from leeward.people.services import demand_read, end_review, invite_reviewer, withdraw_review


def invite_to(subject_kind: str, about: str, *, email: str, actor: Actor) -> int:
    """Invite somebody from another hotline to a case (by its reference), a request for review or an entry (by its
    number).

    Raises NotFound, NotForAnOutsider where it needs no second person now, and whatever `invite_reviewer` raises.
    """
    subject_id, act, firsts = (
        _SUBJECT_KINDS[subject_kind](about) if subject_kind in _SUBJECT_KINDS else _unknown(subject_kind)
    )
    return invite_reviewer(subject_kind, subject_id, email=email, act=act, firsts=firsts, actor=actor)


def is_needed(review: ReviewRow) -> bool:
    """Return whether what somebody is invited to still needs a second person: if not, it is none of theirs any more."""
    try:
        _SUBJECT_KINDS[review.subject_kind](_about(review))
    except NotForAnOutsider:
        return False
    return True


def _about(review: ReviewRow) -> str:
    if review.subject_kind != "case":
        return str(review.subject_id)
    return Case.objects.filter(pk=review.subject_id).values_list("reference", flat=True).first() or ""


def withdraw_invitation_to(review_id: int, *, actor: Actor) -> None:
    """Withdraw an invitation: the visitor loses access, and a case that they hold is released."""
    with hotline_transaction():
        row = withdraw_review(review_id, actor=actor)
        if row.subject_kind != "case":
            return
        case = locked_case(row.subject_id)
        if case.claimed_by_id == row.account_id:
            let_go(case)
            case.save(update_fields=["claimed_by", "claimed_until"])
            note_act("case.returned", case, actor=actor, facts={"holder": row.account_id})


def assess_as_outside_reviewer(reviewer: OutsideReviewer, given: Mapping[str, Any], **assessment: Any) -> str:
    """Submit facts and outcome as the second person, which ends the invitation; return the resulting act of the table.
    Raises as `assess`.
    """
    with hotline_transaction():
        led_to = assess(reviewer.review.subject_id, given, actor=reviewer.actor, **assessment)
        end_review(reviewer.review.id, actor=reviewer.actor)
    return led_to


def answer_as_outside_reviewer(
    reviewer: OutsideReviewer, *, upheld: bool, reasons: str, seen: str | None = None
) -> None:
    """Answer the request for review, which ends the invitation. Raises as `decide_appeal`."""
    _once_and_end(
        reviewer,
        lambda: decide_appeal(
            reviewer.review.subject_id, upheld=upheld, reasons=reasons, actor=reviewer.actor, seen=seen
        ),
    )


def approve_as_outside_reviewer(reviewer: OutsideReviewer, *, seen: str) -> None:
    """Put the proposed entry on its list, which ends the invitation; `seen` is the mark of what was read (`mark_of_entry`).
    Raises EnteredSince, and as `approve_entry`."""
    number = reviewer.review.subject_id
    approve = partial(blocklist_services.approve_entry, number, actor=reviewer.actor)
    _once_and_end(reviewer, lambda: _as_read(number, seen, approve))


def confirm_as_outside_reviewer(reviewer: OutsideReviewer, *, seen: str) -> None:
    """Confirm the police's answer about the case as it was entered, which ends the invitation. Raises as
    `confirm_entered`.
    """
    entered = entered_about(Case.objects.get(pk=reviewer.review.subject_id))
    if entered is None:
        raise NotForAnOutsider
    _once_and_end(reviewer, lambda: confirm_entered(entered.referral_id, seen=seen, actor=reviewer.actor))


def entered_about(case: Case) -> EnteredRow | None:
    """Return the police's answer about a case, or one merged into it, that was entered by hand and waits for a second
    person.
    """
    return notices_queries.entered_for([case.pk, *numbers_merged_into(case.pk)])


def refuse_as_outside_reviewer(reviewer: OutsideReviewer, *, comment: str, seen: str) -> None:
    """Refuse to put the proposed entry on its list, which ends the invitation; `seen` as to approve it. Raises EnteredSince, and
    as `refuse_entry`."""
    number, actor = reviewer.review.subject_id, reviewer.actor
    refuse = partial(blocklist_services.refuse_entry, number, comment=comment, actor=actor)
    _once_and_end(reviewer, lambda: _as_read(number, seen, refuse))


def _as_read(entry_id: int, seen: str, act: Callable[[], object]) -> None:
    demand_read(mark_of_entry(entry_by_id(entry_id)), seen=seen)
    act()


def _once_and_end(reviewer: OutsideReviewer, act: Callable[[], object]) -> None:
    with hotline_transaction():
        act()
        end_review(reviewer.review.id, actor=reviewer.actor)


def _case(about: str) -> tuple[int, str, set[int]]:
    case = Case.objects.filter(reference=about.strip()[:20]).first()
    if case is None:
        raise NotFound(what=_("case"))
    if not case.waits_for_second:
        entered = entered_about(case)
        if entered is None:
            raise NotForAnOutsider
        return case.pk, "referral.confirm", set(entered.by)
    if case.in_adjudication:
        return case.pk, "case.reassign", people_with_part(case)
    return case.pk, "case.assess", people_of_cycle(case)


def _appeal(about: str) -> tuple[int, str, set[int]]:
    appeal = Appeal.objects.select_related("case").filter(pk=_number(about)).first()
    if appeal is None:
        raise NotFound(what=_("appeal"))
    if appeal.state != "open" or appeal.case is None:
        raise NotForAnOutsider
    return appeal.pk, "appeal.decide", people_with_part(appeal.case)


def _entry(about: str) -> tuple[int, str, set[int]]:
    entry = entry_by_id(_number(about))
    if entry.state != "proposed":
        raise NotForAnOutsider
    return entry.pk, "entry.approve", {one for one in (entry.proposed_by_id,) if one is not None}


def _unknown(subject_kind: str) -> tuple[int, str, set[int]]:
    raise BadInput(what=subject_kind[:20], why=_("it is not a case, an appeal or an entry"))


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 18 else 0


_SUBJECT_KINDS: dict[str, Callable[[str], tuple[int, str, set[int]]]] = {
    "case": _case,
    "appeal": _appeal,
    "entry": _entry,
}
