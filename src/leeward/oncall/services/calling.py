"""Calling people: a report joins the page of its portal, and a page goes out in rounds until somebody acknowledges.

A round is written with all its messages in the transaction that schedules sending them: whenever the machine stops, it
was begun or it was not, and it is never begun twice.
"""

from datetime import UTC, datetime

from leeward.audit.services import hotline_transaction, record
from leeward.foundation.actor import SYSTEM, Actor
from leeward.installation.services import demand_few_tests
from leeward.intake import queries as intake_queries
from leeward.intake.queries import ReportRow
from leeward.intake.services.receiving import REHEARSAL
from leeward.jobs.services import schedule
from leeward.oncall import queries
from leeward.oncall.errors import CantBePaged
from leeward.oncall.models import Page, PagedReport, PageMessage
from leeward.oncall.rules.circles import Recipient, recipients_of
from leeward.oncall.rules.paging import next_step
from leeward.people import queries as people_queries
from leeward.people.services import authorize

PAGE, SEND = "oncall.page", "oncall.send"


def call_for_report(report_id: int) -> None:
    """Page people about an urgent report. Idempotent."""
    report = intake_queries.report(report_id)
    with hotline_transaction():
        known = PagedReport.objects.filter(report_id=report_id, urgency=report.urgency)
        if report.urgent and not known.exists():
            _join(report, report.urgency, actor=SYSTEM)


def call_again(report_id: int, *, actor: Actor) -> None:
    """Page others about a report that somebody marked as urgent at the desk without taking it up. In the caller's
    transaction.
    """
    _join(intake_queries.report(report_id), "marked", actor=actor)


def call_anew(report_id: int) -> None:
    """Page people about an addition to an urgent report whose case was over. In the caller's transaction; idempotent
    while nobody has taken it up.
    """
    report = intake_queries.report(report_id)
    if not PagedReport.objects.filter(report_id=report_id, page__closed_at=None, taken_at=None).exists():
        _join(report, report.urgency, actor=SYSTEM)


def call_untold(report_id: int) -> None:
    """Page people about an urgent report of which the police could not be told. In the caller's transaction; idempotent
    while the page is open.
    """
    if not PagedReport.objects.filter(report_id=report_id, urgency="untold", page__closed_at=None).exists():
        _join(intake_queries.report(report_id), "untold", actor=SYSTEM)


def _join(report: ReportRow, urgency: str, *, actor: Actor) -> None:
    now = datetime.now(UTC)
    page, is_new = open_page(report.hotline_id, report.portal_id, "urgent", now)
    if urgency != "untold":  # a report is one line of a page, with the newest reason why it is urgent
        page.reports.filter(report_id=report.id, taken_at=None).exclude(urgency="untold").delete()
    PagedReport.objects.create(
        hotline_id=report.hotline_id,
        page=page,
        report_id=report.id,
        urgency=urgency,
        is_rehearsal=report.source == REHEARSAL,
        received_at=report.received_at,
        added_at=datetime.now(UTC),  # with the page locked: an earlier round may not mention it
    )
    facts = {"report": report.id, "urgency": urgency, "portal": report.portal_id}
    note("page.opened" if is_new else "page.joined", page, actor=actor, facts=facts)


def call_rest(page: Page, unseen: list[PagedReport], *, now: datetime) -> None:
    """Page again about the reports of a just closed page that the person who acknowledged had not seen. In the caller's
    transaction.
    """
    fresh, _is_new = open_page(page.hotline_id, page.portal_id, "urgent", now)
    PagedReport.objects.filter(pk__in=[row.pk for row in unseen]).update(page=fresh)
    note("page.opened", fresh, actor=SYSTEM, facts={"after": page.pk, "reports": len(unseen), "portal": page.portal_id})


def open_page(hotline_id: int, portal_id: int, kind: str, now: datetime, by: int | None = None) -> tuple[Page, bool]:
    """Return the open page of a portal, and whether it was just created; a job for it is scheduled at once. In the
    caller's transaction.
    """
    page = Page.objects.select_for_update().filter(portal_id=portal_id, kind=kind, closed_at__isnull=True).first()
    is_new = page is None
    if page is None:
        page = Page.objects.create(
            hotline_id=hotline_id, portal_id=portal_id, kind=kind, opened_at=now, opened_by_id=by
        )
    schedule(PAGE, subject_id=page.pk, hotline_id=hotline_id, due_at=now, urgent=True)
    return page, is_new


def send_test(portal_id: int, *, actor: Actor) -> int:
    """Send a test page for a portal; return its number. It goes to whoever would be paged first, and must be acknowledged.
    Raises TriedTooOften: people who get many tests no longer look at what comes.
    """
    portal = people_queries.portal(portal_id)
    hotline_id = portal.hotline_id
    authorize(actor, "oncall.edit", hotline_id)
    now = datetime.now(UTC)
    demand_few_tests("test pages", str(portal_id))
    with hotline_transaction():
        if not queries.recipients_first(portal, now):
            raise CantBePaged
        page, is_new = open_page(hotline_id, portal_id, "test", now, actor.id)
        if is_new:
            note("page.tested", page, actor=actor, facts={"portal": portal_id})
    return int(page.pk)


