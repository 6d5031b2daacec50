"""What the page of an urgent case shows instead of the questions about pictures: why it is urgent, how it stands with
the police, and what can be done.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from leeward.casework.acting.rules.plan import CONTENT
from leeward.casework.acting.rules.police import WITHDRAWN, Urgent, may_be_informed, moment_of
from leeward.casework.acting.services.case_briefs import is_police_wished, is_quiet, others_call_urgent, urgencies_of
from leeward.casework.merging.services.merged import numbers_merged_into
from leeward.casework.models import Case
from leeward.casework.rules.transitions import ASKABLE, Refusal, Situation, Transition, step
from leeward.intake.queries import ReportRow
from leeward.notices.queries import PoliceStanding, is_protection_known, is_protection_owed, police_standing
from leeward.people.queries import PortalRow
from leeward.people.rules.modes import POST_BOX


@dataclass(frozen=True, slots=True)
class UrgentPart:
    """The urgent part of a case's page. `withdrawn` are the urgent reports whose reporters have withdrawn; `why_not`
    says why the case can't be passed on now, and is empty if it can.
    """

    urgencies: tuple[str, ...]
    withdrawn: tuple[ReportRow, ...]
    moment: str
    standing: PoliceStanding
    why_not: str
    can_hand_over: bool
    can_be_assessed: bool
    is_reported: bool
    knows_protection: bool
    is_passed: bool
    called_by: str
    is_quiet: bool

    @property
    def can_pass(self) -> bool:
        """Return whether a person may pass it on to the police now."""
        return not self.why_not


def urgent_part(
    case: Case, portal: PortalRow, reports: Iterable[ReportRow], *, kind: str, account_id: int | None
) -> UrgentPart:
    """Return the urgent part of a case’s page; four queries."""
    rows = list(reports)
    numbers = [case.pk, *numbers_merged_into(case.pk)]
    urgencies, standing = urgencies_of(rows), police_standing(numbers)
    moment = moment_of(
        urgencies,
        on_danger=portal.police_on_danger,
        on_urgent=portal.police_on_urgent,
        is_post_box=portal.mode == POST_BOX,
        is_quiet=is_quiet(case, rows),
        is_wished=is_police_wished(rows),
    )
    urgent = Urgent(
        moment=moment,
        is_judged=case.outcome == "illegal",
        is_passed=case.passed_at is not None,
        is_made=standing.is_made,
        is_settled=standing.is_settled,
    )
    passing = _answer(case, "pass_to_police", police_may_be_informed=may_be_informed(urgent))
    is_owed_by_protection = is_protection_owed(numbers)
    handing = _answer(
        case,
        "hand_over",
        is_settled=standing.is_settled,
        police_are_owed=not standing.is_settled,
        protection_is_owed=is_owed_by_protection,
    )
    return UrgentPart(
        urgencies=tuple(name for name in urgencies if name != WITHDRAWN),
        withdrawn=tuple(row for row in rows if row.urgent and row.withdrawn_at is not None),
        moment=moment,
        standing=standing,
        why_not=passing.value if isinstance(passing, Refusal) else "",
        can_hand_over=isinstance(handing, Transition),
        can_be_assessed=kind in CONTENT,
        is_reported=others_call_urgent(case, rows, account_id),
        knows_protection=is_protection_known(portal.country),
        is_passed=case.passed_at is not None,
        called_by=case.not_urgent_by.name if case.not_urgent_by is not None else "",
        is_quiet=is_quiet(case, rows),
    )


def _answer(case: Case, act: str, **known: object) -> Transition | Refusal:
    """Return the table's answer to an act on an urgent case of which only this much is known."""
    values = dict.fromkeys(ASKABLE) | {"reason": "", "is_urgent": True, "is_passed": case.passed_at is not None} | known
    return step(case.state, act, Situation(**values))  # type: ignore[arg-type]  # each value matches its name
