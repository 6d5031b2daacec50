"""Taking in what the public face wrote down: each arrival is read anew, as of when the face took it, and done by the services of the desk."""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from functools import wraps
from typing import Any

from django.conf import settings
from django_scopes import scope

from leeward.foundation.patterns import Pattern
from leeward.intake.errors import (
    AlreadyWithdrawn,
    AppealAnswered,
    NoMoreStatements,
    NothingToReview,
    NothingTyped,
    QuestionIsSettled,
    ReportIsClosed,
    TooMuch,
)
from leeward.intake.models import OutsideAppeal, Report
from leeward.intake.queries import open_reviews_of
from leeward.intake.queries.cards import APPEALS, REPORTS
from leeward.intake.receipts import TURNS, Kept, is_kept_as
from leeward.intake.rules import card as card_rules
from leeward.intake.rules import typed
from leeward.intake.rules.draft import ReportDraft, problems_of, read_draft, report_draft
from leeward.intake.rules.own_picture import HAPPENED, WISHES, OwnPicture, read_lines
from leeward.intake.rules.receipt import KEPT, read_receipt
from leeward.intake.rules.spooled import SentFields, Unreadable, number_of, text_of, texts_of
from leeward.intake.rules.where import Piece, read_pieces
from leeward.intake.services import following
from leeward.intake.services.appealing import RELATIONS, ask_from_outside, withdraw_appeal
from leeward.intake.services.by_spool import OWN
from leeward.intake.services.receiving import receive_report
from leeward.intake.services.rehearsing import is_rehearsal_pass
from leeward.intake.services.stating import add_statement
from leeward.jobs.services import publish_event
from leeward.people.queries import PortalRow, former_portals, later_portals, portal
from leeward.spool.errors import LATE, TOO_MUCH, UNREADABLE, NotAcceptable, NotYet
from leeward.spool.queries import is_kept_back
from leeward.spool.registry import Opened, takes, tells
from leeward.spool.services import drop_waiting
from leeward.web_security.keys import as_taken_at, is_old_form_key

SETTLED = (AppealAnswered, NoMoreStatements, NothingToReview, QuestionIsSettled, ReportIsClosed)
OVER = (AlreadyWithdrawn, NothingTyped, *SETTLED)
CAME_LATE = "report.came_late"
_KEPT = Pattern(KEPT)

tells(card_rules.REPORT, REPORTS)
tells(card_rules.APPEAL, APPEALS)


def _taker(take: Callable[[Opened], None]) -> Callable[[Opened], None]:
    """Read strictly, with the age of form keys as of when the face took them."""

    @wraps(take)
    def taking(opened: Opened) -> None:
        if not _KEPT.fullmatch(opened.receipt):
            raise NotAcceptable(UNREADABLE)
        with as_taken_at(opened.received_at):
            try:
                take(replace(opened, language=_language(opened)))
            except Unreadable:
                raise NotAcceptable(UNREADABLE) from None
            except TooMuch:  # two additions that waited together, each of which there was room for
                raise NotAcceptable(TOO_MUCH) from None
            except SETTLED:  # their sender was thanked for what they wrote
                if opened.content.get("text"):
                    raise NotAcceptable(LATE) from None
                raise

    return taking


def _language(opened: Opened) -> str:
    """Return the language of the page, or the portal's main one where no page of ours is in that."""
    return opened.language if opened.language in dict(settings.LANGUAGES) else portal(opened.portal_id).languages[0]


@takes(card_rules.REPORT, silent=OVER)
@_taker
def take_report(opened: Opened) -> None:
    """Take in a report from the form."""
    content, home = opened.content, portal(opened.portal_id)
    fields = content.get("fields")
    if not isinstance(fields, Mapping):
        raise Unreadable
    draft, asks_wish = read_draft(SentFields(fields)), content.get("asks_wish") is True
    pieces = _pieces(draft.where, draft.services, home, opened, most=typed.MOST_WHERE_CHARACTERS)
    if problems_of(draft, pieces=len(pieces), asks_wish=asks_wish):
        raise Unreadable
    marker = text_of(content, "rehearsal")
    _receive(
        report_draft(draft, pieces, asks_wish=asks_wish),
        draft.once,
        opened,
        is_rehearsal=bool(marker) and is_rehearsal_pass(marker, home.id, late=_late(opened)),
    )


