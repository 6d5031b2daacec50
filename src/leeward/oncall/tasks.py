"""The events this slice subscribes to, and its own scheduled tasks. All are idempotent."""

from datetime import UTC, datetime, timedelta

from django_scopes import scope

from leeward.jobs.errors import RetryLater
from leeward.jobs.registry import every, job, subscribe
from leeward.jobs.services import run_all_now, schedule
from leeward.notices.queries import mail
from leeward.oncall import queries, services
from leeward.oncall.services.calling import PAGE, SEND
from leeward.people.queries import hotlines

# Paging never gives up by itself: failed work is retried every few seconds, and checked every minute.
TRIES = 1_000_000
FIRST_DELAY = timedelta(seconds=2)


def _later(moment: datetime | None) -> None:
    if moment is not None:
        raise RetryLater(max(moment - datetime.now(UTC), timedelta(0)))


@subscribe("report.became_urgent", tries=TRIES, first_delay=FIRST_DELAY)
def call_for_report(subject_id: int) -> None:
    """Page somebody about an urgent report."""
    services.call_for_report(subject_id)


@job(PAGE, tries=TRIES, first_delay=FIRST_DELAY)
def look_after(subject_id: int) -> None:
    """Begin the next round of a page when it is time."""
    _later(services.advance(subject_id))


@job(SEND, lease=timedelta(minutes=5), tries=TRIES, first_delay=FIRST_DELAY, waits_for="chosen", speaks=True)
def send(subject_id: int) -> None:
    """Send one message of a page."""
    _later(services.send(subject_id))


@subscribe("mail.by_person", tries=TRIES, first_delay=FIRST_DELAY)
def read_reply(subject_id: int) -> None:
    """Acknowledge a page by the mail that answers it."""
    found = mail(subject_id)
    if found is not None:
        services.acknowledge_by_reply(found.text, sender=found.sender)


@subscribe("portal.change_confirmed", tries=TRIES, first_delay=FIRST_DELAY)
def take_confirmed_webhook(subject_id: int) -> None:
    """Apply the address that two people agreed on for posting a portal's pages."""
    services.take_confirmed_webhook(subject_id)


@subscribe("portal.change_confirmed", tries=TRIES, first_delay=FIRST_DELAY)
def take_confirmed_partner(subject_id: int) -> None:
    """Apply the partner of a portal, or the police's number, that two people agreed on."""
    services.take_confirmed_partner(subject_id)


@subscribe("account.closed")
def forget_person(subject_id: int) -> None:
    """Remove somebody who left."""
    services.forget_person(subject_id)


@every(timedelta(seconds=30))
def look_after_all() -> None:
    """Schedule the work for everything that is open again, so that nothing waits longer because a job was lost, failed
    or was put off.
    """
    run_all_now("oncall.call_for_report")
    for hotline in hotlines():
        with scope(hotline=hotline.id):
            for one in queries.open_pages():
                schedule(PAGE, subject_id=one.page.pk, hotline_id=hotline.id, urgent=True)
            for page_id in queries.held_pages():
                schedule(PAGE, subject_id=page_id, hotline_id=hotline.id, urgent=True)
            for message_id in queries.unsent_messages():
                schedule(SEND, subject_id=message_id, hotline_id=hotline.id, urgent=True)
