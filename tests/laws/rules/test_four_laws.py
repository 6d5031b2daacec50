"""Every recorded jurisdiction over a grid of facts and days: four laws that no reading of a statute may break.

1. What is not known leaves an opinion open; learning it settles the opinion and never turns it round.
2. What nobody recorded makes no answer.
3. Before a provision was in force it makes nobody's material illegal.
4. Whatever is called likely cites a provision in force on that day.
"""

from datetime import date, timedelta
from functools import cache
from itertools import product

import pytest

from leeward.laws.register import packaged_register
from leeward.laws.rules.facts import MEDIA, BadFacts, Facts, parse_facts
from leeward.laws.rules.jurisdiction import Jurisdiction
from leeward.laws.rules.legality import opinion
from leeward.laws.rules.three import NO, YES

TODAY = date(2026, 11, 27)
LIMITS = (13, 14, 16, 18)
AGES = sorted({age for limit in LIMITS for age in (limit - 1, limit)} | {8, 25})
ACTS = ("act_with_adult", "erotic_posing", "none", "uk_b")
RECORDED = sorted(code for code, law in packaged_register().compiled.items() if law.is_recorded)
HIDEABLE: dict[str, object] = {
    "real_person": "unknown",
    "known_age": None,
    "act": "undetermined",
    "medium": "undetermined",
}


def _facts(**values: object) -> Facts | None:
    try:
        return parse_facts({name: value for name, value in values.items() if value is not None})
    except BadFacts:
        return None


@cache
def _grid() -> tuple[tuple[dict[str, object], Facts], ...]:
    """Ages in truth around every limit, looks that agree and that do not, every medium, four levels, real or not."""
    rows = []
    for medium, real, age, looks, act in product(MEDIA, ("yes", "no"), (None, *AGES), (None, 9, 15, 20), ACTS):
        values: dict[str, object] = {"medium": medium, "real_person": real, "known_age": age, "act": act}
        facts = _facts(**values, apparent_age=looks)
        if facts is not None:
            rows.append((values | {"apparent_age": looks}, facts))
    return tuple(rows)


def _days(law: Jurisdiction) -> set[date]:
    """Before, on and after each commencement and end, and today."""
    starts = {span for limb in law.limbs for span in (limb.span.start, limb.span.end) if span}
    return {TODAY} | {day + timedelta(days=shift) for day in starts for shift in (-1, 0, 1)}


@pytest.mark.parametrize("code", RECORDED)
def test_likely_cites_what_is_in_force_and_nothing_from_before(code: str) -> None:
    law = packaged_register().jurisdiction(code)
    for day in _days(law):
        standing = {
            provision.citation for limb in law.limbs if limb.span.holds(day) is YES for provision in limb.provisions
        }
        gone = all(limb.span.holds(day) is NO for limb in law.limbs)
        for values, facts in _grid()[:: 7 if day != TODAY else 1]:
            found = opinion(facts, law, day)
            if found.verdict == "likely":
                assert found.because, (day, values)
                assert {ground.citation for ground in found.because} & standing, (day, values, found)
                assert not gone, (day, values)


@pytest.mark.parametrize("code", RECORDED)
def test_learning_a_fact_settles_and_never_turns_round(code: str) -> None:
    law = packaged_register().jurisdiction(code)
    for values, facts in _grid()[::5]:
        known = opinion(facts, law, TODAY).verdict
        for name, unknown in HIDEABLE.items():
            less = _facts(**(values | {name: unknown}))
            assert less is not None, (name, values)
            assert opinion(less, law, TODAY).verdict in ("undetermined", known), (name, values)


def test_a_medium_that_no_law_was_recorded_for_stays_open() -> None:
    for code in RECORDED:
        law = packaged_register().jurisdiction(code)
        reached = {medium for row in (*law.limbs, *law.outside) for medium in row.media}
        for values, facts in _grid()[::11]:
            if values["medium"] not in reached:
                assert opinion(facts, law, TODAY).verdict == "undetermined", (code, values)


def test_no_recorded_law_no_answer() -> None:
    for code, law in packaged_register().compiled.items():
        if not law.is_recorded:
            assert {opinion(facts, law, TODAY).verdict for _values, facts in _grid()[::97]} == {"undetermined"}, code
