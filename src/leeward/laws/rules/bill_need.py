"""Decide what a country's bill must achieve: which criteria are missing, and whether that takes an Act, an amendment or
only model provisions. Pure.

What the register knows today from a statute that somebody read comes first; what somebody else says that it has or
lacks is unknown, so it is drafted, and what they say it has is named. Without either, the newest edition's row counts,
unless an instrument has been reported since that nobody read: then the criterion is unknown, and unknown is not missing.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from leeward.foundation.patterns import Pattern
from leeward.laws.rules.bill_clauses import Kind
from leeward.laws.rules.bill_places import section_order
from leeward.laws.rules.evidence import evidence_of
from leeward.laws.rules.gaps import CRITERIA
from leeward.laws.rules.provisions import OF_CRITERION, CriterionToday, Reading, criteria_on, readings_of, standing_of

Answer = Literal["met", "missing", "unknown"]
GROOMING = "grooming"
WANTED = (*CRITERIA, GROOMING)
_TODAY: dict[str, Answer] = {"met": "met", "partly": "missing", "not_found": "missing"}
_EDITION: dict[str, Answer] = {"yes": "met", "no": "missing", "partial": "missing"}
_ON_THE_MATERIAL = frozenset(
    {"specific_law", "definition", "possession", "production", "distribution", "access", "computer_facilitated"}
)
_NUMBER = Pattern(
    r"^(?:ss?|sec|sections?|art|articles?)\.? ?(\d{1,4}[A-Z]{0,2})(?:[-–](\d{1,4}[A-Z]{0,2}))?(?:[^\dA-Za-z.]|$)"
)

_PLACE = Pattern(r"(?:s|sec|section|art|article)\.? ?([0-9]{1,4}[A-Z]{0,2}(?:\([0-9a-zA-Z]{1,5}\))*)")


@dataclass(frozen=True, slots=True)
class Principal:
    """The Act that an amendment changes; its number is empty if nobody recorded it.

    New sections go after its last section on the material, and those on soliciting a child after its own on that, if it
    has one. `definition_in` is the section in which it `defines` a term for the material; both are empty unless the
    register records that. `is_read` says that somebody read its text, and not only an account of it.
    """

    title: str
    definition_in: str
    insert_after: str
    grooming_in: str = ""
    is_read: bool = False
    defines: str = ""


@dataclass(frozen=True, slots=True)
class Reported:
    """A provision that meets a criterion as somebody else tells it: who, and the day on which their account was read."""

    criterion: str
    citation: str
    source: str
    read_on: str


@dataclass(frozen=True, slots=True)
class Rewording:
    """Words of the principal Act whose change meets a criterion: the place, the words and their substitute, if any."""

    criterion: str
    at: str
    words: str
    substitute: str
    source: str


@dataclass(frozen=True, slots=True)
class Need:
    """What is missing, met and unknown of the five criteria and of grooming, and the kind of paper; None: nothing to
    draft.

    What is partly met counts as missing and is also named in `partly`; what is met only by somebody's account counts as
    unknown, is named in `reported`, and no kind of paper leaves it out.
    `rewordings` are changes of words in the principal Act, `unworded` its places that meet a criterion in part and whose
    words nobody recorded.
    """

    kind: Kind | None
    missing: tuple[str, ...]
    partly: tuple[str, ...]
    unknown: tuple[str, ...]
    met: tuple[str, ...]
    principal: Principal | None
    clauses: str = "missing"
    reported: tuple[Reported, ...] = ()
    rewordings: tuple[Rewording, ...] = ()
    unworded: tuple[str, ...] = ()

    @property
    def wanted(self) -> frozenset[str]:
        """The criteria that the paper addresses with clauses of its own; an amendment changes words where it can."""
        if self.kind == "amending":
            by_words = {row.criterion for row in self.rewordings}
            return frozenset(self.missing) - by_words | {row.criterion for row in self.reported}
        if "c1" in self.missing or self.clauses == "all":
            return frozenset(WANTED)
        return frozenset(self.missing + self.unknown)


def need_of(file: Mapping[str, Any], on: date, *, clauses: str = "missing", civil: bool = False) -> Need:
    """Return what a country needs by its file on a given day.

    `clauses` is the drafter's choice; `civil`: instructions are written in place of a bill.
    """
    readings = readings_of(file, on)
    today = {row.name: row for row in criteria_on(readings, evidence_of(file, on))}
    today[GROOMING] = standing_of((row for row in readings if row.topic == GROOMING), name=GROOMING)
    answers = {name: _answer(today[name], file, readings) for name in CRITERIA}
    answers[GROOMING] = _grooming(today[GROOMING], file, readings)
    missing, unknown, met = (
        tuple(name for name in WANTED if answers[name] == answer) for answer in ("missing", "unknown", "met")
    )
    partly = tuple(name for name in missing if today[name].standing == "partly")
    principal = _principal(file, readings) if file["kind"] != "union" else None
    kind = _kind(missing, unknown, principal, clauses=clauses)
    if kind is not None and civil:
        kind = "instructions"
    reported = tuple(row for name in unknown if today[name].standing == "met" for row in _reported(name, readings))
    halves = _halves(principal, missing, readings) if kind == "amending" and principal else []
    return Need(
        kind,
        missing,
        partly,
        unknown,
        met,
        principal,
        clauses,
        reported,
        rewordings=tuple(row for half in halves for row in _reworded(*half)),
        unworded=tuple(dict.fromkeys(place.section for name, place in halves if not [*_reworded(name, place)])),
    )


def _kind(missing: Sequence[str], unknown: Sequence[str], principal: Principal | None, *, clauses: str) -> Kind | None:
    """Choose an Act if the first criterion is missing and no Act is recorded, an amendment if somebody read the Act,
    model provisions if something is only unknown or nobody read the Act.
    """
    if "c1" in missing and principal is None:
        return "act"
    if clauses == "all":
        return "model"
    if missing and principal is not None and principal.is_read and clauses == "missing":
        return "amending"
    return "model" if missing or unknown else None


def _answer(today: CriterionToday, file: Mapping[str, Any], readings: Sequence[Reading]) -> Answer:
    """Return what is known of one criterion: that it is met or missing is known only of a law that somebody read."""
    if today.by_account:
        return "unknown"
    if today.standing != "unknown":
        return _TODAY[today.standing]
    rows = [row for row in readings if row.topic == OF_CRITERION.get(today.name, today.name) and row.value != "no"]
    if today.differ or any(row.status in ("in_force", "unknown") for row in rows):
        return "unknown"  # sources disagree, or it is reported but nobody read it
    newest = file["criteria"][-1] if file["criteria"] else {}
    return _EDITION.get(str(newest.get(today.name)), "unknown")


def _grooming(today: CriterionToday, file: Mapping[str, Any], readings: Sequence[Reading]) -> Answer:
    is_recorded = any(
        row["meeting"] == "yes" or row["sexual_communication"] == "yes" or row.get("provisions")
        for row in file.get("solicitation", ())
    )
    return "met" if is_recorded else _answer(today, file, readings)


def _reported(name: str, readings: Iterable[Reading]) -> Iterator[Reported]:
    """Yield the accounts by which a criterion is met."""
    for row in readings:
        is_on_it = row.topic == OF_CRITERION.get(name, name) and (name != "c5" or row.reports)
        if is_on_it and row.status == "in_force" and row.is_read and row.is_account and row.value == "yes":
            yield Reported(name, row.citation, row.source, row.read_on)


def _halves(principal: Principal, missing: Iterable[str], readings: Iterable[Reading]) -> list[tuple[str, Reading]]:
    """Return the places of the principal Act that somebody read to meet a missing criterion only in part."""
    wanted = {OF_CRITERION.get(name, name): name for name in missing}
    return [
        (wanted[row.topic], row)
        for row in readings
        if row.instrument == principal.title
        and row.topic in wanted
        and (row.status, row.value) == ("in_force", "partial")
        and row.is_read
        and not row.is_account
    ]


def _reworded(name: str, row: Reading) -> Iterator[Rewording]:
    """Yield the change of words at a place, if the register holds them and the place is one section or part of it."""
    place = _PLACE.fullmatch(row.section)
    if row.rewording is not None and place:
        yield Rewording(name, place[1], *row.rewording, row.source)


def _principal(file: Mapping[str, Any], readings: Sequence[Reading]) -> Principal | None:
    """Return the Act in force that a bill amends: one that meets something whole before one that meets parts, an amending
    Act only if there is no other, one that somebody read before others, and then the one with the most on the material.
    """
    rows = [row for row in readings if row.status == "in_force" and row.topic in _ON_THE_MATERIAL and row.value != "no"]
    counts = Counter(row.instrument for row in rows if row.instrument)
    if not counts:
        return _of_limbs(file)
    read = {row.instrument for row in rows if row.is_read and not row.is_account}
    read |= {title for title, _at, limb in _limbs(file) if limb.get("settled", True)}
    whole = {row.instrument for row in rows if row.value == "yes"}
    title = max(counts, key=lambda name: (name in whole, "mendment" not in name, name in read, counts[name], name))
    own = [row for row in rows if row.instrument == title]
    defined = next(((_number(row.section), row.defines) for row in own if row.defines), ("", ""))
    grooming = [row for row in readings if row.instrument == title and row.topic == GROOMING and row.value != "no"]
    return Principal(
        title,
        defined[0],
        _last(row.section for row in own if row.topic != "definition") or _last(row.section for row in own),
        _last(row.section for row in grooming if row.status == "in_force"),
        is_read=title in read,
        defines=defined[1],
    )


def _last(places: Iterable[str]) -> str:
    """Return the last section that is named, including the end of a range; empty if there is none."""
    found = [match[2] or match[1] for place in places if (match := _NUMBER.match(place))]
    return max(found, key=section_order, default="")


def _of_limbs(file: Mapping[str, Any]) -> Principal | None:
    """Return the Act of the first limb of the recorded law."""
    for title, at, _limb in _limbs(file):
        return Principal(title, "", _number(at), is_read=True)
    return None


def _limbs(file: Mapping[str, Any]) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    """Yield the limbs of the recorded law that are no bill, each with its Act and the place there."""
    works = {work["id"]: work for work in file.get("works", ())}
    places = {row["id"]: row for row in file.get("provisions", ())}
    for limb in (file.get("legality") or {}).get("limbs", ()):
        place = places[limb["provisions"][0]]
        work = works[place["work"]]
        if work.get("kind") != "bill":
            yield work["title"], place["at"], limb


def _number(place: str) -> str:
    """Return `10` for `s 10(1)`, `62A` for `s 62A`; empty if it is not a section number."""
    found = _NUMBER.match(place)
    return found[1] if found else ""
