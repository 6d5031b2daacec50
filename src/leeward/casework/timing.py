"""A case's clocks: updated after every act on it, and what is done when one of them runs out."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from leeward.audit.services import hotline_transaction
from leeward.casework.acting.services.case_briefs import quiet_among
from leeward.casework.acting.services.owing import moment_for, standing_of
from leeward.casework.models import Appeal, Case
from leeward.casework.rules.clocks import Awaited, Times, rule_kind_of, timed
from leeward.casework.rules.states import LAST_STATES, STATES, Stage
from leeward.clocks.queries import RuleRow
from leeward.clocks.services import About, Wanted, keep_clocks, keep_clocks_of_all, start_clocks
from leeward.exchange import queries as exchange_queries
from leeward.notices import queries as notices_queries
from leeward.notices.queries import NoticeCaseRow, PoliceStanding
from leeward.people.queries import PortalRow
from leeward.people.rules.police_moments import AFTER_ASSESSMENT

PROTECTION = "protection_answered"


@dataclass(frozen=True, slots=True)
class PortalRules:
    """A portal and the rules of its clocks in force, read once for all that one transaction does there."""

    portal: PortalRow
    rules: Mapping[str, RuleRow]


def times_of(case: Case, police: PoliceStanding | None = None) -> Times:
    """Return the times of a case for its clocks; `police` is how an urgent case stands with the police, whom no
    decision here may keep waiting. Where they wait for its assessment, taking an urgent case is none: whoever held on to
    it would silence it.
    """
    due_from, informed_at, assessed_at = None, case.police_told_at, case.first_assessed_at
    is_owed = case.urgent and police is None and case.state not in LAST_STATES
    if is_owed and case.first_assessor_id is None:
        assessed_at = None
    if police is not None and case.decided_at is None:
        due_from, informed_at = case.urgent_since, police.sent_at if case.passed_at is not None else None
    return Times(
        received_at=case.received_at,
        police_due_from=due_from,
        first_assessed_at=assessed_at,
        decided_at=case.decided_at,
        police_told_at=informed_at,
        host_told_at=case.host_told_at,
        removed_at=case.removed_at,
    )


def standing_with_police(case: Case) -> PoliceStanding | None:
    """Return how a case that is or was urgent stands with the police; None if they wait for its assessment, as in any
    other case. They are asked to confirm what they were told as urgent, whatever is later said about its urgency.
    """
    if case.urgent_since is None or case.state in LAST_STATES:
        return None
    standing = standing_of(case)
    if standing.is_made:
        return standing
    return standing if case.urgent and moment_for(case) != AFTER_ASSESSMENT else None


def keep(
    case: Case, *, with_appeals: bool = False, with_protection: bool = False, opened_at: PortalRules | None = None
) -> None:
    """Update the clocks of a case to its current state, in the caller's transaction. One query if nothing changes and
    nobody outside was told. `with_protection`: a child-protection office has just been told for the first time.
    `opened_at`: the case was opened in this transaction, in this portal.
    """
    notice_case = _notice_case(case)
    about, wanted = _about(case, opened_at, notice_case), _wanted(case, notice_case, with_appeals=with_appeals)
    wanted += _protection(case.pk) if with_protection else []
    known = {} if with_protection else {PROTECTION: lambda: _protection(case.pk)}
    keep_clocks(about, wanted, datetime.now(UTC), where_known=known)


def keep_all(moved: Iterable[tuple[Case, PortalRules]]) -> None:
    """Update the clocks of cases that nobody outside was told of yet, each in its portal, as `keep` does for one."""
    cases = ((replace(_about(case, home), is_new=False), _wanted(case, _notice_case(case))) for case, home in moved)
    keep_clocks_of_all(cases, datetime.now(UTC))


def keep_new(opened: Iterable[tuple[Case, PortalRules]]) -> None:
    """Start the clocks of cases that were opened in the caller's transaction, each in its portal, as `keep` does for one."""
    start_clocks((_about(case, opened_at), _wanted(case, None)) for case, opened_at in opened)


def _notice_case(case: Case) -> NoticeCaseRow | None:
    return notices_queries.notice_case_of(case.pk) if STATES[case.state].stage is Stage.ACTED else None


