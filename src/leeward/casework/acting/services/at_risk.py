"""A child who may be identified: an office for child protection is told by a letter of its own, with only what it needs, and
the case stays open until somebody knows what came of it.
"""

from collections.abc import Mapping
from typing import Any

from leeward.audit.services import hotline_transaction
from leeward.casework import timing
from leeward.casework.acting.rules import undoing
from leeward.casework.acting.rules.at_risk import fault_of
from leeward.casework.acting.rules.plan import CONTENT
from leeward.casework.acting.services.case_briefs import make_brief, reports_of
from leeward.casework.acting.services.passing import finish_if_settled
from leeward.casework.acting.services.undoing import AT_RISK_DRAFT, after_grace_period, as_it_is, done
from leeward.casework.assessment.services.drafts import discard_draft_text
from leeward.casework.errors import WordsNotForOffice
from leeward.casework.merging.services.merged import numbers_merged_into, where_work_goes_on
from leeward.casework.models import Case
from leeward.casework.steps import locked_case, note_act, now_utc, renew_claim, take_step
from leeward.clocks.queries import due_for
from leeward.foundation.actor import SYSTEM, Actor
from leeward.hosting import queries as hosting_queries
from leeward.notices import queries as notices_queries
from leeward.notices import services as notices_services
from leeward.notices.errors import NoProtectionContact
from leeward.notices.rules.at_risk import AtRisk
from leeward.people.queries import portal


def tell_protection(case_id: int, *, office_id: int, child: str, place: str, actor: Actor) -> None:
    """Tell a child-protection office of the portal's country about a child who may be identified.

    `child` and `place` are what a person here wrote for it. Raises NoProtectionContact, WordsNotForOffice, and whatever
    `take_step` raises.
    """
    with hotline_transaction():
        case = locked_case(case_id)
        before = as_it_is(case)
        take_step(case, "tell_protection", actor=actor)
        statement_about(case, child=child, place=place)
        offices = notices_queries.offices_of(portal(case.portal_id).country)
        if office_id not in {office.id for office in offices}:
            raise NoProtectionContact
        case.first_assessed_at = case.first_assessed_at or now_utc()
        renew_claim(case, actor)
        case.save()
        note_act("case.protection_told", case, actor=actor)
        discard_draft_text(case.pk, AT_RISK_DRAFT, actor=actor)
        made = {"office": office_id, "child": child, "place": place}
        done(case, undoing.AT_RISK, before, actor=actor, made=made)


@after_grace_period(undoing.AT_RISK)
def _tell_protection(case: Case, actor: Actor, made: Mapping[str, Any]) -> None:
    # Not checked again: a report that came in since would hold the letter, and whatever is done next on the case, for ever.
    statement = _stated(case, child=made["child"], place=made["place"])
    notices_services.tell_child_protection(make_brief(case), statement, office_id=made["office"], actor=actor)
    timing.keep(case, with_protection=True)


def statement_about(case: Case, *, child: str, place: str) -> AtRisk:
    """Return what an office is told now: what somebody wrote for it, what was done, and by when an answer is expected. Raises
    WordsNotForOffice if the words hold what it must not get.
    """
    where = hosting_queries.whereabouts(case.location_id)
    places = (where.display, where.host) if where.kind in CONTENT else ()
    reporters = [row.contact for row in reports_of(case) if row.contact]
    fault = fault_of(child, place, places=places, reporters=reporters)
    if fault:
        raise WordsNotForOffice(fault)
    return _stated(case, child=child, place=place)


def _stated(case: Case, *, child: str, place: str) -> AtRisk:
    letters = notices_queries.informed_about([case.pk, *numbers_merged_into(case.pk)])
    protection_at = min((row.sent_at for row in letters if row.sent_at), default=None)
    times = (
        ("police_told", case.police_told_at),
        ("protection_told", protection_at),
        ("host_told", case.host_told_at),
        ("removed", case.removed_at),
    )
    return AtRisk(
        child=child.strip(),
        place=place.strip(),
        done=tuple((what, at) for what, at in times if at is not None),
        answer_by=due_for(portal(case.portal_id), timing.PROTECTION, now_utc()),
    )


def protection_answered(case_id: int) -> None:
    """Record that what came of it is known: a case that only waited for it goes on. Idempotent."""
    with hotline_transaction():
        case = locked_case(where_work_goes_on(case_id))
        note_act("case.protection_answered", case, actor=SYSTEM)
        if case.pk != case_id:
            timing.keep(locked_case(case_id))
        finish_if_settled(case)
