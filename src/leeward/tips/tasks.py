"""The event this slice subscribes to, and its own work. All are idempotent."""

from datetime import UTC, datetime, timedelta

from django_scopes import scope

from leeward.jobs.errors import RetryLater
from leeward.jobs.registry import every, job, subscribe
from leeward.people.queries import hotlines
from leeward.tips import services


@subscribe("mail.received")
def take_mail(subject_id: int) -> None:
    """Take in what a program can read of a hotline's mail."""
    services.take_mail(subject_id)


@job(services.OPEN)
def open_some(subject_id: int) -> None:
    """Make reports of some waiting tips, then let everything else have its turn."""
    _go_on(services.open_some(urgent=False))


@job(services.OPEN_URGENT)
def open_urgent(subject_id: int) -> None:
    """Make reports of urgent tips, as many an hour as people can be paged for."""
    _go_on(services.open_some(urgent=True))


@job(services.ADD)
def add_newest(subject_id: int) -> None:
    """Add what a newer version names to the report of its tip."""
    services.add_newest(subject_id)


@every(timedelta(days=1), deletes=True)
def forget_old_facts() -> None:
    """Delete the words of tips that are long over."""
    for row in hotlines():
        with scope(hotline=row.id):
            while services.forget_old_facts(datetime.now(UTC)):
                pass


def _go_on(delay: timedelta | None) -> None:
    if delay is not None:
        raise RetryLater(delay)
