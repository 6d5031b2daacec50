"""The worker process: `python -m leeward.site.work THREADS HUNG`, where HUNG are the jobs that hung in the previous one; or a fork that
does the same (`site/forked.py`)."""

import gc
import os
import signal
import sys
import threading
from importlib import import_module

from leeward.foundation.loading import loading
from leeward.foundation.own_memory import close_memory
from leeward.site.serve import show_name
from leeward.site.start import start, start_watching

# Low priority: reporters never wait for background work, but on an idle machine the worker gets everything.
NICENESS = 5
LOADED = ("leeward.audit.keys", "leeward.installation.services", "leeward.jobs.worker", "leeward.site.apart.mirror")


def load_work() -> None:
    """Load what a worker runs. Nothing is opened here: it may be forked."""
    start_watching()
    from leeward.jobs.registry import load

    with loading():
        for name in LOADED:
            import_module(name)
        load()


def main() -> int:
    """Work until SIGTERM or Ctrl-C."""
    close_memory()
    show_name("worker")
    start()
    load_work()
    from leeward.audit.keys import load_all
    from leeward.foundation.watch import open_board
    from leeward.installation.services import wake
    from leeward.jobs.worker import work
    from leeward.site.apart.mirror import watch

    os.nice(NICENESS)
    wake()
    load_all()
    open_board("worker")
    end_mirror = watch()

    ended = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: ended.set())
    threads, hung = sys.argv[1:]
    work(ended.is_set, threads=int(threads), hung=frozenset(int(job) for job in hung.split(",") if job))
    end_mirror()
    gc.freeze()  # a last look for garbage would only make whoever stops us wait
    return 0


if __name__ == "__main__":
    sys.exit(main())
