"""What a child gives up for good before it sees the first byte of a file, where the kernel can hold it to that: Landlock (it reads
its libraries and nothing else, and writes nowhere) and seccomp (no connection, no other program, no look into another process).

Both are of Linux. Where one is missing, the limits of `child.py` remain; `missing` says so, and `leeward doctor` passes it on.
"""

import os
import sys
import sysconfig
from collections.abc import Callable, Iterable
from ctypes.util import find_library
from functools import cache
from mimetypes import knownfiles
from pathlib import Path
from typing import Any

LANDLOCK, SECCOMP = "Landlock", "seccomp"
# What interpreters, renderers and numeric libraries read besides their own files. No folder that could hold data of ours.
SYSTEM = (
    "/usr", "/lib", "/lib64", "/etc/ld.so.cache", "/etc/fonts", "/etc/localtime", "/var/cache/fontconfig",
    "/dev/null", "/dev/urandom", "/proc/cpuinfo", "/proc/meminfo", "/sys/devices/system",
)  # fmt: skip
# What no decoder needs: the network (a pair of datagram sockets can write to any other of the machine), other programs and
# processes, to see or change what lies on the disk without opening it, the kernel's keys and doors.
REFUSED = tuple(
    """
    socket socketpair connect bind listen accept accept4 sendmsg sendmmsg recvmsg recvmmsg execve execveat fork
    vfork ptrace process_vm_readv process_vm_writev kcmp pidfd_open pidfd_getfd pidfd_send_signal
    rt_sigqueueinfo rt_tgsigqueueinfo tkill mount umount2 move_mount open_tree fsopen fspick pivot_root chroot
    unshare setns bpf perf_event_open userfaultfd io_uring_setup io_uring_enter io_uring_register keyctl add_key
    request_key open_by_handle_at name_to_handle_at init_module finit_module delete_module kexec_load
    kexec_file_load reboot swapon swapoff settimeofday clock_settime adjtimex clock_adjtime sethostname
    setdomainname quotactl acct syslog personality shmget shmat shmctl msgget msgsnd msgrcv msgctl semget semop
    semtimedop semctl mq_open mq_unlink setpriority ioprio_set sched_setaffinity sched_setscheduler
    sched_setparam sched_setattr migrate_pages move_pages inotify_init inotify_init1 inotify_add_watch
    fanotify_init fanotify_mark truncate utime utimes futimesat utimensat chmod fchmod fchmodat fchmodat2 chown
    fchown lchown fchownat setxattr lsetxattr fsetxattr removexattr lremovexattr fremovexattr
    """.split()
)
# Those that an older libseccomp can't name; such new numbers are the same on every processor that we run on.
_NUMBERS = {"fchmodat2": 452, "setxattrat": 463, "removexattrat": 466, "file_setattr": 469}
_CLONE_THREAD, _PR_SET_PDEATHSIG = 0x00010000, 1
# Of fcntl: whom the kernel signals when something can be read, and with what. Of ioctl: everything about sockets.
_F_SETOWN, _F_SETSIG, _F_SETOWN_EX = 8, 10, 15
_INT, _IOCTL_KIND, _OF_SOCKETS = 0xFFFFFFFF, 0xFF00, 0x8900


def fence(library: Iterable[str]) -> frozenset[str]:
    """Give it up, for this process and all its threads; `library`: the folders that modules are imported from. Return what the
    kernel holds us to."""
    if sys.platform != "linux":
        return frozenset()
    # Both libraries are loaded before either fence stands: they are found by running another program and reading its files.
    has_landlock, calls = _has_landlock(), _refusing()
    if calls is not None:
        calls.load()
    if has_landlock:
        _close_files(library)
    return frozenset(name for name, stands in ((LANDLOCK, has_landlock), (SECCOMP, calls is not None)) if stands)


@cache
def missing() -> tuple[str, ...]:
    """Return what this machine's kernel or libraries can't hold a child to."""
    if sys.platform != "linux":
        return (LANDLOCK, SECCOMP)
    absent = () if _has_landlock() else (LANDLOCK,)
    return absent if find_library("seccomp") else (*absent, SECCOMP)


