"""The work of this slice that is done later. Safe to repeat."""

from datetime import timedelta

from leeward.jobs.errors import RetryLater
from leeward.jobs.registry import job, subscribe
from leeward.outputs import services
from leeward.outputs.services import submitting


@subscribe("portal.change_confirmed")
def take_confirmed_agreement(subject_id: int) -> None:
    """Put an agreement with a receiver in force that two people vouch for."""
    services.take_confirmed_agreement(subject_id)


@job(
    submitting.JOB,
    tries=60,
    lease=timedelta(minutes=5),
    first_delay=timedelta(minutes=1),
    waits_for="chosen",
    speaks=True,
)
def carry_on(subject_id: int) -> None:
    """Do the next steps of a report to a receiver."""
    delay = submitting.carry_on(subject_id)
    if delay is not None:
        raise RetryLater(delay)
