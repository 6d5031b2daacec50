"""What the people of a hotline do when it exchanges reports, chosen by chance; and how it stands."""

import uuid
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from random import Random

from django_scopes import scope

from leeward.exchange import queries, services
from leeward.exchange.errors import NotSayable
from leeward.exchange.queries import ExchangeRow
from leeward.exchange.rules.offers import Offer
from leeward.exchange.rules.saying import Sayable
from leeward.exchange.rules.signing import Reply
from leeward.foundation.actor import Actor

COMMAND = Actor(kind="command")
_NEW_ITEMS = 0.35  # of what people do
_NEWEST = 20  # exchanges that people still write about


@dataclass(frozen=True, slots=True)
class Standing:
    """How a hotline stands: what it has of each item, what was done twice there, and what could not be delivered."""

    contents: dict[str, str]
    messages: int
    twice: tuple[str, ...]
    held: int


class Desk:
    """The desk of a hotline that exchanges reports with one other: everything is done as its pages do it."""

    def __init__(self, hotline_id: int) -> None:
        self.hotline_id = hotline_id

    def invite(self) -> str:
        """Return the link of a new invitation."""
        with scope(hotline=self.hotline_id):
            services.invite(hotline_id=self.hotline_id, actor=COMMAND)
            return queries.invitations(datetime.now(UTC))[0].link

    def accept(self, link: str) -> None:
        """Open the link of another hotline."""
        with scope(hotline=self.hotline_id):
            services.accept_invitation(link, hotline_id=self.hotline_id, actor=COMMAND)

    def confirm(self) -> tuple[str, ...]:
        """Say that the key words are the same, and return them."""
        with scope(hotline=self.hotline_id):
            number = queries.peers()[0].id
            services.confirm_words(number, is_fallback=False, hotline_id=self.hotline_id, actor=COMMAND)
            peer = queries.peer(number)
            return peer.key_words if peer else ()

    def act(self, chance: Random, number: int) -> int:
        """Do one thing by chance; return how many messages were written: 0 where nothing can be said. `number` names the
        item if it is a new one."""
        if chance.random() < _NEW_ITEMS:
            self.report(number)
            return 1
        return int(self.say(chance.randrange))

    def report(self, number: int) -> None:
        """Report an item that is hosted in the other hotline's country."""
        with scope(hotline=self.hotline_id):
            own = queries.own_card(self.hotline_id).identifier
            (peer,) = queries.candidates()
            offer = Offer(
                item=str(uuid.uuid4()),
                path=(own,),
                kind="url",
                address=f"https://pictures.example/{number}",
                grade=("national", "baseline")[number % 2],
                country=min(peer.countries),
            )
            services.report_item(offer, case_id=number, peer_id=peer.id, hotline_id=self.hotline_id, actor=COMMAND)

    def say(self, pick: Callable[[int], int]) -> bool:
        """Say something that is allowed about one of the newest items; `pick` chooses. False if there is nothing."""
        with scope(hotline=self.hotline_id):
            rows = [row for row in queries.newest(per_page=_NEWEST).rows if row.stage]
            found = queries.exchange(rows[pick(len(rows))].id) if rows else None
            if found is None or not found.sayable:
                return False
            try:
                self._say(found, found.sayable[pick(len(found.sayable))])
            except NotSayable:
                return False
        return True

    def _say(self, row: ExchangeRow, one: Sayable) -> None:
        if one.kind == "acceptance":
            services.accept(row.id, hotline_id=self.hotline_id, actor=COMMAND)
            return
        details: dict[str, object] = {"text": "Please look.", "language": "en"} if one.needs_text else {}
        if one.needs_country:
            details["hosting"] = {"country": "TT"}
        services.say(
            row.id, one.kind, what=one.what, about=one.about, details=details, hotline_id=self.hotline_id, actor=COMMAND
        )

    def deliver(self, post: Callable[..., Reply] | None = None) -> bool:
        """Send what waits; return whether anything did."""
        with scope(hotline=self.hotline_id):
            (peer_id,) = queries.active_peers()
            sent = services.deliver(peer_id, post=post) if post else services.deliver(peer_id)
            return sent is not None

    def retry(self) -> int:
        """Press the key that sends anew what could not be delivered; return how many there were."""
        with scope(hotline=self.hotline_id):
            held = queries.held_messages()
            for one in held[:1]:
                services.retry(one.id, hotline_id=self.hotline_id, actor=COMMAND)
            return len(held)

    def written(self) -> int:
        """Return how many messages this hotline has written."""
        with scope(hotline=self.hotline_id):
            return queries.count_written()

    def standing(self) -> Standing:
        """Return how everything stands."""
        contents: dict[str, str] = {}
        twice: list[str] = []
        reports: Counter[int] = Counter()
        messages = 0
        with scope(hotline=self.hotline_id):
            for row in queries.every_exchange():
                contents[row.uid] = _content_of(row)
                messages += len(row.entries)
                twice += [row.uid] if _is_done_twice(row) else []
                reports.update([row.report_id] if row.report_id else [])
            twice += [f"report {number}" for number, count in reports.items() if count > 1]
            return Standing(contents, messages, tuple(twice), len(queries.held_messages()))


def _content_of(row: ExchangeRow) -> str:
    """Return what a hotline has of an item, in words that don't depend on the side."""
    who = {row.is_ours: "reporting", not row.is_ours: "hosting"}
    entries = [
        (who[one.is_ours], one.number, one.kind, one.what, one.text, one.effect, int(one.at.timestamp()))
        for one in row.entries
    ]
    return repr((row.stage, row.grade, entries))


def _is_done_twice(row: ExchangeRow) -> bool:
    done = Counter(one.what for one in row.entries if one.kind == "action" and one.effect == "stands")
    return any(count > 1 for count in done.values())