def advance(page_id: int) -> datetime | None:
    """Do what a page needs now; return when to check it again, or None if it is over."""
    now = datetime.now(UTC)
    with hotline_transaction():
        page = Page.objects.select_for_update().get(pk=page_id)
        pauses = queries.pauses()
        step = next_step(queries.standing_of(page), pauses, now)
        if step.act == "call":
            _begin_round(page, now)
            step = next_step(queries.standing_of(page), pauses, now)
            if step.act == "call":  # nobody is known now: somebody may be in a minute
                return now + pauses.unheard
        elif step.act == "end":
            close(page, how="ended", actor=SYSTEM, now=now)
        elif step.act == "call_anew":
            _call_forgotten(page, now)
    return step.until


def hold(page: Page, *, now: datetime) -> None:
    """Let the word of whoever has just ended a page hold for a while, if anything in it is left to be taken up. In the
    caller's transaction.
    """
    if page.kind == "urgent" and page.reports.filter(settled_at__isnull=True).exists():
        page.held_until = now + queries.pauses().hold
        page.save(update_fields=["held_until"])
        schedule(PAGE, subject_id=page.pk, hotline_id=page.hotline_id, due_at=page.held_until, urgent=True)


def _call_forgotten(page: Page, now: datetime) -> None:
    """Page people again about what somebody answered for and nobody has taken up since."""
    page.held_until = None
    page.save(update_fields=["held_until"])
    forgotten = list(page.reports.filter(settled_at__isnull=True).order_by("pk"))
    page.reports.filter(settled_at__isnull=True).update(settled_at=now)  # the new page has them
    fresh, _is_new = open_page(page.hotline_id, page.portal_id, "urgent", now)
    for row in forgotten:
        if not fresh.reports.filter(report_id=row.report_id, taken_at=None).exists():
            row.pk, row.page, row.added_at = None, fresh, now
            row.taken_at = row.taken_by_id = row.settled_at = None
            row.save(force_insert=True)
    note("page.forgotten", page, actor=SYSTEM, facts={"again": fresh.pk, "reports": len(forgotten)})


def _begin_round(page: Page, now: datetime) -> None:
    """Write to everybody whom the next round reaches. Unsent messages of the round before are cancelled: they say the
    same.
    """
    PageMessage.objects.filter(page=page, state="waiting").update(state="stopped")
    number = page.rounds + 1
    circles = queries.circles(people_queries.portal(page.portal_id), now)
    reach = recipients_of(number if page.kind == "urgent" else 1, circles)
    first = page.rounds == 0
    if reach or first:  # a later round that reaches nobody has not begun
        page.rounds, page.round_at = number, now
        page.save(update_fields=["rounds", "round_at"])
    for recipient in _once_each(reach):
        message = PageMessage.objects.create(
            hotline_id=page.hotline_id, page=page, round=number, way=recipient.way, to=recipient.to,
            person_id=recipient.person_id or None, webhook_id=recipient.webhook_id or None, created_at=now,
        )  # fmt: skip
        schedule(SEND, subject_id=message.pk, hotline_id=page.hotline_id, due_at=now, urgent=True)
    if reach:
        persons = sorted({one.person_id for one in reach if one.person_id})
        note("page.round_begun", page, actor=SYSTEM, facts={"round": number, "people": persons, "ways": len(reach)})
    elif first:
        note("page.found_nobody", page, actor=SYSTEM, facts={"round": number})


def _once_each(reach: list[Recipient]) -> list[Recipient]:
    """Return each address once; if a portal and a person share one, it counts as the person's."""
    found = {(one.way, one.to): one for one in sorted(reach)}
    return list(found.values())


def close(page: Page, *, how: str, actor: Actor, now: datetime) -> None:
    """Stop paging about it. In the caller's transaction; the page is locked."""
    page.closed_at, page.how = now, how
    page.closed_by_id = actor.id if actor.kind == "staff" else None
    page.save(update_fields=["closed_at", "how", "closed_by"])
    PageMessage.objects.filter(page=page, state="waiting").update(state="stopped")
    seconds = int((now - page.opened_at).total_seconds())
    facts = {"how": how, "rounds": page.rounds, "seconds": seconds, "reports": page.reports.count()}
    note("page.ended" if how == "ended" else "page.acknowledged", page, actor=actor, facts=facts)


def note(event: str, page: Page, *, actor: Actor, facts: dict[str, object]) -> None:
    """Write one row of the log about a page."""
    record(event, actor=actor, hotline_id=page.hotline_id, subject=f"page:{page.pk}", facts=facts)
