"""A child of `leeward serve` that is forked from it: what it runs was loaded once, by its parent.

Nothing may be opened before: no database, no thread.
"""

import multiprocessing
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from importlib import import_module

_LOOK_SECONDS = 0.05
_HANDLED = (signal.SIGINT, signal.SIGTERM)  # by the parent in its own way


def can_fork() -> bool:
    """Return whether processes are forked here at all (on macOS they aren't)."""
    return multiprocessing.get_start_method() == "fork"


def load() -> None:
    """Load what web and worker run."""
    from leeward.site.web import load_pages
    from leeward.site.work import load_work

    load_pages()
    load_work()


class Forked:
    """A process that carries out `python -P -m MODULE WORDS` without starting Python; to be asked like one of `subprocess`."""

    def __init__(self, command: list[str], settings: Mapping[str, str], begin: Callable[[], None]) -> None:
        self._process = multiprocessing.Process(target=_become, args=(command, settings, begin))
        held = signal.pthread_sigmask(
            signal.SIG_BLOCK, _HANDLED
        )  # until the fork takes them as a process that has just started
        try:
            self._process.start()
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, held)
        assert self._process.pid is not None
        self.pid = self._process.pid

    @property
    def returncode(self) -> int | None:
        """How it ended, below 0 for the signal that ended it; None while it runs."""
        return self._process.exitcode

    def poll(self) -> int | None:
        """Return the same."""
        return self.returncode

    def wait(self, seconds: float) -> int:
        """Wait for its end; raises TimeoutExpired."""
        deadline = time.monotonic() + seconds
        while (code := self.poll()) is None:
            if time.monotonic() > deadline:
                raise subprocess.TimeoutExpired(self._process.name, seconds)
            time.sleep(_LOOK_SECONDS)
        return code

    def kill(self) -> None:
        """Kill it."""
        self._process.kill()


def _become(command: list[str], settings: Mapping[str, str], begin: Callable[[], None]) -> None:
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    begin()
    signal.pthread_sigmask(signal.SIG_UNBLOCK, _HANDLED)
    os.environ.update(settings)
    sys.argv = command[3:]
    sys.exit(import_module(sys.argv[0]).main())
