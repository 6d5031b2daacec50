"""Two hotlines of one installation, and the bad link between them: without sockets or processes, so that a search for the
order of events that breaks them can try thousands."""

from datetime import UTC, datetime
from secrets import token_hex
from typing import Literal

from django.conf import settings
from django_scopes import scope

from leeward.demo.exchanging.desk import Desk
from leeward.exchange import queries, services
from leeward.exchange.errors import PeerSilent
from leeward.exchange.rules.cards import write_card
from leeward.exchange.rules.keys import private_key
from leeward.exchange.rules.signing import NONCE_BYTES, Reply, Request, sign_request
from leeward.foundation.errors import LeewardError

# What the link does to a request: bring it; lose it, or the answer to it; bring it later than the sender waits.
type Fate = Literal["arrives", "lost", "answer_lost", "late"]
FATES: tuple[Fate, ...] = ("arrives", "lost", "answer_lost", "late")


class Link:
    """Carries signed requests between hotlines of this installation, each to its `fate`."""

    def __init__(self) -> None:
        self.fate: Fate = "arrives"
        self.late: list[Request] = []

    def post(self, url: str, body: bytes, *, private: bytes, keys: list[bytes]) -> Reply:
        """Sign and carry a request as the line between servers does. Raises PeerSilent where no answer came back."""
        request = signed(url, body, private)
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


class TwoDesks:
    """Two hotlines that exchange reports."""

    def __init__(self, here: int, there: int) -> None:
        self.here, self.there, self.link = Desk(here), Desk(there), Link()

    def meet(self) -> None:
        """Become each other's peers, as after the comparison of key words."""
        for one, other in ((self.here, self.there), (self.there, self.here)):
            link = one.invite()
            with scope(hotline=other.hotline_id):
                card = queries.own_card(other.hotline_id)
            key = private_key(settings.LEEWARD.secret_bytes, other.hotline_id, 1)
            services.answer_invitation(link.rpartition("/")[2], signed(link, write_card(card), key))
        assert self.here.confirm() == self.there.confirm()

    def deliver(self, desk: Desk, fate: Fate) -> bool:
        """A hotline sends what waits; return whether anything did."""
        self.link.fate = fate
        return desk.deliver(self.link.post)

    def quiet(self) -> None:
        """Bring everything that is under way, then deliver until nothing waits."""
        while self.link.late:
            self.link.bring(0)
        while any([self.deliver(self.here, "arrives"), self.deliver(self.there, "arrives")]):
            pass


def signed(url: str, body: bytes, private: bytes) -> Request:
    """A request as it arrives."""
    request = Request("POST", url, {"content-type": "application/json"}, body)
    sign_request(request, private, nonce=token_hex(NONCE_BYTES), now=datetime.now(UTC))
    request.headers = {name.lower(): value for name, value in request.headers.items()}
    return request
