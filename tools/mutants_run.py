"""Run the mutants of a copy of the project: what `mutants.py` starts, in the copy's folder.

mutmut makes the mutants. The tests are collected once; then each mutant gets a fork of this process, which runs the tests that reach
the mutated function until one fails: first those that killed another mutant of it, most often so first, then the quickest. `run.json`
says what to run; `codes.json` is what came of each mutant.
"""

import gc
import json
import math
import os
import resource
import signal
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import pytest
from mutmut.__main__ import create_mutants
from mutmut.mutation.trampoline import set_mutant_under_test
from mutmut.state import state
from mutmut.utils.file_utils import copy_also_copy_files, copy_src_dir, setup_source_paths
from mutmut.utils.format_utils import mangled_name_from_mutant_name

UNTESTED = 33
# A mutant that needs this many times the processor time of a test, and so many seconds more, has no end; one that waits has so long.
TIMES, SECONDS, SECONDS_TO_WAIT = 10.0, 1.0, 300.0
KILLER = Path("killer.txt").absolute()  # the test that killed a mutant, as its process tells this one


class Mutants:
    """The plugin that runs the mutants in place of the tests."""

    def __init__(self, wanted: Sequence[str]) -> None:
        self.wanted = wanted
        self.codes: dict[str, int] = {}
        self.seconds: dict[str, float] = {}
        self.reached_by: dict[str, set[str]] = defaultdict(set)
        self.kills: dict[str, Counter[str]] = defaultdict(Counter)

    def pytest_collection(self) -> None:
        """Property tests try the same examples for every mutant, and don't look for a smaller one."""
        from hypothesis import Phase, settings

        settings.register_profile(
            "mutants", settings.default, derandomize=True, database=None, phases=(Phase.explicit, Phase.generate)
        )
        settings.load_profile("mutants")

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Which test reaches which function, the tests as they are, then each mutant, and at the end the tests again."""
        items = {item.nodeid: item for item in session.items}
        if not items:
            self.codes = dict.fromkeys(self.wanted, UNTESTED)
            return True
        _set_up(session)
        if (code := _forked(lambda: self._measure(session), 3600)) != 0:
            raise session.Failed(f"the tests fail without a mutant ({code})")
        measured = json.loads(Path("measured.json").read_text(encoding="utf-8"))
        self.seconds = measured["seconds"]
        for function, reached in measured["reached_by"].items():
            self.reached_by[function] = set(reached)
        gc.freeze()
        for mutant in self.wanted:
            function = mangled_name_from_mutant_name(mutant)
            kills = self.kills[function]
            names = sorted(self.reached_by[function], key=lambda name: (-kills[name], self.seconds[name]))
            chosen = [items[name] for name in names]
            KILLER.unlink(missing_ok=True)
            self.codes[mutant] = self._tried(session, mutant, chosen) if chosen else UNTESTED
            if KILLER.exists():
                kills[KILLER.read_text(encoding="utf-8")] += 1
            print(f"{self.codes[mutant]:4} {len(chosen):4} tests  {mutant}", flush=True)
        if _forked(lambda: _run(session, session.items), 3600) != 0:
            raise session.Failed("the tests fail after the mutants: one of them left something behind")
        return True

    def _measure(self, session: pytest.Session) -> int:
        set_mutant_under_test("stats")
        state()._stats.clear()
        for item in session.items:
            start = time.process_time()
            if code := _run(session, [item]):
                return code
            self.seconds[item.nodeid] = time.process_time() - start
            for function in state()._stats:
                self.reached_by[function].add(item.nodeid)
            state()._stats.clear()
        reached_by = {function: sorted(names) for function, names in self.reached_by.items()}
        Path("measured.json").write_text(
            json.dumps({"seconds": self.seconds, "reached_by": reached_by}), encoding="utf-8"
        )
        return 0

    def _tried(self, session: pytest.Session, mutant: str, chosen: list[pytest.Item]) -> int:
        def run() -> int:
            set_mutant_under_test(mutant)
            return _run(session, chosen, self.seconds)

        return _forked(run, math.ceil(SECONDS + TIMES * sum(self.seconds[item.nodeid] for item in chosen)))


def _set_up(session: pytest.Session) -> None:
    """Run one test here, so that every fork finds set up what belongs to the session: the database, where a test wants one."""
    from django.db import connections

    from tests.on_postgres import touches_database

    first = next(filter(touches_database, session.items), session.items[0])
    if _run(session, [first]) != 0:
        raise session.Failed(f"{first.nodeid} fails without a mutant")
    connections.close_all()


def _run(session: pytest.Session, items: Sequence[pytest.Item], known: Mapping[str, float] | None = None) -> int:
    """Run tests until one fails: 0 or 1. What belongs to the session stays set up.

    Where the processor time of each test is `known`, one that needs far more ends this process with a signal.
    """
    from _pytest.runner import runtestprotocol

    nodes: list[Any] = [*items, session]
    session._setupstate.teardown_exact(nodes[0])
    for item, following in zip(items, nodes[1:], strict=True):
        if known is not None:
            signal.setitimer(signal.ITIMER_PROF, SECONDS + TIMES * known[item.nodeid])
        failed = [report for report in runtestprotocol(item, log=False, nextitem=following) if report.failed]
        if failed:
            print(f"     {item.nodeid}: {str(failed[0].longrepr)[-300:]!r}", flush=True)
            KILLER.write_text(item.nodeid, encoding="utf-8")
            return 1
    return 0


def _forked(work: Callable[[], int], most_seconds: int) -> int:
    """What `work` returns in a process of its own; minus a signal's number where one ended it."""
    sys.stdout.flush()
    child = os.fork()
    if child == 0:
        code = 1
        try:
            resource.setrlimit(resource.RLIMIT_CPU, (most_seconds, most_seconds + 1))
            code = work()
        finally:
            sys.stdout.flush()
            os._exit(code)
    until = time.monotonic() + SECONDS_TO_WAIT + 60 * most_seconds
    while True:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            return os.waitstatus_to_exitcode(status)
        if time.monotonic() > until:
            os.kill(child, signal.SIGKILL)
        time.sleep(0.002)


