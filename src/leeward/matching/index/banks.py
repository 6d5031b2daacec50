"""Banks: groups of entries with their own radius; a harmless bank holds known look-alikes, which are not matches."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from leeward.matching.index.plan import MAX_RADIUS

MAX_BANKS = 1 << 16


@dataclass(frozen=True, slots=True)
class Bank:
    """A group of entries: number, name, radius in bits, and whether its entries are harmless look-alikes."""

    number: int
    name: str
    radius: int = MAX_RADIUS
    harmless: bool = False

    def __post_init__(self) -> None:
        if not 0 <= self.number < MAX_BANKS:
            raise ValueError(f"bank number {self.number} is not 0 to {MAX_BANKS - 1}")
        if not 0 <= self.radius <= MAX_RADIUS:
            raise ValueError(f"radius {self.radius} is not 0 to {MAX_RADIUS}")

    def as_dict(self) -> dict[str, Any]:
        """Return the JSON form stored in files."""
        return asdict(self)


DEFAULT_BANK = Bank(0, "default")


def bank_from(row: object) -> Bank:
    """Read a bank from a file's JSON; raises ValueError for anything else."""
    if not isinstance(row, Mapping):
        raise ValueError("a bank is not an object")
    number, name, radius, harmless = (row.get(key) for key in ("number", "name", "radius", "harmless"))
    if not isinstance(number, int) or not isinstance(radius, int) or not isinstance(name, str):
        raise ValueError("a bank lacks number, name or radius")
    return Bank(number, name, radius, harmless is True)
