"""`python -m leeward.demo.exchanging.installation COUNTRY PORT AHEAD`: serve the installation of LEEWARD_DATA on this port,
its clock so many seconds ahead, and carry out orders: a line of JSON each from standard input, answered by a line each."""

import json
import resource
import sys
import threading
from collections.abc import Callable
from dataclasses import asdict
from hashlib import sha256
from random import Random
from typing import TYPE_CHECKING, Any

from leeward.demo.exchanging import moved_clock

if TYPE_CHECKING:
    from leeward.demo.exchanging.desk import Desk

type Orders = dict[str, Callable[..., Any]]


def serve(country: str, port: int, ahead: float) -> None:
    """Serve, and obey until there are no more orders."""
    moved_clock.take(ahead)
    from leeward.site.start import settle_keys, start

    start()
    settle_keys()
    from leeward.demo.exchanging.desk import Desk

    orders = _orders(Desk(_hotline(country)))
    _listen(port)
    print(json.dumps({"ready": port}), flush=True)
    for line in sys.stdin:
        order = json.loads(line)
        answer = orders[order.pop("do")](**order)
        print(json.dumps(answer), flush=True)


def _hotline(country: str) -> int:
    """Return the only hotline of this installation; it is opened if there is none."""
    from leeward.demo.exchanging.desk import COMMAND
    from leeward.people.queries import hotlines
    from leeward.people.services import open_hotline, open_portal

    known = hotlines()
    if known:
        return known[0].id
    slug = country.lower()
    number = open_hotline(slug=slug, name=slug, country=country, mode="assess", email="", actor=COMMAND)
    open_portal(
        number,
        slug=slug,
        actor=COMMAND,
        name=slug,
        country=country,
        languages=["en"],
        time_zone="UTC",
        working_days=[1, 2, 3, 4, 5],
    )
    return number


def _listen(port: int) -> None:
    from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
    from django.core.wsgi import get_wsgi_application

    class Quiet(WSGIRequestHandler):
        """One answer a connection, and no line about it."""

        def handle(self) -> None:
            self.close_connection = True
            self.handle_one_request()

        def log_message(self, *_words: object) -> None:
            """Say nothing."""

    server = ThreadedWSGIServer(("127.0.0.1", port), Quiet)
    server.set_app(get_wsgi_application())
    threading.Thread(target=server.serve_forever, daemon=True).start()


def _orders(desk: "Desk") -> Orders:
    return {
        "invite": desk.invite,
        "accept": desk.accept,
        "confirm": desk.confirm,
        "act": lambda seed, turns, number: _acted(desk, seed, turns, number),
        "report": lambda first, count: _reported(desk, first, count),
        "deliver": lambda most=1: _delivered(desk, most),
        "retry": desk.retry,
        "written": desk.written,
        "move_clock": moved_clock.move,
        "standing": lambda: _standing(desk),
        "memory": lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }


def _acted(desk: "Desk", seed: str, turns: int, number: int) -> int:
    chance = Random(seed)
    return sum(desk.act(chance, number + turn) for turn in range(turns))


def _reported(desk: "Desk", first: int, count: int) -> int:
    for number in range(first, first + count):
        desk.report(number)
    return count


def _delivered(desk: "Desk", most: int) -> int:
    """Send so many requests at most; return how many were needed."""
    sent = 0
    while sent < most and desk.deliver():
        sent += 1
    return sent


def _standing(desk: "Desk") -> dict[str, Any]:
    found = asdict(desk.standing())
    return found | {
        "contents": {uid: sha256(content.encode()).hexdigest()[:16] for uid, content in found["contents"].items()}
    }


if __name__ == "__main__":
    serve(sys.argv[1], int(sys.argv[2]), float(sys.argv[3]))
