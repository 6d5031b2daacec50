"""Which clauses of a model stand, and what is merged or left out before anything has a number."""

from collections.abc import Iterable
from typing import Any

import pytest

from leeward.laws.rules.bill_clauses import Kind
from leeward.laws.rules.bill_options import BillOptions
from leeward.laws.rules.bill_tree import choose, fragments, used_definitions, walk

NONE = BillOptions(hotline=False, solicitation="none")
OF_STRUCTURE = (
    "act",
    "both",
    "defined",
    "defines",
    "duty",
    "hotline",
    "needs_regulations",
    "offence_of_access",
    "offence_of_possession",
    "offences",
    "performed",
    "reporting",
    "seek",
    "solicitation",
    "whole",
)
IN_AN_ACT = {"whole", "act", "defines"}


def _section(id: str, *closes: str, **more: Any) -> dict[str, Any]:
    return {"id": id, "heading": id.title(), "text": "Words.", "closes": list(closes), **more}


def _model(*sections: dict[str, Any], schedules: Iterable[dict[str, Any]] = (), **more: Any) -> dict[str, Any]:
    return {
        "parts": [{"id": "part", "heading": "Part", "sections": list(sections), **more}],
        "schedules": list(schedules),
    }


def _stands(options: BillOptions, kind: Kind, wanted: set[str], *sections: dict[str, Any]) -> set[str]:
    """The conditions that follow from what is in the bill, and hold."""
    stands = choose(_model(*sections), options, kind, wanted)[2]
    assert set(stands) == {*options.conditions(), *OF_STRUCTURE}
    assert {name for name in stands if name not in OF_STRUCTURE} == set(options.conditions()) - set(OF_STRUCTURE)
    return {name for name in OF_STRUCTURE if stands[name]}


def _kept(options: BillOptions, kind: Kind, wanted: set[str], *sections: dict[str, Any]) -> list[str]:
    return [row["id"] for part in choose(_model(*sections), options, kind, wanted)[0] for row in part["sections"]]


OFFENCES = ("access", "possession", "dissemination", "supply", "production", "performances", "profit")


@pytest.mark.parametrize("name", OFFENCES)
def test_any_offence_on_the_material_needs_its_definition(name: str) -> None:
    more = {"access": {"offence_of_access"}, "possession": {"offence_of_possession"}, "performances": {"performed"}}
    found = _stands(NONE, "act", {"c4"}, _section(name, "c4"))
    assert found == IN_AN_ACT | {"offences", "defined"} | more.get(name, set())
    assert _stands(NONE, "act", {"c4"}, _section(name, "c3")) == IN_AN_ACT, "it closes nothing that is wanted"
    amended = _stands(NONE, "amending", {"c4"}, _section(name, "c4"))
    assert amended == {"offences"} | more.get(name, set()) - {"performed"}, "the principal Act has the definition"


@pytest.mark.parametrize(
    ("options", "kind", "wanted", "ids", "holds"),
    [
        (NONE, "act", {"c4"}, (), IN_AN_ACT),
        (NONE, "model", {"c4"}, (), {"whole", "defines"}),
        (NONE, "instructions", {"c4"}, (), {"whole", "defines"}),
        (NONE, "model", {"c1"}, (), IN_AN_ACT),
        (NONE, "instructions", {"c1"}, (), IN_AN_ACT),
        (NONE, "amending", {"c1"}, (), set()),
        (NONE, "amending", {"c2"}, (), {"defined", "performed", "defines"}),
        (NONE, "model", {"c2"}, (), {"whole", "defined", "performed", "defines"}),
        (
            NONE,
            "act",
            {"c4"},
            ("access", "possession"),
            IN_AN_ACT | {"offences", "defined", "both", "offence_of_access"},
        ),
        (NONE, "act", {"c4"}, ("duty",), IN_AN_ACT | {"duty", "reporting", "defined", "needs_regulations"}),
        (NONE, "amending", {"c4"}, ("duty",), {"duty", "reporting", "needs_regulations"}),
        (BillOptions(solicitation="none"), "act", {"c4"}, (), IN_AN_ACT | {"hotline", "defined", "needs_regulations"}),
        (BillOptions(solicitation="none"), "model", {"c4"}, (), {"whole", "defines"}),
        (
            BillOptions(solicitation="none", proactive=True),
            "act",
            {"c4"},
            (),
            IN_AN_ACT | {"hotline", "defined", "needs_regulations", "seek"},
        ),
        (BillOptions(hotline=False, solicitation="none", proactive=True), "act", {"c4"}, (), IN_AN_ACT),
        (
            BillOptions(hotline=False, solicitation="none", removal=True),
            "model",
            {"c4"},
            (),
            {"whole", "defines", "hotline", "defined", "needs_regulations"},
        ),
        (BillOptions(hotline=False, blocking=True), "amending", {"c4"}, (), {"hotline", "needs_regulations"}),
        (BillOptions(hotline=False, host=True), "act", {"c4"}, (), IN_AN_ACT | {"defined"}),
        (BillOptions(hotline=False), "act", {"c4"}, ("meeting",), IN_AN_ACT | {"solicitation"}),
        (
            BillOptions(hotline=False, solicitation="extended"),
            "act",
            {"c4"},
            ("meeting",),
            IN_AN_ACT | {"solicitation", "defined", "performed"},
        ),
        (BillOptions(hotline=False, solicitation="extended"), "act", {"c4"}, (), IN_AN_ACT),
        (BillOptions(hotline=False, solicitation="extended"), "amending", {"c4"}, ("meeting",), {"solicitation"}),
    ],
)
def test_what_is_in_a_bill_decides_what_else_it_needs(
    options: BillOptions, kind: Kind, wanted: set[str], ids: tuple[str, ...], holds: set[str]
) -> None:
    more = {"offence_of_possession"} if "possession" in ids else set()
    assert _stands(options, kind, wanted, *(_section(name, "c4") for name in ids)) == holds | more


