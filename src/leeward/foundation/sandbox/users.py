"""Whose a child is: where the process that starts it may, it becomes another user, whom nothing here belongs to.

Root may, in a container say, and so may who has the three capabilities that it takes. It does so when it has imported what it
runs and before it sees the first byte; its libraries must be open to everybody, as they are where they were installed for all.
"""

import ctypes
import os
import pwd
import stat
import sys
import sysconfig
from collections.abc import Iterable
from contextlib import suppress
from functools import cache
from pathlib import Path

from leeward.foundation.sandbox.fences import modules_only

ACCOUNT, NOBODY = "leeward-decoder", 65534
_KILL, _SETGID, _SETUID = 5, 6, 7  # to end such a child one needs the first
_PR_CAP_AMBIENT, _CLEAR_ALL = 47, 4
_CAPABILITIES_3 = 0x20080522


def other_user(library: Iterable[str]) -> tuple[int, int] | None:
    """Return as whom a child of this process runs, and in which group, never in ours or that of root; None: as the same user, since
    it may not, or could not read its libraries."""
    if sys.platform != "linux" or not _may_become_another() or not _is_open(tuple(modules_only(library))):
        return None
    try:
        account = pwd.getpwnam(ACCOUNT)
        user, group = account.pw_uid, account.pw_gid
    except KeyError:
        user = group = NOBODY
    ours = {0, os.getegid(), *os.getgroups()}
    group = NOBODY if group in ours else group
    return (user, group) if user not in (0, os.geteuid()) and group not in ours else None


def become(user: int, group: int) -> None:
    """Be that user in that group alone from now on, without a way back. Raises OSError."""
    os.setgroups([])
    os.setresgid(group, group, group)
    os.setresuid(user, user, user)
    library = ctypes.CDLL(None, use_errno=True)
    library.prctl(_PR_CAP_AMBIENT, _CLEAR_ALL, 0, 0, 0)
    head, none = (ctypes.c_uint32 * 2)(_CAPABILITIES_3, 0), (ctypes.c_uint32 * 6)()
    if library.capset(head, none):
        raise OSError(ctypes.get_errno(), "capset")


def _may_become_another() -> bool:
    with suppress(OSError, ValueError):
        for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
            if line.startswith("CapEff:"):
                had = int(line.split()[1], 16)
                return all(had >> one & 1 for one in (_KILL, _SETGID, _SETUID))
    return False


@cache
def _is_open(library: tuple[str, ...]) -> bool:
    """Return whether everybody may read the folders of libraries, and what is installed in them."""
    own = [sysconfig.get_path("stdlib"), sysconfig.get_path("purelib"), str(Path(__file__).parent), __file__]
    return all(_everybody_reads(Path(path)) for path in (*own, *library) if path and Path(path).exists())


def _everybody_reads(path: Path) -> bool:
    whole = path.resolve()
    needed = stat.S_IROTH | (stat.S_IXOTH if whole.is_dir() else 0)
    try:
        return whole.stat().st_mode & needed == needed and all(
            above.stat().st_mode & stat.S_IXOTH for above in whole.parents
        )
    except OSError:
        return False
