"""Everything the case page shows, gathered with a small, fixed number of queries."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from leeward.blocklist.publishing.queries.carriers import Carried, carried_of_case
from leeward.casework import queries
from leeward.casework.acting.queries import shown
from leeward.casework.acting.rules.plan import Follows, what_follows
from leeward.casework.acting.services.blocking import removal_tried
from leeward.casework.acting.services.case_briefs import hears_by_exchange, is_quiet
from leeward.casework.acting.services.moving import may_have_moved
from leeward.casework.assessment.queries.drafts import my_draft
from leeward.casework.assessment.queries.opened import Opened
from leeward.casework.assessment.queries.urgent_case_page import UrgentPart, urgent_part
from leeward.casework.assessment.rules.second_assessment import differences
from leeward.casework.assessment.services.assessing import countries_for, round_of
from leeward.casework.models import Appeal, Assessment, Case, CaseItem
from leeward.casework.rules.clocks import timed
from leeward.casework.rules.permitted import Permitted, permitted
from leeward.casework.rules.reasons import GONE_STATUS, proven_end
from leeward.casework.rules.states import STATES, CaseState, Stage
from leeward.casework.rules.transitions import may_be_taken, transition
from leeward.casework.situations import assessment_result
from leeward.casework.timing import times_of
from leeward.clocks.queries import ClockRow, clocks_of_case
from leeward.foundation.actor import Actor
from leeward.hashbank.queries import OwnListed, own_pictures_of
from leeward.hosting import queries as hosting_queries
from leeward.hosting.queries import FetchRow, Whereabouts
from leeward.intake import queries as intake_queries
from leeward.intake.queries import MessageRow, ReportRow
from leeward.intake.queries.handed import HandedRow, handed_to_us
from leeward.intake.rules.own_picture import OWN
from leeward.laws.queries import OpinionRow, opinions_for
from leeward.laws.rules.facts import Facts, parse_facts
from leeward.notices import queries as notices_queries
from leeward.notices.queries import PoliceStanding, is_known_abroad
from leeward.people.queries import PortalRow, rows_of
from leeward.people.rules.permissions import acts_of, may
from leeward.people.rules.police_moments import AFTER_ASSESSMENT

NAMED_BY_HASH = ("magnet", "ed2k", "file_hash")


@dataclass(frozen=True, slots=True)
class Reported:
    """One report of the case with everything said since."""

    report: ReportRow
    messages: Sequence[MessageRow]
    # What the hotline that had it before has made of it.
    handed: Sequence[HandedRow] = ()

    @property
    def takes_questions(self) -> bool:
        """Return whether a question would still reach the reporter."""
        return self.report.withdrawn_at is None and self.report.closed_at is None


@dataclass(frozen=True, slots=True)
class ShownClock:
    """A clock on the case page: running or paused (`row`), met, or waiting for something to start it."""

    name: str
    row: ClockRow | None
    met_at: datetime | None = None
    waits_for: str = ""

    @property
    def is_open(self) -> bool:
        """Return whether it is running or paused."""
        return self.row is not None and self.row.state in ("running", "paused") and self.met_at is None


@dataclass(slots=True)
class CasePage:
    """The page of a case for one person."""

    case: Case
    portal: PortalRow
    now: datetime
    round: str
    is_holder: bool
    is_taken: bool
    may_take: bool
    is_blind: bool
    own_questions: str | None
    home_zone: str
    files_shown: int
    may: Permitted
    viewer: int | None
    proven_end: str = field(default="", kw_only=True)
    fetched: FetchRow | None
    reports: list[Reported] = field(default_factory=list)
    where: Whereabouts | None = None
    assessments: list[Assessment] = field(default_factory=list)
    appeals: list[Appeal] = field(default_factory=list)
    differing: tuple[str, ...] = ()
    clocks: list[ShownClock] = field(default_factory=list)
    follows: Follows | None = None
    opinions: list[OpinionRow] = field(default_factory=list)
    blocks: list[Carried] = field(default_factory=list)
    may_have_moved: bool = False
    urgent: UrgentPart | None = None
    wants_picture: bool = False
    named_with: str = ""
    names: tuple[str, ...] = ()
    own_listed: OwnListed = field(default_factory=OwnListed)
    tells_host_late: bool = False
    hold_ends_at: datetime | None = None
    waits_without_end: str = ""

    @property
    def state(self) -> CaseState:
        """Return the definition of its state."""
        return STATES[self.case.state]

    @property
    def marks(self) -> shown.Marks:
        return shown.Marks(self.case, self.where, self.follows, self.reports)

    @property
    def own_picture(self) -> ReportRow | None:
        """Return the report of a person's own picture, of which there is nothing to be seen; None for other cases."""
        if self.where is None or self.where.kind != OWN:
            return None
        return next((entry.report for entry in self.reports if entry.report.is_own_picture), None)

    @property
    def is_urgent_first(self) -> bool:
        """Return whether the page is about what to do now: nobody has assessed the case, and pictures are shown only on
        request.
        """
        return self.urgent is not None and self.state.stops == "first_assessment" and not self.wants_picture

    @property
    def shows_facts(self) -> bool:
        """Return whether the page shows the form for facts."""
        return self.asks_facts and not self.is_urgent_first

    @property
    def askable(self) -> list[Reported]:
        """Return the reports whose reporters can be asked something."""
        return [entry for entry in self.reports if entry.takes_questions]

    @property
    def parts(self) -> tuple[int | None, ...]:
        """Return the accounts that had a part in this cycle of the work."""
        return self.case.first_assessor_id, self.case.second_assessor_id, self.case.acted_by_id

    @property
    def has_page(self) -> bool:
        """Return whether there is a page that this person can read without its pictures."""
        return self.is_holder and self.where is not None and self.where.kind in ("url", "onion")

    @property
    def is_known_by_name(self) -> bool:
        """Return whether the hash by which it was reported is that of a known image."""
        return self.case.known and self.where is not None and self.where.kind in NAMED_BY_HASH

    @property
    def offers_take(self) -> bool:
        """Return whether this person can take the case in its current state."""
        return self.may_take and may_be_taken(self.case.state)

    @property
    def is_left_alone(self) -> bool:
        """Return whether nobody can take the case in its current state, so that the page says why."""
        return self.state.note is not None and not may_be_taken(self.case.state)

    @property
    def waits_to_be_taken(self) -> bool:
        """Return whether the case waits for somebody and this person can take it; in other states it proceeds by
        itself.
        """
        return self.may_take and self.state.lane.is_worked and may_be_taken(self.case.state)

    @property
    def offers_close(self) -> bool:
        """Return whether this person can close it without more work."""
        return self.may.act and _leads_from(self.case.state, "close")

    @property
    def offers_reopen(self) -> bool:
        """Return whether this person can reopen it."""
        is_record = self.portal.handed_over_at is not None
        return self.may.reopen and not is_record and _leads_from(self.case.state, "reopen")

    @property
    def offers_block(self) -> bool:
        """Return whether this person can propose a block of it now."""
        return self.may.propose_blocks and self.can_block

    @property
    def offers_urgent(self) -> bool:
        """Return whether this person can mark it as urgent."""
        return self.may.claim and not self.state.is_last and not self.case.urgent

    @property
    def offers_assignment(self) -> bool:
        """Return whether this person can assign it to somebody: nobody holds it."""
        return self.may.reassign and not self.is_taken and not self.is_holder

    @property
    def offers_hashes(self) -> bool:
        """Return whether this person can add its files to the hash bank."""
        return self.may.add_hashes and self.case.outcome == "illegal"

    @property
    def offers_reply(self) -> bool:
        """Return whether this person, who had a part in it, can explain the decision."""
        return self.may.assess and self.viewer in self.parts

    @property
    def shows_adjudication(self) -> bool:
        """Return whether an adjudication about it concerns this person, as one of its assessors or as a supervisor."""
        had_part = self.viewer in (self.case.first_assessor_id, self.case.second_assessor_id)
        return self.case.is_disputed and (had_part or self.may.reassign)

    @property
    def can_block(self) -> bool:
        """Return whether a block of its content can be proposed now."""
        case, where = self.case, self.where
        is_ready = case.outcome == "illegal" and self.state.is_up and bool(removal_tried(case)[0])
        return is_ready and where is not None and where.kind == "url"

    @property
    def asks_facts(self) -> bool:
        """Return whether this person is asked to state facts now."""
        return self.is_holder and self.state.stage is Stage.ASSESSING

    @property
    def can_act(self) -> bool:
        """Return whether this person is asked to confirm what goes out now."""
        return self.is_holder and (self.case.state == "decided" or self.acts_again)

    @property
    def acts_again(self) -> bool:
        """Return whether the content came back, so that everybody may be told again, or it is known only since messages went out
        who its host is.
        """
        return (self.case.returned or self.tells_host_late) and _leads_from(self.case.state, "act_again")


