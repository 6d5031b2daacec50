"""Signs what is new, and has it cosigned hourly."""

import logging
from datetime import UTC, datetime, timedelta

from leeward.jobs.registry import every
from leeward.witnessing.services import publish_all

log = logging.getLogger(__name__)


@every(timedelta(minutes=10), lease=timedelta(minutes=30))
def sign_logs() -> None:
    """Sign each chain that has new rows, and show it to the witnesses when its hour has come."""
    for problem in publish_all(datetime.now(UTC)):
        log.warning("log.not_witnessed", extra={"why": problem})
