"""The process tree of `leeward serve`, seen through /proc."""

import os
import signal
from pathlib import Path

MARKS = {"web": "granian", "worker": "leeward.site.work"}


def children_of(pid: int) -> list[int]:
    """The direct children of a process."""
    found = []
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                parent = (folder / "stat").read_text().rpartition(")")[2].split()[1]
            except OSError:
                continue  # it ended meanwhile
            if int(parent) == pid:
                found.append(int(folder.name))
    return found


def child(serve_pid: int, name: str) -> int | None:
    """The process of serve that is `web` or `worker`; None while it is being started again."""
    for pid in children_of(serve_pid):
        try:
            command = Path(f"/proc/{pid}/cmdline").read_bytes().decode()
        except OSError:
            continue
        if MARKS[name] in command:
            return pid
    return None


def kill(serve_pid: int, name: str) -> list[int]:
    """`kill -9` of the child and of what it started itself; returns what was killed."""
    pid = child(serve_pid, name)
    if pid is None:
        return []
    family = [pid, *children_of(pid)]
    for one in family:
        os.kill(one, signal.SIGKILL)
    return family
