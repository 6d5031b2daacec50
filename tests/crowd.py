"""Many hands at once, each in a thread with a connection of its own; and what the database says of deadlocks."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import connection
from django_scopes import scope

from leeward.foundation.errors import LeewardError
from leeward.jobs.worker import run_until_idle


class Crowd:
    """Hands that repeat their act until the time is over; a refusal in words (LeewardError) is an answer, all else a fault."""

    def __init__(self, hotline_id: int) -> None:
        self.hotline_id = hotline_id
        self.faults: list[BaseException] = []
        self._hands: list[threading.Thread] = []
        self._over = threading.Event()

    def hand(self, act: Callable[[], object], *, pause: float = 0.01) -> None:
        """Somebody who does this again and again."""

        def go_on() -> None:
            try:
                while not self._over.is_set():
                    try:
                        with scope(hotline=self.hotline_id):
                            act()
                    except LeewardError:
                        pass
                    time.sleep(pause)
            except BaseException as fault:
                self.faults.append(fault)
            finally:
                connection.close()

        self._hands.append(threading.Thread(target=go_on, daemon=True))

    def worker(self) -> None:
        """A worker: it opens the scope of each duty itself."""

        def go_on() -> None:
            try:
                while not self._over.is_set():
                    run_until_idle(most=20)
                    time.sleep(0.01)
            except BaseException as fault:
                self.faults.append(fault)
            finally:
                connection.close()

        self._hands.append(threading.Thread(target=go_on, daemon=True))

    def for_seconds(self, seconds: float) -> None:
        """Let everybody work for so long, then wait until each has put down what they hold."""
        for hand in self._hands:
            hand.start()
        self._over.wait(seconds)
        self._over.set()
        for hand in self._hands:
            hand.join(60)
        assert not any(hand.is_alive() for hand in self._hands)


@contextmanager
def no_deadlock() -> Iterator[None]:
    """Fails where the database had to break a circle of waiting transactions meanwhile."""
    before = deadlocks()
    yield
    assert deadlocks() == before


def deadlocks() -> int:
    """How many circles PostgreSQL has broken in this database so far; SQLite knows none. What the others saw is counted once
    their connections are gone."""
    if connection.vendor != "postgresql":
        return 0
    mine = "datname = current_database()"
    with connection.cursor() as cursor:
        for _ in range(200):
            cursor.execute(f"SELECT count(*) FROM pg_stat_activity WHERE {mine} AND pid <> pg_backend_pid()")
            if cursor.fetchone()[0] == 0:
                break
            time.sleep(0.05)
        cursor.execute(f"SELECT deadlocks FROM pg_stat_database WHERE {mine}")
        return int(cursor.fetchone()[0])
