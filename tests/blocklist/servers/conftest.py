"""A primary with a list, an upstream that knows every name, and what every resolver must do with both."""

import base64
import time
from dataclasses import replace

import pytest

from leeward.blocklist.rules.rpz import Action, stop_addresses, stop_name
from leeward.demo.ports import free_port
from tests.blocklist.primary import SECRETS, Running, zone
from tests.blocklist.servers.running import Resolver, until
from tests.blocklist.servers.upstream import upstream

MANY = [f"filler{n}.example" for n in range(100)]
FIRST = ["whole.example", "*.whole.example", "one.example", *MANY]
PAGE_SECRET = "bGVld2FyZC1leGFtcGxlLXNlY3JldC1ub3QtcmVhbCE="
SECRET = base64.b64encode(SECRETS["alpha"]).decode()
WRONG_SECRET = base64.b64encode(b"w" * 32).decode()


class Source:
    """The primary of a test, and the port on which it notifies a secondary, not sooner than `pause_seconds` after the last time."""

    def __init__(self) -> None:
        self.pause_seconds = 0.0
        self.notified = free_port()
        self.running = Running({"alpha": (("127.0.0.1", self.notified),)})
        self.running.start()
        self.running.publish("alpha", zone(1), FIRST)

    @property
    def port(self) -> int:
        return self.running.port

    @property
    def counts(self) -> dict[str, int]:
        return self.running.primary.counts

    def send_to(self, serial: int, action: Action) -> None:
        """Publish the first list again, with a stop page."""
        time.sleep(self.pause_seconds)
        self.running.publish("alpha", replace(zone(serial), action=action), FIRST)
        assert self.running.notify("alpha"), "the notification was not acknowledged"

    def change(self, serial: int, *more: str, without: tuple[str, ...] = ()) -> None:
        """Publish the list with names more and without others, and say so."""
        time.sleep(self.pause_seconds)
        self.running.publish("alpha", zone(serial), [*(set(FIRST) - set(without)), *more])
        assert self.running.notify("alpha"), "the notification was not acknowledged"


@pytest.fixture
def source():
    made = Source()
    yield made
    made.running.__exit__()


@pytest.fixture
def everything():
    with upstream() as port:
        yield port


def blocks_the_list(resolver: Resolver) -> None:
    """Exact and wildcard names are blocked, neighbours are not."""
    until(lambda: resolver.blocks("whole.example"), 60, "the list is loaded")
    for name in ("whole.example", "a.whole.example", "b.a.whole.example", "one.example", "filler99.example"):
        assert resolver.blocks(name), name
    for name in ("neighbour.example", "notwhole.example", "sub.one.example"):
        assert resolver.opens(name), name
    assert resolver.ask("whole.example", "AAAA").is_no_such_name


def follows_changes(resolver: Resolver, source: Source) -> None:
    """An added name is blocked and a removed one open, by one incremental transfer."""
    assert resolver.opens("new.example")
    source.change(2, "new.example", without=("one.example",))
    until(lambda: resolver.blocks("new.example"), 60, "the added name is blocked")
    until(lambda: resolver.opens("one.example"), 60, "the removed name is open")
    assert source.counts["axfr"] == 1
    assert source.counts["ixfr"] == 1


def sends_to_the_stop_page(resolver: Resolver, source: Source) -> None:
    """By addresses, and by name."""
    source.send_to(3, stop_addresses(["192.0.2.80", "2001:db8::80"]))
    until(lambda: "192.0.2.80" in resolver.ask("a.whole.example").records, 60, "the stop page by address")
    assert resolver.ask("one.example", "AAAA").records == ("2001:db8::80",)
    source.send_to(4, stop_name("stop.hotline.example."))
    until(lambda: "stop.hotline.example." in resolver.ask("a.whole.example").records, 60, "the stop page by name")
    assert resolver.opens("neighbour.example")
