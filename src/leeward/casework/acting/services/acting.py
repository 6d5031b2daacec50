"""What follows from a decision: notifying, closing, reopening, and the small acts beside it."""

from collections.abc import Collection, Mapping
from typing import Any

from django.utils.translation import gettext as _

from leeward.audit.services import hotline_transaction
from leeward.blocklist import services as blocklist_services
from leeward.casework.acting.rules import undoing
from leeward.casework.acting.rules.plan import WATCHED_KINDS, Follows
from leeward.casework.acting.services.case_briefs import follows_for, make_brief, quiet_among
from leeward.casework.acting.services.reporter_updates import tell_reporters
from leeward.casework.acting.services.undoing import after_grace_period, as_it_is, done
from leeward.casework.appeals.services.doubting import doubt_decision
from leeward.casework.assessment.services.drafts import NOTE, QUESTION, discard_draft_text
from leeward.casework.errors import WrongReason
from leeward.casework.merging.services.merged import merged_into_it, places_still_up
from leeward.casework.models import Case, CaseItem, Note
from leeward.casework.queries import REFETCH
from leeward.casework.queue.services.places import note_place
from leeward.casework.rules.reasons import REASONS, denies_decision, needs_comment
from leeward.casework.rules.states import STATES, Stage
from leeward.casework.steps import (
    demand_holder,
    let_go,
    locked_case,
    note_act,
    now_utc,
    renew_claim,
    start_over,
    take_step,
)
from leeward.foundation.actor import SYSTEM, Actor
from leeward.foundation.errors import BadInput, NotFound
from leeward.foundation.whole_text import whole
from leeward.hosting import queries as hosting_queries
from leeward.hosting import services as hosting_services
from leeward.intake import queries as intake_queries
from leeward.intake import services as intake_services
from leeward.jobs.services import schedule
from leeward.monitoring import services as monitoring_services
from leeward.notices import services as notices_services
from leeward.people.errors import PortalIsRecord
from leeward.people.queries import hotline, portal
from leeward.people.services import authorize

MOST_WORDS = 10_000


def act(case_id: int, *, actor: Actor, beside: Collection[int] = ()) -> Follows:
    """Tell everybody named in the plan, police first, and watch the location from now on. The actor must hold the case.
    `beside` are cases acted on in the same transaction: what goes to the same police goes in one message.
    """
    with hotline_transaction():
        case = locked_case(case_id)
        demand_holder(case, actor)
        return _carry_out(case, actor, beside)


def act_on_known(case_id: int) -> None:
    """Tell everybody named in the plan when the record of a known file has decided the case. That the police are not told is
    for a person to carry out: such a case waits. Idempotent."""
    with hotline_transaction():
        case = locked_case(case_id)
        if case.state == "decided" and case.claimed_by_id is None and not quiet_among([case]):
            _carry_out(case, SYSTEM)


def _carry_out(case: Case, actor: Actor, beside: Collection[int] = ()) -> Follows:
    again, before = case.state != "decided", as_it_is(case)
    take_step(case, "act_again" if again else "act", actor=actor)
    where = hosting_queries.whereabouts(case.location_id)
    plan = follows_for(case, where, hotline(case.hotline_id))
    if case.returned or not again:  # else it goes on: the host is told of what the police have
        case.police_told_at = case.host_told_at = None
    case.acted_by_id, case.returned = actor.id, False
    case.passed_at = now_utc() if case.urgent else case.passed_at
    let_go(case)
    case.save()
    logged = {"police": plan.plan.police, "host": plan.plan.host, "foreign": plan.plan.foreign}
    note_act("case.acted", case, actor=actor, facts=logged | {"place": case.place, "again": again})
    made = {"beside": sorted(beside)} if beside else None
    done(case, "act_again" if again else "act", before, actor=actor, made=made)
    return plan


@after_grace_period("act", "act_again")
def _tell_everybody(case: Case, actor: Actor, made: Mapping[str, Any]) -> None:
    """Send out what was decided, unless the case was closed in the meantime."""
    if case.state != "acting":
        return
    where = hosting_queries.whereabouts(case.location_id)
    plan = follows_for(case, where, hotline(case.hotline_id)).plan
    notices_services.act_on(make_brief(case, where=where), plan=plan, actor=actor, beside=made.get("beside", ()))
    if where.kind in WATCHED_KINDS:
        monitoring_services.watch(case.location_id, hotline_id=case.hotline_id, actor=actor)
    _tell_of_merged(case, actor)
    tell_reporters(case)


def _tell_of_merged(case: Case, actor: Actor) -> None:
    """Send notices about a case merged into this one, if the content is up at its address and notices about it were
    sent before.
    """
    merged = [one for one in merged_into_it(case) if one.outcome == "illegal" and one.acted_by_id is not None]
    up = set(places_still_up(case, merged))
    for one in merged:
        if one.location_id in up:
            where = hosting_queries.whereabouts(one.location_id)
            plan = follows_for(one, where, hotline(one.hotline_id)).plan
            notices_services.act_on(make_brief(one, where=where), plan=plan, actor=actor)


def close_case(case_id: int, *, reason: int, actor: Actor, comment: str = "") -> None:
    """Close a decided case that needs no more work, with one of ICCAM's reasons, and stop whatever still runs outside."""
    if reason not in REASONS or (needs_comment(reason) and not comment.strip()):
        raise WrongReason
    with hotline_transaction():
        case = locked_case(case_id)
        before = as_it_is(case)
        take_step(case, "close", actor=actor, reason=str(reason))
        case.close_reason, case.close_comment, case.closed_at = reason, whole(comment, MOST_WORDS), now_utc()
        let_go(case)
        case.save()
        note_act("case.closed", case, actor=actor, facts={"reason": reason})
        done(case, "close", before, actor=actor, made={"was": before["state"]})