@takes(OWN, silent=OVER)
@_taker
def take_own_picture(opened: Opened) -> None:
    """Take in the fingerprints of a person's own picture."""
    lines, happened, wish = (text_of(opened.content, name) for name in ("lines", "happened", "wish"))
    if not read_lines(lines) or happened not in HAPPENED or wish not in WISHES:
        raise Unreadable
    own = OwnPicture(lines, happened, wish, under_18=True)
    _receive(ReportDraft.of_own_picture(own), text_of(opened.content, "once"), opened)


@takes(card_rules.APPEAL, silent=OVER)
@_taker
def take_appeal(opened: Opened) -> None:
    """Take in a request from outside."""
    content, home = opened.content, portal(opened.portal_id)
    address, text = typed.clean_line(text_of(content, "address")), typed.clean(text_of(content, "text"))
    relation, contact, once = (text_of(content, name) for name in ("relation", "contact", "once"))
    found = _pieces(address, {}, home, opened, most=typed.MOST_CHARACTERS)
    pieces = [piece for piece in found if not piece.is_prose] or found
    is_wrong = len(pieces) != 1 or relation not in RELATIONS or not 0 < len(text) <= typed.MOST_CHARACTERS
    if is_wrong or (contact and typed.mail_problem(contact)) or not is_old_form_key(once):
        raise Unreadable
    ask_from_outside(
        pieces[0].item,
        relation=relation,
        text=text,
        contact=contact,
        hotline_id=opened.hotline_id,
        portal_id=opened.portal_id,
        language=opened.language,
        form_key=once,
        now=opened.received_at,
        known=_kept(opened),
    )


@takes(card_rules.ADDED, silent=OVER)
@_taker
def take_addition(opened: Opened) -> None:
    """Take in what was added."""
    with _of_receipt(opened) as (report_id, _appeal_id):
        text, worse = text_of(opened.content, "text"), texts_of(opened.content, "worse", 10)
        once = text_of(opened.content, "once")
        following.add_to_report(report_id, text=text, form_key=once, worse=worse, now=opened.received_at)


@takes(card_rules.ANSWERED, silent=OVER)
@_taker
def take_answer(opened: Opened) -> None:
    """Take in an answer."""
    content = opened.content
    with _of_receipt(opened) as (report_id, _appeal_id), _or_added(report_id, opened):
        following.answer_question(
            report_id,
            number_of(content, "question"),
            text=text_of(content, "text"),
            choice=text_of(content, "choice"),
            form_key=text_of(content, "once"),
            now=opened.received_at,
        )


@takes(card_rules.REVIEW, silent=OVER)
@_taker
def take_review(opened: Opened) -> None:
    """Take in that somebody asks for a review."""
    text, once = text_of(opened.content, "text"), text_of(opened.content, "once")
    with _of_receipt(opened) as (report_id, _appeal_id), _or_added(report_id, opened):
        following.ask_for_review(report_id, text=text, form_key=once, now=opened.received_at)


@takes(card_rules.STATED, silent=OVER)
@_taker
def take_statement(opened: Opened) -> None:
    """Take in a statement."""
    text, once = text_of(opened.content, "text"), text_of(opened.content, "once")
    with _of_receipt(opened, needs_report=False) as (report_id, appeal_id), _or_added(report_id, opened):
        waiting = open_reviews_of(report_id) if report_id else []
        if waiting:
            add_statement("reporter", waiting[0].id, text=text, form_key=once)
        elif appeal_id:
            add_statement("outside", appeal_id, text=text, form_key=once)
        else:
            raise NoMoreStatements


