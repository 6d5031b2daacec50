"""Which fault comes when, for a seed. Pure: the same seed and count give the same schedule on every machine."""

from dataclasses import dataclass
from random import Random

# How long each kind lasts at least and at most, in seconds, and how often it comes beside the others.
KINDS: dict[str, tuple[float, float, int]] = {
    "kill serve": (0, 0, 3),
    "kill web": (0, 0, 5),
    "kill web process": (0, 0, 5),
    "kill worker": (0, 0, 10),
    "kill decoder": (0, 0, 4),
    "kill signer": (0, 0, 3),
    "disk full": (2, 8, 4),
    "disk read-only": (0, 0, 1),
    "database locked": (2, 20, 4),
    "clock a day ahead": (2, 8, 2),
    "clock a day behind": (2, 8, 2),
    "mail server down": (2, 15, 4),
    "mail server says later": (2, 8, 3),
    "mail server refuses": (1, 5, 3),
    "mail server drops": (1, 6, 3),
    "mail server takes and drops": (1, 6, 3),
    "mail server slow": (2, 10, 3),
    "mailbox away": (2, 10, 2),
    "mailbox half a letter": (0, 0, 2),
    "names down": (2, 10, 3),
    "names fail": (2, 10, 2),
    "names silent": (2, 10, 2),
    "names lie": (2, 6, 2),
    "registry down": (2, 10, 3),
    "registry lies": (2, 10, 2),
    "registry slow": (2, 8, 2),
    "host down": (2, 10, 3),
    "host lies": (2, 10, 2),
    "restore": (0, 0, 1),
    "old code": (0, 0, 1),
}
# What else can break where there is a peer: everywhere but in the short run.
PEER: dict[str, tuple[float, float, int]] = {
    "peer down": (2, 20, 3),
    "peer killed": (2, 10, 2),
    "peer lies": (3, 20, 4),
}
# What else can break where the public face has a database file of its own, and a stop page and a matcher run beside.
APART: dict[str, tuple[float, float, int]] = {
    "kill public": (0, 0, 4),
    "kill public process": (0, 0, 4),
    "kill api": (0, 0, 2),
    "kill stop": (0, 0, 2),
    "kill matcher": (0, 0, 2),
    "kill matcher process": (0, 0, 2),
    "kill who pulls": (0, 0, 8),
    "public folder full": (2, 8, 3),
    "public folder read-only": (0, 0, 1),
    "public file locked": (2, 20, 4),
    "public file lost": (3, 8, 2),
    "public file older": (3, 8, 2),
}
ALL = KINDS | PEER | APART
GAP_SECONDS = (0.3, 3.5)


@dataclass(frozen=True, slots=True)
class Planned:
    """One fault: so long after the one before it, for so long; `chance` decides what is left to decide."""

    number: int
    kind: str
    after_seconds: float
    lasts_seconds: float
    chance: int


def schedule(seed: int, count: int, kinds: list[str] | None = None) -> list[Planned]:
    """Return `count` faults. Each kind comes once before chance alone decides."""
    chance = Random(seed)
    known = kinds or list(KINDS)
    first = list(known)
    chance.shuffle(first)
    rest = chance.choices(known, [ALL[kind][2] for kind in known], k=max(count - len(first), 0))
    return [
        Planned(
            number,
            kind,
            round(chance.uniform(*GAP_SECONDS), 2),
            round(chance.uniform(*ALL[kind][:2]), 2),
            chance.randrange(1 << 30),
        )
        for number, kind in enumerate([*first, *rest][:count], 1)
    ]
