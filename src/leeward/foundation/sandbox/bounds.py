"""How a child bounds itself while it has a file: memory, processor time, seconds, and no file may grow."""

import os
import resource
import signal
from functools import cache


def bound(seconds: float, memory_bytes: int) -> None:
    """Limit this process until `unbound`: memory beyond what it has, time, and no file may grow."""
    _soften(resource.RLIMIT_AS, _bytes_had() + memory_bytes)
    _soften(resource.RLIMIT_FSIZE, 0)
    more_time(seconds)


def more_time(seconds: float) -> None:
    """Begin its time anew: for the next piece of a stream."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    _soften(resource.RLIMIT_CPU, int(used.ru_utime + used.ru_stime + 2 * seconds) + 2)
    signal.setitimer(signal.ITIMER_REAL, seconds + 2)  # the parent kills first; if it is gone, the kernel does


def no_alarm() -> None:
    """Let no seconds count while the other side has to do something."""
    signal.setitimer(signal.ITIMER_REAL, 0)


def unbound() -> None:
    """Lift the limits, to import what another call needs."""
    no_alarm()
    for what in (resource.RLIMIT_AS, resource.RLIMIT_CPU, resource.RLIMIT_FSIZE):
        _soften(what, resource.getrlimit(what)[1])


def _soften(what: int, value: int) -> None:
    hard = resource.getrlimit(what)[1]
    soft = value if hard == resource.RLIM_INFINITY else min(value, hard)
    resource.setrlimit(what, (soft, hard))


@cache
def size_of_oneself() -> int:
    """Return the open file that says how large this process is. It is opened before the child is closed off: of /proc it sees
    nothing afterwards, where other processes and the machine's connections are."""
    return os.open("/proc/self/statm", os.O_RDONLY | os.O_CLOEXEC)


def _bytes_had() -> int:
    return int(os.pread(size_of_oneself(), 100, 0).split()[0]) * resource.getpagesize()
