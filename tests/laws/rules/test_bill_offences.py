"""What a draft's offences would say of a deed that facts show, beside what today's law says of it."""

from datetime import date
from typing import Any

import pytest

from leeward.laws.drafting.formats import bill_of
from leeward.laws.register import packaged_register
from leeward.laws.rules.bill import Country, compose
from leeward.laws.rules.bill_clauses import Bill, Kind
from leeward.laws.rules.bill_need import Need, Principal
from leeward.laws.rules.bill_offences import Material, NotTried, TriedOffence, conduct_today, not_tried, offence_law
from leeward.laws.rules.bill_options import BillOptions, parse_options
from leeward.laws.rules.facts import parse_facts
from leeward.laws.rules.three import NO, UNKNOWN, YES, Three
from tests.laws.drafts import drafting_register
from tests.laws.rules.small_bill import STYLES

TODAY = date(2026, 11, 27)
CONTENT = {"medium": "photograph", "known_age": 10, "real_person": "yes", "act": "uk_b"}
ON_A_SITE = CONTENT | {"site_type": "image_host", "self_generated": "no"}
OPEN = dict.fromkeys(("distribution", "computer_facilitated", "possession", "production"), UNKNOWN)


def _bill(code: str = "DM", **choices: str) -> Bill:
    return bill_of(drafting_register(), code, parse_options(choices), TODAY)


def _tried(
    facts: dict[str, Any], today: dict[str, Three] | None = None, *, bill: Bill | None = None, before: str = "likely"
) -> dict[str, tuple[str, str]]:
    rows = offence_law(bill or _bill(), {**OPEN, **(today or {})}).try_on(
        parse_facts(facts), Material(before, "likely")
    )
    return {row.clause: (row.before, row.after) for row in rows}


def test_what_stands_on_a_site_was_published_kept_and_made() -> None:
    assert _tried(ON_A_SITE) == dict.fromkeys(("5(b)", "6(1)", "7", "8", "9(1)"), ("undetermined", "likely"))
    assert _tried(CONTENT | {"self_generated": "no"}) == {"9(1)": ("undetermined", "likely")}, (
        "where it is, is not known"
    )
    elsewhere = CONTENT | {"site_type": "not_applicable", "self_generated": "no"}
    assert set(_tried(elsewhere)) == {"9(1)"}


@pytest.mark.parametrize(("commercial", "row"), [("yes", ("undetermined", "likely")), ("unknown", None), ("no", None)])
def test_profit_is_reached_where_it_is_sold(commercial: str, row: tuple[str, str] | None) -> None:
    assert _tried(CONTENT | {"commercial": commercial}).get("11") == row


def test_each_clause_stands_beside_its_own_topic_of_todays_law() -> None:
    assert _tried(ON_A_SITE, {"possession": YES}) == dict.fromkeys(
        ("5(b)", "7", "8", "9(1)"), ("undetermined", "likely")
    )
    assert _tried(ON_A_SITE, {"possession": NO})["6(1)"] == ("unlikely", "likely")
    assert _tried(ON_A_SITE, {"production": NO})["9(1)"] == ("unlikely", "likely")
    spread = _tried(ON_A_SITE, {"distribution": YES})
    assert "7" not in spread
    assert "8" not in spread
    assert spread["5(b)"] == ("undetermined", "likely"), "today's law names no technology, as far as anybody read"
    assert "5(b)" not in _tried(ON_A_SITE, {"distribution": YES, "computer_facilitated": YES})
    assert _tried(ON_A_SITE, {"distribution": YES, "computer_facilitated": NO})["5(b)"] == ("unlikely", "likely")


def test_a_law_that_is_not_recorded_is_not_called_undetermined() -> None:
    assert _tried(ON_A_SITE, before="no_law_recorded")["7"] == ("no_law_recorded", "likely")
    rows = offence_law(_bill(), OPEN).try_on(parse_facts(ON_A_SITE), Material("no_law_recorded", "undetermined"))
    assert {(row.before, row.after) for row in rows} == {("no_law_recorded", "undetermined")}
    kept = offence_law(_bill(), OPEN).try_on(parse_facts(ON_A_SITE), Material("no_law_recorded", "no_law_recorded"))
    assert kept == (), "a draft that leaves the definition as it is says nothing new of what no law defines"


def test_content_that_the_draft_does_not_reach_is_no_offence() -> None:
    today = dict.fromkeys(OPEN, YES)
    rows = offence_law(_bill(), today).try_on(
        parse_facts(ON_A_SITE | {"commercial": "no"}), Material("likely", "unlikely")
    )
    assert {(row.before, row.after) for row in rows} == {("likely", "unlikely")}
    assert {row.clause for row in rows} == {"5(b)", "6(1)", "7", "8", "9(1)"}


@pytest.mark.parametrize("said", ["yes", "unknown"])
def test_the_picture_of_a_child_by_itself_is_left_open_by_its_own_clause(said: str) -> None:
    own, today = CONTENT | {"self_generated": said}, {"production": YES}
    (row,) = offence_law(_bill(), {**OPEN, **today}).try_on(parse_facts(own), Material("likely", "likely"))
    assert row == TriedOffence("15", "Own images", "likely", "undetermined")
    assert _tried(own, today, bill=_bill(own_images="none")) == {}
    assert _tried(own | {"self_generated": "no"}, today) == {}
    generated = {"medium": "ai_generated", "apparent_age": 9, "real_person": "no", "act": "uk_b"}
    assert _tried(generated, today) == {}, "nobody made a picture of themselves"


