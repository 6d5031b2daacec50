"""The work of this slice. All of it is idempotent."""

from datetime import UTC, datetime, timedelta

from django_scopes import scope

from leeward.jobs.errors import RetryLater
from leeward.jobs.registry import every, job
from leeward.people.queries import hotlines
from leeward.providers import services


@job(services.OPEN)
def open_some(subject_id: int) -> None:
    """Make reports of some waiting lines, then let everything else have its turn."""
    _go_on(services.open_some(urgent=False))


@job(services.OPEN_URGENT)
def open_urgent(subject_id: int) -> None:
    """Make reports of urgent lines, as many an hour as people can be paged for."""
    _go_on(services.open_some(urgent=True))


@job(services.SIGN)
def sign_log(subject_id: int) -> None:
    """Have the log signed, so that new receipts can be proven."""
    _go_on(services.sign_log(subject_id))


@job(services.REMIND, speaks=True)
def remind_now(subject_id: int) -> None:
    """Write to providers whose evidence an order holds from now on."""
    services.remind(datetime.now(UTC))


@job(services.IN_DOUBT)
def letter_in_doubt(subject_id: int) -> None:
    """Let people know of a letter to a provider whose process died before it knew whether it went."""
    services.letter_in_doubt(subject_id)


@every(timedelta(days=1), speaks=True)
def remind() -> None:
    """Write to providers whose evidence reaches its end."""
    for row in hotlines():
        with scope(hotline=row.id):
            services.remind(datetime.now(UTC))


def _go_on(delay: timedelta | None) -> None:
    if delay is not None:
        raise RetryLater(delay)
