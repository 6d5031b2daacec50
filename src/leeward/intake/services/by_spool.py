"""Where the public face has a database of its own: what a visitor does waits there for the desk, sealed.

What can be decided at once is decided from the card and from what waits; the desk decides again when it pulls.
"""

import hashlib
import json
import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from leeward.hosting.rules.naming.known_services import Service
from leeward.hosting.rules.naming.reporting import services_to_tell
from leeward.hosting.rules.naming.service_names import by_name
from leeward.intake.errors import (
    AlreadyWithdrawn,
    AppealAnswered,
    FormKeyMissing,
    NoMoreStatements,
    NothingToReview,
    NothingTyped,
    QuestionIsSettled,
    ReportIsClosed,
    TooMuch,
)
from leeward.intake.receipts import TURNS, Arrived, kept_before, kept_of, make_receipt
from leeward.intake.rules import card as card_rules
from leeward.intake.rules.canned import choices_for
from leeward.intake.rules.card import AppealCard, Card, CardItem, ReportCard, after, as_shown, read_shown
from leeward.intake.rules.draft import ReportDraft, report_draft
from leeward.intake.rules.own_picture import OwnPicture
from leeward.intake.rules.receipt import Kind, read_receipt
from leeward.intake.rules.spooled import as_fields
from leeward.intake.rules.standing import RECEIVED, is_decision
from leeward.intake.rules.typed import MOST_ADDRESSES, MOST_CHARACTERS, clean
from leeward.intake.rules.urgency import is_more_urgent, made_worse, urgency_of
from leeward.intake.rules.where import UNKNOWN, item_drafts
from leeward.intake.services.appealing import PURPOSE as APPEALED
from leeward.intake.services.appealing import SHOWN, AppealDraft
from leeward.intake.services.following import MOST_MESSAGES
from leeward.intake.services.receiving import PURPOSE as REPORTED
from leeward.intake.services.ways import Page, Sent, SentAppeal, SentReport
from leeward.people.queries import PortalRow
from leeward.spool.queries import Held, came_with, held_for
from leeward.spool.services import Sending, put
from leeward.web_security.keys import is_form_key, is_made_before, is_old_form_key, key_digest
from leeward.web_security.services import note_nonce, was_noted

OWN = "own_picture"
_WITHDRAWN, _SENT = "intake.withdrawn", "intake.sent"
WAITS_SECONDS, LOOKS_SECONDS = 2.0, 0.1  # for a card that the desk writes just now
_BEGAN = time.time()  # this process, or the one that it was forked from


