"""Jobs about long reports, about what is at the places of cases, of which the police wait to hear, what may have gone to a receiver, what
came back though its reporter had taken it back, what the police wrote by a letter's link, and claims by a clock that was wrong.
Everything is idempotent."""

from datetime import timedelta

from django_scopes import scope

from leeward.audit.services import hotline_transaction
from leeward.casework import timing
from leeward.casework.acting.services import following, passing
from leeward.casework.appeals.services import appealing
from leeward.casework.money import services as money_services
from leeward.casework.queries import REFETCH, TAKE_IN_MORE
from leeward.casework.queue.services import (
    accessing,
    claiming,
    opening,
    own_pictures,
    preparing,
    restoring,
    withdrawing,
)
from leeward.jobs.clockwatch import Settled, when_settled
from leeward.jobs.errors import RetryLater
from leeward.jobs.registry import job, subscribe
from leeward.notices import queries as notices_queries
from leeward.people.queries import hotlines


@job(TAKE_IN_MORE, is_long=True)
def take_in_more(subject_id: int) -> None:
    """Open or join a case for the next items of a long report, then let other jobs run before the rest."""
    if opening.open_some_cases(subject_id):
        raise RetryLater(timedelta(0))


@job(REFETCH, lease=timedelta(minutes=10), waits_for="anybody")
def refetch(subject_id: int) -> None:
    """Locate and fetch again on request."""
    preparing.fetch_again(subject_id)


@job(accessing.ADD_ACCESS)
def add_access(subject_id: int) -> None:
    """Store how the places of an urgent report are accessed, which was taken in without the key to its words."""
    accessing.add_access(subject_id)


@job(passing.TELL_WHEN_OPENED)
def tell_when_opened(subject_id: int) -> None:
    """Tell the police about a case whose words could not be opened."""
    passing.tell_waiting(subject_id)


@subscribe("submission.left_unsure")
def submission_left_unsure(subject_id: int) -> None:
    """Handle a report of a case to a receiver of which nobody here knows whether it went."""
    following.something_is_new(subject_id, "submission_unsure", is_told_once=True)


@subscribe("submission.turned_back")
def submission_turned_back(subject_id: int) -> None:
    """Handle a report of a case to a receiver that ends since the decision no longer stands."""
    following.something_is_new(subject_id, "submission_turned_back", is_told_once=True)


@subscribe("mail.received", formerly="casework.mail_received")
def mail_received(subject_id: int) -> None:
    """Handle incoming mail."""
    for case_id in notices_queries.case_of_mail(subject_id):
        following.something_is_new(case_id, "mail_received")


@subscribe("message.died", formerly="casework.message_died")
def message_died(subject_id: int) -> None:
    """Handle a message that can't be sent."""
    for case_id in notices_queries.case_of_message(subject_id):
        following.something_is_new(case_id, "message_died")


@subscribe("referral.answered")
def referral_answered(subject_id: int) -> None:
    """Handle words or a decision that came by the link in a letter to the police or to child protection."""
    row = notices_queries.referral(subject_id)
    if row:
        following.something_is_new(row.case_id, "police_answered" if row.is_to_police else "protection_answered")


@subscribe("notice_case.hold_changed")
def notice_case_hold_changed(subject_id: int) -> None:
    """Let the clocks of a case stand still or go on with the police's hold on another one about the same address."""
    timing.keep_of(subject_id)


@job(restoring.FORGET_AGAIN, lease=timedelta(minutes=10))
def forget_again(subject_id: int) -> None:
    """Forget what came back of a withdrawn report."""
    appealing.forget_words_of(subject_id)
    money_services.forget_report(subject_id)
    own_pictures.forget_fingerprints(subject_id)
    withdrawing.forget_again(subject_id)


@when_settled
def begin_claims_anew(settled: Settled) -> None:
    """Take no case from whoever holds it because the clock was behind."""
    for row in hotlines():
        with scope(hotline=row.id), hotline_transaction():
            claiming.begin_claims_anew(settled.now, settled.since)
