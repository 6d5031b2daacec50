"""What a child gives up for good before it sees the first byte of a file, where the kernel can hold it to that: Landlock (it reads
its libraries and nothing else, and writes nowhere) and seccomp (no connection, no other program, no look into another process).

Both are of Linux. Where one is missing, the limits of `child.py` remain; `missing` says so, and `leeward doctor` passes it on.
"""

import os
import sys
import sysconfig
from collections.abc import Iterable
from ctypes.util import find_library
from functools import cache
from mimetypes import knownfiles
from typing import Any

LANDLOCK, SECCOMP = "Landlock", "seccomp"
# What interpreters, renderers and numeric libraries read besides their own files. No folder that could hold data of ours.
SYSTEM = (
    "/usr", "/lib", "/lib64", "/etc/ld.so.cache", "/etc/fonts", "/etc/localtime", "/var/cache/fontconfig",
    "/dev/null", "/dev/urandom", "/proc/cpuinfo", "/proc/meminfo", "/proc/self", "/sys/devices/system",
)  # fmt: skip
# What no decoder needs: the network, other programs and processes, the kernel's keys and doors.
REFUSED = tuple(
    """
    socket connect bind listen accept accept4 execve execveat fork vfork ptrace process_vm_readv process_vm_writev kcmp
    pidfd_open pidfd_getfd pidfd_send_signal rt_sigqueueinfo rt_tgsigqueueinfo tkill mount umount2 move_mount open_tree fsopen
    pivot_root chroot unshare setns bpf perf_event_open userfaultfd io_uring_setup io_uring_enter io_uring_register keyctl add_key
    request_key open_by_handle_at name_to_handle_at init_module finit_module delete_module kexec_load kexec_file_load reboot
    swapon swapoff settimeofday clock_settime adjtimex clock_adjtime sethostname setdomainname quotactl acct syslog personality
    shmget shmat msgget semget mq_open chmod fchmod fchmodat chown fchown lchown fchownat setxattr lsetxattr fsetxattr
    """.split()
)
_CLONE_THREAD = 0x00010000


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
    for path in sorted({os.path.realpath(path) for path in (*SYSTEM, *knownfiles, *own, *library) if path} - {"/"}):
        if os.path.isdir(path):
            rules.add_path_rule(path, access=AccessFs.READ_FILE | AccessFs.READ_DIR)
        elif os.path.exists(path):
            rules.add_path_rule(path, access=AccessFs.READ_FILE)
    rules.apply()


def _refusing() -> Any:
    """Return the filter of calls, not yet loaded; None where there is no libseccomp."""
    try:
        import pyseccomp
    except (ImportError, OSError, RuntimeError):
        return None
    refuse = pyseccomp.ERRNO(1)  # EPERM
    rules = pyseccomp.SyscallFilter(pyseccomp.ALLOW)
    for name in REFUSED:
        try:
            rules.add_rule(refuse, name)
        except (OSError, ValueError):  # a call that this processor, or this version of libseccomp, doesn't have
            continue
    rules.add_rule(refuse, "clone", pyseccomp.Arg(0, pyseccomp.MASKED_EQ, _CLONE_THREAD, 0))
    rules.add_rule(pyseccomp.ERRNO(38), "clone3")  # ENOSYS: threads are made by clone, whose flags can be seen
    for name in ("kill", "tgkill"):
        rules.add_rule(refuse, name, pyseccomp.Arg(0, pyseccomp.NE, os.getpid()))
    return rules
