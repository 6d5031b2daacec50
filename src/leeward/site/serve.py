"""`leeward serve`: one process tree. The parent watches its children (the web server, the worker, and optionally the
server of the stop page and the matcher), restarts those that die, and ends those that hang (`site/watching.py`).

The parent is a process of its own: `python -m leeward.site.serve PLAN`, with a `Plan` as JSON. Where web and worker have the
same settings, it loads once what both run, and forks them (`site/forked.py`); otherwise it loads nothing.
"""

import ctypes
import fcntl
import json
import multiprocessing
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from functools import partial
from pathlib import Path

from leeward.foundation.own_memory import close_memory
from leeward.foundation.watch import FOLDER
from leeward.site.faces import API, DESK, PUBLIC
from leeward.site.forked import Forked, can_fork, load
from leeward.site.own_file import fold_in
from leeward.site.watching import Watch, say

# How long to wait before a child is restarted: longer each time it ends early, up to a limit.
RESTART_SECONDS, MOST_RESTART_SECONDS = 1.0, 30.0
SOON_SECONDS = 60.0
POLL_SECONDS = 0.5
MOST_CONNECTIONS = 1000  # a process: idle ones that are kept alive count too, and must keep nobody out
_PR_SET_PDEATHSIG, _PR_SET_NAME = 1, 15
GIVES_WAY = 5  # the niceness of what runs beside a desk of its own, which comes first where processors are short
FORGETFUL = {
    "MALLOC_PERTURB_": "90"
}  # glibc writes over memory as it is freed: words that were sealed don't stay there
_GIVES_IT = ("LEEWARD_WORDS_PASSPHRASE", "LEEWARD_WORDS_PASSPHRASE_COMMAND")
PASSPHRASE = (*_GIVES_IT, *(f"{name}_FILE" for name in _GIVES_IT))  # of words.key
# What a process that only hashes and searches gets of our environment, beside its own settings.
FOR_HASHING = frozenset({"PATH", "HOME", "LANG", "NUMBA_CACHE_DIR", "LEEWARD_DECODER_SOCKET"})


@dataclass(frozen=True, slots=True)
class Plan:
    """The parts of a tree: each face ("": all of them) with where it listens, how many processes and threads."""

    faces: Sequence[tuple[str, str]]
    stop_bind: str
    web_processes: int
    web_threads: int
    work_threads: int  # 0: no worker
    matcher: Mapping[str, str] = field(default_factory=dict)  # its settings; none: no matcher
    files: Sequence[str] = ()  # of SQLite, which are left whole at the end

    @property
    def addresses(self) -> list[str]:
        """Return every address that it listens on."""
        return [bind for bind in (*(bind for _face, bind in self.faces), self.stop_bind) if bind]


@dataclass
class Child:
    """One child process and how to start it; `command` is evaluated each time."""

    name: str
    command: Callable[[], list[str]]
    settings: Mapping[str, str] = field(default_factory=dict)  # beside ours
    without: Collection[str] = ()  # what of ours it doesn't get
    niceness: int = 0
    is_forked: bool = False  # from this process, which has loaded what it runs
    given: Mapping[str, str] = field(default_factory=lambda: dict(os.environ))  # ours, without what loading adds
    process: subprocess.Popen[bytes] | Forked | None = None
    started_at: float = field(default=0.0)
    soon: int = 0  # how often in a row it ended early
    again_at: float | None = None  # when it is to be restarted, while it is not running

    def start(self) -> None:
        """Start it; it ends when we end, even if we are killed."""
        if self.is_forked:
            self.process = Forked(self.command(), self.settings, self._begin)
        else:
            ours = {name: value for name, value in self.given.items() if name not in self.without}
            environment = {**ours, **self.settings}
            self.process = subprocess.Popen(self.command(), env=environment, preexec_fn=self._begin)  # noqa: PLW1509 - this process has no threads
        self.started_at, self.again_at = time.monotonic(), None

    def _begin(self) -> None:
        die_with_parent()
        os.nice(self.niceness)

    def keep_alive(self, now: float) -> None:
        """Check whether it is running; report that it ended, and restart it when it is time."""
        if self.again_at is not None:
            if now >= self.again_at:
                self.start()
        elif self.process is not None and self.process.poll() is not None:
            self.soon = self.soon + 1 if now - self.started_at < SOON_SECONDS else 0
            wait = restart_wait(self.soon)
            self.again_at = now + wait
            say(f"{self.name} ended with {self.process.returncode}; starting it again in {wait:g} s")


def restart_wait(soon: int) -> float:
    """Return how many seconds to wait before restarting a child that ended early so many times in a row."""
    return float(min(RESTART_SECONDS * 2 ** min(max(soon - 1, 0), 10), MOST_RESTART_SECONDS))


def die_with_parent(number: int = signal.SIGTERM) -> None:
    """Let the system send this process a signal when its parent ends (on Linux)."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, number)


def show_name(name: str) -> None:
    """Let `ps -e` and `top` show this process as `leeward-NAME` (on Linux): the command line of one that was forked is its parent's."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_NAME, f"leeward-{name}".encode(), 0, 0, 0)


