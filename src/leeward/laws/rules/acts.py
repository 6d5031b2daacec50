"""The vocabulary of acts (data/acts.yaml): one code per kind, from which every scale derives."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

Scale = Literal["copine", "sap", "uk", "exhibit", "baseline"]
SCALES: tuple[Scale, ...] = ("copine", "sap", "uk", "exhibit", "baseline")
UNDETERMINED = "undetermined"


@dataclass(frozen=True, slots=True)
class Act:
    """One kind of act with its level on each scale (None: the scale does not cover it)."""

    code: str
    label: str
    levels: Mapping[Scale, str | None]
    unverified: frozenset[str]


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """All acts, and for every code (including coarse ones and `undetermined`) the acts that it may stand for."""

    acts: Mapping[str, Act]
    labels: Mapping[str, str]
    stands_for: Mapping[str, frozenset[str]]
    groups: Mapping[str, frozenset[str]]

    def named(self, names: Iterable[str]) -> frozenset[str]:
        """Return the acts that a law's file names, individually or as groups."""
        found: set[str] = set()
        for name in names:
            found |= self.groups.get(name) or self.acts.keys() & {name}
        return frozenset(found)

    def having(self, scale: Scale, level: str | None) -> frozenset[str]:
        """Return the acts with this level on a scale."""
        return _having(self.acts, scale, level)


def vocabulary(
    acts: Iterable[Mapping[str, Any]],
    coarse: Iterable[Mapping[str, Any]],
    groups: Mapping[str, Iterable[str]],
) -> Vocabulary:
    """Build the vocabulary from the rows of data/acts.yaml."""
    known = {
        row["code"]: Act(
            code=row["code"],
            label=row["label"],
            levels={scale: row[scale] for scale in SCALES},
            unverified=frozenset(row["unverified"]),
        )
        for row in acts
    }
    stands_for = {code: frozenset({code}) for code in known}
    labels = {code: act.label for code, act in known.items()}
    for row in coarse:
        stands_for[row["code"]] = _having(known, row["scale"], row["level"])
        labels[row["code"]] = row["label"]
    stands_for[UNDETERMINED] = frozenset(known)
    labels[UNDETERMINED] = "Not determined"
    return Vocabulary(known, labels, stands_for, {name: frozenset(codes) for name, codes in groups.items()})


def _having(acts: Mapping[str, Act], scale: Scale, level: str | None) -> frozenset[str]:
    return frozenset(code for code, act in acts.items() if act.levels[scale] == level)


_given: list[Vocabulary] = []


def give_vocabulary(vocabulary: Vocabulary) -> None:
    """Set the vocabulary of the rules; the package calls it once on import, because rules read no files."""
    _given[:] = [vocabulary]


def acts_vocabulary() -> Vocabulary:
    """Return the vocabulary in use."""
    return _given[0]
