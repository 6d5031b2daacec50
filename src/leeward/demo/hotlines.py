"""Two hotlines of one installation, and the bad link between them: it loses requests and answers, brings some late, twice
or in another order. `leeward exchange simulate` plays it by chance; the tests choose what happens."""

import uuid
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from random import Random
from secrets import token_hex
from typing import Literal

from django.conf import settings
from django_scopes import scope

from leeward.exchange import queries, services
from leeward.exchange.errors import NotSayable, PeerSilent
from leeward.exchange.queries import ExchangeRow
from leeward.exchange.rules.cards import write_card
from leeward.exchange.rules.keys import private_key
from leeward.exchange.rules.offers import Offer
from leeward.exchange.rules.saying import Sayable
from leeward.exchange.rules.signing import NONCE_BYTES, Reply, Request, sign_request
from leeward.foundation.actor import Actor
from leeward.foundation.errors import LeewardError

# What the link does to a request: bring it; lose it, or the answer to it; bring it later than the sender waits.
type Fate = Literal["arrives", "lost", "answer_lost", "late"]
FATES: tuple[Fate, ...] = ("arrives", "lost", "answer_lost", "late")
COMMAND = Actor(kind="command")
COUNTRY = "CA"


class Link:
    """Carries signed requests between hotlines of this installation, each to its `fate`."""

    def __init__(self) -> None:
        self.fate: Fate = "arrives"
        self.late: list[Request] = []

    def post(self, url: str, body: bytes, *, private: bytes, keys: list[bytes]) -> Reply:
        """Sign and carry a request as the line between servers does. Raises PeerSilent where no answer came back."""
        request = _signed(url, body, private)
        if self.fate == "late":
            self.late.append(request)
        if self.fate in ("lost", "late"):
            raise PeerSilent(why="timed_out")
        try:
            reply = services.take_messages(url.rsplit("/", 2)[1], request)
        except LeewardError as error:
            raise PeerSilent(why=f"{error.status} signature_missing") from error
        if self.fate == "answer_lost":
            raise PeerSilent(why="cut_short")
        return reply

    def bring(self, which: int) -> None:
        """Bring one of the late requests; nobody hears the answer. Then it may be there again."""
        request = self.late.pop(which % len(self.late))
        try:
            services.take_messages(request.url.rsplit("/", 2)[1], request)
        except LeewardError:
            return  # too late, or for the second time


@dataclass(frozen=True, slots=True)
class Outcome:
    """How both sides stand at quiet: what they don't agree on, and what was said to be done twice."""

    exchanges: int
    messages: int
    differing: tuple[str, ...]
    twice: tuple[str, ...]
    undelivered: int

    @property
    def is_good(self) -> bool:
        """Return whether both agree on every item, nothing was done twice and nothing is lost."""
        return not (self.differing or self.twice or self.undelivered)


