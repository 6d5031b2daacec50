"""Requests for review: who may decide them, and what a decision changes."""

from collections.abc import Collection, Mapping
from typing import Literal

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from leeward.audit.services import hotline_transaction
from leeward.blocklist import queries as blocklist_queries
from leeward.blocklist import services as blocklist_services
from leeward.casework.acting.services.following import finish_if_gone
from leeward.casework.acting.services.reporter_updates import tell_reporters
from leeward.casework.appeals.services import unplaced
from leeward.casework.appeals.services.hearing import added_statement, mark_of_request
from leeward.casework.assessment.rules.second_assessment import ILLEGAL
from leeward.casework.errors import AppealIsSettled, SecondAssessmentNeedsOther
from leeward.casework.merging.services.merged import merged_into_it, where_work_goes_on
from leeward.casework.models import Appeal, Case, CaseItem
from leeward.casework.queue.queries.search import cases_named
from leeward.casework.rules.states import STATES, Stage
from leeward.casework.rules.transitions import transition
from leeward.casework.situations import people_with_part, police_are_owed
from leeward.casework.steps import had_part, let_go, locked_case, note_act, now_utc, start_over, take_step
from leeward.clocks.queries import due_for
from leeward.exchange import services as exchange_services
from leeward.foundation.actor import SYSTEM, Actor
from leeward.foundation.errors import BadInput, NotFound
from leeward.hosting import queries as hosting_queries
from leeward.intake import queries as intake_queries
from leeward.intake import services as intake_services
from leeward.intake.queries import OutsideAppealRow
from leeward.jobs.services import erased, publish_event
from leeward.monitoring import services as monitoring_services
from leeward.notices import services as notices_services
from leeward.notices.queries import is_told_to_stand, reasons_of_dispute
from leeward.notices.rules.answers import MOST_REVIEWS
from leeward.people.errors import EnteredSince
from leeward.people.queries import portal
from leeward.people.services import authorize, demand_second
from leeward.sealing.services import forget

OVERTURNED = 16
DESK = "desk"  # who asks where the desk itself doubts a decision (`doubting.py`)
MET_A_BLOCK = ("provider", "visitor")
WHO_HAVE_IT = ("owner", "host")


def open_appeal(case_id: int, *, origin: str, origin_id: int, text: str, round_: int = 1) -> int | None:
    """Keep a request for review and flag the case; the same request twice counts once. Return the appeal's number, or
    None if it already existed. `round_`: which request of theirs it is, where they may ask again.
    """
    with hotline_transaction():
        case = locked_case(where_work_goes_on(case_id))
        now = now_utc()
        appeal, is_new = Appeal.objects.get_or_create(
            case_id=case.pk,
            origin=origin,
            origin_id=origin_id,
            round=round_,
            defaults={
                "hotline_id": case.hotline_id,
                "portal_id": case.portal_id,
                "text": text,
                "asked_at": now,
                "due_at": due_for(portal(case.portal_id), "appeal", now),
            },
        )
        if not is_new:
            return None
        case.appealed = True
        case.save(update_fields=["appealed"])
        note_act("appeal.opened", case, actor=SYSTEM, facts={"appeal": appeal.pk, "origin": origin})
        unplaced.tell_if_nobody_may_answer(appeal, people_with_part(case))
    return appeal.pk


def reporter_asks(report_id: int, review_id: int, text: str) -> None:
    """Open a reporter's request for review for every closed case of the report, or, if none is closed any more, for the
    cases it is in. A person answers in any case, even where there is no case.
    """
    items = [item.id for item in intake_queries.items_of(report_id)]
    joined = CaseItem.objects.filter(item_id__in=items).values_list("case_id", flat=True)
    cases = Case.objects.filter(pk__in=joined)
    about = list(cases.filter(state="closed").values_list("id", flat=True)) or list(cases.values_list("id", flat=True))
    for case_id in about:
        open_appeal(case_id, origin="reporter", origin_id=review_id, text=text)
    if not about:
        portal_id = intake_queries.report(report_id).portal_id
        unplaced.open_unplaced(portal_id, origin="reporter", origin_id=review_id, text=text, asked_at=now_utc())