def _leads_from(state: str, act: str) -> bool:
    return transition(state, act) is not None


def case_page_of(page: Opened, *, actor: Actor, now: datetime, wants_picture: bool = False) -> CasePage:
    """Gather the page of a case; for an urgent case, the parts needed for an assessment only on request."""
    case = page.case
    row, hotline = rows_of(case.portal)
    is_taken = bool(case.claimed_by_id and case.claimed_until and case.claimed_until >= now)
    is_holder = case.claimed_by_id == actor.id and actor.id is not None
    barred = case.bars(actor.id)
    case_page = CasePage(
        case=case,
        portal=row,
        now=now,
        round=round_of(case),
        is_holder=is_holder,
        is_taken=is_taken,
        may_take=not is_taken and not barred and bool(may(actor, "case.claim", case.hotline_id)),
        is_blind=case.is_blind,
        own_questions=page.own_questions,
        home_zone=page.home_zone,
        files_shown=page.files_shown,
        may=permitted(acts_of(actor.roles)),
        viewer=actor.id,
        fetched=hosting_queries.fetch_from(page.newest_fetch),
        wants_picture=wants_picture,
    )
    if case_page.asks_facts:
        case_page.proven_end = _proven_end(case_page)
    _gather_reports(case_page)
    _gather_place(case_page, writes_to_foreign_hosts=hotline.notify_foreign_hosts)
    if case.held_until is not None:
        case_page.hold_ends_at = notices_queries.case_time_over_at(case.pk)
    if case_page.offers_take and case.state == "acting":
        case_page.waits_without_end = notices_queries.why_case_waits(case.pk)
    case_page.tells_host_late = _is_host_left_out(case_page)
    if case.urgent and not case_page.state.is_last and case_page.where is not None:
        reports = [entry.report for entry in case_page.reports]
        case_page.urgent = urgent_part(case, row, reports, kind=case_page.where.kind, account_id=case_page.viewer)
        named = Case.objects.filter(named_with=case).order_by("pk")
        case_page.names = tuple(named.values_list("reference", flat=True))
    elif case.named_with is not None:
        case_page.named_with = case.named_with.reference
    _gather_assessments(case_page, actor)
    _gather_clocks(case_page)
    if case.decided_at is not None:
        case_page.blocks = carried_of_case(case.pk)
    if case.appealed:
        case_page.appeals = [row for row in queries.appeals_of(case.pk) if row.state == "open"]
    return case_page


