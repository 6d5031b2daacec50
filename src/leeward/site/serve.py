"""`leeward serve`: one process tree. The parent watches its children (the web server, the worker and, where one is wanted, the
server of the stop page) and starts again what dies.

The parent is a process of a few megabytes: `python -m leeward.site.serve ADDRESS:PORT WEB_THREADS WORK_THREADS STOP_ADDRESS [web] [worker]`.
"""

import ctypes
import multiprocessing
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field

RESTART_SECONDS = 1.0
_PR_SET_PDEATHSIG = 1


@dataclass
class Child:
    """One child process and how to start it."""

    name: str
    command: list[str]
    process: subprocess.Popen[bytes] | None = None
    started_at: float = field(default=0.0)

    def start(self) -> None:
        """Start it; it ends when we end, even if we are killed."""
        self.process = subprocess.Popen(self.command, preexec_fn=die_with_parent)  # noqa: PLW1509 - this process has no threads
        self.started_at = time.monotonic()


def die_with_parent(number: int = signal.SIGTERM) -> None:
    """Let the system send this process a signal when its parent ends (on Linux)."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, number)


def die_with_server() -> None:
    """End with the web server that started this process: killed by force, it can't take its own child with it, and the child
    would hold the port and answer for ever."""
    die_with_parent(signal.SIGKILL)
    parent = multiprocessing.parent_process()
    if parent is not None and os.getppid() != parent.pid:  # it died before we asked to follow
        os._exit(1)


PAGES, STOP_PAGE = "leeward.site.served:application", "leeward.site.stopped:application"


def web_command(bind: str, threads: int, application: str = PAGES) -> list[str]:
    """The command of a web server: granian, no access log."""
    host, _, port = bind.rpartition(":")
    options = ["--interface", "wsgi", "--host", host.strip("[]") or "127.0.0.1", "--port", port]
    options += ["--workers", "1", "--blocking-threads", str(threads), "--backpressure", str(threads * 4)]
    options += ["--no-ws", "--http", "1", "--log-level", "error", "--workers-kill-timeout", "3"]
    return [sys.executable, "-m", "granian", *options, application]


def worker_command(threads: int) -> list[str]:
    """The command of the worker."""
    return [sys.executable, "-m", "leeward.site.work", str(threads)]


def become_tree(bind: str, *, web_threads: int, work_threads: int, parts: list[str], stop_bind: str = "") -> None:
    """Put the tree in this process's place; `parts` are `web`, `worker` or both.

    What watches over its children need not carry all that the command has loaded by now.
    """
    command = [sys.executable, "-m", "leeward.site.serve", bind, str(web_threads), str(work_threads), stop_bind, *parts]
    os.execv(command[0], command)


def serve(
    *, bind: str, web_threads: int, work_threads: int, web: bool = True, worker: bool = True, stop_bind: str = ""
) -> int:
    """Run web, worker and the stop page until a signal ends us; returns 0 after SIGTERM, 130 after Ctrl-C."""
    children = []
    if web:
        children.append(Child("web", web_command(bind, web_threads)))
    if web and stop_bind:
        children.append(Child("stop page", web_command(stop_bind, web_threads, STOP_PAGE)))
    if worker:
        children.append(Child("worker", worker_command(work_threads)))
    ended: list[int] = []
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda signum, _frame: ended.append(signum))
    for child in children:
        child.start()
    while not ended:
        for child in children:
            _keep_alive(child)
        time.sleep(0.1)
    _end(children)
    return 130 if ended[0] == signal.SIGINT else 0


def _keep_alive(child: Child) -> None:
    if child.process is None or child.process.poll() is None:
        return
    print(
        f"leeward: {child.name} ended with {child.process.returncode}; starting it again", file=sys.stderr, flush=True
    )
    time.sleep(max(0.0, RESTART_SECONDS - (time.monotonic() - child.started_at)))
    child.start()


def _end(children: list[Child]) -> None:
    for child in children:
        if child.process and child.process.poll() is None:
            os.kill(child.process.pid, signal.SIGTERM)
    deadline = time.monotonic() + 10
    for child in children:
        if child.process:
            try:
                child.process.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                child.process.kill()


if __name__ == "__main__":
    os.umask(0o077)  # the children inherit it
    _bind, _web_threads, _work_threads, _stop_bind, *_parts = sys.argv[1:]
    sys.exit(
        serve(
            bind=_bind,
            web_threads=int(_web_threads),
            work_threads=int(_work_threads),
            web="web" in _parts,
            worker="worker" in _parts,
            stop_bind=_stop_bind,
        )
    )
