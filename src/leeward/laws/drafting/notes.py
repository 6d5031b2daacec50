"""The explanatory note of a clause: which criterion it meets, where it comes from, what others did, what stands today."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from leeward.laws.duties import citations_of
from leeward.laws.register import Register
from leeward.laws.rules.bill import Bill, Clause

_CONDUCT = ("possession", "access", "making", "distribution")
_MADE_UP = {"photo_realistic", "ai_generated"}


@dataclass(frozen=True, slots=True)
class Note:
    """What stands beside a clause."""

    clause: Clause
    criteria: tuple[str, ...]
    traces: tuple[str, ...]
    origin: str
    advice: str
    others: tuple[tuple[str, tuple[str, ...]], ...]
    present: tuple[str, ...]

    @property
    def sentences(self) -> tuple[str, ...]:
        """The note in sentences, as every format prints it."""
        return tuple(self._sentences())

    def _sentences(self) -> Iterator[str]:
        if self.criteria:
            yield f"Meets {_listed([_CRITERIA[name] for name in self.criteria])}."
        if self.clause.beyond:
            yield "Beyond the toolkit."
        if self.origin:
            yield f"Source: {self.origin}."
        if self.advice:
            yield self.advice
        if self.present:
            yield f"Present law: {'; '.join(self.present)}."
        if self.others:
            yield f"Elsewhere: {'; '.join(f'{name}: {", ".join(cited)}' for name, cited in self.others)}."


_CRITERIA = {
    "c1": "criterion 1 (specific law)",
    "c2": "criterion 2 (definition)",
    "c3": "criterion 3 (computers)",
    "c4": "criterion 4 (possession)",
    "c5": "criterion 5 (duty to report)",
    "grooming": "the wish for a law on grooming",
}


def _listed(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def notes_of(bill: Bill, laws: Register) -> dict[str, Note]:
    """Return the note of every clause that has one, by the clause's name."""
    own = laws.files.get(bill.country, {})
    return {
        clause.id: Note(
            clause=clause,
            criteria=clause.closes,
            traces=tuple(dict.fromkeys(trace for part in clause.walk() for trace in part.traces)),
            origin=clause.origin,
            advice=clause.note,
            others=tuple(_others(clause.topic, bill.country, laws)),
            present=provisions_on(own, clause.topic, open_too=True),
        )
        for clause in bill.walk()
        if clause.level != "part" and (clause.closes or clause.origin or clause.note or clause.topic)
    }


def _others(topic: str, country: str, laws: Register) -> Iterator[tuple[str, tuple[str, ...]]]:
    for code, file in laws.files.items():
        if code != country and file["kind"] in ("state", "union"):
            found = provisions_on(file, topic)
            if found:
                yield file["name"], found


def provisions_on(file: Mapping[str, Any], topic: str, *, open_too: bool = False) -> tuple[str, ...]:
    """Return the citations of a country's provisions on a topic; with `open_too` also those whose reading is open."""
    law = file.get("legality") or {}
    limbs = [limb for limb in law.get("limbs", ()) if open_too or limb.get("settled", True)]
    if topic in ("duties", "solicitation"):
        ids = [id for row in file.get(topic, ()) for id in row["provisions"]]
    elif topic in _CONDUCT:
        ids = [id for limb in limbs for id in limb["provisions"]] if law and law["conduct"][topic] == "yes" else []
    else:
        ids = [id for limb in limbs if _is_on(limb, topic) for id in limb["provisions"][:1]]
    return citations_of(file, list(dict.fromkeys(ids)))


def _is_on(limb: Mapping[str, Any], topic: str) -> bool:
    if topic == "appears":
        return _by_appearance(limb)
    if topic == "realistic":
        return bool(_MADE_UP & set(limb["media"]))
    return topic == "definition"


def _by_appearance(limb: Mapping[str, Any]) -> bool:
    return bool(limb["age"]) and bool({"appears", "depicted"} & set(limb["age"]["by"]))
