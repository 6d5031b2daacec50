"""Runs every check once and puts what was seen under the lines of THREAT_MODEL.md."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db import DatabaseError

from leeward.site.deployment import files, inside, machine, outside, ports, proxy
from leeward.site.deployment.promises import BESIDE, BY_PROGRAM, CHECKED, ELSEWHERE, LEFT_OPEN, Line
from leeward.site.deployment.seen import Check, Here, Seen, State, unseen

CHECKS: dict[str, Check] = {
    "access_log": proxy.access_log,
    "clock": machine.clock,
    "closed": outside.closed,
    "cores": machine.cores,
    "desk_cookies": outside.desk_cookies,
    "disk": machine.disk,
    "headers": outside.headers,
    "journal": machine.journal,
    "key_in_path": inside.key_in_path,
    "key_places": files.key_places,
    "listening": ports.listening,
    "log_guarded": inside.log_guarded,
    "log_signed": inside.log_signed,
    "onion": inside.onion,
    "own_user": files.own_user,
    "pages": outside.pages,
    "public_face": files.public_face,
    "salt": files.salt,
    "swap": machine.swap,
    "tls": outside.tls,
    "unit": machine.unit,
    "upgrade_copies": files.upgrade_copies,
    "witnesses": inside.witnesses,
}


@dataclass(frozen=True, slots=True)
class Row:
    """What one check saw, under one line of THREAT_MODEL.md."""

    promise: str
    words: str
    check: str
    state: State
    sentence: str
    hint: str


def rows(here: Here) -> Iterator[Row]:
    """Return everything that was seen, promise by promise; each check is made once."""
    seen = {name: _of(check, here) for name, check in (CHECKS | inside.from_doctor()).items()}
    for promise, line in lines():
        for name in line.checks:
            for one in seen[name]:
                yield Row(promise, line.words, name, one.state, one.sentence, one.hint)


def lines() -> Iterator[tuple[str, Line]]:
    """Return the lines that a machine can check: promises by number, what is not promised as "not promised", the rest as "beside"."""
    yield from CHECKED.items()
    yield from (("not promised", line) for line in LEFT_OPEN.values())
    yield "beside", BESIDE


def not_checkable() -> tuple[int, int]:
    """Return how many promises the program alone keeps, and how many limits lie elsewhere."""
    return len(BY_PROGRAM), len(ELSEWHERE)


def state_of(found: list[Row]) -> State:
    """Return how a whole line is: it holds only where everything behind it was seen to."""
    states = {row.state for row in found}
    return "doesn't" if "doesn't" in states else "unseen" if "unseen" in states else "holds"


def _of(check: Check, here: Here) -> list[Seen]:
    try:
        return list(check(here))
    except (OSError, DatabaseError) as error:
        return [
            unseen(
                f"{check.__name__.replace('_', ' ').capitalize()}: {type(error).__name__}.",
                "Run this as root or as the service’s user.",
            )
        ]
