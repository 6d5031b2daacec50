"""Jobs about long reports, and about what is at the places of cases. Everything is idempotent."""

from datetime import timedelta

from leeward.casework.queries import REFETCH, TAKE_IN_MORE
from leeward.casework.queue.services import accessing, opening, preparing
from leeward.jobs.errors import RetryLater
from leeward.jobs.registry import job


@job(TAKE_IN_MORE, is_long=True)
def take_in_more(subject_id: int) -> None:
    """Open or join a case for the next items of a long report, then let other jobs run before the rest."""
    if opening.open_some_cases(subject_id):
        raise RetryLater(timedelta(0))


@job(REFETCH, lease=timedelta(minutes=10), waits_for="anybody")
def refetch(subject_id: int) -> None:
    """Locate and fetch again on request."""
    preparing.fetch_again(subject_id)


@job(accessing.ADD_ACCESS)
def add_access(subject_id: int) -> None:
    """Store how the places of an urgent report are accessed, which was taken in without the key to its words."""
    accessing.add_access(subject_id)
