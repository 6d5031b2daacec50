"""Signs what is new, has it cosigned hourly, and tells witnesses of a restoring."""

import logging
from datetime import UTC, datetime, timedelta

from leeward.jobs.errors import RetryLater
from leeward.jobs.registry import every, job
from leeward.witnessing.services import TELL, publish_all, tell_restored

log = logging.getLogger(__name__)


@every(timedelta(minutes=10), lease=timedelta(minutes=30))
def sign_logs() -> None:
    """Sign each chain that has new rows, and show it to the witnesses when its hour has come."""
    for problem in publish_all(datetime.now(UTC)):
        log.warning("log.not_witnessed", extra={"why": problem})


@job(TELL, tries=60, first_delay=timedelta(minutes=1), speaks=True)
def tell_of_restoring(subject_id: int) -> None:
    """Tell a witness that this installation was restored from a backup."""
    if not tell_restored(subject_id, datetime.now(UTC)):
        raise RetryLater(timedelta(minutes=30))
