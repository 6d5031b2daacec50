"""What visitors of the public pages do, and where it goes: straight to the desk, or, where the public face has a database of its own,
into the spool. The pages know neither."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from leeward.hosting.rules.naming.known_services import Service
from leeward.intake.receipts import Arrived
from leeward.intake.rules.card import Card
from leeward.intake.rules.draft import Draft
from leeward.intake.rules.own_picture import OwnPicture
from leeward.intake.rules.where import ItemDraft, Piece
from leeward.people.queries import PortalRow
from leeward.spool import where


@dataclass(frozen=True, slots=True)
class Page:
    """The page that a form was sent from."""

    portal: PortalRow
    language: str


@dataclass(frozen=True, slots=True)
class SentReport:
    """The form of a report, read and found complete: with the pieces that were recognised in it, and the digest that is noted
    as used with it; `asks_wish` as for `report_draft`, `rehearsal` is the pass of a test report."""

    draft: Draft
    pieces: Sequence[Piece]
    asks_wish: bool = False
    rehearsal: str = ""
    uses: str = ""


@dataclass(frozen=True, slots=True)
class SentAppeal:
    """The form of a request from outside, read and found complete."""

    once: str
    item: ItemDraft
    relation: str
    text: str
    contact: str


@dataclass(frozen=True, slots=True)
class Sent:
    """What was sent: how its receipt opens, and when it first came."""

    arrived: Arrived
    received_at: datetime


class Way(Protocol):
    """Everything that a visitor does to reports and requests. Each act raises what the service of its name raises."""

    def may_be_sent(self, form_key: str) -> bool: ...

    def report(self, sent: SentReport, page: Page) -> Sent: ...

    def own_picture(self, own: OwnPicture, form_key: str, page: Page) -> Sent: ...

    def appeal(self, sent: SentAppeal, page: Page) -> Sent: ...

    def find(self, typed: str, portal: PortalRow) -> Card | None: ...

    def again(self, card: Card, portal: PortalRow) -> Card: ...

    def just_sent(self, arrived: Arrived, portal: PortalRow) -> tuple[Card, Sequence[Service]] | None: ...

    def add(self, card: Card, page: Page, *, text: str, form_key: str, worse: Collection[str]) -> None: ...

    def answer(self, card: Card, page: Page, *, question: int, text: str, choice: str, form_key: str) -> None: ...

    def review(self, card: Card, page: Page, *, text: str, form_key: str) -> None: ...

    def state(self, card: Card, page: Page, *, text: str, form_key: str) -> None: ...

    def withdraw(self, card: Card, page: Page) -> None: ...


def way() -> Way:
    """Return the way of this process."""
    from leeward.intake.services.at_once import AtOnce
    from leeward.intake.services.by_spool import BySpool

    return BySpool() if where.is_face() else AtOnce()
