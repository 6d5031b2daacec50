"""The offence of soliciting a child (the toolkit's Appendix V) as a three-valued checklist; no message text is needed."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from leeward.foundation.errors import LeewardError
from leeward.foundation.lazy_text import LazyText as _
from leeward.laws.rules.jurisdiction import Provision, Span, Spans, provisions_of
from leeward.laws.rules.legality import Ground, Opinion
from leeward.laws.rules.read_facts import FactReader
from leeward.laws.rules.three import NO, UNKNOWN, YES, Three, below, three

_KNOWN = ("yes", "no", "unknown")
_OLDEST = 120
ELEMENTS = (
    "actor_age",
    "child_age",
    "child_is_real",
    "by_ict",
    "prior_contacts",
    "proposal_to_meet",
    "material_act",
    "sexual_purpose",
    "sexual_communication",
    "exploitative",
)


class BadSolicitation(LeewardError):
    """The facts of a solicitation can't be read."""

    code = "bad_facts"
    sentence = _("The facts can't be used: {field} {why}.")
    hint = _("Correct this fact; leave it unknown where you are not sure.")


@dataclass(frozen=True, slots=True)
class SolicitationFacts:
    """What is known of an approach to a child; `child_is_real` is no if the other side was a decoy believed to be one."""

    actor_age: tuple[int, int] | None = None
    child_age: tuple[int, int] | None = None
    child_is_real: str = "unknown"
    by_ict: str = "unknown"
    prior_contacts: int | None = None
    proposal_to_meet: str = "unknown"
    material_act: str = "unknown"
    sexual_purpose: str = "unknown"
    sexual_communication: str = "unknown"
    exploitative: str = "unknown"


@dataclass(frozen=True, slots=True)
class Offence:
    """One country's offence: what each element requires; None was not read, so it stays open."""

    id: str
    provisions: tuple[Provision, ...]
    actor_from: int | None
    child_below: int | None
    belief_enough: Three
    needs: Mapping[str, Three]
    prior_contacts: int | None
    any_actor: bool
    span: Span


def parse_solicitation(given: Mapping[str, Any]) -> SolicitationFacts:
    """Parse the facts from plain values; missing ones are unknown. Raises BadSolicitation."""
    if not isinstance(given, Mapping):
        raise BadSolicitation(field="the whole", why=_("must be a set of names and values"))
    reader = FactReader(given, fail=lambda field, why: BadSolicitation(field=field, why=why))
    reader.only(field.name for field in fields(SolicitationFacts))
    values = {
        name: reader.choice(name, _KNOWN, "unknown") for name in (*_NEEDED.values(), "child_is_real", "exploitative")
    }
    return SolicitationFacts(
        actor_age=reader.ages("actor_age"),
        child_age=reader.ages("child_age"),
        prior_contacts=reader.count("prior_contacts"),
        **values,
    )


# The field of a country's file and the fact that it requires.
_NEEDED = {
    "ict_only": "by_ict",
    "meeting": "proposal_to_meet",
    "material_act": "material_act",
    "sexual_purpose": "sexual_purpose",
    "sexual_communication": "sexual_communication",
}


def compile_offences(file: Mapping[str, Any]) -> tuple[Offence, ...]:
    """Compile the offences of a country's file."""
    works = {work["id"]: work for work in file.get("works", ())}
    provisions, spans = provisions_of(file, works), Spans(file, works)
    return tuple(_offence(row, provisions, spans.of(row)) for row in file.get("solicitation", ()))


def _offence(row: Mapping[str, Any], provisions: Mapping[str, Provision], span: Span) -> Offence:
    needs = {fact: three(row[name]) for name, fact in _NEEDED.items()}
    needs["exploitative"] = YES if row.get("context") == "exploitative" else NO
    return Offence(
        id=row["id"],
        provisions=tuple(provisions[id] for id in row["provisions"]),
        actor_from=row["actor_from"] if isinstance(row["actor_from"], int) else None,
        child_below=row["child_below"],
        belief_enough=three(row["belief_enough"]),
        needs=needs,
        prior_contacts=row["prior_contacts"],
        any_actor=row["actor_from"] == "any",
        span=span,
    )


