"""Questions of which each answers for itself: one that fails, or never ends, keeps nothing of the others' answers."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from typing import Any

from django.db import connection, connections

SECONDS = 5.0  # that an answer may take

_asked: dict[str, Future[Any]] = {}


def in_time[T](name: str, question: Callable[[], T]) -> T:
    """Return the answer to a question about files or sockets, which a disk may keep for ever. Raises what it raises, and
    TimeoutError after some seconds; at once while the same question still waits for its earlier answer."""
    earlier = _asked.get(name)
    if earlier is not None and not earlier.done():
        raise TimeoutError(name)
    answer: Future[T] = Future()
    _asked[name] = answer
    threading.Thread(target=_answer, args=(question, answer), name=f"asks {name}", daemon=True).start()
    return answer.result(SECONDS)


def _answer[T](question: Callable[[], T], answer: Future[T]) -> None:
    try:
        answer.set_result(question())
    except Exception as error:
        answer.set_exception(error)
    finally:
        connections.close_all()


@contextmanager
def within_time() -> Iterator[None]:
    """Let no statement in the block wait for longer than some seconds where the database can be told so: behind somebody's
    lock on a table it would wait for ever. SQLite's readers wait for nobody."""
    if connection.vendor != "postgresql":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute(f"SET statement_timeout = {SECONDS * 1000:.0f}")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SET statement_timeout = DEFAULT")