@pytest.mark.parametrize(
    ("wanted", "kept"),
    [
        ({"c3"}, ["access", "after", "always"]),
        ({"c4"}, ["possession", "also", "always"]),
        ({"c5"}, ["always"]),
        ({"c2"}, ["material", "performance", "always"]),
        ({"c3", "c4"}, ["material", "access", "possession", "after", "also", "always"]),
    ],
)
def test_a_section_stands_that_closes_what_is_wanted_or_goes_with_one_that_does(
    wanted: set[str], kept: list[str]
) -> None:
    sections = (
        _section("material", "c2", when={"defined": True}),
        _section("performance", "c2", when={"performed": True}),
        _section("access", "c3"),
        _section("possession", "c4"),
        _section("after", "c9", **{"with": ["access"]}),
        _section("also", "c9", "c4", **{"with": ["other"]}),
        _section("chosen", "option", when={"tools": True}),
        _section("always"),
    )
    kind: Kind = "model" if len(wanted) > 1 else "amending"
    assert _kept(NONE, kind, wanted, *sections) == kept
    tools = BillOptions(hotline=False, solicitation="none", tools=True)
    assert _kept(tools, kind, wanted, *sections) == [*kept[:-1], "chosen", "always"], (
        "a choice stands whatever is wanted"
    )


def test_a_part_stands_where_its_condition_holds_and_it_has_a_section() -> None:
    model = _model(_section("access", "c3"), when={"act": True})
    model["parts"] += [
        {"id": "empty", "sections": [_section("possession", "c4")]},
        {"id": "last", "sections": [_section("end")]},
    ]
    assert [part["id"] for part in choose(model, NONE, "act", {"c3"})[0]] == ["part", "last"]
    assert [part["id"] for part in choose(model, NONE, "model", {"c3"})[0]] == ["last"]
    in_whole = _model(_section("access", "c3"), when={"whole": True})
    parts, _schedules, stands = choose(in_whole, NONE, "amending", {"c3"})
    assert (parts, stands["offence_of_access"]) == ([], False), "what is in no part that stands is not in the bill"


def test_schedules_stand_in_an_act_alone() -> None:
    rows = [
        {"id": "table", "heading": "Of <<tools|tools>><<!tools|all>>", "items": ["One."]},
        {"id": "more", "when": {"tools": True}},
    ]
    model = _model(_section("end"), schedules=rows)
    _parts, (table,), _stands = choose(model, NONE, "act", {"c4"})
    assert table == {"id": "table", "heading": "Of all", "text": "", "items": ["One."], "children": []}
    assert choose(model, NONE, "model", {"c4"})[1] == []


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("plain", "plain"),
        ("a<<yes| b>>c", "a bc"),
        ("a<<no| b>>c", "ac"),
        ("a<<!yes| b>>c", "ac"),
        ("a<<!no| b>>c", "a bc"),
        ("<<yes|{ref:one}>><<!no|>> and <<no_|two>>", "{ref:one} and "),
    ],
)
def test_a_fragment_stands_where_its_condition_holds(text: str, made: str) -> None:
    assert fragments(text, {"yes": True, "no": False, "no_": False}) == made


def test_a_clause_closes_of_what_is_wanted() -> None:
    """Where nobody asks for an offence of possession, an exception to it meets nothing."""
    rows = [_section("access", "c3"), _section("proof", "c4", "c3", **{"with": ["access"]}), _section("end", "option")]
    ((part,), _schedules, _stands) = choose(_model(*rows), NONE, "model", {"c3"})
    assert [row.get("closes") for row in part["sections"]] == [["c3"], ["c3"], []]


def _alone(section: dict[str, Any]) -> dict[str, Any]:
    ((part,), _schedules, _stands) = choose(_model({"closes": [], **section}), NONE, "act", {"c3", "c4"})
    (made,) = part["sections"]
    return {name: value for name, value in made.items() if value}


