"""The events quality subscribes to, and its own scheduled tasks. Everything is idempotent."""

from datetime import timedelta

from django_scopes import scope

from leeward.casework.quality.services import adjudicating, reviewing, sampling
from leeward.jobs.registry import every, subscribe
from leeward.people.queries import hotlines


@subscribe("case.assessed")
def draw(subject_id: int) -> None:
    """A case was assessed: it may be drawn for another blind assessment."""
    sampling.draw(subject_id)


@subscribe("case.assessed")
def open_adjudication(subject_id: int) -> None:
    """Two assessments may differ: open an adjudication."""
    adjudicating.open_adjudication(subject_id)


@every(timedelta(hours=1))
def drop_stale() -> None:
    """Drop drawn cases whose decision no longer stands."""
    for row in hotlines():
        with scope(hotline=row.id):
            sampling.drop_stale()


@subscribe("appeal.answered")
def note_appeal(subject_id: int) -> None:
    """An appeal may have changed a decision that one person made alone."""
    reviewing.note_appeal(subject_id)


@every(timedelta(days=1), lease=timedelta(hours=2))
def go_through_decisions() -> None:
    """If the recorded law has changed, list the decisions without a second assessment on which it now says something
    else.
    """
    for row in hotlines():
        with scope(hotline=row.id):
            reviewing.go_through(row.id)