def _proven_end(case_page: CasePage) -> str:
    """Return the ending that the fetches prove, to preselect it; empty where the newest fetch had content or no answer."""
    if case_page.fetched is None or case_page.fetched.status not in GONE_STATUS:
        return ""
    newest = hosting_queries.fetches_of(case_page.case.location_id, most=2)
    return proven_end([one.status if one.outcome == "answered" else 0 for one in newest])


def _gather_reports(case_page: CasePage) -> None:
    rows = queries.reports_of(case_page.case.pk)
    messages: dict[int, list[MessageRow]] = {}
    for message in intake_queries.messages_of_reports([row.id for row in rows]):
        messages.setdefault(message.report_id, []).append(message)
    came = [row.id for row in rows if row.formerly is not None]
    mine = CaseItem.objects.filter(case_id=case_page.case.pk).values("item_id")
    handed = handed_to_us(came, among=mine) if came else []
    case_page.reports = [
        Reported(row, messages.get(row.id, []), [one for one in handed if one.report_id == row.id]) for row in rows
    ]


def _gather_place(case_page: CasePage, *, writes_to_foreign_hosts: bool) -> None:
    case = case_page.case
    case_page.where = hosting_queries.whereabouts(case.location_id)
    if case_page.own_picture is not None:
        case_page.own_listed = own_pictures_of(case_page.own_picture.id)
    case_page.may_have_moved = may_have_moved(case, case_page.where.display, case_page.fetched)
    case_page.follows = what_follows(
        case.place,
        case_page.where.kind,
        can_tell_host=bool(case_page.where.abuse_emails),
        writes_to_foreign_hosts=writes_to_foreign_hosts,
        can_tell_abroad=case.place != "abroad" or is_known_abroad(case_page.where.country),
        is_quiet=is_quiet(case, [entry.report for entry in case_page.reports]),
        is_with_hotline_there=hears_by_exchange(case, case_page.where.country),
    )