def die_with_server() -> None:
    """End with the web server that started this process: if killed, it can't end its own child, which would hold the
    port and answer for ever."""
    die_with_parent(signal.SIGKILL)
    parent = multiprocessing.parent_process()
    if parent is not None and os.getppid() != parent.pid:  # it died before we registered
        os._exit(1)


PAGES, STOP_PAGE = "leeward.site.served:application", "leeward.site.stopped:application"


def web_command(bind: str, threads: int, application: str = PAGES, *, processes: int = 1) -> list[str]:
    """Return the command of a web server: granian, without an access log. It restarts one of several processes that
    ends, and the others go on."""
    host, _, port = bind.rpartition(":")
    options = ["--interface", "wsgi", "--host", host.strip("[]") or "127.0.0.1", "--port", port]
    options += ["--workers", str(processes), "--respawn-failed-workers"]
    options += ["--blocking-threads", str(threads), "--backpressure", str(MOST_CONNECTIONS)]
    options += ["--no-ws", "--http", "1", "--log-level", "error", "--workers-kill-timeout", "3"]
    module = "leeward.site.web" if application == PAGES else "granian"
    return [sys.executable, "-P", "-m", module, *options, application]


MATCHER = [sys.executable, "-P", "-m", "leeward", "serve", "--face", "matcher"]


def worker_command(threads: int, hung_jobs: set[int]) -> list[str]:
    """Return the command of the worker, with the jobs that hung in the previous one; each is passed on once."""
    passed_on = ",".join(str(job) for job in sorted(hung_jobs))
    hung_jobs.clear()
    return [sys.executable, "-P", "-m", "leeward.site.work", str(threads), passed_on]


def become_tree(plan: Plan) -> None:
    """Replace this process by the tree.

    The parent needs little of what the command has loaded by now.
    """
    command = [sys.executable, "-P", "-m", "leeward.site.serve", json.dumps(asdict(plan))]
    os.execv(command[0], command)


def serve(plan: Plan) -> int:
    """Run web, worker and the stop page until a signal ends us; returns 0 after SIGTERM, 130 after Ctrl-C."""
    close_memory()  # the passphrase may be in our environment
    signal.signal(
        signal.SIGCHLD, signal.SIG_DFL
    )  # whoever started us may ignore it: then nobody learns of a child's end
    ended: list[int] = []
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda signum, _frame: ended.append(signum))
    with tempfile.TemporaryDirectory(prefix="leeward-watch-", ignore_cleanup_errors=True) as folder:
        os.environ[FOLDER] = folder
        # Who tidies up temporary files (systemd-tmpfiles, after ten days) lets be what is locked: without its boards nothing is watched.
        fcntl.flock(os.open(folder, os.O_RDONLY | os.O_CLOEXEC), fcntl.LOCK_SH)
        watch = Watch(Path(folder))
        children = sorted(_children(plan, watch), key=lambda child: child.is_forked)
        try:
            _run(children, watch, ended)
        finally:  # whatever breaks here: nobody would look after them any more, and we would wait for their end
            _end(children)
    for place in plan.files:
        fold_in(Path(place))
    return 130 if ended[0] == signal.SIGINT else 0


def _run(children: list[Child], watch: Watch, ended: list[int]) -> None:
    for child in children:
        if not ended and child.is_forked:
            load()  # only the first time is long
        if not ended:
            child.start()
    checked_at = time.monotonic()
    while not ended:
        for child in children:
            child.keep_alive(time.monotonic())
        if time.monotonic() - checked_at > POLL_SECONDS:
            checked_at = time.monotonic()
            watch.check({child.process.pid for child in children if child.process})
        time.sleep(0.1)


def _children(plan: Plan, watch: Watch) -> list[Child]:
    children = []
    is_forked = can_fork() and [face for face, _bind in plan.faces] == [""] and bool(plan.work_threads)
    gives_way = GIVES_WAY if any(face == DESK for face, _bind in plan.faces) else 0
    for face, bind in plan.faces:
        web = web_command(bind, plan.web_threads, processes=plan.web_processes)
        more = FORGETFUL if face == PUBLIC else {}
        without = PASSPHRASE if face in (PUBLIC, API) else ()  # nobody reads words there
        own = {"LEEWARD_FACE": face, **more}
        children.append(
            Child(face or "web", partial(list, web), own, without, 0 if face == DESK else gives_way, is_forked)
        )
    if plan.stop_bind:
        stop_page = web_command(plan.stop_bind, plan.web_threads, STOP_PAGE)
        children.append(Child("stop page", lambda: stop_page, without=PASSPHRASE))
    if plan.matcher:
        others = frozenset(os.environ) - FOR_HASHING
        children.append(Child("matcher", lambda: MATCHER, plan.matcher, without=others))
    if plan.work_threads:
        work = partial(worker_command, plan.work_threads, watch.hung_jobs)
        children.append(Child("worker", work, niceness=gives_way, is_forked=is_forked))
    return children


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
    sys.exit(serve(Plan(**json.loads(sys.argv[1]))))
