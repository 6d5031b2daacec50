"""The worker's tasks for clocks. All are idempotent."""

from datetime import UTC, datetime, timedelta

from django_scopes import scope

from leeward.audit.services import hotline_transaction
from leeward.clocks import services
from leeward.clocks.services.keeping import ESCALATE
from leeward.foundation.actor import Actor
from leeward.jobs.clockwatch import Settled, when_settled
from leeward.jobs.errors import RetryLater
from leeward.jobs.registry import job, subscribe
from leeward.people.queries import hotlines, portal_change
from leeward.people.rules.reach import ON_CALL_MAIL


@when_settled
def take_steps_anew(settled: Settled) -> None:
    """Remind and page when it is time, whatever a clock that was ahead has done before."""
    for row in hotlines():
        with scope(hotline=row.id), hotline_transaction():
            services.take_steps_anew(row.id, settled.now)


@job(ESCALATE)
def escalate(subject_id: int) -> None:
    """Take the steps of one clock that are due, and schedule the next."""
    now = datetime.now(UTC)
    again_at = services.take_due_steps(subject_id, now)
    if again_at is not None:
        raise RetryLater(max(again_at - now, timedelta(0)))


@subscribe("clock_rule.set", lease=timedelta(minutes=30))
def rule_set(subject_id: int) -> None:
    """Make open clocks follow a new rule."""
    services.follow_rule(subject_id)


@subscribe("portal.change_confirmed")
def on_call_confirmed(subject_id: int) -> None:
    """Apply the address for a portal's pages that two people agreed on."""
    change = portal_change(subject_id)
    if change is not None and change.what == ON_CALL_MAIL and change.portal_id is not None:
        services.set_on_call(
            change.portal_id, change.wanted[ON_CALL_MAIL], actor=Actor("system", hotline_id=change.hotline_id)
        )


@subscribe("portal.calendar_changed", lease=timedelta(minutes=30))
def calendar_changed(subject_id: int) -> None:
    """Make open clocks follow a portal's new working days."""
    services.follow_calendar(subject_id)
