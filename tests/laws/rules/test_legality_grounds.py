"""What stands behind an opinion, to the letter: each provision with what fails in it, and what would settle the rest."""

from datetime import date
from typing import Any

import pytest

from leeward.laws.rules.acts import acts_vocabulary
from leeward.laws.rules.facts import MEDIA, parse_facts
from leeward.laws.rules.jurisdiction import AgeRule, Jurisdiction, Limb, Outside, Provision, Span
from leeward.laws.rules.legality import Ground, Opinion, opinion

TODAY = date(2026, 11, 27)
IN_FORCE = Span(start=date(2000, 1, 1), end=None, known_on=None, made=None)
NOT_SURE = Span(start=None, end=None, known_on=date(2030, 1, 1), made=date(2000, 1, 1))
SECTION = Provision("s1", "Act s 1", "It is an offence.")
ACTS = sorted(acts_vocabulary().acts)
POSING = acts_vocabulary().stands_for["posing"]
CHILD = {"medium": "photograph", "known_age": 9, "real_person": "yes", "act": "posing", "exploitative": "yes"}


def _limb(**changed: Any) -> Limb:
    whole: dict[str, Any] = {
        "id": "one", "media": frozenset(MEDIA), "says": "", "provisions": (SECTION,), "span": IN_FORCE, "settled": True,
        "question": "", "person": "real", "age": AgeRule(below=18, plainly_below=None, by=("actual",)),
        "acts_in": POSING, "acts_out": frozenset(ACTS) - POSING, "exploitative": False,
    }  # fmt: skip
    return Limb(**(whole | changed))


def _asked(facts: dict[str, Any], *limbs: Limb, outside: tuple[Outside, ...] = ()) -> Opinion:
    law = Jurisdiction("XX", "Exland", "", False, limbs, outside, None)
    return opinion(parse_facts(facts), law, TODAY)


def test_likely_cites_its_provision_and_what_it_says() -> None:
    assert _asked(CHILD, _limb()) == Opinion("likely", (Ground("Act s 1", "It is an offence."),), ())


def test_media_that_are_judged_alike_need_not_be_known() -> None:
    unknown = {**CHILD, "medium": "undetermined"}
    assert _asked(unknown, _limb()) == Opinion("likely", (Ground("Act s 1", "It is an offence."),), ())
    real = _asked({**unknown, "real_person": "unknown"}, _limb())
    assert (real.verdict, real.would_settle) == ("undetermined", ("medium", "real_person"))
    one = _asked(unknown, _limb(media=frozenset({"photograph"})))
    others = tuple(f"law:unrecorded:{medium}" for medium in MEDIA if medium != "photograph")
    assert one == Opinion("undetermined", (Ground("Act s 1", "It is an offence."),), ("medium", *others))


@pytest.mark.parametrize(
    ("facts", "changed", "fails"),
    [
        ({"real_person": "no"}, {}, ("real_person", "age")),
        ({"known_age": 18}, {}, ("age",)),
        ({"act": "nudist"}, {}, ("act",)),
        ({"exploitative": "no"}, {"exploitative": True}, ("exploitative",)),
        ({"real_person": "no", "act": "nudist"}, {"age": None}, ("real_person", "act")),
        ({"real_person": "no", "act": "nudist"}, {"person": "any", "age": None}, ("act",)),
    ],
)
def test_a_no_names_every_part_that_fails(
    facts: dict[str, Any], changed: dict[str, Any], fails: tuple[str, ...]
) -> None:
    ground = Ground("Act s 1", "It is an offence.", fails)
    assert _asked(CHILD | facts, _limb(**changed)) == Opinion("unlikely", (ground,), ())


def test_a_medium_that_the_law_leaves_outside_is_said_after_its_limbs() -> None:
    beyond = Outside(frozenset({"photograph"}), "", (Provision("s2", "Act s 2", "Not these."),), IN_FORCE)
    found = _asked(CHILD | {"act": "nudist"}, _limb(), outside=(beyond,))
    assert found.because == (
        Ground("Act s 1", "It is an offence.", ("act",)),
        Ground("Act s 2", "Not these.", ("medium",)),
    )


def test_a_created_picture_is_judged_by_how_old_it_looks() -> None:
    """What a photograph presents its person as is no question for a picture that was made."""
    depicted = _limb(person="any", age=AgeRule(below=18, plainly_below=None, by=("depicted",)))
    made = {"medium": "ai_generated", "apparent_age": 10, "presented_as_child": "no", "act": "nudist"}
    assert [ground.fails for ground in _asked(made, depicted).because] == [("act",)]
    between = made | {"apparent_age": [10, 20], "act": "posing"}
    assert _asked(between, depicted).would_settle == ("apparent_age",)


@pytest.mark.parametrize(
    ("facts", "changed", "settles"),
    [
        ({}, {"settled": False, "question": "whether it covers posing"}, ("law:whether it covers posing",)),
        ({}, {"span": NOT_SURE}, ("law:commencement:one",)),
        ({}, {"person": None}, ("law:person:one",)),
        ({"real_person": "unknown"}, {"age": AgeRule(18, None, ("appears",))}, ("real_person", "apparent_age")),
        ({}, {"age": None}, ("law:age:one",)),
        ({"known_age": None}, {}, ("known_age",)),
        ({"real_person": "unknown", "known_age": None}, {"person": "any"}, ("real_person", "known_age")),
        ({}, {"person": "any", "age": AgeRule(18, None, ("appears",))}, ("apparent_age",)),
        ({}, {"age": AgeRule(5, None, ("depicted",))}, ("apparent_age",)),
        ({"apparent_age": 4}, {"age": AgeRule(5, None, ("depicted",))}, ("presented_as_child",)),
        (
            {"known_age": None},
            {"age": AgeRule(18, None, ("actual",), prepubescent=True)},
            ("known_age", "pubertal_stage"),
        ),
        (
            {"known_age": None, "real_person": "yes"},
            {"age": AgeRule(None, None, ("actual",))},
            ("law:no age is fixed",),
        ),
        ({"exploitative": "unknown"}, {"exploitative": True}, ("exploitative",)),
        ({}, {"acts_in": frozenset(), "acts_out": frozenset()}, (f"law:act:{min(POSING)}",)),
        ({"act": "undetermined"}, {"acts_in": frozenset(), "acts_out": frozenset()}, (f"law:act:{ACTS[0]}",)),
        ({"act": "undetermined"}, {}, ("act",)),
        ({"act": "undetermined"}, {"acts_out": frozenset()}, ("act", f"law:act:{min(set(ACTS) - POSING)}")),
        (
            {"act": "undetermined"},
            {"acts_in": frozenset(), "acts_out": POSING},
            ("act", f"law:act:{min(set(ACTS) - POSING)}"),
        ),
        (
            {"act": "undetermined", "known_age": None},
            {"settled": False, "question": "q"},
            ("law:q", "known_age", "act"),
        ),
    ],
)
def test_what_would_settle_an_open_opinion(
    facts: dict[str, Any], changed: dict[str, Any], settles: tuple[str, ...]
) -> None:
    found = _asked(CHILD | facts, _limb(**changed))
    assert (found.verdict, found.would_settle) == ("undetermined", settles)
