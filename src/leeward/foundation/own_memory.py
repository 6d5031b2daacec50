"""What a process has in memory stays there: keys, the passphrase in its environment, and what people wrote."""

import ctypes
import resource
import sys

_PR_SET_DUMPABLE = 4


def close_memory() -> None:
    """Let no other process of the same user read the memory, the environment or the open files of this one and of those that
    it forks (on Linux), and let nothing be written down when it crashes. What it starts anew has to do so itself."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)
