"""The events quality subscribes to, and its own scheduled tasks. Everything is idempotent."""

from datetime import timedelta

from django.urls import reverse
from django_scopes import scope

from leeward.casework.quality.procedure import hides_all
from leeward.casework.quality.services import adjudicating, reviewing, sampling
from leeward.casework.steps import now_utc
from leeward.jobs.registry import every, subscribe
from leeward.notices.services import tell_staff
from leeward.people.queries import hotlines, portals_in_use
from leeward.people.rules.permissions import SUPERVISOR


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


@every(timedelta(days=1), lease=timedelta(hours=2))
def tell_of_hidden_figures() -> None:
    """Write to supervisors while all of a portal's public figures are hidden because checking takes too long: once a
    month.
    """
    now = now_utc()
    for row in hotlines():
        with scope(hotline=row.id):
            for portal in portals_in_use(row.id):
                if hides_all(portal, now):
                    key, path = (
                        f"figures {portal.id} {now:%Y-%m}",
                        reverse("quality_public:show-procedure", args=[portal.slug]),
                    )
                    tell_staff(row.id, what="figures_hidden", key=key, path=path, roles=(SUPERVISOR,))
