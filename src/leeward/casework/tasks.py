"""The events the desk subscribes to, and its own scheduled tasks. Everything is idempotent."""

from datetime import UTC, datetime, timedelta

from django_scopes import scope

from leeward.casework import timing
from leeward.casework.acting.rules.news import news_of_host
from leeward.casework.acting.services import acting, adding, alerting, at_risk, following, passing, undoing
from leeward.casework.appeals.services import appealing, unplaced
from leeward.casework.assessment.services import drafts, known_images
from leeward.casework.bulk import services as bulk_services
from leeward.casework.exposure.services import budget
from leeward.casework.money import services as money_services
from leeward.casework.names import tasks as names_tasks  # noqa: F401 - it subscribes, too
from leeward.casework.queue import tasks as queue_tasks  # noqa: F401 - what is at the places of cases
from leeward.casework.queue.services import (
    claiming,
    escalation,
    following_rules,
    opening,
    opening_together,
    own_pictures,
    preparing,
    withdrawing,
)
from leeward.casework.queue.services.overdue import catch_up, open_forgotten, rescue
from leeward.clocks import queries as clocks_queries
from leeward.intake import queries as intake_queries
from leeward.jobs.clockwatch import is_in_doubt
from leeward.jobs.registry import every, job, subscribe
from leeward.jobs.services import schedule
from leeward.notices import queries as notices_queries
from leeward.people.queries import hotlines

RESCUE_AFTER, FORGOTTEN_AFTER = timedelta(hours=1), timedelta(minutes=10)


@subscribe("report.received", together=opening_together.open_together)
def take_in(subject_id: int) -> None:
    """Open or join a case for the first items of a report, and note what it asks money for."""
    read = opening.take_in(subject_id)
    if money_services.traces_in(read.report, read.items, read.home):
        money_services.note_report(subject_id)  # reads it anew: its words may have been taken back meanwhile


@subscribe("own_picture.received")
def keep_fingerprints(subject_id: int) -> None:
    """Put the fingerprints of a person's own picture into the list."""
    own_pictures.keep_fingerprints(subject_id)


@subscribe("report.became_urgent")
def raise_urgency(subject_id: int) -> None:
    """Make every case of an urgent report urgent."""
    opening.raise_urgency(subject_id)


@job(opening.PREPARE, lease=timedelta(minutes=10), waits_for="anybody", together=preparing.prepare_together)
def prepare(subject_id: int) -> None:
    """Locate and fetch, then put into the queue."""
    if not preparing.prepare(subject_id):
        catch_up(subject_id)


@subscribe("location.fetched_more", lease=timedelta(minutes=10))
def fetched_more(subject_id: int) -> None:
    """Process what a host's budget had delayed and has now been fetched."""
    preparing.fetched_more(subject_id)


@job(known_images.ACT_ON_KNOWN, lease=timedelta(minutes=10))
def act_on_known(subject_id: int) -> None:
    """Tell everybody when the record of a known file has decided."""
    acting.act_on_known(subject_id)


@job(bulk_services.GO_ON, lease=timedelta(minutes=10))
def assess_in_bulk(subject_id: int) -> None:
    """Continue a bulk assessment."""
    bulk_services.go_on(subject_id)


@job(undoing.SETTLE, lease=timedelta(minutes=10))
def settle_act(subject_id: int) -> None:
    """Run what follows from an act that can't be undone any more."""
    undoing.run_follow_up(subject_id)


@subscribe("bank.changed")
def bank_changed(subject_id: int) -> None:
    """Look up a hotline's waiting cases again: more images are known, or more of them decide."""
    schedule(known_images.MATCH_AGAIN, subject_id=0, hotline_id=subject_id)


@job(known_images.MATCH_AGAIN, lease=timedelta(minutes=10))
def match_again(subject_id: int) -> None:
    """Look up some waiting cases again, those above this number."""
    known_images.match_again(subject_id)


@subscribe("account.closed")
def account_closed(subject_id: int) -> None:
    """Give back at once every case held by somebody who left."""
    claiming.return_claims_of(subject_id)


@subscribe("report.added")
def report_added(subject_id: int) -> None:
    """Handle what a reporter added; addresses in it open or join cases."""
    opening.take_in(subject_id)
    money_services.note_report(subject_id)
    adding.pass_on_additions(subject_id)
    for case_id in following.cases_of_report(subject_id):
        following.something_is_new(case_id, "report_added")


@subscribe("payment.found_on_page")
def note_commercial(subject_id: int) -> None:
    """Move a case up whose page asks for money, where the hotline wants that."""
    money_services.note_commercial(subject_id)