@after_grace_period("close")
def _stop_everything(case: Case, actor: Actor, made: Mapping[str, Any]) -> None:
    """Stop whatever still runs outside for a closed case and the cases merged into it; somebody else says whether those who were told hear
    more than that.
    """
    merged = merged_into_it(case)
    for one in (case, *merged) if STATES[made["was"]].stage is Stage.ACTED else merged:
        notices_services.withdraw(one.pk, actor=actor)
        monitoring_services.stop_watching(one.location_id, actor=actor)
    for one in (case, *merged):
        blocklist_services.remove_of_case(one.pk, actor=actor)
    if denies_decision(case.close_reason):
        doubt_decision(case)
    tell_reporters(case)


def reopen(case_id: int, *, comment: str, actor: Actor) -> None:
    """Put a closed case back into the queue for a new assessment."""
    with hotline_transaction():
        case = locked_case(case_id)
        if portal(case.portal_id).handed_over_at is not None:
            raise PortalIsRecord
        take_step(case, "reopen", actor=actor, reason=comment)
        start_over(case)
        case.save()
        _write_note(case, comment, actor)
        tell_reporters(case)
        note_act("case.reopened", case, actor=actor)


def note(case_id: int, *, text: str, actor: Actor) -> None:
    """Add a note to a case; only staff read it."""
    if not text.strip():
        raise BadInput(what=_("The note"), why=_("it is empty"))
    with hotline_transaction():
        case = locked_case(case_id)
        authorize(actor, "case.note", case.hotline_id)
        renew_claim(case, actor)
        case.save(update_fields=["claimed_until"])
        written = _write_note(case, text, actor)
        discard_draft_text(case_id, NOTE, actor=actor)
        note_act("case.noted", case, actor=actor)
        done(case, undoing.NOTE, as_it_is(case), actor=actor, made={"note": written.pk})


def _write_note(case: Case, text: str, actor: Actor) -> Note:
    comment = whole(text, MOST_WORDS)
    made: Note = Note.objects.create(hotline_id=case.hotline_id, case=case, by_id=actor.id, text=comment, at=now_utc())
    return made


def mark_as_read(case_id: int, *, actor: Actor) -> None:
    """Record that somebody has seen what is new about the case."""
    with hotline_transaction():
        case = locked_case(case_id)
        authorize(actor, "case.note", case.hotline_id)
        if case.news:
            case.news_at = None
            renew_claim(case, actor)
            case.save(update_fields=["news_at", "claimed_until"])
            tell_reporters(case, by_person=True)
            note_act("case.news_settled", case, actor=actor)


def correct_finding(case_id: int, *, kind: str, value: str, reason: str, actor: Actor) -> None:
    """Correct a finding about where the content is; the reason is kept with it."""
    with hotline_transaction():
        case = locked_case(case_id)
        authorize(actor, "finding.correct", case.hotline_id)
        renew_claim(case, actor)
        case.save(update_fields=["claimed_until"])
        hosting_services.correct_finding(case.location_id, kind=kind, value=value, reason=reason, actor=actor)
        note_act("case.finding_corrected", case, actor=actor, facts={"kind": kind})
    note_place(case_id)


def refetch(case_id: int, *, actor: Actor) -> None:
    """Ask the worker to locate and fetch the content again."""
    with hotline_transaction():
        case = locked_case(case_id)
        authorize(actor, "case.preview", case.hotline_id)
        renew_claim(case, actor)
        case.save(update_fields=["claimed_until"])
        schedule(REFETCH, subject_id=case.pk, hotline_id=case.hotline_id)
        note_act("case.refetched", case, actor=actor)


def ask_reporter(case_id: int, report_id: int, *, actor: Actor, text: str = "", canned: str = "") -> None:
    """Ask a reporter a question, in free text or by its code; it is shown on the page behind their receipt."""
    with hotline_transaction():
        case = locked_case(case_id)
        authorize(actor, "report.ask", case.hotline_id)
        if report_id not in _reports_of(case):
            raise NotFound(what=_("report"))
        renew_claim(case, actor)
        case.save(update_fields=["claimed_until"])
        intake_services.ask_reporter(report_id, text=text, canned=canned, actor=actor)
        discard_draft_text(case_id, QUESTION, actor=actor)
        note_act("case.reporter_asked", case, actor=actor, facts={"report": report_id})


def _reports_of(case: Case) -> set[int]:
    items = list(CaseItem.objects.filter(case_id=case.pk).values_list("item_id", flat=True))
    return {row.id for row in intake_queries.reports_of_items(items)}


def withdraw_question(case_id: int, question_id: int, *, actor: Actor) -> None:
    """Withdraw a question that a reporter of this case has not answered yet."""
    with hotline_transaction():
        case = locked_case(case_id)
        authorize(actor, "report.ask", case.hotline_id)
        if question_id not in {row.id for row in intake_queries.messages_of_reports(list(_reports_of(case)))}:
            raise NotFound(what=_("question"))
        renew_claim(case, actor)
        case.save(update_fields=["claimed_until"])
        intake_services.withdraw_question(question_id, actor=actor)
        note_act("case.question_withdrawn", case, actor=actor)
