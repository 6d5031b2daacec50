"""The events this slice subscribes to, and its own work. All are idempotent."""

from datetime import UTC, datetime, timedelta

from django_scopes import scope

from leeward.audit.services import hotline_transaction
from leeward.exchange import services
from leeward.exchange.services.ledger import DELIVER
from leeward.exchange.services.own_keys import ANNOUNCE
from leeward.exchange.services.restored import TELL
from leeward.jobs.clockwatch import Settled, when_settled
from leeward.jobs.errors import RetryLater
from leeward.jobs.registry import every, job, moves_with, subscribe
from leeward.people.queries import hotlines

moves_with(DELIVER)(services.move_waits)


@when_settled
def begin_anew(settled: Settled) -> None:
    """Try what waits for other hotlines for its whole time from when the clock is right again."""
    for row in hotlines():
        with scope(hotline=row.id), hotline_transaction():
            services.begin_trying_anew(settled.now, settled.since)


@subscribe("portal.change_confirmed")
def take_confirmed_peer(subject_id: int) -> None:
    """Begin to exchange with a hotline whose key words two people agreed on."""
    services.take_confirmed_peer(subject_id)


@job(ANNOUNCE, tries=60, first_delay=timedelta(minutes=1), speaks=True)
def announce_key(subject_id: int) -> None:
    """Tell another hotline of our new key."""
    services.announce_key(subject_id)


@job(TELL, tries=60, first_delay=timedelta(minutes=1), speaks=True)
def tell_restored(subject_id: int) -> None:
    """Tell another hotline that this one was restored from a backup."""
    services.tell_restored(subject_id)


@job(DELIVER, lease=timedelta(minutes=5), waits_for="anybody", speaks=True)
def deliver(subject_id: int) -> None:
    """Send another hotline what waits for it, until nothing does."""
    delay = services.deliver(subject_id)
    if delay is not None:
        raise RetryLater(delay)


@every(timedelta(days=1), deletes=True)
def forget_old_words() -> None:
    """Delete what people wrote to each other about items that are long over."""
    for row in hotlines():
        with scope(hotline=row.id):
            services.forget_old_words(datetime.now(UTC))
