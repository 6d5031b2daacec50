"""The way between two hotlines of one installation, without sockets: it can lose a request, or the answer to it."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from secrets import token_hex
from typing import Any

from django_scopes import scope

from leeward.exchange import queries, services
from leeward.exchange.errors import PeerSilent
from leeward.exchange.models import Exchange, Peer
from leeward.exchange.rules.offers import Offer
from leeward.exchange.rules.signing import Reply, Request, sign_request
from leeward.foundation.actor import Actor
from leeward.foundation.errors import LeewardError
from tests.exchange.test_peers import Two

ITEM = "5b6c0e1a-0000-4000-8000-00000000000"


class Link:
    """Carries requests at once; `loses` names what the next ones lose: the request or the answer."""

    def __init__(self, two: Two) -> None:
        self.two, self.loses, self.requests = two, list[str](), list[Request]()

    def post(self, url: str, body: bytes, *, private: bytes, keys: list[bytes]) -> Reply:
        """What `post_for_receipt` does, with the receiver in this process."""
        request = Request("POST", url, {"content-type": "application/json"}, body)
        sign_request(request, private, nonce=token_hex(16), now=datetime.now(UTC))
        request.headers = {name.lower(): value for name, value in request.headers.items()}
        lost = self.loses.pop(0) if self.loses else ""
        self.requests.append(request)
        if lost == "request":
            raise PeerSilent(why="timed_out")
        try:
            reply = services.take_messages(url.rsplit("/", 2)[1], request)
        except LeewardError as error:
            raise PeerSilent(why=f"{error.status} signature_missing") from error
        if lost == "answer":
            raise PeerSilent(why="cut_short")
        return reply


class Pair:
    """Two hotlines that exchange reports: Jamaica's (`here`, carl) and another one (`there`, dora)."""

    def __init__(self, two: Two) -> None:
        two.meet()
        self.two, self.link = two, Link(two)

    @contextmanager
    def at(self, side: str) -> Iterator[tuple[int, Actor]]:
        """The scope, number and person of a side."""
        hotline_id, actor = (self.two.here, self.two.carl) if side == "here" else (self.two.there, self.two.dora)
        with scope(hotline=hotline_id):
            yield hotline_id, actor

    def offer(self, number: int = 1, **more: Any) -> Offer:
        own = self.two.card(self.two.here).identifier
        address = f"https://pictures.example/{number}"
        given = {"path": (own,), "kind": "url", "address": address, "grade": "national", "country": "BB"} | more
        return Offer(item=f"{ITEM}{number}", **given)

    def report(self, number: int = 1, **more: Any) -> int:
        """Report an item from here to there; it is not delivered yet."""
        with self.at("here") as (hotline_id, actor):
            peer = Peer.objects.get().pk
            offer = self.offer(number, **more)
            return services.report_item(offer, case_id=number, peer_id=peer, hotline_id=hotline_id, actor=actor)

    def carry(self, side: str = "here") -> object:
        """Deliver once what waits on a side."""
        with self.at(side):
            peer_id = Peer.objects.get().pk
        with self.at(side):
            return services.deliver(peer_id, post=self.link.post)

    def quiet(self) -> None:
        """Deliver on both sides until nothing waits."""
        for _turn in range(20):
            if [self.carry(side) for side in ("here", "there")] == [None, None]:
                return
        raise AssertionError("it never became quiet")

    def rows(self, side: str) -> list[queries.ExchangeRow]:
        """The exchanges of a side, oldest first."""
        with self.at(side):
            return [found for pk in Exchange.objects.order_by("pk").values_list("pk", flat=True)
                    if (found := queries.exchange(pk)) is not None]  # fmt: skip

    def say(self, side: str, kind: Any, **more: Any) -> None:
        """Say something about the newest exchange of a side."""
        with self.at(side) as (hotline_id, actor):
            newest = Exchange.objects.order_by("-pk")[0].pk
            services.say(newest, kind, hotline_id=hotline_id, actor=actor, **more)

    def accept(self) -> int:
        """Accept the newest item there; return the report's number."""
        with self.at("there") as (hotline_id, actor):
            newest = Exchange.objects.order_by("-pk")[0].pk
            return services.accept(newest, hotline_id=hotline_id, actor=actor)


def receipt_of(reply: Reply) -> list[str]:
    """The codes that a receiver signed."""
    return [one["code"] for one in json.loads(reply.body)["messages"]]


def said(row: queries.ExchangeRow) -> list[str]:
    """A timeline as words: who said what."""
    who = {True: "reporting" if row.is_ours else "hosting", False: "hosting" if row.is_ours else "reporting"}
    return [f"{who[entry.is_ours]} {entry.what or entry.kind}" for entry in row.entries]
