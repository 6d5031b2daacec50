"""The run of a simulation: what happens by chance between two installations, and how both stand when it is quiet."""

import secrets
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

from leeward.demo.errors import DidNotHappen
from leeward.demo.exchanging.link import FATES, Door, Fate
from leeward.demo.exchanging.processes import Died, Linked

COUNTRIES = ("JM", "CA")
A_DAY = 86_400.0
_TABLES = "from leeward.site.start import prepare_database, start; start(); prepare_database()"
# The part of the rounds in which a day passes, somebody presses the key to send anew, something that was kept arrives.
_DAYS, _RETRIES, _BRINGS = 0.08, 0.1, 0.5
_MOST_ROUNDS = 5_000  # until it has to be quiet
KILLS = ("sender_killed", "receiver_killed", "while_writing")


@dataclass(frozen=True, slots=True)
class Verdict:
    """How both stand when it is quiet: the items that they don't agree on, what was said to be done twice, what can't be
    delivered, and how many messages were lost that a side had stored. `link` counts what happened on the way."""

    exchanges: int
    messages: int
    killed: int
    days: int
    differing: tuple[str, ...]
    twice: tuple[str, ...]
    undelivered: int
    lost: int
    link: dict[str, int] = field(default_factory=dict)
    memory: int = 0

    @property
    def is_good(self) -> bool:
        """Return whether both agree on every item, nothing was done twice and nothing is lost."""
        return not (self.differing or self.twice or self.undelivered or self.lost)


def simulate(seed: int, messages: int, kills: int, *, tables: Path | None = None) -> Verdict:
    """Play a run of at least so many messages in which processes are killed so often; `tables` is a database that has its tables
    already. Raises DidNotHappen where an installation doesn't start."""
    with installations(tables) as (here, there):
        return Run(seed, messages, kills, (here, there)).play()


@contextmanager
def installations(tables: Path | None = None) -> Iterator[tuple[Linked, Linked]]:
    """Two installations that are each other's peers; they are deleted at the end of the block."""
    with tempfile.TemporaryDirectory(prefix="leeward-exchange-") as folder, ExitStack() as running:
        made = tables or made_tables(Path(folder, "tables"))
        both = []
        for country in COUNTRIES:
            process = Linked(begun(Path(folder, country), made), country, running.enter_context(Door()))
            running.callback(process.stop)
            both.append(process)
        here, there = both
        for process in both:
            process.start()
        for process in both:
            process.wait()
        there.order("accept", link=here.order("invite"))
        if here.order("confirm") != there.order("confirm"):
            raise DidNotHappen(what="the same key words on both sides", seconds="0")
        yield here, there


def made_tables(data: Path) -> Path:
    """Make a database with tables and nothing else in a new folder; return it."""
    data.mkdir()
    # Our own program. The settings of an installation of this machine are not for it.
    subprocess.run(
        [sys.executable, "-c", _TABLES], env={"LEEWARD_DATA": str(data), "PATH": ""}, check=True, capture_output=True
    )
    return data / "leeward.sqlite3"


def begun(data: Path, tables: Path) -> Path:
    """Begin the data of an installation with these tables and a secret of its own; return its folder."""
    data.mkdir()
    shutil.copyfile(tables, data / "leeward.sqlite3")
    (data / "secret").write_text(secrets.token_urlsafe(48), encoding="ascii")
    for name in ("leeward.sqlite3", "secret"):
        (data / name).chmod(0o600)
    return data


