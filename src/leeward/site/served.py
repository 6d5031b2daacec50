"""The WSGI application as `leeward serve` runs it: the process ends with the web server that started it."""

import gc
import multiprocessing
import os
import signal

from leeward.site.serve import die_with_parent

# Killed by force, the web server can't take its own child with it; the child would hold the port and answer for ever.
die_with_parent(signal.SIGKILL)
_parent = multiprocessing.parent_process()
if _parent is not None and os.getppid() != _parent.pid:  # it died before we asked to follow
    os._exit(1)

from leeward.site.wsgi import application  # noqa: E402 - loading takes seconds; first it is settled that we end

# What is loaded by now stays for good: without this, every so many requests the collector walks through all of it in vain.
gc.collect()
gc.freeze()
gc.set_threshold(20_000, 10, 50)

__all__ = ["application"]
