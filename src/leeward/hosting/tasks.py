"""Background jobs of hosting."""

from datetime import UTC, datetime, timedelta

from leeward.hosting.services.fetching import REST, fetch_rest
from leeward.hosting.services.locating import AGAIN, locate
from leeward.jobs.errors import RetryLater
from leeward.jobs.registry import job


@job(REST, lease=timedelta(minutes=10))
def fetch_what_waits(subject_id: int) -> None:
    """Fetch what a host's budget did not allow before."""
    again_at = fetch_rest(subject_id)
    if again_at is not None:
        raise RetryLater(max(again_at - datetime.now(UTC), timedelta(0)))


@job(AGAIN)
def locate_again(subject_id: int) -> None:
    """Ask again what a registry wanted to be asked later."""
    locate(subject_id)
