"""`python -m tests.mortal.standby`: loads Leeward once, then forks a child for every deed that it is told (see `tests.mortal`)."""

import json
import os
import signal
import sys
import threading
import traceback
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from leeward.site.start import start

start()

from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.urls import get_resolver

from leeward.jobs.registry import load
from leeward.site.serve import die_with_parent
from tests.mortal import training  # noqa: F401
from tests.mortal.deeds import DEEDS

LONGEST_SECONDS = 300  # a fork that hangs ends by itself
WRITES = ("INSERT", "UPDATE", "DELETE")
# A fork has no threads but its own. The sandbox's keeper is not missed: a fork begins with a pool of its own.
NOT_MISSED = {"MainThread", "sandbox"}


class Fate:
    """Counts the moments of this process, and kills it at one of them."""

    def __init__(self, die_at: int) -> None:
        self.met = 0
        self._die_at = die_at

    def meet(self) -> None:
        """One moment more."""
        self.met += 1
        if self.met == self._die_at:
            os.kill(os.getpid(), signal.SIGKILL)

    def watch(self) -> None:
        """Meet a moment before and after whatever is written for good from now on."""
        commit = BaseDatabaseWrapper._commit

        def watched(wrapper: BaseDatabaseWrapper) -> Any:
            self.meet()
            commit(wrapper)
            self.meet()

        def written(execute: Callable[..., Any], sql: str, *given: Any) -> Any:
            is_final = sql.lstrip().startswith(WRITES) and not connection.in_atomic_block
            if is_final:
                self.meet()
            found = execute(sql, *given)
            if is_final:
                self.meet()
            return found

        BaseDatabaseWrapper._commit = watched
        connection.execute_wrappers.append(written)


def carry_out(asked: dict[str, Any]) -> Any:
    """Do the deed in this process; an error is what it says."""
    try:
        return DEEDS[asked["deed"]](**asked["given"])
    except Exception:
        return {"error": traceback.format_exc()}


def live(asked: dict[str, Any], said: int) -> None:
    """Be the fork: do the deed, say what came of it, end."""
    die_with_parent(signal.SIGKILL)
    signal.alarm(LONGEST_SECONDS)
    Fate(asked.get("die_at", 0)).watch()
    result = carry_out(asked)
    with suppress(BrokenPipeError), os.fdopen(said, "w") as pipe:  # nobody waits for what was only begun
        json.dump(result, pipe)
    os._exit(0)


def main() -> None:
    """Fork until there is nothing more to read."""
    load()
    PBKDF2PasswordHasher.iterations = 1_000
    len(get_resolver().url_patterns)  # every page is loaded before the first fork
    for line in sys.stdin:
        asked = json.loads(line)
        print(json.dumps(answer(asked)), flush=True)


def answer(asked: dict[str, Any]) -> dict[str, Any]:
    """Do it here or in a fork, and say what came of it."""
    if "bury" in asked:
        os.waitpid(asked["bury"], 0)
        return {}
    waits = asked.get("waits", True)
    if waits and not asked["die_at"]:
        result = carry_out(asked)
        connection.close()  # no fork may find it open
        missed = {thread.name for thread in threading.enumerate()} - NOT_MISSED
        assert not missed, f"no fork would have these threads: {missed}"
        return {"died": False, "result": result}
    heard, said = os.pipe()
    pid = os.fork()
    if not pid:
        os.close(heard)
        live(asked, said)
    os.close(said)
    if not waits:
        os.close(heard)
        return {"pid": pid}
    with os.fdopen(heard) as pipe:
        told = pipe.read()
    os.waitpid(pid, 0)
    return {"died": not told, "result": json.loads(told) if told else None}


if __name__ == "__main__":
    main()
