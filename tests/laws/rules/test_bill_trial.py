"""What a draft's definition would say of facts: which clause reaches them, and what it leaves outside."""

from dataclasses import asdict, replace
from datetime import date
from typing import Any

import pytest

from leeward.laws.drafting.formats import bill_of
from leeward.laws.rules.acts import acts_vocabulary
from leeward.laws.rules.bill import Country, compose
from leeward.laws.rules.bill_clauses import Bill
from leeward.laws.rules.bill_need import Need
from leeward.laws.rules.bill_options import BillOptions, parse_options
from leeward.laws.rules.bill_trial import TrialLaw, clause_number, trial_law
from leeward.laws.rules.facts import parse_facts
from leeward.laws.rules.jurisdiction import AgeRule, Jurisdiction, Limb, Outside, Provision, Span
from tests.laws.drafts import drafting_register
from tests.laws.rules.small_bill import STYLES

TODAY = date(2026, 11, 27)
CHILD = {"medium": "photograph", "known_age": 10, "real_person": "yes", "act": "uk_b"}
YOUNG_LOOKING = CHILD | {"known_age": 30, "apparent_age": 15}
GENERATED = {"medium": "ai_generated", "apparent_age": [8, 10], "real_person": "no", "act": "uk_b"}
TEXT = {"medium": "text", "act": "uk_a", "apparent_age": 9}


def _bill(code: str, choices: dict[str, Any]) -> Bill:
    return bill_of(drafting_register(), code, parse_options(choices), TODAY)


def _law(**choices: Any) -> TrialLaw:
    law = trial_law(_bill("JM", {"clauses": "all", **choices}))
    assert law is not None
    return law


@pytest.mark.parametrize(
    ("choices", "facts", "verdict", "clause"),
    [
        ({}, CHILD, "likely", "3(1)(a)"),
        ({}, CHILD | {"known_age": 40, "apparent_age": 40}, "unlikely", ""),
        ({}, CHILD | {"act": "nudist"}, "unlikely", ""),
        ({}, CHILD | {"act": "erotic_posing"}, "undetermined", "3(1)(a)"),
        ({}, CHILD | {"real_person": "unknown"}, "undetermined", "3(1)(a)"),
        ({}, YOUNG_LOOKING, "likely", "3(1)(c)"),
        ({"proven_adult": "yes"}, YOUNG_LOOKING, "unlikely", ""),
        ({"proven_adult": "yes"}, YOUNG_LOOKING | {"medium": "edited"}, "likely", "3(1)(c)"),
        ({"proven_adult": "yes"}, CHILD, "likely", "3(1)(a)"),
        ({}, GENERATED, "likely", "3(1)(d)"),
        ({"simulated_images": "no"}, GENERATED, "unlikely", ""),
        ({}, GENERATED | {"medium": "drawing"}, "unlikely", ""),
        ({}, TEXT, "unlikely", ""),
        ({"text_audio": "yes"}, TEXT, "likely", "3(5)"),
    ],
)
def test_each_limb_reaches_what_it_says(
    choices: dict[str, str], facts: dict[str, Any], verdict: str, clause: str
) -> None:
    tried = _law(**choices).try_on(parse_facts(facts), TODAY)
    assert tried.verdict == verdict
    if clause != "3(5)":
        assert tried.clause == clause
    else:
        assert tried.clause.startswith("3(")


def test_a_draft_that_leaves_the_definition_as_it_is_has_none() -> None:
    assert trial_law(_bill("JM", {})) is None


def test_a_clause_has_its_full_number() -> None:
    assert clause_number(_bill("DM", {}), "material-conduct") == "3(1)(a)"
    assert clause_number(_bill("GD", {}), "material-appears") == "12A(1)(c)"
    with pytest.raises(KeyError):
        clause_number(_bill("JM", {}), "material-conduct")


