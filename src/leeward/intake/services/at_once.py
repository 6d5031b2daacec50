"""Where one database holds all: what a visitor does is done at once."""

from collections.abc import Collection, Sequence

from django_scopes import scope

from leeward.hosting.rules.naming.known_services import Service
from leeward.hosting.rules.naming.reporting import services_to_tell
from leeward.intake import queries
from leeward.intake.errors import NoMoreStatements
from leeward.intake.models import OutsideAppeal
from leeward.intake.queries.cards import appeal_card, card_just_sent, report_card
from leeward.intake.receipts import Arrived, find_receipt
from leeward.intake.rules.card import Card
from leeward.intake.rules.draft import ReportDraft, report_draft
from leeward.intake.rules.own_picture import OwnPicture
from leeward.intake.rules.receipt import kind_of
from leeward.intake.services import following, receiving
from leeward.intake.services.appealing import ask_from_outside, withdraw_appeal
from leeward.intake.services.rehearsing import is_rehearsal_pass
from leeward.intake.services.stating import add_statement
from leeward.intake.services.ways import Page, Sent, SentAppeal, SentReport
from leeward.people.queries import PortalRow


class AtOnce:
    """Calls the services of the desk."""

    def may_be_sent(self, form_key: str) -> bool:
        """Return whether a form with this key can be submitted."""
        return receiving.may_be_sent(form_key)

    def report(self, sent: SentReport, page: Page) -> Sent:
        """Store a report."""
        draft = report_draft(sent.draft, sent.pieces, asks_wish=sent.asks_wish)
        is_rehearsal = bool(sent.rehearsal) and is_rehearsal_pass(sent.rehearsal, page.portal.id)
        return self._receive(draft, sent.draft.once, page, is_rehearsal=is_rehearsal, uses=sent.uses)

    def own_picture(self, own: OwnPicture, form_key: str, page: Page) -> Sent:
        """Store the report of a person's own picture."""
        return self._receive(ReportDraft.of_own_picture(own), form_key, page)

    def _receive(
        self, draft: ReportDraft, form_key: str, page: Page, *, is_rehearsal: bool = False, uses: str = ""
    ) -> Sent:
        received = receiving.receive_report(
            draft,
            hotline_id=page.portal.hotline_id,
            portal_id=page.portal.id,
            language=page.language or "en",
            form_key=form_key,
            is_rehearsal=is_rehearsal,
            uses=uses,
        )
        return Sent(Arrived(received.receipt, received.report_id), received.received_at)

    def appeal(self, sent: SentAppeal, page: Page) -> Sent:
        """Store a request from outside."""
        kept = ask_from_outside(
            sent.item,
            relation=sent.relation,
            text=sent.text,
            contact=sent.contact,
            hotline_id=page.portal.hotline_id,
            portal_id=page.portal.id,
            language=page.language or "en",
            form_key=sent.once,
        )
        with scope(hotline=kept.hotline_id):
            received_at = queries.outside_appeal(kept.appeal_id).received_at
        return Sent(Arrived(kept.receipt, kept.appeal_id), received_at)

    def find(self, typed: str, portal: PortalRow) -> Card | None:
        """Return what a typed receipt opens in the hotline in scope."""
        found = find_receipt(typed)
        if found is None:
            return None
        return appeal_card(found.pk) if isinstance(found, OutsideAppeal) else report_card(found.pk)

    def again(self, card: Card, portal: PortalRow) -> Card:
        """Return what a receipt shows now, after an act."""
        return (appeal_card(card.appeal_id) if card.appeal_id else report_card(card.report_id)) or card

    def just_sent(self, arrived: Arrived, portal: PortalRow) -> tuple[Card, Sequence[Service]] | None:
        """Return what the page with a receipt shows, and services to tell; None if it is withdrawn, or another hotline's."""
        if kind_of(arrived.digits) == "appeal":
            is_there = OutsideAppeal.objects.filter(pk=arrived.number, withdrawn_at=None).exists()
            card = appeal_card(arrived.number) if is_there else None
        else:
            card = card_just_sent(arrived.number)
        if card is None:
            return None
        named = queries.items_of(card.report_id) if card.report_id and card.appeal is None else []
        return card, services_to_tell((item.kind, item.display, item.service) for item in named)

    def add(self, card: Card, page: Page, *, text: str, form_key: str, worse: Collection[str]) -> None:
        """Add to a report."""
        following.add_to_report(card.report_id, text=text, form_key=form_key, worse=worse)

    def answer(self, card: Card, page: Page, *, question: int, text: str, choice: str, form_key: str) -> None:
        """Answer a question."""
        following.answer_question(card.report_id, question, text=text, choice=choice, form_key=form_key)

    def review(self, card: Card, page: Page, *, text: str, form_key: str) -> None:
        """Ask for a review."""
        following.ask_for_review(card.report_id, text=text, form_key=form_key)

    def state(self, card: Card, page: Page, *, text: str, form_key: str) -> None:
        """Add a statement to the review under way, or to the request from outside."""
        open_reviews = queries.open_reviews_of(card.report_id) if card.report_id else []
        if open_reviews:
            add_statement("reporter", open_reviews[0].id, text=text, form_key=form_key)
        elif card.appeal_id:
            add_statement("outside", card.appeal_id, text=text, form_key=form_key)
        else:
            raise NoMoreStatements

    def withdraw(self, card: Card, page: Page) -> None:
        """Take back all that a receipt opens."""
        if card.appeal_id:
            withdraw_appeal(card.appeal_id)
        else:
            following.withdraw_report(card.report_id)