class BySpool:
    """Writes arrivals, and reads cards."""

    def may_be_sent(self, form_key: str) -> bool:
        """Return whether a form with this key can be submitted."""
        return is_form_key(form_key) or (is_old_form_key(form_key) and came_with(key_digest(form_key, REPORTED)))

    def report(self, sent: SentReport, page: Page) -> Sent:
        """Send a report to the desk."""
        draft = report_draft(sent.draft, sent.pieces, asks_wish=sent.asks_wish)
        content = {"fields": as_fields(sent.draft), "asks_wish": sent.asks_wish, "rehearsal": sent.rehearsal}
        named = services_to_tell((item.kind, item.display, item.service) for item in draft.items)
        first = _first_card(draft)
        services = tuple(one.name for one in named)
        return self._send("report", sent.draft.once, content, first, page, services=services, uses=sent.uses)

    def own_picture(self, own: OwnPicture, form_key: str, page: Page) -> Sent:
        """Send the report of a person's own picture to the desk."""
        content = {"once": form_key, "lines": own.lines, "happened": own.happened, "wish": own.wish}
        return self._send("report", form_key, content, _first_card(ReportDraft.of_own_picture(own)), page, as_kind=OWN)

    def appeal(self, sent: SentAppeal, page: Page) -> Sent:
        """Send a request from outside to the desk."""
        content = {name: getattr(sent, name) for name in ("once", "relation", "text", "contact")}
        submitted = AppealDraft(sent.item, sent.relation, sent.text, sent.contact, b"")
        report = _first_card(submitted.draft).report if sent.relation == SHOWN else None
        first = Card(report, AppealCard("received", "", "", datetime.now(UTC)))
        return self._send("appeal", sent.once, content | {"address": sent.item.typed}, first, page)

    def _send(
        self,
        kind: Kind,
        form_key: str,
        content: Mapping[str, Any],
        first: Card,
        page: Page,
        *,
        as_kind: str = "",
        services: tuple[str, ...] = (),
        uses: str = "",
    ) -> Sent:
        if not self.may_be_sent(form_key):
            raise FormKeyMissing
        purpose = REPORTED if kind == "report" else APPEALED
        once, now = key_digest(form_key, purpose), datetime.now(UTC)
        turn, receipt, kept, held = _receipt(form_key, kind, once, page.portal)
        if was_noted(kept, purpose=_WITHDRAWN):
            raise AlreadyWithdrawn
        before = _card(kept, held)
        fingerprint = hashlib.sha256(json.dumps(content, sort_keys=True).encode("utf-8", "surrogatepass")).hexdigest()
        digest = key_digest(form_key, f"{purpose} {fingerprint}")
        is_over = before is not None and before.appeal is not None and before.appeal.is_over
        if is_over and first.report is None and not was_noted(digest, purpose=_SENT):
            raise AppealAnswered
        is_urgent = bool(first.report and first.report.urgency)
        put(
            Sending(
                as_kind or kind,
                page.portal.hotline_id,
                page.portal.id,
                page.language or "en",
                now,
                digest,
                {**content, "turn": turn},
                once=once,
                receipt=kept,
                is_urgent=is_urgent,
                shows=as_shown(first),
                uses=uses,
            )
        )
        if kind == "appeal":
            note_nonce(digest, purpose=_SENT)
        return Sent(Arrived(receipt, 0, services, kept), _came_at(before) or now)

    def find(self, typed: str, portal: PortalRow) -> Card | None:
        """Return what a typed receipt opens in the hotline of a portal."""
        digits = read_receipt(typed)
        card = self._held(kept_of(digits), portal) or self._held(kept_before(digits), portal)
        return None if card is None else replace(card, digits=digits)

    def again(self, card: Card, portal: PortalRow) -> Card:
        """Return what a receipt shows now, after an act."""
        now = self._held(card.receipt, portal)
        return card if now is None else replace(now, digits=card.digits)

    def just_sent(self, arrived: Arrived, portal: PortalRow) -> tuple[Card, Sequence[Service]] | None:
        """Return what the page with a receipt shows, and services to tell; None if it is withdrawn, or another hotline's. What the desk
        took in itself has no card for a moment, or as long as nobody writes it there: then that holds nothing."""
        kept, until = arrived.kept or kept_of(arrived.digits), time.monotonic() + WAITS_SECONDS
        card = self._held(kept, portal)
        if card is None and arrived.number and not was_noted(kept, purpose=_WITHDRAWN):
            while card is None and time.monotonic() < until:
                time.sleep(LOOKS_SECONDS)
                card = self._held(kept, portal)
            card = card or Card(receipt=kept)
        found = [service for service in map(by_name, arrived.services) if service is not None]
        return None if card is None else (card, found)

    def _held(self, receipt: str, portal: PortalRow) -> Card | None:
        return _card(receipt, held_for(receipt, portal.hotline_id))

    def add(self, card: Card, page: Page, *, text: str, form_key: str, worse: Collection[str]) -> None:
        """Add to a report. More addresses than a report may name are refused here, also if some are known: the desk would refuse them."""
        report = _report(card)
        kind, threat = made_worse(report.kind, report.threat, worse)
        is_worse = (kind, threat) != (report.kind, report.threat)
        text = _checked(text, report, is_worse=is_worse)
        named = item_drafts(text, {}, country=page.portal.country, language=page.language) if text else ()
        if len(report.items) + sum(item.kind != UNKNOWN for item in named) > MOST_ADDRESSES and not is_worse:
            raise _too_much()
        urgency = urgency_of(kind, threat=threat, is_shown=False, is_marked=False)
        becomes_urgent = is_worse and is_more_urgent(urgency, report.urgency)
        shows = {"wrote": bool(text)} | ({"kind": kind, "threat": threat, "urgency": urgency} if is_worse else {})
        content = {"text": text, "worse": list(worse)[:10], "once": form_key}
        self._act(card_rules.ADDED, card, page, content, shows, is_urgent=becomes_urgent or report.urgent)

    def answer(self, card: Card, page: Page, *, question: int, text: str, choice: str, form_key: str) -> None:
        """Answer a question."""
        report = _report(card)
        asked = next((one for one in report.questions if one.id == question), None)
        choice = choice if asked is not None and choice in choices_for(asked.form) else ""
        text = _checked(text, report, is_enough=bool(choice))
        if asked is None or not asked.is_open:
            if asked is not None and self._was_sent(card_rules.ANSWERED, card, form_key):
                return
            raise QuestionIsSettled
        if report.closed_at:
            raise ReportIsClosed
        content = {"question": question, "text": text, "choice": choice, "once": form_key}
        shows = {"question": question, "code": choice, "wrote": bool(text)}
        self._act(card_rules.ANSWERED, card, page, content, shows, is_urgent=report.urgent)

    def review(self, card: Card, page: Page, *, text: str, form_key: str) -> None:
        """Ask for a review."""
        report, text = _report(card), clean(text)
        if len(text) > MOST_CHARACTERS:
            raise _too_much()
        decided = any(is_decision(item.state, item.reason) for item in report.items)
        if not decided or any(review.settled_at is None for review in report.reviews):
            if self._was_sent(card_rules.REVIEW, card, form_key):
                return
            raise NothingToReview
        self._act(card_rules.REVIEW, card, page, {"text": text, "once": form_key}, {})

    def state(self, card: Card, page: Page, *, text: str, form_key: str) -> None:
        """Add a statement to the review under way, or to the request from outside."""
        text = clean(text)
        if not text:
            raise NothingTyped
        if len(text) > MOST_CHARACTERS:
            raise _too_much()
        waiting = [one for one in (card.report.reviews if card.report else ()) if one.settled_at is None]
        is_free = not waiting[0].statement if waiting else _takes_statement(card.appeal)
        if not is_free:
            if self._was_sent(card_rules.STATED, card, form_key):
                return
            raise NoMoreStatements
        shows = {"of": card_rules.REVIEW if waiting else card_rules.APPEAL}
        self._act(card_rules.STATED, card, page, {"text": text, "once": form_key}, shows)

    def withdraw(self, card: Card, page: Page) -> None:
        """Take back all that a receipt opens."""
        note_nonce(card.receipt, purpose=_WITHDRAWN)
        is_urgent = bool(card.report and card.report.urgent)
        self._act(card_rules.WITHDRAWN, card, page, {}, {}, is_urgent=is_urgent)

    def _act(
        self,
        kind: str,
        card: Card,
        page: Page,
        content: Mapping[str, Any],
        shows: Mapping[str, Any],
        *,
        is_urgent: bool = False,
    ) -> None:
        put(
            Sending(
                kind,
                page.portal.hotline_id,
                page.portal.id,
                page.language or "en",
                datetime.now(UTC),
                _digest(kind, card, content.get("once", "")),
                {**content, "receipt": card.digits},  # who only read what is stored of it can't do what its holder can
                receipt=card.receipt,
                is_urgent=is_urgent,
                shows=shows,
            )
        )
        if kind != card_rules.WITHDRAWN:
            note_nonce(_digest(kind, card, content["once"]), purpose=_SENT)

    def _was_sent(self, kind: str, card: Card, form_key: str) -> bool:
        return was_noted(_digest(kind, card, form_key), purpose=_SENT)