def test_what_the_act_has_stays_beside_an_amendment() -> None:
    bill = _bill("GD")
    assert bill.kind == "amending"
    assert _tried(ON_A_SITE, bill=bill) == {"12C(1)": ("undetermined", "likely")}
    assert _tried(ON_A_SITE, {"possession": YES}, bill=bill) == {}
    wider = offence_law(bill, OPEN | {"possession": YES}).try_on(parse_facts(ON_A_SITE), Material("unlikely", "likely"))
    assert [(row.before, row.after) for row in wider] == [("unlikely", "likely")]


def test_todays_conduct_is_the_engines_else_what_was_read() -> None:
    files = packaged_register().files
    jamaica = conduct_today(files["JM"], TODAY)
    assert jamaica == {"possession": YES, "production": YES, "distribution": YES, "computer_facilitated": UNKNOWN}
    assert conduct_today({**files["JM"], "readings": []}, TODAY) == jamaica, "the engine’s record needs no reading"
    grenada = conduct_today(files["GD"], TODAY)
    assert (grenada["distribution"], grenada["possession"]) == (YES, UNKNOWN)
    nobody = {**files["GD"], "readings": [{**row, "seen": "no"} for row in files["GD"]["readings"]]}
    assert set(conduct_today(nobody, TODAY).values()) == {UNKNOWN}
    never = {**files["GD"], "readings": [{**row, "value": "no"} for row in files["GD"]["readings"]]}
    assert conduct_today(never, TODAY)["distribution"] is NO


def test_the_offences_that_no_fact_speaks_of_are_named() -> None:
    names = [row.heading for row in not_tried(_bill())]
    assert names == ["Performances", "Proposal to meet a child", "False reports", "Failure to report"]
    more = not_tried(_bill(tools="yes", removal="yes", solicitation="extended", attempt="yes"))
    assert {"Tools", "Attempt and participation", "Removal", "Inducement and extortion"} <= {
        row.heading for row in more
    }
    assert [row.heading for row in more if row.on_approach] == [
        "Proposal to meet a child",
        "Sexual communication with a child",
        "Inducement and extortion",
    ]
    assert not_tried(_bill("GB")) == ()


def _keeps_and_makes(kind: Kind) -> Bill:
    """A bill of that kind with two offences and the clause on a child's own picture."""
    ids = (("possession", "possession-offence"), ("production", "production-offence"))
    sections = [
        {"id": id, "heading": id.title(), "closes": ["c4"], "children": [{"id": one}, {"id": f"{id}-b"}]}
        for id, one in ids
    ]
    own = {"id": "own-images", "heading": "Own", "closes": ["c4"], "text": "Own."}
    model = {"parts": [{"id": "part", "heading": "Part", "sections": [*sections, own]}], "schedules": []}
    need = Need(kind, ("c4",), (), (), (), Principal("Crimes Act", "2", "10"))
    return compose(model, BillOptions(hotline=False), need, STYLES["plain"], Country("XX", "Exland"))


OWN = ("10C", "Own")
KEPT, MADE = ("10A(1)", "Possession"), ("10B(1)", "Production")


@pytest.mark.parametrize(
    ("site", "self_made", "today", "material", "rows"),
    [
        (
            "image_host",
            "no",
            UNKNOWN,
            ("likely", "likely"),
            [(*KEPT, "undetermined", "likely"), (*MADE, "undetermined", "likely")],
        ),
        ("image_host", "no", YES, ("likely", "likely"), []),
        ("image_host", "no", NO, ("likely", "likely"), [(*KEPT, "unlikely", "likely"), (*MADE, "unlikely", "likely")]),
        (
            "image_host",
            "no",
            YES,
            ("likely", "unlikely"),
            [(*KEPT, "likely", "unlikely"), (*MADE, "likely", "unlikely")],
        ),
        (
            "undetermined",
            "no",
            YES,
            ("unlikely", "likely"),
            [(*KEPT, "unlikely", "undetermined"), (*MADE, "unlikely", "likely")],
        ),
        ("undetermined", "yes", YES, ("likely", "likely"), []),
        (
            "undetermined",
            "yes",
            NO,
            ("likely", "likely"),
            [(*KEPT, "unlikely", "undetermined"), (*OWN, "unlikely", "undetermined")],
        ),
    ],
)
def test_an_amendment_adds_to_what_the_act_has(
    site: str, self_made: str, today: Three, material: tuple[str, str], rows: list[tuple[str, ...]]
) -> None:
    facts = parse_facts(CONTENT | {"site_type": site, "self_generated": self_made})
    law = offence_law(_keeps_and_makes("amending"), dict.fromkeys(OPEN, today))
    assert law.try_on(facts, Material(*material)) == tuple(TriedOffence(*row) for row in rows)


def test_a_new_law_takes_the_place_of_what_was_there() -> None:
    facts = parse_facts(CONTENT | {"site_type": "image_host", "self_generated": "yes"})
    law = offence_law(_keeps_and_makes("model"), dict.fromkeys(OPEN, YES))
    assert law.try_on(facts, Material("likely", "likely")) == (TriedOffence("3", "Own", "likely", "undetermined"),)
    assert law.own == ("3", "Own")
    assert [(row.number, row.heading) for row in law.clauses] == [("1(1)", "Possession"), ("2(1)", "Production")]


def test_what_is_not_tried_has_its_number_and_says_whether_it_is_on_an_approach() -> None:
    sections = [
        {"id": id, "heading": id.title(), "text": "Words.", "closes": ["c4"]} for id in ("meeting", "removal", "access")
    ]
    model = {"parts": [{"id": "part", "heading": "Part", "sections": sections}], "schedules": []}
    bill = compose(
        model,
        BillOptions(hotline=False),
        Need("model", ("c4",), (), (), (), None),
        STYLES["plain"],
        Country("XX", "Exland"),
    )
    assert not_tried(bill) == (NotTried("1", "Meeting", True), NotTried("2", "Removal", False))
