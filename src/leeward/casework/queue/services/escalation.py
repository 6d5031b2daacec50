"""When time runs out and nobody has finished, the case goes to whoever is best placed to take it."""

from leeward.audit.services import hotline_transaction
from leeward.casework.models import Case
from leeward.casework.queue.rules.fair import Work, in_order
from leeward.casework.queue.services.claiming import reassign
from leeward.casework.queue.services.colleagues import colleagues_of
from leeward.casework.rules.transitions import can_stop_clock
from leeward.casework.steps import locked_case, now_utc
from leeward.clocks import queries as clocks_queries
from leeward.clocks import services as clocks_services
from leeward.foundation.actor import SYSTEM
from leeward.people.queries import portal


def give_to_colleague(escalation_id: int) -> None:
    """Give the case of a clock, once, to the person whom fair distribution selects. Idempotent."""
    taken = clocks_queries.step(escalation_id)
    if taken is None or taken.outcome:
        return
    with hotline_transaction():
        case = locked_case(taken.clock.case_id)
        to, outcome = None, "not_needed"
        if taken.clock.state == "running" and can_stop_clock(case.state, taken.clock.kind):
            to = _colleague(case)
            outcome = "given" if to else "nobody"
        if clocks_services.settle_step(escalation_id, outcome=outcome, to_id=to, now=now_utc()) and to:
            reassign(case.pk, to, actor=SYSTEM)


def work_of(case: Case) -> Work:
    """Return what a case requires of whoever gets it; its current holder is excluded."""
    parts = (case.claimed_by_id, case.first_assessor_id, case.second_assessor_id)
    had_part = parts if case.waits_for_second else parts[:1]
    return Work(
        language=case.language,
        country=portal(case.portal_id).country,
        urgent=case.urgent,
        barred=frozenset(one for one in had_part if one is not None),
    )


def _colleague(case: Case) -> int | None:
    found = in_order(work_of(case), colleagues_of(case.hotline_id, now_utc()))
    return found[0].id if found else None
