"""Every recorded jurisdiction over a grid of facts and days: four laws that no reading of a statute may break.

1. What is not known leaves an opinion open; learning it settles the opinion and never turns it round.
2. What nobody recorded makes no answer.
3. Before a provision was in force there is no such law.
4. Whatever is called likely cites a provision in force on that day.

The grid of each jurisdiction follows its own limits of age, and takes one medium for all that its law treats alike.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from itertools import product

import pytest

from leeward.laws.register import packaged_register
from leeward.laws.rules.facts import MEDIA, RECORDED, BadFacts, Facts, parse_facts
from leeward.laws.rules.jurisdiction import Jurisdiction, Span
from leeward.laws.rules.legality import opinion
from leeward.laws.rules.solicitation import (
    Offence,
    SolicitationFacts,
    compile_offences,
    parse_solicitation,
    solicitation_opinion,
)
from leeward.laws.rules.three import NO, YES

TODAY = date(2026, 11, 27)
ACTS = ("act_with_adult", "erotic_posing", "none", "uk_b")
JURISDICTIONS = sorted(code for code, law in packaged_register().compiled.items() if law.is_recorded)
OFFENCES = {code: found for code, file in packaged_register().files.items() if (found := compile_offences(file))}
HIDEABLE: dict[str, object] = {
    "real_person": "unknown",
    "known_age": None,
    "apparent_age": None,
    "act": "undetermined",
    "medium": "undetermined",
    "exploitative": "unknown",
    "presented_as_child": "unknown",
}
Values = dict[str, object]


@cache
def _facts(values: tuple[tuple[str, object], ...]) -> Facts | None:
    try:
        return parse_facts(
            {name: list(value) if isinstance(value, tuple) else value for name, value in values if value}
        )
    except BadFacts:
        return None


def _read(values: Values) -> Facts | None:
    return _facts(tuple(values.items()))


def _limits(law: Jurisdiction) -> set[int]:
    rules = [limb.age for limb in law.limbs if limb.age]
    found = {age for rule in rules for age in (rule.below, rule.plainly_below) if age}
    return found | {13 for rule in rules if rule.prepubescent} | {18}


def _media(law: Jurisdiction) -> list[str]:
    """One medium of each kind that the law treats alike."""
    kinds = {
        (medium in RECORDED, *(medium in row.media for row in (*law.limbs, *law.outside))): medium for medium in MEDIA
    }
    return sorted(kinds.values())


def _ages(law: Jurisdiction) -> list[tuple[int | None, tuple[int, int] | None]]:
    """Ages in truth and looks, alone and against each other, just below, at and across each limit."""
    rows: list[tuple[int | None, tuple[int, int] | None]] = [(25, (9, 9)), (25, (40, 40)), (8, None), (None, None)]
    for limit in _limits(law):
        below, at, across = (limit - 1, limit - 1), (limit, limit), (limit - 2, limit + 1)
        rows += [(age, looks) for age in (limit - 1, limit) for looks in (None, below, at)]
        rows += [(None, looks) for looks in (below, at, across)]
    return list(dict.fromkeys(rows))


@cache
def _grid(code: str) -> tuple[tuple[Values, Facts], ...]:
    law = packaged_register().jurisdiction(code)
    contexts = [("yes", "yes"), ("no", "no"), ("unknown", "unknown")]
    if not any(limb.exploitative for limb in law.limbs):
        contexts = [("unknown", said) for said in ("yes", "no", "unknown")]
    rows = []
    for medium, real, (known, looks), act, (context, presented) in product(
        _media(law), ("yes", "no"), _ages(law), ACTS, contexts
    ):
        values: Values = {"medium": medium, "real_person": real, "known_age": known, "apparent_age": looks, "act": act}
        values |= {"exploitative": context, "presented_as_child": presented}
        facts = _read(values)
        if facts is not None:
            rows.append((values, facts))
    return tuple(rows)


def _days(spans: Iterator[Span]) -> set[date]:
    """Before, on and after each commencement, making and end, and today."""
    turns = {day for span in spans for day in (span.start, span.end, span.made, span.known_on) if day}
    return {TODAY} | {day + timedelta(days=shift) for day in turns for shift in (-1, 0, 1)}


@pytest.mark.parametrize("code", JURISDICTIONS)
def test_likely_cites_what_is_in_force_and_nothing_from_before(code: str) -> None:
    law = packaged_register().jurisdiction(code)
    for day in _days(limb.span for limb in law.limbs):
        standing = {
            provision.citation for limb in law.limbs if limb.span.holds(day) is YES for provision in limb.provisions
        }
        there = replace(law, limbs=tuple(limb for limb in law.limbs if limb.span.holds(day) is not NO))
        for values, facts in _grid(code)[:: 1 if day == TODAY else 17]:
            found = opinion(facts, law, day)
            if found.verdict == "likely":
                assert found.because, (day, values)
                assert {ground.citation for ground in found.because} & standing, (day, values, found)
            assert found.verdict == opinion(facts, there, day).verdict, (day, values)


@pytest.mark.parametrize("code", JURISDICTIONS)
def test_learning_a_fact_settles_and_never_turns_round(code: str) -> None:
    law = packaged_register().jurisdiction(code)
    for at, (values, facts) in enumerate(_grid(code)):
        known = opinion(facts, law, TODAY).verdict
        for name, unknown in list(HIDEABLE.items())[at % 3 :: 3]:
            less = _read(values | {name: unknown})
            if less is None:  # without this fact the others contradict each other, so nobody can state them
                continue
            assert opinion(less, law, TODAY).verdict in ("undetermined", known), (name, values)


@pytest.mark.parametrize("code", JURISDICTIONS)
def test_a_wider_range_of_age_settles_nothing_more(code: str) -> None:
    law = packaged_register().jurisdiction(code)
    for values, facts in _grid(code)[::3]:
        looks = values["apparent_age"]
        wider = _read(values | {"apparent_age": (looks[0] - 1, looks[1] + 1)}) if isinstance(looks, tuple) else None
        if wider is not None:
            known = opinion(facts, law, TODAY).verdict
            assert opinion(wider, law, TODAY).verdict in ("undetermined", known), values


def test_a_medium_that_no_law_was_recorded_for_stays_open() -> None:
    for code in JURISDICTIONS:
        law = packaged_register().jurisdiction(code)
        reached = {medium for row in (*law.limbs, *law.outside) for medium in row.media}
        for values, facts in _grid(code)[::11]:
            if values["medium"] not in reached:
                assert opinion(facts, law, TODAY).verdict == "undetermined", (code, values)


def test_no_recorded_law_no_answer() -> None:
    unrecorded = [law for law in packaged_register().compiled.values() if not law.is_recorded]
    assert unrecorded
    for law in unrecorded:
        assert {opinion(facts, law, TODAY).verdict for _values, facts in _grid("JM")[::97]} == {"undetermined"}, (
            law.code
        )


# --- soliciting a child: the same four laws --------------------------------------------------------------------------

_YES_OR_NO = ("child_is_real", "by_ict", "proposal_to_meet", "material_act", "sexual_purpose", "sexual_communication")


def _approaches(offences: tuple[Offence, ...]) -> Iterator[SolicitationFacts]:
    """Ages around each limit; every element there, and each one missing by itself."""
    limits = {offence.child_below for offence in offences if offence.child_below} | {18}
    children = [age for limit in limits for age in ((limit - 1, limit - 1), (limit, limit), (limit - 1, limit))]
    for child, actor, lacking, contacts in product(children, ((40, 40), (15, 15)), (None, *_YES_OR_NO), (0, 1, 2)):
        values: Values = {name: "no" if name == lacking else "yes" for name in (*_YES_OR_NO, "exploitative")}
        yield parse_solicitation(
            values | {"child_age": list(child), "actor_age": list(actor), "prior_contacts": contacts}
        )


@pytest.mark.parametrize("code", sorted(OFFENCES))
def test_an_approach_is_judged_by_the_same_four_laws(code: str) -> None:
    offences = OFFENCES[code]
    for facts in _approaches(offences):
        for day in _days(offence.span for offence in offences):
            found = solicitation_opinion(facts, offences, day)
            there = tuple(offence for offence in offences if offence.span.holds(day) is not NO)
            assert found == solicitation_opinion(facts, there, day), (day, facts)
            standing = {row.citation for one in there if one.span.holds(day) is YES for row in one.provisions}
            if found.verdict == "likely":
                assert {ground.citation for ground in found.because} & standing, (day, facts)
        known = solicitation_opinion(facts, offences, TODAY).verdict
        for name in (*_YES_OR_NO, "exploitative", "prior_contacts", "child_age", "actor_age"):
            unknown = None if name in ("prior_contacts", "child_age", "actor_age") else "unknown"
            less = replace(facts, **{name: unknown})
            assert solicitation_opinion(less, offences, TODAY).verdict in ("undetermined", known), (name, facts)


def test_no_recorded_offence_no_answer() -> None:
    for facts in _approaches(OFFENCES["GB"]):
        assert solicitation_opinion(facts, (), TODAY).verdict == "undetermined"