def test_what_is_alone_in_its_section_is_merged_into_it() -> None:
    leaf = {"id": "leaf", "text": "does so", "traces": ["B"], "closes": ["c3"], "differs": "inner"}
    made = _alone({"id": "s", "text": "A person who—", "traces": ["A"], "join": "or", "children": [leaf]})
    assert made == {
        "id": "s",
        "text": "A person who does so.",
        "traces": ["A", "B"],
        "closes": ["c3"],
        "differs": "inner",
        "aliases": ["leaf"],
    }
    plain = _alone({"id": "s", "differs": "outer", "children": [{**leaf, "text": "It is so."}]})
    assert plain == {
        "id": "s",
        "text": "It is so.",
        "traces": ["B"],
        "closes": ["c3"],
        "differs": "outer",
        "aliases": ["leaf"],
    }


def test_what_is_alone_twice_is_merged_twice_and_keeps_the_children_below() -> None:
    two = [{"id": "one", "text": "one"}, {"id": "two", "text": "two"}]
    inner = {"id": "inner", "text": "does—", "join": "and", "children": two}
    made = _alone({"id": "s", "text": "Who—", "children": [{"id": "outer", "text": "there", "children": [inner]}]})
    below = [{"id": name, "text": name, "heading": "", "children": []} for name in ("one", "two")]
    assert made == {
        "id": "s",
        "text": "Who there does—",
        "children": below,
        "join": "and",
        "sentence": True,
        "aliases": ["outer", "inner"],
    }


def test_a_single_definition_is_not_merged() -> None:
    row = {"id": "def", "word": "thing", "text": "“thing” means all"}
    model = _model(
        {"id": "definitions", "definitions": True, "text": "In this Act—", "children": [row]},
        _section("end", text="A thing."),
    )
    model["parts"][0]["sections"][1]["text"] = "A thing."
    (section, _end) = choose(model, NONE, "act", {"c4"})[0][0]["sections"]
    assert [child["id"] for child in section["children"]] == ["def"]
    assert section["text"] == "In this Act—"


def test_definitions_that_no_text_uses_leave_and_so_does_their_section() -> None:
    rows = [{"id": "def", "word": "thing", "text": "“thing” means all"}]
    defined = {"id": "definitions", "definitions": True, "text": "In this Act—", "children": rows}

    def ids(text: str, *items: str) -> list[str]:
        schedule = {"id": "table", "items": list(items)}
        deep = {"id": "end", "children": [{"id": "one", "text": "One."}, {"id": "two", "text": text}]}
        parts = choose(_model(defined, deep, schedules=[schedule]), NONE, "act", {"c4"})[0]
        return [row["id"] for part in parts for row in part["sections"]]

    assert ids("A thing.") == ["definitions", "end"]
    assert ids("Two.", "A thing.") == ["definitions", "end"]
    assert ids("Two.") == ["end"]
    alone = _model(defined)
    assert choose(alone, NONE, "act", {"c4"})[0] == [], "a part whose only section left is no part"


@pytest.mark.parametrize(
    ("word", "text", "used"),
    [
        ("jar", "A jar.", True),
        ("jar", "Two jars, one lid", True),
        ("jar", "Jars; lids", True),
        ("jar", "Jar—", True),
        ("jar", "the jar's lid", True),
        ("jar", "the jar’s lid", True),
        ("jar", "one (of a jar) lid", True),
        ("jar", "(jar) lid", False),
        ("jar", "ajar.", False),
        ("jar", "jarred", False),
        ("jar", "a jarX", False),
        ("jar", "a jar{ref:x} lid", True),
        ("jar", "under {ref:jar }", False),
        ("jar", "{blank:the jar of}", False),
        ("jar", "{blank:x} jar {ref:y}", True),
        ("jar", "{option:x} the jar ", True),
        ("child", "many children.", True),
        ("child", "Children,", True),
        ("child", "childs", False),
        ("reporting entity", "Reporting entities.", True),
        ("reporting entity", "reporting entitys ", False),
    ],
)
def test_a_word_is_used_where_it_stands_outside_of_marks(word: str, text: str, used: bool) -> None:
    row = {"word": word, "text": "its own jar, child, children"}
    assert used_definitions([row], ["Words", text, "more"]) == ([row] if used else [])


def test_definitions_of_definitions_stay_in_the_order_of_their_words() -> None:
    rows = [
        {"word": "zoo", "text": "holds a bear"},
        {"word": "Ant", "text": "is eaten"},
        {"word": "bear", "text": "eats an Ant"},
        {"word": "wasp", "text": "flees a yak"},
        {"word": "yak", "text": "flees nobody"},
    ]
    assert [row["word"] for row in used_definitions(rows, ["The zoo."])] == ["Ant", "bear", "zoo"]


def test_walking_comes_by_everything_below() -> None:
    tree = {"id": "a", "children": [{"id": "b", "children": [{"id": "c"}]}, {"id": "d", "children": None}]}
    assert [node["id"] for node in walk(tree)] == ["a", "b", "c", "d"]
