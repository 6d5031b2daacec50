"""The worker process: `python -m leeward.site.work THREADS`."""

import os
import signal
import sys
import threading

from leeward.site.start import start

# Whoever reports never waits for what can wait; an idle machine is the worker's all the same.
NICENESS = 10


def main() -> int:
    """Work until SIGTERM or Ctrl-C."""
    start()
    from leeward.duties.worker import work
    from leeward.installation.services import wake

    os.nice(NICENESS)
    wake()

    ended = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: ended.set())
    work(ended.is_set, threads=int(sys.argv[1]) if len(sys.argv) > 1 else 4)
    return 0


if __name__ == "__main__":
    sys.exit(main())
