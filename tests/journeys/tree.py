"""The process tree of `leeward serve`, seen through /proc."""

import os
import signal
import urllib.request
from pathlib import Path

WORK_THREADS = 4
MARKS = {"web": "site.served", "worker": "leeward-worker"}


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


def descendants_of(pid: int) -> list[int]:
    """The children of a process, theirs and so on."""
    children = children_of(pid)
    return children + [one for each in children for one in descendants_of(each)]


def is_alive(pid: int) -> bool:
    """Whether a process runs; one that has ended may still wait for the system to clear it away."""
    try:
        return (Path("/proc") / str(pid) / "stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def child(serve_pid: int, name: str) -> int | None:
    """The process of serve that is `web` or `worker`; None while it is being started again."""
    for pid in children_of(serve_pid):
        try:
            shown, command = (Path(f"/proc/{pid}/{file}").read_text() for file in ("comm", "cmdline"))
        except OSError:
            continue
        if command and MARKS[name] in shown + command:  # one that has ended has no command line any more
            return pid
    return None


def is_at_work(pid: int, name: str, url: str) -> bool:
    """Whether the child is past its start: web answers, the worker's threads run."""
    if name == "worker":
        try:
            return len(list(Path(f"/proc/{pid}/task").iterdir())) > WORK_THREADS
        except OSError:
            return False
    try:
        with urllib.request.urlopen(f"{url}/healthz", timeout=2) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


def kill(serve_pid: int, name: str) -> bool:
    """`kill -9` of the child, and of nothing else; False where it isn't there."""
    pid = child(serve_pid, name)
    if pid is None:
        return False
    os.kill(pid, signal.SIGKILL)
    return True
