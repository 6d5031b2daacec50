"""The ladder: who receives each further notice about the same address, and when. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

Kind = Literal["host", "owner", "upstream", "registrar", "foreign_host", "foreign_police"]

# The kind of job by which a notice case takes its next step: without one it takes none.
ADVANCE = "notices.advance"
# The kinds with further steps; the police of another country are told once.
LADDER_KINDS: frozenset[str] = frozenset({"host", "owner", "upstream", "registrar", "foreign_host"})
# The alternative to an unreachable contact: an owner can be skipped, the host can't.
INSTEAD: dict[str, tuple[Kind, ...]] = {"host": ("upstream", "registrar"), "foreign_host": ("upstream", "registrar")}


@dataclass(frozen=True, slots=True)
class Rungs:
    """The time between two steps, and how often others than the host are told as well."""

    every: timedelta
    owner_step: int
    upstream_step: int


def kinds_at(step: int, rungs: Rungs, *, host: Kind = "host") -> tuple[Kind, ...]:
    """Return who is told in step number `step` (from 1): the host each time, the owner every third time, the network
    and the registrar every sixth (the settings have the numbers)."""
    if step < 1:
        raise ValueError("steps count from 1")
    kinds: list[Kind] = [host]
    if step % rungs.owner_step == 0:
        kinds.append("owner")
    if step % rungs.upstream_step == 0:
        kinds += ["upstream", "registrar"]
    return tuple(kinds)


def deadline(informed_at: datetime, rungs: Rungs) -> datetime:
    """Return by when a contact is asked to act: when the next step is due, at the full hour before where steps are days
    apart."""
    due = next_step_at(informed_at, rungs)
    return due.replace(minute=0, second=0, microsecond=0) if rungs.every >= timedelta(days=1) else due


def next_step_at(informed_at: datetime, rungs: Rungs) -> datetime:
    """Return when the next step is due after one that was told at this time."""
    return informed_at + rungs.every