LIMBS = ("conduct", "organs", "appears", "realistic")
MATERIAL = {
    "id": "material",
    "heading": "Meaning",
    "closes": ["c2"],
    "when": {"defined": True},
    "children": [
        {
            "id": "material-means",
            "text": "It means—",
            "children": [{"id": f"material-{name}", "text": name} for name in LIMBS],
        },
        {"id": "material-adult", "text": "No adult.", "when": {"proven_adult": True}},
        {"id": "material-text", "text": "And text.", "when": {"text_audio": True}},
    ],
}
VISUAL = frozenset({"photograph", "video", "photo_realistic", "ai_generated", "edited", "drawing"})
ALWAYS = Span(start=date.min, end=None, known_on=None, made=None)


def _definition(**choices: bool) -> Bill:
    """A bill of one section, with the clauses that a trial knows."""
    model = {"parts": [{"id": "part", "heading": "Part", "sections": [MATERIAL]}], "schedules": []}
    need = Need("model", ("c2",), (), (), (), None)
    options = BillOptions(hotline=False, **choices)
    return compose(model, options, need, STYLES["plain"], Country("XX", "Exland"))


def _meant(
    name: str, place: str, person: Any, by: tuple[Any, ...], acts_in: Any, acts_out: Any, media: Any = VISUAL
) -> Limb:
    named = acts_vocabulary().named
    return Limb(
        id=f"material-{name}",
        media=frozenset(media),
        says="",
        provisions=(Provision(f"material-{name}", place, ""),),
        span=ALWAYS,
        settled=True,
        question="",
        person=person,
        age=AgeRule(below=18, plainly_below=None, by=by),
        acts_in=named(acts_in),
        acts_out=named(acts_out),
        exploitative=False,
    )


CONDUCT, ORGANS = ("sexual_act", "explicit_posing"), ("explicit_posing",)
NO_CONDUCT, NO_ORGANS = ("not_sexual", "nudist", "surreptitious", "posing"), ("not_sexual", "nudist")
MADE = ("photo_realistic", "ai_generated", "edited")
MEANT = (
    _meant("conduct", "1(1)(a)", "real", ("actual",), CONDUCT, NO_CONDUCT),
    _meant("organs", "1(1)(b)", "real", ("actual",), ORGANS, NO_ORGANS),
    _meant("appears", "1(1)(c)", "real", ("appears",), CONDUCT, NO_ORGANS),
    _meant("realistic", "1(1)(d)", "any", ("appears",), CONDUCT, NO_ORGANS, MADE),
)
DESCRIBED = frozenset({"text", "audio"})


def test_a_definition_is_compiled_limb_by_limb() -> None:
    def compiled(**choices: bool) -> dict[str, Any]:
        law = trial_law(_definition(**choices))
        assert law is not None
        return asdict(law)

    outside = Outside(media=DESCRIBED, says="", provisions=(Provision("material", "1", ""),), span=ALWAYS)
    whole = Jurisdiction("XX", "Exland", "", False, MEANT, (outside,), None)
    spared = replace(whole, limbs=(*MEANT[:2], MEANT[3]))
    assert compiled(proven_adult=True) == asdict(TrialLaw(whole, spared))
    text = _meant("text", "1(2)", "any", ("depicted",), CONDUCT, NO_CONDUCT, DESCRIBED)
    assert compiled(text_audio=True) == asdict(TrialLaw(replace(whole, limbs=(*MEANT, text), outside=()), None))


@pytest.mark.parametrize(
    ("age", "medium", "verdict"),
    [
        (None, "photograph", "likely"),
        (17, "photograph", "likely"),
        (18, "photograph", "unlikely"),
        (18, "edited", "likely"),
    ],
)
def test_a_proved_adult_is_spared_from_eighteen(age: int | None, medium: str, verdict: str) -> None:
    law = trial_law(_definition(proven_adult=True))
    assert law is not None
    facts = parse_facts(YOUNG_LOOKING | {"known_age": age, "medium": medium})
    assert law.try_on(facts, TODAY).verdict == verdict


def test_a_clause_that_is_in_no_section_has_no_number() -> None:
    with pytest.raises(KeyError, match="part"):
        clause_number(_definition(), "part")