def _is_host_left_out(case_page: CasePage) -> bool:
    """Return whether messages went out without one to the host, who could be told now."""
    case, follows = case_page.case, case_page.follows
    if case.state != "monitoring" or case.host_told_at is not None or follows is None or not follows.plan.host:
        return False
    notice_case = notices_queries.notice_case_of(case.pk)
    return notice_case is not None and not notice_case.tells_host


def _gather_assessments(case_page: CasePage, actor: Actor) -> None:
    case = case_page.case
    asks_anew = case_page.asks_facts and not case.in_adjudication
    if not asks_anew and not case_page.is_blind and (case.first_assessor_id or case.cycle > 1):
        case_page.assessments = queries.assessments_of(case.pk)
        pair = {assessment.round: assessment for assessment in case_page.assessments if assessment.cycle == case.cycle}
        if "first" in pair and "second" in pair:
            case_page.differing = differences(assessment_result(pair["first"]), assessment_result(pair["second"]))
    if case_page.asks_facts:
        take_opinions(case_page, parse_facts(my_draft(case, actor)))
    elif case_page.assessments and case_page.assessments[-1].cycle == case.cycle:
        case_page.opinions = [OpinionRow(**_opinion(row)) for row in case_page.assessments[-1].opinions]


def take_opinions(case_page: CasePage, facts: Facts) -> None:
    """Evaluate the law of every country concerned on these facts."""
    portals = {entry.report.portal_id for entry in case_page.reports}
    codes = countries_for(case_page.case, portals, home=case_page.portal.country)
    case_page.opinions = opinions_for(facts, codes, case_page.now.date())


def _opinion(stored: Mapping[str, Any]) -> dict[str, Any]:
    """Return a stored opinion with its lists as tuples; stored fields that `OpinionRow` doesn't have are dropped."""
    known = {name: value for name, value in stored.items() if name in OpinionRow.__dataclass_fields__}
    return {name: tuple(value) if isinstance(value, list) else value for name, value in known.items()}


def _gather_clocks(case_page: CasePage) -> None:
    case = case_page.case
    if case_page.state.is_last and case.outcome != "illegal":
        return
    # Of several of one kind the page shows one that runs.
    rows = {
        row.kind: row for row in sorted(clocks_of_case(case.pk), key=lambda row: row.state in ("running", "paused"))
    }
    tells_host = case_page.follows is not None and case_page.follows.plan.host
    tells_police = case.urgent or case_page.follows is None or case_page.follows.plan.police
    shown = [
        ShownClock(one.kind, rows.get(one.kind), one.met_at, one.waits_for)
        for one in timed(times_of(case, _police(case_page)), tells_host=tells_host, tells_police=tells_police)
    ]
    for kind in ("police_answered", "peer_answered", "protection_answered", "appeal"):
        if kind in rows and rows[kind].state != "ended":
            shown.append(ShownClock(kind, rows[kind], rows[kind].met_at))
    case_page.clocks = [one for one in shown if one.is_open or one.met_at or one.waits_for]


def _police(case_page: CasePage) -> PoliceStanding | None:
    """Return how an urgent case stands with the police, as its clocks use it."""
    urgent = case_page.urgent
    waits = urgent is not None and urgent.moment == AFTER_ASSESSMENT and not urgent.standing.is_made
    return None if urgent is None or waits else urgent.standing