class Run:
    """One run of two installations."""

    def __init__(self, seed: int, messages: int, kills: int, both: tuple[Linked, Linked]) -> None:
        self.chance = Random(seed)
        self.seed, self.messages, self.both = seed, messages, both
        self.turns = max(2, min(20, messages // 30))
        self.kill_at = sorted(self.chance.randrange(messages) for _kill in range(kills))
        self.killed, self.days, self.lost, self.round = 0, 0, 0, 0
        self.stored = {process.country: 0 for process in both}

    def play(self) -> Verdict:
        """Let things happen until so many messages were written, and then become quiet."""
        while sum(self.stored.values()) < self.messages or self.killed < len(self.kill_at):
            self.round += 1
            is_deadly = self.killed < len(self.kill_at) and sum(self.stored.values()) >= self.kill_at[self.killed]
            kind = self.chance.choice(KILLS) if is_deadly else ""
            self._write(victim=self.chance.choice(self.both) if kind == "while_writing" else None)
            self._carry(kind)
            self._let_time_pass()
        return self._quiet()

    def _write(self, victim: Linked | None) -> None:
        """Both write at the same time; one may be killed meanwhile."""
        for process in self.both:
            seed = f"{self.seed} {self.round} {process.country}"
            process.ask("act", seed=seed, turns=self.turns, number=self.round * 1000)
        if victim is not None:
            time.sleep(self.chance.uniform(0.0, 0.02) * self.turns)
            victim.kill()
        for process in self.both:
            with self._restarting(process):
                self.stored[process.country] += process.answer()

    def _carry(self, kind: str) -> None:
        """Both send at the same time, each request to its fate."""
        deadly = self.chance.choice(self.both) if kind.endswith("_killed") else None
        for process, other in (self.both, self.both[::-1]):
            other.door.fate = self.chance.choice(FATES)
            if process is deadly:
                other.door.fate = kind  # type: ignore[assignment]
                other.door.kills = self._killer(process, other)
        for process in self.both:
            with suppress(Died):
                process.ask("deliver")
        for process in self.both:
            with self._restarting(process):
                process.answer()
        for process in self.both:
            if not process.is_running:
                self._restart(process)

    def _killer(self, sender: Linked, receiver: Linked) -> Callable[[Fate], None]:
        pause = self.chance.uniform(0.0, 0.1)

        def kill(fate: Fate) -> None:
            time.sleep(pause if fate == "receiver_killed" else 0.0)
            (receiver if fate == "receiver_killed" else sender).kill()

        return kill

    def _let_time_pass(self) -> None:
        """What was kept comes in another order; days pass; somebody looks at what could not be delivered."""
        if self.chance.random() < _DAYS:
            self.days += 1
            for process in self.both:
                process.move_clock(A_DAY + 3600)
        for process in self.both:
            if process.door.kept and self.chance.random() < _BRINGS:
                process.door.bring(self.chance.randrange(len(process.door.kept)))
            if self.chance.random() < _RETRIES:
                process.order("retry")

    @contextmanager
    def _restarting(self, process: Linked) -> Iterator[None]:
        try:
            yield
        except Died:
            self._restart(process)

    def _restart(self, process: Linked) -> None:
        """Start one again that was killed: all that it had said to be stored has to be there."""
        self.killed += 1
        process.stop()
        process.start()
        process.wait()
        found = process.order("written")
        self.lost += max(0, self.stored[process.country] - found)
        self.stored[process.country] = found

    def _quiet(self) -> Verdict:
        """Bring all that was kept, send until nothing waits, and compare."""
        for process in self.both:
            process.door.fate = "arrives"
            while process.door.kept:
                process.door.bring(self.chance.randrange(len(process.door.kept)))
        for _round in range(_MOST_ROUNDS):
            held = [process.order("retry") for process in self.both]
            for process in self.both:
                process.ask("deliver", most=20)
            if not any([*held, *[process.answer() for process in self.both]]):
                break
        return self._compared()

    def _compared(self) -> Verdict:
        here, there = (process.order("standing") for process in self.both)
        ours, theirs = here["contents"], there["contents"]
        link: Counter[str] = Counter()
        for process in self.both:
            link.update(process.door.counts)
            found: Any = process.order("written")
            self.lost += max(0, self.stored[process.country] - found)
        return Verdict(
            exchanges=len(ours.keys() | theirs.keys()),
            messages=here["messages"],
            killed=self.killed,
            days=self.days,
            differing=tuple(sorted(uid for uid in ours.keys() | theirs.keys() if ours.get(uid) != theirs.get(uid))),
            twice=tuple(sorted({*here["twice"], *there["twice"]})),
            undelivered=here["held"] + there["held"],
            lost=self.lost,
            link=dict(link),
            memory=max(process.order("memory") for process in self.both),
        )