def seen(body: bytes) -> dict[str, Any]:
    """Return as whom this runs, and which fence does not stand around it. Runs in a child."""
    tries: dict[str, Callable[[], object]] = {
        LANDLOCK: lambda: os.listdir("/"),
        SECCOMP: lambda: os.sched_setaffinity(0, os.sched_getaffinity(0)),
    }
    return {"user": os.geteuid(), "lacks": [name for name, do in tries.items() if not _is_refused(do)]}


def _is_refused(do: Callable[[], object]) -> bool:
    try:
        do()
    except PermissionError:
        return True
    return False


def _has_landlock() -> bool:
    from py_landlock import LandlockError, get_abi_version

    try:
        return int(get_abi_version()) > 0
    except (LandlockError, OSError):
        return False


def _close_files(library: Iterable[str]) -> None:
    from py_landlock import AccessFs, Landlock

    own = [sysconfig.get_path("stdlib"), sys.prefix, sys.base_prefix, os.environ.get("NUMBA_CACHE_DIR", "")]
    rules = Landlock(strict=False)
    for path in sorted(
        {os.path.realpath(path) for path in (*SYSTEM, *knownfiles, *own, *modules_only(library)) if path} - {"/"}
    ):
        if os.path.isdir(path):
            rules.add_path_rule(path, access=AccessFs.READ_FILE | AccessFs.READ_DIR)
        elif os.path.exists(path):
            rules.add_path_rule(path, access=AccessFs.READ_FILE)
    rules.apply()


def modules_only(library: Iterable[str]) -> list[str]:
    """Return the folders of the search path that are there for their modules. Where we were started is on it too for
    `python -m`, whatever else it holds: the data, by default."""
    try:
        here = os.path.realpath(os.getcwd())
    except OSError:  # it was removed
        here = ""
    ours = os.path.realpath(Path(__file__).parents[3])
    return [path for path in library if os.path.realpath(path) != here or here == ours]


def _refusing() -> Any:
    """Return the filter of calls, not yet loaded; None where there is no libseccomp."""
    try:
        import pyseccomp
    except (ImportError, OSError, RuntimeError):
        return None
    refuse = pyseccomp.ERRNO(1)  # EPERM
    rules = pyseccomp.SyscallFilter(pyseccomp.ALLOW)
    for name in (*REFUSED, *_NUMBERS.values()):
        try:
            rules.add_rule(refuse, name)
        except (OSError, ValueError):  # a call that this processor, or this version of libseccomp, doesn't have
            continue
    rules.add_rule(refuse, "clone", pyseccomp.Arg(0, pyseccomp.MASKED_EQ, _CLONE_THREAD, 0))
    rules.add_rule(pyseccomp.ERRNO(38), "clone3")  # ENOSYS: threads are made by clone, whose flags can be seen
    for name in ("kill", "tgkill"):
        rules.add_rule(refuse, name, pyseccomp.Arg(0, pyseccomp.NE, os.getpid()))
    rules.add_rule(refuse, "prlimit64", pyseccomp.Arg(0, pyseccomp.NE, 0))  # 0 is oneself
    rules.add_rule(
        refuse, "sendto", pyseccomp.Arg(4, pyseccomp.NE, 0)
    )  # an address other than of the socket's own other end
    rules.add_rule(refuse, "prctl", pyseccomp.Arg(0, pyseccomp.MASKED_EQ, _INT, _PR_SET_PDEATHSIG))
    for command in (_F_SETOWN, _F_SETSIG, _F_SETOWN_EX):
        rules.add_rule(refuse, "fcntl", pyseccomp.Arg(1, pyseccomp.MASKED_EQ, _INT, command))
    rules.add_rule(refuse, "ioctl", pyseccomp.Arg(1, pyseccomp.MASKED_EQ, _IOCTL_KIND, _OF_SOCKETS))
    return rules