@takes(card_rules.WITHDRAWN, silent=OVER)
@_taker
def take_withdrawal(opened: Opened) -> None:
    """Take back what a receipt opens, also what could not be taken in."""
    with _opened_by(opened) as (report_id, appeal_id):
        drop_waiting(opened.receipt, opened.hotline_id)
        if appeal_id:
            withdraw_appeal(appeal_id, now=opened.received_at)
        elif report_id:
            following.withdraw_report(report_id, now=opened.received_at)


def _receive(draft: ReportDraft, form_key: str, opened: Opened, *, is_rehearsal: bool = False) -> None:
    if not is_old_form_key(form_key):
        raise Unreadable
    if any(is_kept_back(opened.receipt, one.hotline_id) for one in former_portals(portal(opened.portal_id))):
        raise NotYet  # the same form came before, when another hotline had the portal, and has still to follow it
    received = receive_report(
        draft,
        hotline_id=opened.hotline_id,
        portal_id=opened.portal_id,
        language=opened.language,
        form_key=form_key,
        now=opened.received_at,
        is_rehearsal=is_rehearsal,
        kept=_kept(opened),
    )
    is_theirs = received.hotline_id == opened.hotline_id
    if (
        is_theirs and portal(opened.portal_id).handed_over_at is not None
    ):  # it waited for longer than the portal was theirs
        publish_event(CAME_LATE, subject_id=received.report_id, hotline_id=opened.hotline_id)


def _late(opened: Opened) -> timedelta:
    return timedelta(seconds=time.time() - opened.received_at.timestamp())


def _kept(opened: Opened) -> Kept:
    turn = number_of(opened.content, "turn")
    if turn >= TURNS:
        raise Unreadable
    return Kept(turn, opened.receipt)


def _pieces(where: str, services: Mapping[str, Any], home: PortalRow, opened: Opened, *, most: int) -> list[Piece]:
    if len(where) > most:
        raise Unreadable
    return read_pieces(where, services, country=home.country, language=opened.language)


@contextmanager
def _or_added(report_id: int, opened: Opened) -> Iterator[None]:
    """Where what somebody answers or asks was settled before this is taken in, add their words to the report: its case has news then."""
    try:
        yield
    except SETTLED:
        text, once = text_of(opened.content, "text"), text_of(opened.content, "once")
        if not (report_id and text):
            raise
        if not following.add_to_report(report_id, text=text, form_key=once, now=opened.received_at).is_new:
            raise NotAcceptable(LATE) from None  # something else came with this form


@contextmanager
def _of_receipt(opened: Opened, *, needs_report: bool = True) -> Iterator[tuple[int, int]]:
    """Give the numbers of the report and of the request that a receipt opens. Once it opens nothing, there is nothing to be done: it
    was taken back. Where what it belongs to waits with a problem, this waits too."""
    with _opened_by(opened) as found:
        if not any(found) and is_kept_back(opened.receipt, opened.hotline_id):
            raise NotYet
        if not any(found) or (needs_report and not found[0]):
            raise AlreadyWithdrawn
        yield found


@contextmanager
def _opened_by(opened: Opened) -> Iterator[tuple[int, int]]:
    """Give the numbers of the report and of the request that a receipt opens, 0 for none, in the scope of the hotline that has them:
    the portal may have been handed over meanwhile. The public face knows what is stored of each receipt; who took it over must not act
    for all of their holders, so the digits come with each act."""
    if not is_kept_as(opened.receipt, read_receipt(text_of(opened.content, "receipt"))):
        raise Unreadable
    found, at = _rows(opened.receipt), opened.hotline_id
    for later in later_portals(opened.portal_id) if not any(found) else ():
        with scope(hotline=later.hotline_id):
            found, at = _rows(opened.receipt), later.hotline_id
        if any(found):
            break
    with scope(hotline=at):
        yield found


def _rows(receipt: str) -> tuple[int, int]:
    appeal = OutsideAppeal.objects.filter(receipt_hash=receipt).values_list("pk", "report_id").first()
    if appeal is not None:
        return appeal[1] or 0, appeal[0]
    return Report.objects.filter(receipt_hash=receipt).values_list("pk", flat=True).first() or 0, 0
