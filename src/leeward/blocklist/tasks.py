"""Background jobs of the lists. All are safe to run twice."""

from datetime import timedelta

from django_scopes import scope

from leeward.blocklist import services
from leeward.foundation.actor import SYSTEM
from leeward.jobs.registry import every, subscribe
from leeward.people.queries import hotlines


@subscribe("location.removed")
def location_removed(subject_id: int) -> None:
    """Remove the entries of a location that is gone, since nothing needs to be blocked there any more."""
    services.remove_at_location(subject_id)


@every(timedelta(hours=6))
def keep_lists() -> None:
    """Make sure that every hotline has its two lists, and that nothing stays listed or unanswered because it was
    forgotten.
    """
    for row in hotlines():
        with scope(hotline=row.id):
            services.open_own_lists(row.id, actor=SYSTEM)
            services.suspend_unreviewed()
            services.find_stranded(row.id)
