"""Progress of long operations: a bar on a terminal, plain lines otherwise."""

import sys
import time

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
from rich.progress import Progress as Bar

LINE_SECONDS = 10.0


class Progress:
    """Shows the progress of one long operation on standard error."""

    def __init__(self, what: str, total: int) -> None:
        self.what = what
        self.total = total
        self._line_at = time.monotonic()
        self._bar: Bar | None = None
        if sys.stderr.isatty():
            parts = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
            self._bar = Bar(*parts, console=Console(stderr=True))
            self._task = self._bar.add_task(what, total=total)
            self._bar.start()

    def at(self, done: int, total: int) -> None:
        """Show that `done` of `total` are finished."""
        if self._bar is not None:
            self._bar.update(self._task, completed=done)
        elif time.monotonic() - self._line_at >= LINE_SECONDS:
            self._line_at = time.monotonic()
            print(f"{self.what}: {done} of {total}", file=sys.stderr, flush=True)

    def done(self, seconds: float) -> None:
        """Show that all are finished."""
        if self._bar is not None:
            self._bar.stop()
        print(f"{self.what}: {self.total} in {seconds:.1f} s", file=sys.stderr, flush=True)
