"""Counts for the public, so that no small one can be read or worked out. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass

FEWEST = 5


@dataclass(frozen=True, slots=True)
class Counts:
    """Parts of a whole: None stands for a number from 1 to 4; `total` is None where it would give one of them away."""

    parts: Mapping[str, int | None]
    total: int | None


def public_counts(parts: Mapping[str, int]) -> Counts:
    """The parts as they may be shown. One small part alone could be worked out from the whole, so then the whole is left out; so it
    is where the whole itself is small."""
    shown = {name: None if 0 < number < FEWEST else number for name, number in parts.items()}
    small = [name for name, number in shown.items() if number is None]
    total = sum(parts.values())
    return Counts(shown, None if len(small) == 1 or 0 < total < FEWEST else total)