@subscribe("report.answered")
def report_answered(subject_id: int) -> None:
    """Handle a reporter's answer to a question."""
    money_services.note_report(subject_id)
    for case_id in following.cases_of_report(subject_id):
        following.something_is_new(case_id, "report_answered")


@subscribe("report.withdrawn", lease=timedelta(minutes=10))
def report_withdrawn(subject_id: int) -> None:
    """Handle a withdrawn report."""
    appealing.forget_words_of(subject_id)
    money_services.forget_report(subject_id)
    withdrawing.report_withdrawn(subject_id)


@subscribe("own_picture.matches_much")
def own_picture_matches_much(subject_id: int) -> None:
    """Let the desk know that a fingerprint of a person's own picture matches very many uploads."""
    for case_id in following.cases_of_report(subject_id):
        following.something_is_new(case_id, "own_picture_matches_much")


@subscribe("report.withdrawn")
def forget_fingerprints(subject_id: int) -> None:
    """Take the fingerprints of a withdrawn report out of the list."""
    own_pictures.forget_fingerprints(subject_id)


@subscribe("report.review_asked")
def review_asked(subject_id: int) -> None:
    """Handle a reporter's request for review."""
    for review in intake_queries.open_reviews_of(subject_id):
        appealing.reporter_asks(subject_id, review.id, review.text)


@subscribe("appeal.asked")
def appeal_asked(subject_id: int) -> None:
    """Handle a request for review from outside."""
    appealing.outsider_asks(subject_id)


@subscribe("appeal.added")
def appeal_added(subject_id: int) -> None:
    """Handle an addition to a request from outside."""
    appealing.outsider_adds(subject_id)


@subscribe("appeal.withdrawn")
def appeal_withdrawn(subject_id: int) -> None:
    """Handle a withdrawn request from outside."""
    appealing.outsider_withdraws(subject_id)


@subscribe("block_appeal.decided")
def block_appeal_decided(subject_id: int) -> None:
    """Tell the requester whether a block was lifted."""
    appealing.settle_outside(subject_id)


@subscribe("referral.sent")
def referral_sent(subject_id: int) -> None:
    """Handle a referral that was sent to the police."""
    row = notices_queries.referral(subject_id)
    if row and row.sent_at and row.is_to_police:
        following.police_were_informed(row.case_id, row.sent_at)


@subscribe("referral.failed")
def referral_failed(subject_id: int) -> None:
    """Handle a referral that did not reach the police, whatever was recorded before."""
    row = notices_queries.referral(subject_id)
    if row and row.sent_at is None:
        passing.police_not_reached(row.case_id)


@subscribe("referral.settled")
def referral_settled(subject_id: int) -> None:
    """Handle a referral that its recipient confirmed, or whose outcome somebody recorded."""
    row = notices_queries.referral(subject_id)
    if row and row.is_to_police:
        passing.police_answered(row.case_id)
    elif row and row.outcome:
        at_risk.protection_answered(row.case_id)


@subscribe("referral.held")
def referral_held(subject_id: int) -> None:
    """Handle a hold that the police put on the notice."""
    row = notices_queries.referral(subject_id)
    if row:
        following.hold_changed(row.case_id, notices_queries.held_until(row.case_id))


@subscribe("referral.released")
def referral_released(subject_id: int) -> None:
    """Handle a hold that the police released."""
    row = notices_queries.referral(subject_id)
    if row:
        following.hold_changed(row.case_id, notices_queries.held_until(row.case_id))


@subscribe("referral.timed_out")
def referral_timed_out(subject_id: int) -> None:
    """Handle a hold, or a time to answer, that is over."""
    row = notices_queries.referral(subject_id)
    if row:
        following.hold_changed(row.case_id, notices_queries.held_until(row.case_id))


@subscribe("notice.sent")
def notice_sent(subject_id: int) -> None:
    """Handle a notice sent to a host."""
    item = notices_queries.notice_item(subject_id)
    if item and item.sent_at and item.kind in ("host", "foreign_host"):
        following.host_was_informed(item.case_id, item.sent_at)
    elif item and item.sent_at and item.kind == "foreign_police":
        following.abroad_was_informed(item.case_id)
        timing.keep_of(item.case_id)


@subscribe("notice.answered")
def notice_answered(subject_id: int) -> None:
    """Handle the answers to a notice: a person must look at what is news of them."""
    item = notices_queries.notice_item(subject_id)
    if item is None:
        return
    for answer, text in notices_queries.news_of_answers(subject_id):
        if news := news_of_host(answer, text):
            following.something_is_new(item.case_id, news)
    if item.kind == "foreign_police":
        timing.keep_of(item.case_id)


@subscribe("notice.disputed")
def notice_disputed(subject_id: int) -> None:
    """Handle a host that disagrees."""
    item = notices_queries.notice_item(subject_id)
    if item:
        appealing.host_asks(item.case_id, item.id)


