"""The ladder: whom each further notice about the same address goes to, and when. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

Kind = Literal["host", "owner", "upstream", "registrar", "foreign_host", "foreign_police"]

# The kinds that climb; the police of another country are told once.
LADDER_KINDS: frozenset[str] = frozenset({"host", "owner", "upstream", "registrar", "foreign_host"})
# Whom to tell where somebody can't be reached: an owner can be left out, the host can't.
INSTEAD: dict[str, tuple[Kind, ...]] = {"host": ("upstream", "registrar"), "foreign_host": ("upstream", "registrar")}


@dataclass(frozen=True, slots=True)
class Rungs:
    """The time between two steps, and how often others than the host are told as well."""

    every: timedelta
    owner_step: int
    upstream_step: int


def told_at(step: int, rungs: Rungs, *, host: Kind = "host") -> tuple[Kind, ...]:
    """Whom step number `step` (from 1) tells: the host each time, the owner at each third, the network and the registrar at
    each sixth (numbers by the settings)."""
    if step < 1:
        raise ValueError("steps count from 1")
    kinds: list[Kind] = [host]
    if step % rungs.owner_step == 0:
        kinds.append("owner")
    if step % rungs.upstream_step == 0:
        kinds += ["upstream", "registrar"]
    return tuple(kinds)


def next_step_at(told_at_time: datetime, rungs: Rungs) -> datetime:
    """When the next step is due after one that was told at this time."""
    return told_at_time + rungs.every