def _digest(kind: str, card: Card, form_key: str) -> str:
    return key_digest(form_key, f"spool {kind} {card.receipt}")


def _receipt(form_key: str, kind: Kind, once: str, portal: PortalRow) -> tuple[int, str, str, Held]:
    """Return the first receipt of a form that no other form has: its turn, its digits, what is stored of it and what is there for it.
    What an older version took in of a form that was open while this one began stays what it is."""
    for turn in range(TURNS):
        receipt = make_receipt(form_key, kind=kind, turn=turn)
        if is_made_before(form_key, _BEGAN):
            kept = kept_before(receipt)
            held = held_for(kept, portal.hotline_id)
            if once in held.forms or was_noted(kept, purpose=_WITHDRAWN):
                return turn, receipt, kept, held
        kept = kept_of(receipt)
        held = held_for(kept, portal.hotline_id)
        if not held.is_of_another(once):
            return turn, receipt, kept, held
    raise RuntimeError("no free receipt number was found")


def _card(receipt: str, held: Held) -> Card | None:
    """Return what a receipt shows now: what the desk wrote, and what waits for it."""
    card = None if held.shows is None else read_shown(held.shows)
    for one in held.waiting:
        card = after(card, card_rules.REPORT if one.kind == OWN else one.kind, one.at, one.shows)
    return None if card is None else replace(card, receipt=receipt)


def _first_card(draft: ReportDraft) -> Card:
    """Return what a receipt shows until the desk has pulled its report."""
    now = datetime.now(UTC)
    report = ReportCard(
        kind=draft.kind,
        under_18=draft.under_18,
        threat=draft.threat,
        urgency=draft.urgency,
        wish=draft.wish,
        happened="yes" if draft.own else "",
        received_at=now,
        closed_at=None,
        has_words=bool(draft.where or draft.text),
        items=tuple(CardItem(item.kind, RECEIVED, "", now) for item in draft.items),
    )
    return Card(report)


def _came_at(card: Card | None) -> datetime | None:
    part = card and (card.appeal or card.report)
    return part.received_at if part else None


def _report(card: Card) -> ReportCard:
    if card.report is None:
        raise NoMoreStatements
    return card.report


def _takes_statement(appeal: AppealCard | None) -> bool:
    return appeal is not None and not appeal.is_over and not appeal.statement


def _checked(text: str, report: ReportCard, *, is_enough: bool = False, is_worse: bool = False) -> str:
    text = clean(text)
    if not text and not is_enough and not is_worse:
        raise NothingTyped
    if len(text) > MOST_CHARACTERS or (report.messages >= MOST_MESSAGES and not is_worse):
        raise _too_much()
    return text


def _too_much() -> TooMuch:
    return TooMuch(addresses=MOST_ADDRESSES, characters=MOST_CHARACTERS, messages=MOST_MESSAGES)
