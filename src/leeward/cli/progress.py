"""Progress of long work: a bar if standard error is a terminal, otherwise an occasional plain line."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic

FIRST_LINE, NEXT_LINE = 2.0, 10.0  # seconds


@contextmanager
def progress_of(title: str) -> Iterator[Callable[[float, float], None] | None]:
    """Return a function `(done, total)` that shows the progress of the work with this title."""
    if not sys.stderr.isatty():
        yield _lines(title)
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(title, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def _lines(title: str) -> Callable[[float, float], None]:
    """Print a line after two seconds and then every ten, so that short work prints nothing."""
    due = monotonic() + FIRST_LINE

    def tell(done: float, total: float) -> None:
        nonlocal due
        if total and monotonic() >= due:
            due = monotonic() + NEXT_LINE
            print(f"{title}: {min(done / total, 1):.0%}", file=sys.stderr, flush=True)

    return tell
