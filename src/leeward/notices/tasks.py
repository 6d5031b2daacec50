"""Background jobs of notices."""

import logging
from datetime import UTC, datetime, timedelta

from django.db import InterfaceError, OperationalError
from django_scopes import scope

from leeward.audit.services import hotline_transaction
from leeward.installation.queries import config_now
from leeward.jobs.clockwatch import Settled, when_settled
from leeward.jobs.errors import RetryLater
from leeward.jobs.registry import every, job, moves_with, subscribe
from leeward.notices import queries, services
from leeward.notices.channels import mailbox
from leeward.notices.rules.ladder import ADVANCE
from leeward.notices.rules.police_first import REFERRAL_TIME
from leeward.notices.services.forgetting import FORGET
from leeward.notices.services.ladder import begin_steps_anew, move_steps
from leeward.notices.services.mail import READ_AGAIN
from leeward.notices.services.measuring import MEASURE
from leeward.notices.services.name_acts import NAME_TIME
from leeward.notices.services.outbox import DELIVER, begin_patience_anew, move_tries
from leeward.notices.services.payments import PAYMENT_TIME
from leeward.notices.services.police_first import begin_waits_anew
from leeward.people.queries import hotlines
from leeward.sealing.errors import WordsKeyUnusable, WordsLocked

log = logging.getLogger(__name__)
# A message gives up by itself after days; a job that fails for another reason is retried for about as long.
TRIES = 60
moves_with(DELIVER)(move_tries)
moves_with(ADVANCE)(move_steps)


@when_settled
def begin_anew(settled: Settled) -> None:
    """Let what waits have its whole time from when the clock is right again."""
    for hotline in hotlines():
        with scope(hotline=hotline.id), hotline_transaction():
            begin_waits_anew(settled.now, settled.since)
            begin_steps_anew(hotline.id, settled.now, settled.since)
            begin_patience_anew(settled.now, settled.since)


def _later(moment: datetime | None) -> None:
    if moment is not None:
        raise RetryLater(max(moment - datetime.now(UTC), timedelta(0)))


@job(DELIVER, lease=timedelta(minutes=10), tries=TRIES, waits_for="chosen", speaks=True)
def deliver(subject_id: int) -> None:
    """Send one message of the outbox."""
    _later(services.deliver(subject_id))


@job(ADVANCE, tries=TRIES)
def advance(subject_id: int) -> None:
    """Take the next step of one notice case's ladder."""
    _later(services.advance(subject_id))


@job(REFERRAL_TIME, tries=TRIES)
def referral_time(subject_id: int) -> None:
    """End the wait for the police, or their hold, when its time is over."""
    _later(services.let_time_pass(subject_id))


@job(MEASURE)
def measure(subject_id: int) -> None:
    """Recount how a contact answers once a deadline has passed."""
    _later(services.measure_in_time(subject_id))


@job(FORGET, lease=timedelta(minutes=10), tries=TRIES, is_long=True)
def forget_quoted(subject_id: int) -> None:
    """Look for what was taken back in some mails, then let other jobs run before the rest."""
    if services.forget_quoted(subject_id):
        raise RetryLater(timedelta(0))


@job(NAME_TIME)
def name_time(subject_id: int) -> None:
    """Let the desk know that what was asked about a name has no answer in time."""
    _later(services.note_overdue(subject_id))


@job(PAYMENT_TIME)
def payment_time(subject_id: int) -> None:
    """Tell our own people that a payment firm has not answered in time."""
    services.note_silence(subject_id)


@subscribe("portal.change_confirmed")
def take_confirmed_contact(subject_id: int) -> None:
    """Apply a change, made by two people, of how police or child protection are written to."""
    services.take_confirmed_contact(subject_id)


@subscribe("portal.change_confirmed")
def take_confirmed_text(subject_id: int) -> None:
    """Apply a change, made by two people, of the text of referrals to the police."""
    services.take_confirmed_text(subject_id)


@subscribe("location.removed")
def stop_asking(subject_id: int) -> None:
    """Stop the ladders about material that is gone."""
    services.stop_for_location(subject_id)


@subscribe("referral.settled")
def end_if_settled(subject_id: int) -> None:
    """End a notice case that only waited for the police."""
    services.end_if_settled(subject_id)


@every(timedelta(minutes=1))
def try_again() -> None:
    """Retry cases that had no recipient, since the directory may have one by now."""
    for hotline in hotlines():
        with scope(hotline=hotline.id):
            for notice_case_id in queries.notice_cases_to_try_again():
                services.try_again(notice_case_id)


@every(timedelta(minutes=10))
def follow_holds() -> None:
    """Let what goes to hosts follow what the police hold at the same address, where something else than their answer changed that."""
    for hotline in hotlines():
        with scope(hotline=hotline.id):
            services.follow_holds(datetime.now(UTC))


@every(timedelta(hours=6))
def write_log_heads() -> None:
    """Write the heads of the logs to the auditors when a week begins."""
    services.send_log_heads(datetime.now(UTC))


@every(timedelta(seconds=30), speaks=True)
def read_mailbox() -> None:
    """Take in incoming mail."""
    mailbox.read(config_now().mailbox, _take_in)


@job(READ_AGAIN, tries=TRIES, speaks=True)
def read_again(subject_id: int) -> None:
    """Let the mail since this moment, in seconds of UNIX time, be read once more: what came in after a backup isn't in it."""
    if not services.let_mail_be_new(datetime.fromtimestamp(subject_id, UTC), datetime.now(UTC)):
        raise RetryLater(timedelta(minutes=1))


@every(timedelta(days=1))
def measure_claims() -> None:
    """See which contacts that say “removed” or “suspended” were right by now."""
    for hotline in hotlines():
        with scope(hotline=hotline.id):
            services.measure_claims()


@every(timedelta(days=1), deletes=True)
def forget_old_statements() -> None:
    """Delete what was written about children when its time has come."""
    for hotline in hotlines():
        with scope(hotline=hotline.id):
            services.forget_old_statements(datetime.now(UTC))


@every(timedelta(days=1), deletes=True)
def forget_sent_since() -> None:
    """Delete what the mail server said after a restoring that is long over."""
    services.forget_sent_since(datetime.now(UTC))


def _take_in(raw: bytes) -> None:
    """Take in one mail; one that can't be taken in for itself is left to a person and must not hold up the others."""
    try:
        services.take_in(raw)
    except (OperationalError, InterfaceError, OSError, WordsKeyUnusable, WordsLocked):
        raise  # ours to mend: the mail waits
    except Exception:
        log.warning("mail.not_taken_in", extra={"bytes": len(raw)}, exc_info=True)
        services.set_aside(raw)  # where that fails, too, it isn't the mail: it waits
