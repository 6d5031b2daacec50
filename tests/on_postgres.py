"""Which tests run once more on PostgreSQL: all of them ran on SQLite, so here each part of a statement is asked once.

Parts are each comparison, join, order and change of a column; a statement with anything else (groups, sub-queries, functions, locks) is one
part as a whole, and so is every new row. `postgres_repeats.txt` names the tests whose every part another test asks too;
`tools/postgres_repeats.py` finds them. A test that it doesn't name runs, so a new one always does, and so does every test with
transactions of its own: what waits for what is seen nowhere else. What PostgreSQL refuses of a value is refused on SQLite, too, while
tests run (`postgres_limits.py`).
"""

import hashlib
import json
import os
import re
import time
from collections.abc import Callable, Generator, Iterable
from pathlib import Path
from typing import Any

import pytest

REPEATS = Path(__file__).with_name("postgres_repeats.txt")
RECORD = "LEEWARD_TEST_STATEMENTS"  # a folder: what each test asks of the database is put down there
EVERY = "every"  # the folder's name where repeats run too
NOT_IN_POSTGRES = ("x00", "NUL", "ud800")  # letters that it refuses, in the names of parameters
_LISTS = re.compile(r"(?:\((?:%s(?:::\w+)?(?:, )?)+\)(?:, (?=\(%s))?)+")
_GROUP = re.compile(r"@[\w-]+$")
_NUMBERS = re.compile(r"\d+")
# What makes a statement more than columns that are compared, joined, put in order and set: functions, groups, sub-queries, locks.
_MORE = re.compile(
    r"(?!\b(?:COUNT|IN|ON|AND|OR|NOT|WHERE)\b)\b[A-Za-z_]+ ?\(|\b(?:GROUP BY|DISTINCT|UNION|FOR UPDATE|CASE|WITH)\b|\(SELECT"
)
_PARTS = re.compile(
    r'(?:FROM|UPDATE|JOIN) "\w+"(?: \w+)?(?: ON \([^)]*\))?|ORDER BY .*?(?= LIMIT|$)|LIMIT|OFFSET'
    r'|(?:NOT \()?"\w+"(?:\."\w+")?(?:::\w+)? (?:=|<>|[<>]=?|IN|IS(?: NOT)? NULL|LIKE|ILIKE|BETWEEN|[^\w\s,"()]+) ?[^\s,()]*'
)


def chosen(items: list[pytest.Item]) -> list[pytest.Item]:
    """The tests that run: of those that touch the database no repeats, and of a test with many parameters the first and the last."""
    repeats = set() if Path(os.environ.get(RECORD, "")).name == EVERY else known_repeats()
    twice = [item for item in items if touches_database(item) and not item.get_closest_marker("once")]
    return few_of_many([item for item in twice if name_of(item) not in repeats or has_transactions(item)])


def known_repeats() -> set[str]:
    """The names of the tests that repeat others."""
    return set(REPEATS.read_text(encoding="utf-8").split())


def name_of(item: pytest.Item) -> str:
    """A test's name without its parameters and its group."""
    return _GROUP.sub("", item.nodeid).partition("[")[0]


def few_of_many(items: list[pytest.Item]) -> list[pytest.Item]:
    """Of a test with many parameters the first, the last, and those that SQLite would let through: its statements are the same, and
    all of them ran on SQLite."""
    by_name: dict[str, list[pytest.Item]] = {}
    for item in items:
        by_name.setdefault(name_of(item), []).append(item)
    kept = {item for same in by_name.values() for item in (same[0], same[-1])}
    return [item for item in items if item in kept or any(letter in item.nodeid for letter in NOT_IN_POSTGRES)]


def touches_database(item: pytest.Item) -> bool:
    """Whether a test asks for the database, by a mark, a fixture or Django's own class of tests."""
    from django.test import TransactionTestCase

    case = getattr(item, "cls", None)
    return (
        item.get_closest_marker("django_db") is not None
        or bool({"db", "transactional_db", "live_server"} & set(getattr(item, "fixturenames", ())))
        or (case is not None and issubclass(case, TransactionTestCase))
    )


def has_transactions(item: pytest.Item) -> bool:
    """Whether a test's transactions are real ones."""
    mark = item.get_closest_marker("django_db")
    return bool(mark and mark.kwargs.get("transaction")) or "transactional_db" in getattr(item, "fixturenames", ())


class Recorder:
    """A plugin that puts down what each test asks of the database, and how long it took: one file a process."""

    def __init__(self, folder: str) -> None:
        from django.db.backends.signals import connection_created

        self._path = Path(folder) / f"{os.getpid()}.jsonl"
        self._asked: set[str] = set()
        connection_created.connect(self._watch, weak=False)

    def _watch(self, connection: Any, **_named: object) -> None:
        if self._note not in connection.execute_wrappers:
            connection.execute_wrappers.append(self._note)

    def _note(self, execute: Callable[..., Any], sql: Any, *given: Any) -> Any:
        self._asked |= shapes_of(str(sql))
        return execute(sql, *given)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, object, object]:
        """Keep what is asked while one test runs, with what it stands on."""
        self._asked, begun = set(), time.monotonic()
        try:
            return (yield)
        finally:
            row = [name_of(item), round(time.monotonic() - begun, 3), has_transactions(item), sorted(self._asked)]
            with self._path.open("a", encoding="utf-8") as file:
                file.write(json.dumps(row) + "\n")


def shapes_of(sql: str) -> set[str]:
    """What a statement asks for, in parts that are the same whatever their numbers and the length of their lists."""
    if sql.startswith(("SAVEPOINT", "RELEASE", "ROLLBACK")):
        return set()
    plain = _NUMBERS.sub("0", _LISTS.sub("(…)", sql))
    is_simple = plain.startswith(("SELECT", "UPDATE", "DELETE")) and not _MORE.search(plain)
    parts = [f"{plain[:6]} {part}" for part in _PARTS.findall(plain)] if is_simple else [plain]
    return {hashlib.sha256(part.encode()).hexdigest()[:12] for part in parts}


def needed(rows: Iterable[tuple[str, float, bool, list[str]]]) -> tuple[set[str], set[str]]:
    """Return the names of all tests, and of those that together ask every statement: (name, seconds, must run, statements)."""
    asked: dict[str, set[str]] = {}
    took: dict[str, float] = {}
    taken: set[str] = set()
    for name, seconds, must, statements in rows:
        asked.setdefault(name, set()).update(statements)
        took[name] = took.get(name, 0.01) + seconds
        if must:
            taken.add(name)
    open_ones = set().union(*asked.values()) - set().union(*(asked[name] for name in taken))
    while open_ones:
        best = max(sorted(asked.keys() - taken), key=lambda name: len(asked[name] & open_ones) / took[name])
        taken.add(best)
        open_ones -= asked[best]
    return set(asked), taken
