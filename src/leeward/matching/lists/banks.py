"""The banks of a list: each with its own radius and advice, and optionally disabled until some time."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal, get_args

from leeward.matching.index import Bank

Advice = Literal["block", "review", "allow"]
ADVICE: tuple[Advice, ...] = get_args(Advice)
"""From the strongest to the weakest."""
FOREVER = -1


@dataclass(frozen=True, slots=True)
class ListBank:
    """A part of a list. `radius`: bits within which a picture counts as near (0 to 63).

    `harmless`: known look-alikes; one that is nearer than a known picture cancels the match. `known` and `near`: what
    to do with the same file and with a picture that looks like it. `disabled_until`: seconds since 1970, -1 for good, 0
    for a bank that counts.
    """

    number: int
    name: str
    radius: int = 31
    harmless: bool = False
    known: Advice = "block"
    near: Advice = "review"
    disabled_until: int = 0

    def __post_init__(self) -> None:
        self.as_index_bank()
        if self.known not in ADVICE or self.near not in ADVICE:
            raise ValueError(f"advice of a bank is one of {', '.join(ADVICE)}")

    def as_index_bank(self) -> Bank:
        """Return the bank as the index needs it; raises ValueError for an impossible number or radius."""
        return Bank(self.number, self.name, self.radius, self.harmless)

    def as_dict(self) -> dict[str, Any]:
        """Return the form stored in a manifest."""
        return asdict(self)

    def counts(self, now: float) -> bool:
        """Return whether the bank counts at a moment."""
        return self.disabled_until != FOREVER and self.disabled_until <= now


def list_bank_from(row: object) -> ListBank:
    """Read a bank from a manifest; raises ValueError for anything else."""
    if not isinstance(row, Mapping):
        raise ValueError("a bank is not an object")
    kinds = {"number": int, "name": str, "radius": int, "harmless": bool, "known": str, "near": str}
    values: dict[str, Any] = {name: row.get(name) for name in (*kinds, "disabled_until")}
    for name, kind in (*kinds.items(), ("disabled_until", int)):
        if not isinstance(values[name], kind) or (kind is int and isinstance(values[name], bool)):
            raise ValueError(f"a bank lacks {name}")
    return ListBank(**values)