def main() -> int:
    """Make the mutants, run those that are wanted, write down what came of them."""
    asked = json.loads(Path("run.json").read_text(encoding="utf-8"))
    if not Path("mutants").exists():
        set_mutant_under_test("mutant_generation")
        Path("mutants").mkdir()
        copy_src_dir()
        copy_also_copy_files()
        create_mutants(1)
    setup_source_paths()
    made = [
        mutant
        for path in sorted(Path("mutants/src").rglob("*.meta"))
        for mutant in json.loads(path.read_text(encoding="utf-8"))["exit_code_by_key"]
    ]
    wanted = [one for one in made if any(fnmatchcase(one, pattern) for pattern in asked["wanted"])]
    mutants = Mutants(wanted[asked["share"] :: asked["shares"]])
    set_mutant_under_test("")
    os.environ["PY_IGNORE_IMPORTMISMATCH"] = "1"
    os.chdir("mutants")
    options = [
        "--rootdir=.",
        "-q",
        "-s",
        "--tb=native",
        "--assert=plain",
        "-W",
        "ignore:This process:DeprecationWarning",
    ]
    code = pytest.main([*options, *asked["arguments"], *asked["tests"]], plugins=[mutants])
    os.chdir("..")
    # A slice may have only tests with a database: then no quick one reaches anything.
    if code == pytest.ExitCode.NO_TESTS_COLLECTED:
        code = pytest.ExitCode.OK
    if code == pytest.ExitCode.OK:
        Path("codes.json").write_text(json.dumps(mutants.codes), encoding="utf-8")
    return int(code)


if __name__ == "__main__":
    sys.exit(main())
