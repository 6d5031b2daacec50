"""`kill -9` of web or worker at any moment of the life of a report: the life goes on, nobody is told twice, no receipt is lost."""

import json
import random
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

import pytest

from leeward.demo.running import Installation
from leeward.demo.world import World, cast, pages
from tests.journeys.life import REFERENCE, Life, People
from tests.journeys.tree import child, is_at_work, kill

pytestmark = [
    pytest.mark.slow,
    pytest.mark.xdist_group("kills"),
    pytest.mark.skipif(sys.platform != "linux", reason="processes are found through /proc"),
]
SEED = 20260107
LIVES_AT_ONCE = 2
MOST_SECONDS = 300.0
VICTIMS = ("web", "worker", "web", "worker", "worker")


@dataclass(frozen=True)
class Point:
    """When to kill whom: so long after it was started, or after it is at work."""

    victim: str
    while_starting: bool
    wait: float


def schedule(chance: random.Random) -> list[Point]:
    """The points, the same for the same seed: the second of each while it starts, the rest while it works."""
    starting = {VICTIMS.index("web", 1), VICTIMS.index("worker", 2)}
    return [Point(name, number in starting, chance.uniform(0.0, 0.6)) for number, name in enumerate(VICTIMS)]


class Killer(threading.Thread):
    """Kills the children of serve: first the worker while the mail server has a letter to the police and doesn't say so, then by the schedule."""

    def __init__(self, installation: Installation, world: World) -> None:
        super().__init__(name="killer", daemon=True)
        self.killed = 0
        self._installation, self._world = installation, world

    def run(self) -> None:
        """Strike, then work through the schedule."""
        mail = self._world.mail
        mail.stall(cast.POLICE, seconds=15, times=1)  # longer than a busy machine takes to kill it
        mail.wait_for(lambda one: cast.POLICE in one.recipients, MOST_SECONDS)
        self.killed += kill(self._installation.pid, "worker")
        mail.stall(seconds=0.2, times=1000)  # a slow server: more kills meet a message under way
        for point in schedule(random.Random(SEED)):
            while not self._is_time(point):
                time.sleep(0.02)
            time.sleep(point.wait)
            self.killed += kill(self._installation.pid, point.victim)

    def _is_time(self, point: Point) -> bool:
        pid = child(self._installation.pid, point.victim)
        return pid is not None and (point.while_starting or is_at_work(pid, point.victim, self._installation.url))


def live(people: People, lives: list[Life], is_over: Callable[[], bool]) -> None:
    """Report one address after the other until it is over, and bring each report to its end."""
    end = time.monotonic() + MOST_SECONDS
    while not (is_over() and all(life.is_closed for life in lives)):
        assert time.monotonic() < end, f"still open: {[life for life in lives if not life.is_closed]}"
        open_ones = [life for life in lives if not life.is_closed]
        if len(open_ones) < LIVES_AT_ONCE and not is_over():
            path = f"/album-{len(lives)}"
            people.world.pictures.put(path, pages.gallery(f"Album {len(lives)}", [f"/pictures/{len(lives) % 6}.jpg"]))
            lives.append(people.report(path))
        for life in open_ones:
            people.go_on(life)
        time.sleep(0.3)  # each look costs the pages of a desk


def told(world: World) -> Counter[tuple[str, str]]:
    """How often each recipient was told of each case."""
    return Counter(
        (recipient, reference)
        for mail in world.mail.messages()
        for recipient in mail.recipients
        for reference in set(REFERENCE.findall(f"{mail.message['Subject']} {mail.text}"))
    )


def test_kills_cost_nothing(world: World, installation: Installation) -> None:
    """Whole processes of a running installation; every single moment between two commits is for `tests/casework/test_kills.py`."""
    people, lives = People(installation, world), list[Life]()
    killer = Killer(installation, world)
    killer.start()
    live(people, lives, lambda: not killer.is_alive())

    assert killer.killed == 1 + len(VICTIMS)
    assert len(lives) >= 2
    assert len({life.reference for life in lives}) == len(lives)
    numbers = Counter(str(mail.message["Message-ID"]) for mail in world.mail.messages())
    assert [number for number, times in numbers.items() if times > 1] == []
    pairs = told(world)
    assert [pair for pair, times in pairs.items() if times > 1] == []
    assert {(to, life.reference) for life in lives for to in (cast.POLICE, cast.HOST_ABUSE)} <= set(pairs)
    for life in lives:
        page = people.receipt_page(life)
        assert page.shows("Closed"), page.text[:300]
    assert not people.see("carl", "/desk/outbox").shows("Failed jobs")
    done = installation.command("audit", "verify", "--json")
    assert done.returncode == 0, done.stdout + done.stderr
    assert all(json.loads(line)["rows"] for line in done.stdout.splitlines())
    assert "unsure" in installation.command("audit", "export").stdout, (
        "of the message that nobody answered a person decided"
    )
