"""Counts everything each night."""

from datetime import UTC, datetime, timedelta

from django_scopes import scope

from leeward.indicators import services
from leeward.jobs.registry import every
from leeward.people.queries import hotlines


@every(timedelta(days=1), lease=timedelta(hours=2))
def count_all() -> None:
    """Count every hotline's reports and cases again, whatever was corrected since."""
    for row in hotlines():
        with scope(hotline=row.id):
            services.count_again(row.id, now=datetime.now(UTC))