def host_asks(case_id: int, item_id: int) -> None:
    """Open a request for review by a host that disagrees about an address of a notice. Where the decision stood, it may ask again with reasons
    that it hadn't given, a few times; once it was withdrawn there is nothing to ask."""
    last = Appeal.objects.filter(origin="host", origin_id=item_id).order_by("-round").first()
    if last is None:
        open_appeal(case_id, origin="host", origin_id=item_id, text=reasons_of_dispute(item_id))
    elif (
        last.state == "rejected"
        and last.round < MOST_REVIEWS
        and (reasons := reasons_of_dispute(item_id, since=last.decided_at))
    ):
        open_appeal(case_id, origin="host", origin_id=item_id, text=reasons, round_=last.round + 1)


def forget_words_of(report_id: int) -> None:
    """Delete what a reporter wrote in requests for review after they withdrew the report; the requests stay."""
    _forget_words("reporter", [row.id for row in intake_queries.reviews_of(report_id)])


def _forget_words(origin: str, numbers: Collection[int]) -> None:
    with hotline_transaction():
        rows = Appeal.objects.filter(origin=origin, origin_id__in=numbers).exclude(text="")
        forget(rows, "text")
        if rows.update(text=""):
            erased(Appeal)


def outsider_asks(outside_id: int) -> None:
    """Open a request from outside to review an address: its case, and any block of it on a list.

    Somebody who met a block (an internet provider, a visitor of the stop page) asks about the block alone. Where there
    is neither a case nor a block, a person reads it all the same.
    """
    request = intake_queries.outside_appeal(outside_id)
    if request.withdrawn_at is not None or request.state != "received":
        return
    case_ids = _cases_of_others(request)
    blocks = blocklist_services.open_block_appeals(
        outside_id,
        address=request.display,
        relation=request.relation,
        text=request.text,
        hotline_id=request.hotline_id,
        portal_id=request.portal_id,
        due_at=due_for(portal(request.portal_id), "appeal", now_utc()),
    )
    if Appeal.objects.filter(origin="outside", origin_id=outside_id).exists():
        return  # already handled
    if case_ids and not (blocks and request.relation in MET_A_BLOCK):
        for case_id in case_ids:
            open_appeal(case_id, origin="outside", origin_id=outside_id, text=request.text)
    elif not blocks:
        unplaced.open_unplaced(
            request.portal_id, origin="outside", origin_id=outside_id, text=request.text, asked_at=request.received_at
        )


def outsider_adds(outside_id: int) -> None:
    """Copy what the requester added, in full, to everything that is still unanswered."""
    request = intake_queries.outside_appeal(outside_id)
    if request.withdrawn_at is not None:
        return
    with hotline_transaction():
        rows = Appeal.objects.filter(origin="outside", origin_id=outside_id, state="open")
        forget(rows, "text")
        for row in rows:
            Appeal.objects.filter(pk=row.pk).update(text=request.text)  # each gets a key of its own
        blocklist_services.follow_block_appeals(outside_id, text=request.text)


def _cases_of_others(request: OutsideAppealRow) -> list[int]:
    """Return the case of the address, else those that a reference from one of our messages names, unless nothing but
    their own report is in it. A message about many cases names none: a person works out which is meant.
    """
    location_id = hosting_queries.find_location(kind=request.kind, comparable=request.comparable)
    there = list(Case.objects.filter(location_id=location_id or 0).values_list("pk", flat=True))
    for found in (there, cases_named(request.typed)):
        merged = dict.fromkeys(where_work_goes_on(case_id) for case_id in found[: unplaced.MOST_NEAR + 1])
        case_ids = [case_id for case_id in merged if unplaced.has_others(case_id, request.report_id)]
        if case_ids:
            return case_ids if len(found) <= unplaced.MOST_NEAR else []
    return []


def outsider_withdraws(outside_id: int) -> None:
    """Settle a withdrawn request: its words are deleted, also where it was answered, and nobody needs to answer it."""
    _forget_words("outside", [outside_id])
    blocklist_services.withdraw_block_appeals(outside_id)
    unplaced.withdraw_unplaced("outside", outside_id)
    mine = Appeal.objects.filter(origin="outside", origin_id=outside_id, case__isnull=False)
    case_ids = mine.values_list("case_id", flat=True)
    for case_id in list(case_ids):
        with hotline_transaction():
            case = locked_case(case_id)
            mine = Appeal.objects.filter(case_id=case_id, origin="outside", origin_id=outside_id, state="open")
            if not mine.update(state="withdrawn", decided_at=now_utc()):
                continue
            case.appealed = Appeal.objects.filter(case_id=case_id, state="open").exists()
            case.save(update_fields=["appealed"])
            note_act("appeal.withdrawn", case, actor=SYSTEM, facts={"origin": "outside"})
            finish_if_gone(case)


