"""What quality hears from the desk, and what it does by itself. Everything is safe to run twice."""

from datetime import timedelta

from django_scopes import scope

from leeward.casework.quality.services import conferring, reviewing, sampling
from leeward.duties.registry import every, hears
from leeward.people.queries import hotlines


@hears("case.assessed")
def draw(subject_id: int) -> None:
    """Somebody said what a case is: it may be drawn for another blind look."""
    sampling.draw(subject_id)


@hears("case.assessed")
def confer(subject_id: int) -> None:
    """Two looks may have come to different ends: both confer."""
    conferring.open_conference(subject_id)


@every(timedelta(hours=1))
def drop_stale() -> None:
    """Drop drawn cases whose decision no longer stands."""
    for row in hotlines():
        with scope(hotline=row.id):
            sampling.drop_stale()


@hears("appeal.answered")
def note_appeal(subject_id: int) -> None:
    """A decision that one person made alone may have been changed."""
    reviewing.note_appeal(subject_id)


@every(timedelta(days=1), lease=timedelta(hours=2))
def go_through_decisions() -> None:
    """Where the recorded law has changed, list the decisions without a second look of which it says something else."""
    for row in hotlines():
        with scope(hotline=row.id):
            reviewing.go_through(row.id)
