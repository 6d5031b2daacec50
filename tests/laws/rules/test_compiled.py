"""A law's file as the engine reads it: every limb with its words, provisions, ages, acts and the time it is in force."""

from datetime import date
from typing import Any

import pytest

from leeward.laws.rules.acts import acts_vocabulary
from leeward.laws.rules.jurisdiction import AgeRule, Limb, Outside, Provision, Span, Spans, compile_jurisdiction
from leeward.laws.rules.three import NO, UNKNOWN, YES

BARE: dict[str, Any] = {"code": "XX", "name": "Exland", "caution": None, "review": "unreviewed", "known_on": None}
LIMB: dict[str, Any] = {
    "id": "one", "media": ["photograph", "video"], "says": "An image of a child.", "provisions": ["s1"],
    "person": None, "age": None, "acts": {"in": [], "out": []}, "from": None, "until": None,
}  # fmt: skip
LAW: dict[str, Any] = {
    **BARE,
    "caution": "Read in 2010.",
    "review": "reviewed",
    "known_on": "2026-01-02",
    "works": [
        {"id": "act", "short": "Act", "made": "2009", "kind": "act"},
        {"id": "code", "short": "Code", "made": None, "kind": "act"},
    ],
    "provisions": [
        {"id": "s1", "work": "act", "at": "s 1", "says": "It is an offence."},
        {"id": "all", "work": "code", "at": "", "says": "All of it."},
    ],
    "legality": {
        "limbs": [
            LIMB,
            LIMB
            | {
                "id": "two",
                "provisions": ["all", "s1"],
                "settled": False,
                "question": "Does it reach drawings?",
                "person": "real",
                "age": {"below": 18, "by": ["actual", "appears"]},
                "acts": {"in": ["not_sexual", "posing"], "out": ["sadism"]},
                "context": "exploitative",
                "from": "2011-03",
                "until": "2020-05-06",
                "inherited": True,
            },
            LIMB
            | {"id": "three", "age": {"below": None, "plainly_below": 12, "by": ["appears"], "prepubescent": True}},
        ],
        "outside": [
            {"media": ["text"], "says": "No text.", "provisions": ["s1"], "inherited": True},
            {"media": ["audio"], "says": "No sound.", "provisions": ["all"]},
        ],
    },
}
SECTION, WHOLE = Provision("s1", "Act s 1", "It is an offence."), Provision("all", "Code", "All of it.")
READ_IN_2026, MADE_IN_2009 = date(2026, 1, 2), Span(None, None, date(2026, 1, 2), date(2009, 1, 1))


def test_a_file_is_compiled_word_for_word() -> None:
    law = compile_jurisdiction(LAW, acts_vocabulary())
    first = Limb(
        id="one",
        media=frozenset({"photograph", "video"}),
        says="An image of a child.",
        provisions=(SECTION,),
        span=MADE_IN_2009,
        settled=True,
        question="",
        person=None,
        age=None,
        acts_in=frozenset(),
        acts_out=frozenset(),
        exploitative=False,
        inherited=False,
    )
    assert law.limbs[0] == first
    assert law.limbs[1] == Limb(
        id="two",
        media=first.media,
        says=first.says,
        provisions=(WHOLE, SECTION),
        span=Span(date(2011, 3, 1), date(2020, 5, 6), READ_IN_2026, date(2009, 1, 1)),
        settled=False,
        question="Does it reach drawings?",
        person="real",
        age=AgeRule(18, None, ("actual", "appears"), prepubescent=False),
        acts_in=frozenset({"none", "indicative", "posing"}),
        acts_out=frozenset({"sadism"}),
        exploitative=True,
        inherited=True,
    )
    assert law.limbs[2].age == AgeRule(None, 12, ("appears",), prepubescent=True)
    assert law.outside == (
        Outside(frozenset({"text"}), "No text.", (SECTION,), MADE_IN_2009, inherited=True),
        Outside(frozenset({"audio"}), "No sound.", (WHOLE,), Span(None, None, READ_IN_2026, None), inherited=False),
    )
    assert (law.code, law.name, law.caution, law.reviewed) == ("XX", "Exland", "Read in 2010.", True)
    assert law.first_known == date(2009, 1, 1)


def test_a_country_of_which_nothing_was_read_has_no_law_and_no_first_day() -> None:
    law = compile_jurisdiction(BARE, acts_vocabulary())
    assert not law.is_recorded
    assert (law.caution, law.reviewed, law.first_known) == ("", False, None)
    assert compile_jurisdiction(LAW | {"legality": {}}, acts_vocabulary()).limbs == ()


def _spans() -> Spans:
    works = {
        "act": {"made": "2009-10", "kind": "act"},
        "bill": {"made": "2025", "kind": "bill"},
        "code": {"made": None, "kind": "act"},
    }
    file = {"known_on": "2026-01-02", "provisions": [{"id": work, "work": work} for work in works]}
    return Spans(file, works)


@pytest.mark.parametrize(
    ("row", "span"),
    [
        ({"provisions": ["act"]}, Span(None, None, READ_IN_2026, date(2009, 10, 1))),
        ({"provisions": ["bill"]}, Span(None, None, None, date(2025, 1, 1))),
        ({"provisions": ["act", "bill"], "known_on": "2024"}, Span(None, None, None, date(2009, 10, 1))),
        ({"provisions": ["act"], "known_on": "2024"}, Span(None, None, date(2024, 1, 1), date(2009, 10, 1))),
        ({"provisions": ["act"], "known_on": None}, Span(None, None, None, date(2009, 10, 1))),
        ({"provisions": ["code"]}, Span(None, None, READ_IN_2026, None)),
    ],
)
def test_a_bill_is_never_known_to_be_in_force(row: dict[str, Any], span: Span) -> None:
    assert _spans().of(row) == span


def test_the_first_days_of_all_rows_are_kept() -> None:
    spans = _spans()
    spans.of({"provisions": ["act"], "from": "2012"})
    spans.of({"provisions": ["bill"]})
    spans.of({"provisions": ["code"]})
    assert spans.dates == {date(2012, 1, 1), date(2025, 1, 1)}


@pytest.mark.parametrize(
    ("span", "day", "holds"),
    [
        (Span(date(2010, 1, 1), date(2020, 1, 1), None, None), date(2010, 1, 1), YES),
        (Span(date(2010, 1, 1), date(2020, 1, 1), None, None), date(2009, 12, 31), NO),
        (Span(date(2010, 1, 1), date(2020, 1, 1), None, None), date(2019, 12, 31), YES),
        (Span(date(2010, 1, 1), date(2020, 1, 1), None, None), date(2020, 1, 1), NO),
        (MADE_IN_2009, date(2008, 12, 31), NO),
        (MADE_IN_2009, date(2009, 1, 1), UNKNOWN),
        (MADE_IN_2009, date(2026, 1, 1), UNKNOWN),
        (MADE_IN_2009, date(2026, 1, 2), YES),
        (Span(None, None, None, None), date(2026, 1, 2), UNKNOWN),
    ],
)
def test_a_rule_holds_from_its_first_day_to_the_day_before_its_end(span: Span, day: date, holds: object) -> None:
    assert span.holds(day) is holds