def decide_appeal(
    appeal_id: int,
    *,
    upheld: bool,
    reasons: str,
    actor: Actor,
    alike: Mapping[int, str] | None = None,
    seen: str | None = None,
) -> None:
    """Answer a request for review, and those from others outside about the same case that are `alike`. The actor needs
    the role and must never have had a part in the case. Raises EnteredSince where a requester says more than was `seen`, or
    is given for one `alike` (`mark_of_request`): what nobody has read would count as answered.

    If it is upheld, a closed case goes back into the queue, and where it was illegal and its host or owner asked, everybody who was
    told is informed; one that was acted on is closed, and what runs outside is stopped; an urgent one that the police still
    have to answer also goes back into the queue. If it is rejected, everything stays as it is.
    """
    if not reasons.strip():
        raise BadInput(what=_("The answer"), why=_("it has no reasons"))
    with hotline_transaction():
        case_id = Appeal.objects.filter(pk=appeal_id).values_list("case_id", flat=True).first()
        if case_id is None:
            raise NotFound(what=_("appeal"))
        case = locked_case(case_id)
        appeal = Appeal.objects.get(pk=appeal_id)
        authorize(actor, "appeal.decide", case.hotline_id)
        decided = [appeal, *others_like(appeal).filter(pk__in=alike or ())]
        if any(had_part(case, actor, ever=True, asked_at=one.asked_at) for one in decided):
            raise SecondAssessmentNeedsOther
        if appeal.state != "open":
            raise AppealIsSettled
        read = {**(alike or {}), **({} if seen is None else {appeal.pk: seen})}
        if any(mark_of_request(one, added_statement(one)) != read[one.pk] for one in decided if one.pk in read):
            raise EnteredSince
        demand_second(actor, people_with_part(case) - {actor.id}, act="appeal.decide")
        for one in decided:
            one.state = "upheld" if upheld else "rejected"
            one.decided_by_id, one.decided_at, one.reasons = actor.id, now_utc(), reasons.strip()
            one.save()
        case.appealed = Appeal.objects.filter(case_id=case.pk, state="open").exists()
        if upheld:
            _change_course(case, appeal, actor)
        case.save()
        for one in decided:
            _tell_answer(case, one, actor)
        tell_reporters(case)
        finish_if_gone(case)


def others_like(appeal: Appeal) -> QuerySet[Appeal]:
    """Return the other open requests from outside about the same case, oldest first: one answer may cover all of them."""
    if appeal.case_id is None:
        return Appeal.objects.none()
    rows = Appeal.objects.filter(case_id=appeal.case_id, origin="outside", state="open")
    return rows.exclude(pk=appeal.pk).order_by("id")


def _tell_answer(case: Case, appeal: Appeal, actor: Actor) -> None:
    _tell_origin(appeal, actor)
    facts = {"appeal": appeal.pk, "origin": appeal.origin, "upheld": appeal.state == "upheld"}
    note_act("appeal.decided", case, actor=actor, facts=facts)
    publish_event("appeal.answered", subject_id=appeal.pk, hotline_id=case.hotline_id)


def _change_course(case: Case, appeal: Appeal, actor: Actor) -> None:
    reasons = appeal.reasons
    if (
        case.state == "closed"
        and case.close_reason == OVERTURNED
        and (case.closed_at or appeal.asked_at) > appeal.asked_at
    ):
        return  # another request with the same text was answered first
    if transition(case.state, "overturn"):
        was_acting = runs_outside(case, case.state)
        if police_are_owed(case):  # the decision is revoked, and the urgent work goes on
            take_step(case, "overturn_urgent", actor=actor, reason=reasons)
            start_over(case)
        else:
            take_step(case, "overturn", actor=actor, reason=reasons)
            case.outcome, case.close_reason, case.close_comment = "not_illegal", OVERTURNED, reasons.strip()
            case.closed_at = now_utc()
            let_go(case)
        stop_outside(case, was_acting=was_acting, actor=actor)
    elif is_doubted(case, appeal):
        if case.outcome == ILLEGAL:
            case.outcome = "not_illegal"
        stop_outside(case, was_acting=True, actor=actor)
    elif transition(case.state, "reopen"):
        is_wrong = is_revoked_by(case, appeal)
        take_step(case, "reopen", actor=SYSTEM, reason=reasons)
        start_over(case)
        if is_wrong:
            stop_outside(case, was_acting=True, actor=actor)