def elements(facts: SolicitationFacts, offence: Offence) -> dict[str, Three]:
    """Return each element of an offence that the facts must meet, and whether they do."""
    found = {
        "actor_age": _actor(facts, offence),
        "child_age": UNKNOWN
        if offence.child_below is None
        else below(*(facts.child_age or (0, _OLDEST)), offence.child_below),
        "child_is_real": max(three(facts.child_is_real), offence.belief_enough),
        "prior_contacts": _contacts(facts, offence),
    }
    for name, needed in offence.needs.items():
        if needed is not NO:
            stated = three(getattr(facts, name))
            found[name] = stated if needed is YES or stated is YES else UNKNOWN
    return {name: value for name in ELEMENTS if (value := found.get(name)) is not None}


def _actor(facts: SolicitationFacts, offence: Offence) -> Three:
    if offence.any_actor:
        return YES
    low, high = facts.actor_age or (0, _OLDEST)
    if offence.actor_from is None:
        return UNKNOWN
    return YES if low >= offence.actor_from else NO if high < offence.actor_from else UNKNOWN


def _contacts(facts: SolicitationFacts, offence: Offence) -> Three | None:
    if offence.prior_contacts == 0:
        return None
    if offence.prior_contacts is None or facts.prior_contacts is None:
        return UNKNOWN
    return YES if facts.prior_contacts >= offence.prior_contacts else NO


def solicitation_opinion(
    facts: SolicitationFacts, offences: tuple[Offence, ...], on: date, *, is_all: bool = False
) -> Opinion:
    """Return the opinion under a country's offences: likely if all elements of one in force are met.

    Unlikely requires not only that each recorded offence lacks an element, but also `is_all`: somebody read the
    country's law and found no other offence, attempt included. Otherwise an unrecorded offence could cover the facts,
    and the opinion is undetermined.
    """
    standing = [(offence, force) for offence in offences if (force := offence.span.holds(on)) is not NO]
    if not standing:
        return Opinion("undetermined", (), ("law:solicitation",))
    found = [(offence, force, elements(facts, offence)) for offence, force in standing]
    values = [min(force, *met.values()) for _offence, force, met in found]
    best = max(values)
    deciding = [row for row, value in zip(found, values, strict=True) if value is best]
    because = tuple(
        Ground(row.citation, row.says, tuple(name for name, value in met.items() if value is NO))
        for offence, _force, met in deciding
        for row in offence.provisions
    )
    if best is YES:
        return Opinion("likely", because, ())
    if best is NO:
        return Opinion("unlikely", because, ()) if is_all else Opinion("undetermined", because, ("law:other_offences",))
    return Opinion("undetermined", because, _still_to_find(facts, deciding))


def _still_to_find(
    facts: SolicitationFacts, deciding: list[tuple[Offence, Three, dict[str, Three]]]
) -> tuple[str, ...]:
    """Return what an officer would still have to find: facts by name, or the offence's own words where they were not
    read.
    """
    names = []
    for offence, force, found in deciding:
        if force is UNKNOWN:
            names.append(f"law:commencement:{offence.id}")
        for name, value in found.items():
            if value is UNKNOWN:
                stated = getattr(facts, name)
                is_open = stated in (None, "unknown") or (isinstance(stated, tuple) and stated[0] != stated[1])
                unread = offence.needs.get(name) is UNKNOWN or _is_unread(name, offence)
                names.append(f"law:element:{offence.id}" if unread or not is_open else name)
    return tuple(dict.fromkeys(names))


def _is_unread(name: str, offence: Offence) -> bool:
    required = {
        "actor_age": offence.actor_from,
        "child_age": offence.child_below,
        "prior_contacts": offence.prior_contacts,
    }
    return name in required and required[name] is None
