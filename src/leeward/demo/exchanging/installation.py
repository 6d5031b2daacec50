"""`python -m leeward.demo.exchanging.installation COUNTRY HOST PORT AHEAD`: serve the installation of LEEWARD_DATA at
this address, its clock so many seconds ahead, and carry out orders: a line of JSON each from standard input, answered by a line each."""

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


def serve(country: str, host: str, port: int, ahead: float) -> None:
    """Serve, and obey until there are no more orders."""
    moved_clock.take(ahead)
    from leeward.site.start import settle_keys, start

    start()
    settle_keys()
    from leeward.demo.exchanging.desk import Desk

    orders = _orders(Desk(_hotline(country)))
    _listen(host, port)
    print(json.dumps({"ready": port}), flush=True)
    for line in sys.stdin:
        order = json.loads(line)
        answer = orders[order.pop("do")](**order)
        print(json.dumps(answer), flush=True)


def _hotline(country: str) -> int:
    """Return the only hotline of this installation; it is opened if there is none."""
    from leeward.demo.exchanging.desk import COMMAND
    from leeward.demo.world.cast import POLICE
    from leeward.people.queries import hotlines
    from leeward.people.services import open_hotline, open_portal

    known = hotlines()
    if known:
        return known[0].id
    slug = country.lower()
    number = open_hotline(slug=slug, name=slug, country=country, email="", actor=COMMAND)
    open_portal(
        number,
        slug=slug,
        actor=COMMAND,
        name=slug,
        country=country,
        languages=["en"],
        time_zone="UTC",
        working_days=[1, 2, 3, 4, 5],
        police_name="Constabulary (example)",
        police_email=POLICE,
    )
    return number


def _listen(host: str, port: int) -> None:
    from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
    from django.core.wsgi import get_wsgi_application

    class Quiet(WSGIRequestHandler):
        """Django's, without a line about each request."""

        def log_message(self, *_words: object) -> None:
            """Say nothing."""

    server = ThreadedWSGIServer((host, port), Quiet)
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
        "hire": lambda people: _hired(desk.hotline_id, people),
        "work": _working,
        "memory": lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }


def _acted(desk: "Desk", seed: str, turns: int, number: int) -> int:
    chance = Random(seed)
    return sum(desk.act(chance, number + turn) for turn in range(turns))


def _hired(hotline_id: int, people: list[dict[str, Any]]) -> int:
    """Give the hotline people who sign in at its desk."""
    from datetime import UTC, datetime  # the moved clock's

    from leeward.demo.exchanging.desk import COMMAND
    from leeward.demo.stage import MADE_BEFORE
    from leeward.people.services import add_account

    made_at = datetime.now(UTC) - MADE_BEFORE
    for one in people:
        add_account(hotline_id, **one, languages=["en"], actor=COMMAND, made_at=made_at)
    return len(people)


def _working(threads: int) -> int:
    """Do the background work in this process, until it ends."""
    from leeward.jobs.worker import work

    threading.Thread(target=work, args=(lambda: False,), kwargs={"threads": threads}, daemon=True).start()
    return threads


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
    serve(sys.argv[1], sys.argv[2], int(sys.argv[3]), float(sys.argv[4]))
