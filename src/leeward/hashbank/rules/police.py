"""What police are told about the hashes they ask about: as much as their case needs, and whom to call for more. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from leeward.foundation.errors import BadInput
from leeward.foundation.lazy_text import LazyText as _
from leeward.hashbank.records.rows import AlteredKnown, Known
from leeward.hashbank.rules.answers import joined_notes, short_classification
from leeward.hashbank.rules.standing import CONFLICT, UNSETTLED

MOST_ROWS = 1000


@dataclass(frozen=True, slots=True)
class Asker:
    """An agency that asks for one of its cases. `restriction` names the written order that forbids telling others."""

    agency: str
    reference: str
    contact: str = ""
    restriction: str = ""

    @property
    def is_restricted(self) -> bool:
        """Whether nobody may be told that this agency asks."""
        return bool(self.restriction)


@dataclass(frozen=True, slots=True)
class Call:
    """Somebody to call about a record: who, about what, how, and the outcome."""

    agency: str
    reference: str
    contact: str
    outcome: str = ""

    def as_dict(self) -> dict[str, str]:
        """Return the JSON form."""
        return {"agency": self.agency, "reference": self.reference, "contact": self.contact, "outcome": self.outcome}


@dataclass(frozen=True, slots=True)
class PoliceAnswer:
    """The answer for one queried row. `match`: "known" (the same file), "near", "altered" (known once the `alteration`
    is undone) or "none".

    `is_harmless`: a known look-alike, nothing illegal. `is_conflict`: sources disagree; `says` counts them by what they
    say. `since`: the first day it was seen. `call`: who investigates it; `also_asked`: other agencies that asked about
    it.
    """

    match: str
    distance: int | None = None
    is_harmless: bool = False
    is_conflict: bool = False
    says: Mapping[str, int] = field(default_factory=dict)
    record: int | None = None
    since: date | None = None
    classification: str | None = None
    levels: Mapping[str, str] = field(default_factory=dict)
    victim: str | None = None
    offender: str | None = None
    outcome: str | None = None
    call: tuple[Call, ...] = ()
    also_asked: tuple[Call, ...] = ()
    note: str | None = None
    alteration: str | None = None

    def as_dict(self) -> dict[str, Any]:
        """Return the JSON form."""
        return {
            "match": self.match,
            "distance": self.distance,
            "is_harmless": self.is_harmless,
            "is_conflict": self.is_conflict,
            "says": dict(self.says),
            "record": self.record,
            "since": self.since and self.since.isoformat(),
            "classification": self.classification,
            "levels": dict(self.levels),
            "victim": self.victim,
            "offender": self.offender,
            "outcome": self.outcome,
            "call": [call.as_dict() for call in self.call],
            "also_asked": [call.as_dict() for call in self.also_asked],
            "note": self.note,
            "alteration": self.alteration,
        }


def tidy_asker(asker: Asker) -> Asker:
    """Return the asker with whitespace tidied; raises BadInput where agency or case is missing or a text is too long."""
    agency, reference, contact, restriction = (
        " ".join(text.replace("\0", " ").split())  # no database accepts NUL
        for text in (asker.agency, asker.reference, asker.contact, asker.restriction)
    )
    if not agency or not reference:
        raise BadInput(what=_("The look-up"), why=_("it needs the agency and the reference of its case"))
    for text, most in ((agency, 120), (reference, 80), (contact, 200), (restriction, 120)):
        if len(text) > most:
            raise BadInput(what=_("The look-up"), why=_("a text in it is longer than %(most)s characters", most=most))
    return Asker(agency, reference, contact, restriction)


def answer_for(
    rows: Sequence[Known],
    *,
    note: str | None,
    calls: Mapping[int, Sequence[Call]],
    also_asked: Mapping[int, Sequence[Call]],
    hotline: Call,
    altered: AlteredKnown | None = None,
) -> PoliceAnswer:
    """Return the answer for one row from the records it matches, strongest first; `altered`: its only match, found by
    undoing an alteration.

    A record that nobody investigates names the hotline as the one to call.
    """
    best = next((row for row in rows if not row.is_harmless), rows[0] if rows else None)
    if best is None:
        return PoliceAnswer("none", note=note)
    note = joined_notes(best.note, note)
    match = "altered" if altered else "known" if best.is_same_file else "near"
    if best.is_harmless and best.match != CONFLICT:
        return PoliceAnswer(match, best.distance_bits, is_harmless=True, record=best.record_id, note=note)
    return PoliceAnswer(
        match=match,
        distance=best.distance_bits if altered is None else altered.distance_bits,
        is_conflict=best.match == CONFLICT or best.state in UNSETTLED,
        says=best.says,
        record=best.record_id,
        since=best.first_seen.date(),
        classification=short_classification(best.classification, best.labels),
        levels=dict(best.classification),
        victim=best.victim_status,
        offender=best.offender_status,
        outcome=best.outcome or None,
        call=tuple(calls.get(best.record_id, ())) or (hotline,),
        also_asked=tuple(also_asked.get(best.record_id, ())),
        note=note,
        alteration=None if altered is None else altered.alteration,
    )


def is_same_agency(one: str, other: str) -> bool:
    """Return whether two names belong to the same agency, ignoring differences in spelling."""
    return " ".join(one.split()).casefold() == " ".join(other.split()).casefold()


def revealed_records(answers: Iterable[PoliceAnswer]) -> dict[int, str]:
    """Return the records that the answers revealed, with the match of each ("near" for altered ones too); harmless
    records connect nobody.
    """
    found: dict[int, str] = {}
    for answer in answers:
        if answer.record is not None and not answer.is_harmless and found.get(answer.record) != "known":
            found[answer.record] = "near" if answer.match == "altered" else answer.match
    return found
