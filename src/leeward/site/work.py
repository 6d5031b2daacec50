"""The worker process: `python -m leeward.site.work THREADS HUNG`, where HUNG are the jobs that hung in the previous one."""

import gc
import os
import signal
import sys
import threading

from leeward.foundation.own_memory import close_memory
from leeward.site.start import start

# Low priority: reporters never wait for background work, but on an idle machine the worker gets everything.
NICENESS = 5


def main() -> int:
    """Work until SIGTERM or Ctrl-C."""
    close_memory()
    gc.disable()  # what is loaded stays: nothing of it is garbage
    start()
    from leeward.audit.keys import load_all
    from leeward.foundation.watch import open_board
    from leeward.installation.services import wake
    from leeward.jobs.registry import load
    from leeward.jobs.worker import work
    from leeward.site.apart.mirror import watch

    load()
    gc.freeze()
    gc.enable()
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
