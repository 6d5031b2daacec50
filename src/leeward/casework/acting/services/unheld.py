"""Urgent cases that nobody holds any more: taking one ended the page about it, so giving it back begins another."""

from leeward.casework.acting.services.case_briefs import reports_left, reports_of
from leeward.casework.acting.services.owing import standing_of
from leeward.casework.models import Case
from leeward.casework.rules.states import STATES
from leeward.foundation.actor import Actor
from leeward.oncall import services as oncall_services


def call_if_unheld(case: Case, actor: Actor) -> None:
    """Page people again about an urgent case that nobody holds and nobody passed to the police, in the caller's
    transaction. Idempotent while such a page is open.
    """
    is_new = STATES[case.state].lane.is_new_to_the_eye
    if not case.urgent or not is_new or case.claimed_by_id is not None or case.passed_at is not None:
        return
    if standing_of(case).is_made:
        return
    rows = reports_left(case) or reports_of(case)
    urgent = [row for row in rows if row.urgent]
    for row in urgent:
        oncall_services.call_anew(row.id)
    if rows and not urgent:  # somebody here marked it
        oncall_services.call_again(rows[-1].id, actor=actor)
