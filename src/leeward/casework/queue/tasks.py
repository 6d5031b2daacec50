"""Jobs about what is at the places of cases. Everything is idempotent."""

from datetime import timedelta

from leeward.casework.queries import REFETCH
from leeward.casework.queue.services import accessing, opening
from leeward.jobs.registry import job


@job(REFETCH, lease=timedelta(minutes=10), waits_for="anybody")
def refetch(subject_id: int) -> None:
    """Locate and fetch again on request."""
    opening.fetch_again(subject_id)


@job(accessing.ADD_ACCESS)
def add_access(subject_id: int) -> None:
    """Store how the places of an urgent report are accessed, which was taken in without the key to its words."""
    accessing.add_access(subject_id)