def _wanted(case: Case, notice_case: NoticeCaseRow | None, *, with_appeals: bool = False) -> list[Wanted]:
    """Return what has a deadline by the state of a case, without the answers of child protection."""
    police = standing_with_police(case)
    awaited = _peers(case.pk) if notice_case is not None and notice_case.tells_abroad else []
    awaited += _hotlines(case.pk) if case.outcome == "illegal" else []
    awaited += _police(case.pk, police, has_notice_case=notice_case is not None)
    if case.appealed or with_appeals:
        awaited += _appeals(case.pk)
    # A confirmation is awaited for what the police were told as urgent, whatever staff later say about its urgency.
    waits_as_urgent = "police_answered" if police is not None and police.is_made else ""
    can_run = STATES[case.state].clocks
    tells_police = _tells_police(case, notice_case)
    # Where the police are not told, nobody else would be due to be told of a case that is decided and not acted on.
    tells_host = not tells_police if notice_case is None else notice_case.tells_host
    return [
        Wanted(
            kind=row.kind,
            started_at=row.started_at,
            met_at=row.met_at,
            rule_kind=rule_kind_of(row.kind, urgent=case.goes_first or row.kind == waits_as_urgent),
            about_id=row.id,
        )
        for row in timed(
            times_of(case, police),
            tells_host=tells_host,
            tells_police=tells_police,
            awaited=awaited,
        )
        if row.started_at is not None and (row.kind in can_run or row.met_at is not None)
    ]


def _about(case: Case, opened_at: PortalRules | None, notice_case: NoticeCaseRow | None = None) -> About:
    # They may hold another case about its address.
    is_held_beside = notice_case is not None and notice_case.state == "address"
    stops = {"police_hold"} if case.held_until is not None or is_held_beside else set()
    stops |= {"appeal"} if case.appealed else set()
    return About(
        case_id=case.pk,
        hotline_id=case.hotline_id,
        portal_id=case.portal_id,
        reference=case.reference,
        holder_id=case.claimed_by_id,
        stops=frozenset(stops),
        portal=opened_at.portal if opened_at else None,
        rules=opened_at.rules if opened_at else None,
        is_new=opened_at is not None,
    )


def _tells_police(case: Case, notice_case: NoticeCaseRow | None) -> bool:
    """Return whether the police are due to be told of a case: not where whoever is in the picture wants it removed only."""
    if case.outcome != "illegal" or case.urgent or case.police_told_at is not None:
        return True
    return notice_case.tells_police if notice_case is not None else case.pk not in quiet_among([case])


def keep_of(case_id: int) -> None:
    """Update the clocks of a case after an outside event that the case itself doesn't record. Idempotent."""
    with hotline_transaction():
        case = Case.objects.select_for_update().filter(pk=case_id).first()
        if case is not None:
            keep(case)


def _peers(case_id: int) -> list[Awaited]:
    """Return messages to the hotline or the police of another country, and when they first answered."""
    items = [row for row in notices_queries.items_of(case_id) if row.kind == "foreign_police" and row.sent_at]
    if not items:
        return []
    answers = [row.answered_at for row in items if row.answered_at]
    first = min(row.sent_at for row in items if row.sent_at)
    return [Awaited("peer_answered", first, min(answers) if answers else None)]


def _hotlines(case_id: int) -> list[Awaited]:
    """Return when other hotlines were told of the case, and when each first answered."""
    reported = exchange_queries.answers_of(case_id)
    return [Awaited("peer_answered", sent_at, answered_at, number) for number, sent_at, answered_at in reported]


def _police(case_id: int, urgent: PoliceStanding | None, *, has_notice_case: bool) -> list[Awaited]:
    """Return since when the police have not confirmed what they were sent, and when they did."""
    if urgent is not None:
        sent_at, answered_at = urgent.sent_at, urgent.acknowledged_at
    else:
        row = notices_queries.referral_of(case_id) if has_notice_case else None
        sent_at, answered_at = (row.sent_at, row.acknowledged_at) if row else (None, None)
    return [Awaited("police_answered", sent_at, answered_at)] if sent_at else []


def _protection(case_id: int) -> list[Wanted]:
    """Return since when it is not known what came of a letter to child protection, and since when it is. It doesn't depend on
    the state of the case: one that was merged away waits too.
    """
    asked = notices_queries.answers_awaited(case_id)
    return [Wanted(PROTECTION, since, met_at=known_at, about_id=number) for number, since, known_at in asked]


def _appeals(case_id: int) -> list[Awaited]:
    return [Awaited("appeal", row.asked_at, row.decided_at, row.pk) for row in Appeal.objects.filter(case_id=case_id)]
