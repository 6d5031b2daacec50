"""What is needed and what is there, by role and country. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Standing:
    """How many people of a role in a country hold training today, and how many are needed (None: nobody has put it on record)."""

    role: str
    country: str
    trained: int
    needed: int | None

    @property
    def missing(self) -> int | None:
        """Return how many are missing; None if nobody has put on record how many are needed."""
        return None if self.needed is None else max(self.needed - self.trained, 0)


def standings(trained: Mapping[tuple[str, str], int], needed: Mapping[tuple[str, str], int]) -> list[Standing]:
    """Return all that is known, by what is missing most, then by country and role."""
    keys = sorted({*trained, *needed}, key=lambda key: (key[1], key[0]))
    found = [Standing(*key, trained.get(key, 0), needed.get(key)) for key in keys]
    return sorted(found, key=lambda one: -(one.missing or 0))