def course_after(case: Case, appeal: Appeal) -> Literal["ends", "revoked", "again", "doubted", "none"]:
    """Return what becomes of a case if this request is upheld: it ends as not illegal, its decision is revoked and it is assessed again, only
    that, an earlier decision is revoked and it stays as it is, or nothing, since nothing is decided about it now."""
    if transition(case.state, "overturn"):
        was_passed = case.urgent or case.passed_at is not None  # else nothing is asked of the database
        if not (was_passed and police_are_owed(case)):
            return "ends"
        return "revoked" if runs_outside(case, case.state) else "again"
    if is_doubted(case, appeal):
        return "doubted"
    if not transition(case.state, "reopen"):
        return "none"
    return "revoked" if is_revoked_by(case, appeal) else "again"


def is_revoked_by(case: Case, appeal: Appeal) -> bool:
    """Return whether the decision of a case that is over was wrong if this request is upheld: whoever has the content says so. Others may
    mean that it is there still, and then all that was told stands."""
    if case.state != "closed" or case.outcome != ILLEGAL:
        return False
    is_theirs = appeal.origin == "outside" and intake_queries.outside_appeal(appeal.origin_id).relation in WHO_HAVE_IT
    return appeal.origin == "host" or is_theirs


def is_doubted(case: Case, appeal: Appeal) -> bool:
    """Return whether the desk itself asks whether the earlier decision of a case was wrong that is over, or assessed anew: it stays where it
    is, whatever the answer."""
    return appeal.origin == DESK and transition(case.state, "overturn") is None


def runs_outside(case: Case, state: str) -> bool:
    """Return whether anything outside rests on the decision of a case in this state: it was acted on; or it was only decided anew, and those
    who were told of the decision before believe that one."""
    return STATES[state].stage in (Stage.ACTED, Stage.OVER) or is_told_to_stand([case.pk])


def stop_outside(case: Case, *, was_acting: bool, actor: Actor, was_wrong: bool = True) -> None:
    """Stop what runs outside for a case that is no longer illegal, and for those merged into it: blocks, notices, checks, and reports
    to other hotlines that haven't arrived. If the decision `was_wrong`, everybody who was told is informed, other hotlines too.
    """
    merged = merged_into_it(case)
    for one in (case, *merged) if was_acting else merged:
        (notices_services.withdraw_after_review if was_wrong else notices_services.withdraw)(one.pk)
        monitoring_services.stop_watching(one.location_id, actor=actor)
    exchange_services.keep_back([one.pk for one in (case, *merged)])
    if was_wrong:
        exchange_services.say_withdrawn([one.pk for one in (case, *merged)])
    for one in (case, *merged):
        blocklist_services.remove_of_case(one.pk, actor=actor)


def _tell_origin(appeal: Appeal, actor: Actor) -> None:
    """Send the answer to the requester once every case they asked about is answered."""
    if appeal.origin == "outside":
        settle_outside(appeal.origin_id, actor=actor)
        return
    same = Appeal.objects.filter(origin=appeal.origin, origin_id=appeal.origin_id)
    states = set(same.values_list("state", flat=True))
    if appeal.origin == "host" and appeal.state == "rejected":
        notices_services.stand_by(appeal.origin_id, reasons=appeal.reasons)
    if appeal.origin == "reporter" and "open" not in states:
        upheld = "upheld" in states
        intake_services.settle_review(
            appeal.origin_id, upheld=upheld, reasons=_reasons(same, upheld=upheld), actor=actor
        )


def _reasons(same: QuerySet[Appeal], *, upheld: bool) -> str:
    """Return the reasons that the requester reads: those of the cases with the result that they are told, each once."""
    rows = same.filter(state="upheld" if upheld else "rejected").exclude(reasons="").order_by("id")
    return "\n\n".join(dict.fromkeys(rows.values_list("reasons", flat=True)))


def settle_outside(outside_id: int, *, actor: Actor = SYSTEM) -> None:
    """Send the answer to a requester from outside once everything they asked about is answered, cases and blocks alike."""
    same = Appeal.objects.filter(origin="outside", origin_id=outside_id)
    states = set(same.values_list("state", flat=True)) | blocklist_queries.appeal_states(outside_id)
    if states and "open" not in states and states != {"withdrawn"}:
        upheld = bool(states & {"upheld", "lifted"})
        reasons = [_reasons(same, upheld=upheld), *blocklist_queries.appeal_reasons(outside_id)]
        given = "\n\n".join(dict.fromkeys(part for part in reasons if part))
        intake_services.settle_appeal(outside_id, upheld=upheld, reasons=given, actor=actor)