class TwoHotlines:
    """Two hotlines that exchange reports: the first finds items, the second is in the country where they are hosted.
    The acts are those of the desk."""

    def __init__(self, here: int, there: int) -> None:
        self.here, self.there, self.link = here, there, Link()

    def meet(self) -> None:
        """Become each other's peers, as after the comparison of key words. Repeating it changes nothing."""
        for one, other in ((self.here, self.there), (self.there, self.here)):
            with scope(hotline=one):
                if queries.peers():
                    continue
                services.invite(hotline_id=one, actor=COMMAND)
                link = queries.invitations(datetime.now(UTC))[0].link
            with scope(hotline=other):
                card = queries.own_card(other)
            key = private_key(settings.LEEWARD.secret_bytes, other, 1)
            services.answer_invitation(link.rpartition("/")[2], _signed(link, write_card(card), key))
        for one in (self.here, self.there):
            with scope(hotline=one):
                peer = queries.peers()[0]
                services.confirm_words(peer.id, is_fallback=False, hotline_id=one, actor=COMMAND)

    def report(self, number: int) -> None:
        """The first hotline reports an item."""
        with scope(hotline=self.here):
            own = queries.own_card(self.here).identifier
            offer = Offer(
                item=str(uuid.uuid4()),
                path=(own,),
                kind="url",
                address=f"https://pictures.example/{number}",
                grade=("national", "baseline")[number % 2],
                country=COUNTRY,
            )
            (peer_id,) = queries.active_peers()
            services.report_item(offer, case_id=number, peer_id=peer_id, hotline_id=self.here, actor=COMMAND)

    def say(self, hotline_id: int, pick: Callable[[int], int]) -> bool:
        """A hotline says something that it may about one of its newest items; `pick` chooses. False if there is nothing."""
        with scope(hotline=hotline_id):
            rows = [row for row in queries.newest(per_page=20).rows if row.stage]
            found = queries.exchange(rows[pick(len(rows))].id) if rows else None
            if found is None or not found.sayable:
                return False
            one = found.sayable[pick(len(found.sayable))]
            try:
                self._say(found, one, hotline_id)
            except NotSayable:
                return False
        return True

    def _say(self, row: ExchangeRow, one: Sayable, hotline_id: int) -> None:
        if one.kind == "acceptance":
            services.accept(row.id, hotline_id=hotline_id, actor=COMMAND)
            return
        details: dict[str, object] = {"text": "Please look.", "language": "en"} if one.needs_text else {}
        if one.needs_country:
            details["hosting"] = {"country": "TT"}
        services.say(
            row.id, one.kind, what=one.what, about=one.about, details=details, hotline_id=hotline_id, actor=COMMAND
        )

    def deliver(self, hotline_id: int, fate: Fate) -> bool:
        """A hotline sends what waits; return whether anything did."""
        self.link.fate = fate
        with scope(hotline=hotline_id):
            (peer_id,) = queries.active_peers()
            return services.deliver(peer_id, post=self.link.post) is not None

    def written(self) -> int:
        """Return how many messages both have written."""
        total = 0
        for hotline_id in (self.here, self.there):
            with scope(hotline=hotline_id):
                total += queries.count_written()
        return total

    def turn(self, chance: Random, number: int) -> int:
        """Let one thing happen by chance; return how many messages were written."""
        kind, side = chance.random(), chance.choice((self.here, self.there))
        if kind < 0.3:
            self.report(number)
            return 1
        if kind < 0.9:
            return int(self.say(side, chance.randrange))
        if kind < 0.98 or not self.link.late:
            self.deliver(side, chance.choice(FATES))
        else:
            self.link.bring(chance.randrange(len(self.link.late)))
        return 0

    def quiet(self) -> Outcome:
        """Bring everything that is under way, then deliver until nothing waits; return how both stand."""
        while self.link.late:
            self.link.bring(0)
        while any([self.deliver(self.here, "arrives"), self.deliver(self.there, "arrives")]):
            pass
        return self._compared()

    def _compared(self) -> Outcome:
        ours, theirs = self._all(self.here), self._all(self.there)
        differing = [uid for uid in ours.keys() | theirs.keys() if _said(ours.get(uid)) != _said(theirs.get(uid))]
        twice = [uid for uid, row in ours.items() if _is_said_twice(row)]
        undelivered = 0
        for hotline_id in (self.here, self.there):
            with scope(hotline=hotline_id):
                undelivered += len(queries.held_messages())
        messages = sum(len(row.entries) for row in ours.values())
        return Outcome(len(ours), messages, tuple(sorted(differing)), tuple(sorted(twice)), undelivered)

    def _all(self, hotline_id: int) -> dict[str, ExchangeRow]:
        with scope(hotline=hotline_id):
            return {row.uid: row for row in queries.every_exchange()}


def _signed(url: str, body: bytes, private: bytes) -> Request:
    request = Request("POST", url, {"content-type": "application/json"}, body)
    sign_request(request, private, nonce=token_hex(NONCE_BYTES), now=datetime.now(UTC))
    request.headers = {name.lower(): value for name, value in request.headers.items()}
    return request


def _said(row: ExchangeRow | None) -> object:
    """Return what one side has of an item, in terms that don't depend on the side."""
    if row is None:
        return None
    who = {True: "here", False: "there"} if row.is_ours else {True: "there", False: "here"}
    said = [(who[one.is_ours], one.number, one.kind, one.what, one.text, one.effect) for one in row.entries]
    return row.stage, row.grade, said


def _is_said_twice(row: ExchangeRow) -> bool:
    done = Counter(one.what for one in row.entries if one.kind == "action" and one.effect == "stands")
    return any(count > 1 for count in done.values())
