"""Intake's own tasks: deleting what is no longer needed."""

from datetime import UTC, datetime, timedelta

from leeward.intake.services import FORGET_STOPPED, erase_contacts, expire_receipts, forget_stopped, forget_talks
from leeward.intake.services import pulling as services_pulling  # noqa: F401 - registers who takes in what came
from leeward.intake.services.settling import DROP, RETRY
from leeward.jobs.errors import RetryLater
from leeward.jobs.registry import every, job
from leeward.sealing.errors import WordsLocked
from leeward.spool import services


@every(timedelta(days=1), deletes=True)
def forget() -> None:
    """Erase contacts and expire receipts when their time has come."""
    now = datetime.now(UTC)
    erase_contacts(now)
    expire_receipts(now)


@every(timedelta(minutes=10), deletes=True)
def forget_conversations() -> None:
    """Delete conversations by text message that are over."""
    forget_talks(datetime.now(UTC))


@job(FORGET_STOPPED, lease=timedelta(minutes=10), is_long=True)
def forget_numbers(portal_id: int) -> None:
    """Erase the numbers of whoever wrote STOP; where this process has no key yet, once it has."""
    try:
        forget_stopped(portal_id)
    except WordsLocked:
        raise RetryLater(timedelta(minutes=5)) from None


@job(DROP, tries=200, most_delay=timedelta(minutes=15))
def drop_given_up(arrival_id: int) -> None:
    """Delete what a person gave up, where the process that wrote it down was killed, or could not write into the public file."""
    services.drop_given_up([arrival_id])


@job(RETRY, tries=200, most_delay=timedelta(minutes=15))
def try_again(arrival_id: int) -> None:
    """Let in what a person wanted to be tried again, where the process that wrote it down was killed or could not write there."""
    services.let_in_again([arrival_id])
