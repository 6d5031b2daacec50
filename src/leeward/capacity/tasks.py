"""What this slice does by itself."""

from datetime import UTC, datetime, timedelta

from django_scopes import scope

from leeward.capacity import services
from leeward.capacity.care import services as care_services
from leeward.jobs.registry import every
from leeward.people.queries import hotlines


@every(timedelta(days=1), deletes=True)
def forget_old_care() -> None:
    """Delete notes to counsellors and their dates when their time is over."""
    today = datetime.now(UTC).date()
    for row in hotlines():
        with scope(hotline=row.id):
            care_services.forget_old(row.id, today)


@every(timedelta(days=1), deletes=True)
def forget_old_trainees() -> None:
    """Forget the names of people whose training ran out long ago; what is counted stays."""
    today = datetime.now(UTC).date()
    for row in hotlines():
        with scope(hotline=row.id):
            services.forget_old(row.id, today)
