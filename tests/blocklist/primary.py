"""The small primary running on loopback in a thread of its own, for tests that ask it as servers do."""

import asyncio
from collections.abc import Coroutine
from concurrent.futures import Future
from threading import Thread
from typing import Any

from leeward.blocklist.dns.answers import Subscriber, make_key
from leeward.blocklist.dns.primary import Primary
from leeward.blocklist.rules.rpz import NO_SUCH_NAME, Action, Zone
from leeward.demo.ports import free_port

ORIGIN = "rpz.hotline.example."
SECRETS = {"alpha": b"a" * 32, "beta": b"b" * 32}


def zone(serial: int, action: Action = NO_SUCH_NAME, ttl: int = 60, origin: str = ORIGIN, **times: int) -> Zone:
    return Zone(origin, serial, "ns.hotline.example.", "desk.hotline.example.", action, ttl, **times)


def key_of(name: str) -> Any:
    return make_key(f"{name}.hotline.example.", SECRETS[name])


class Running:
    """A primary with two subscribers; every call is carried out in its loop."""

    def __init__(self, notify: dict[str, tuple[tuple[str, int], ...]] | None = None) -> None:
        self.loop = asyncio.new_event_loop()
        self.primary = Primary(Subscriber(name, key_of(name), (notify or {}).get(name, ())) for name in SECRETS)
        self._thread = Thread(target=self.loop.run_forever, daemon=True)
        self.port = 0

    def begin[T](self, work: Coroutine[Any, Any, T]) -> Future[T]:
        return asyncio.run_coroutine_threadsafe(work, self.loop)

    def run[T](self, work: Coroutine[Any, Any, T]) -> T:
        return self.begin(work).result(30)

    def publish(self, subscriber: str, *arguments: Any) -> None:
        async def work() -> None:
            self.primary.publish(subscriber, *arguments)

        self.run(work())

    def notify(self, subscriber: str) -> list[tuple[str, int]]:
        return self.run(self.primary.notify(subscriber, ORIGIN))

    def start(self, port: int = 0) -> None:
        if not self._thread.is_alive():
            self._thread.start()
        self.port = self.run(self.primary.start("127.0.0.1", port or free_port()))

    def stop(self) -> None:
        self.run(self.primary.close())

    def __enter__(self) -> "Running":
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
        self.loop.call_soon_threadsafe(self.loop.stop)
        self._thread.join()
        self.loop.close()