@subscribe("payment_alert.answered")
def payment_alert_answered(subject_id: int) -> None:
    """Handle what a payment firm wrote about an alert."""
    for case_id in notices_queries.cases_of_alert(subject_id):
        following.something_is_new(case_id, "payment_answered")


@subscribe("case.former_news_came")
def former_news_came(subject_id: int) -> None:
    """Pass on that something came in about a case that went to another hotline with its portal."""
    following.former_news_came(subject_id)


@subscribe("exchange.said")
def hotline_said(subject_id: int) -> None:
    """Handle what another hotline said about a case."""
    following.note_hotline_message(subject_id)


@subscribe("location.removed")
def location_removed(subject_id: int) -> None:
    """Handle content that was removed."""
    following.was_removed(subject_id)


@subscribe("location.returned")
def location_returned(subject_id: int) -> None:
    """Handle content that came back."""
    following.came_back(subject_id)


@subscribe("location.unreachable")
def location_unreachable(subject_id: int) -> None:
    """Flag a location that can't be reached, for somebody to see."""
    case_id = following.case_at(subject_id)
    if case_id is not None:
        following.something_is_new(case_id, "unreachable")


@subscribe("subscriber.alarmed")
def subscriber_alarmed(subject_id: int) -> None:
    """Report a problem with a subscriber's list."""
    alerting.subscriber_alarmed(subject_id)


@subscribe("hash_reader.alarmed")
def hash_reader_alarmed(subject_id: int) -> None:
    """Report a problem with how a subscriber fetches a list of hashes."""
    alerting.hash_reader_alarmed(subject_id)


@subscribe("live_source.alarmed")
def live_source_alarmed(subject_id: int) -> None:
    """Report that a source of known images has been unreadable for a day."""
    alerting.live_source_alarmed(subject_id)


@subscribe("block_appeal.stranded")
def appeal_stranded(subject_id: int) -> None:
    """Report that no supervisor can answer a request about a block."""
    alerting.appeal_stranded(subject_id)


@subscribe("block_appeal.unanswerable")
def appeal_unanswerable(subject_id: int) -> None:
    """Report that nobody can answer a request about a block."""
    alerting.appeal_unanswerable(subject_id)


@subscribe("publication.stopped")
def publication_stopped(subject_id: int) -> None:
    """Report that a gate stopped a publication."""
    alerting.publication_stopped(subject_id)


@subscribe("publication.overdue")
def publication_overdue(subject_id: int) -> None:
    """Report that a list should have been published and was not."""
    alerting.publication_overdue(subject_id)


@subscribe("clock.reassign_wanted")
def reassign_wanted(subject_id: int) -> None:
    """Give a case to a colleague because time is running out."""
    escalation.give_to_colleague(subject_id)


@subscribe("clock_rule.set", lease=timedelta(minutes=30))
def clock_rule_set(subject_id: int) -> None:
    """Update the queue and the appeals after a portal's rule changed."""
    portal_id = clocks_queries.portal_of_rule(subject_id)
    following_rules.reprioritise_portal(portal_id)
    following_rules.move_appeals(portal_id)


@subscribe("portal.order_changed", lease=timedelta(minutes=30))
@subscribe("portal.calendar_changed", lease=timedelta(minutes=30))
def calendar_changed(subject_id: int) -> None:
    """Update the queue and the appeals after a portal's working days changed, or what goes first in the queue."""
    following_rules.reprioritise_portal(subject_id)
    following_rules.move_appeals(subject_id)


@every(timedelta(minutes=1))
def keep_order() -> None:
    """Return abandoned claims, end holds whose time has run out, and rescue what has waited unprepared for too long."""
    now = datetime.now(UTC)
    for row in hotlines():
        with scope(hotline=row.id):
            if not is_in_doubt():  # by a clock that jumped, nothing has run out
                claiming.return_abandoned(now)
                following.end_holds(now)
            rescue(now - RESCUE_AFTER)
            open_forgotten(now - FORGOTTEN_AFTER)
            unplaced.remind_of_unplaced(now)


@every(timedelta(days=1), deletes=True)
def forget_old_fingerprints() -> None:
    """Take fingerprints of people's own pictures out of the list once they were kept for as long as was promised."""
    for row in hotlines():
        with scope(hotline=row.id):
            own_pictures.forget_old(datetime.now(UTC))


@every(timedelta(days=1), deletes=True)
def forget_desk_days() -> None:
    """Delete the records of people's days at the desk and their old drafts when their time has come."""
    for row in hotlines():
        with scope(hotline=row.id):
            budget.forget_old_days(datetime.now(UTC))
            drafts.forget_old_drafts(datetime.now(UTC))
