"""Where each clause of a bill stands, what number it has, and how another clause refers to it."""

from dataclasses import replace
from typing import Any

import pytest

from leeward.laws.rules.bill_clauses import Reference
from leeward.laws.rules.bill_places import Place, Places, inserted_numbers, section_of, section_order
from tests.laws.rules.test_bill_words import STYLE


def _row(name: str, *children: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"id": name, "children": list(children), **more}


DEEP = _row("deep", _row("sub", _row("para", _row("end"), _row("end-2")), _row("para-2")), _row("sub-2"))
SENTENCE = _row("sentence", _row("limb"), _row("limb-2"), sentence=True, aliases=["merged", "merged-2"])
WORDS = _row("words", _row("def"), definitions=True)


def _places(*, lettered: bool = False) -> Places:
    places = Places(replace(STYLE, lettered=lettered))
    places.add_sections([DEEP, SENTENCE, WORDS], ["3", "4", "10A"])
    places.add_unit("offences", "part", "Part 2")
    places.add_unit("table", "schedule", "Schedule 1")
    return places


def test_every_clause_has_the_numbers_from_its_section_down() -> None:
    places = _places()
    assert places.of["end"] == Place(
        ("deep", "sub", "para", "end"),
        ("3", "(1)", "(a)", "(i)"),
        ("section", "subsection", "paragraph", "subparagraph"),
    )
    assert {name: "".join(place.numbers) for name, place in places.of.items()} == {
        "deep": "3",
        "sub": "3(1)",
        "para": "3(1)(a)",
        "end": "3(1)(a)(i)",
        "end-2": "3(1)(a)(ii)",
        "para-2": "3(1)(b)",
        "sub-2": "3(2)",
        "sentence": "4",
        "limb": "4(a)",
        "limb-2": "4(b)",
        "words": "10A",
        "def": "10A",
        "offences": "Part 2",
        "table": "Schedule 1",
    }
    assert places.of["limb"].levels == ("section", "paragraph")
    assert places.of["def"].levels == ("section", "definition")
    assert places.of["offences"] == Place(("offences",), ("Part 2",), ("part",))
    assert places.aliases == {"merged": "sentence", "merged-2": "sentence"}


def test_definitions_have_letters_where_the_style_has_them() -> None:
    assert _places(lettered=True).of["def"] == Place(("words", "def"), ("10A", "(a)"), ("section", "paragraph"))


@pytest.mark.parametrize(
    ("to", "own", "text"),
    [
        ("deep", "sentence", "article 3"),
        ("end", "sentence", "article 3(1)(a)(i)"),
        ("end", "sub-2", "paragraph (1)(a)(i)"),
        ("end", "para-2", "paragraph (1)(a)(i)"),
        ("end-2", "end", "subparagraph (ii)"),
        ("para-2", "end", "point (b)"),
        ("para-2", "para", "point (b)"),
        ("para", "sub-2", "paragraph (1)(a)"),
        ("sub-2", "end", "paragraph (2)"),
        ("deep", "end", "article 3"),
        ("limb-2", "limb", "point (b)"),
        ("merged", "sub", "article 4"),
        ("limb", "merged-2", "point (a)"),
        ("offences", "sub", "Part 2"),
        ("table", "sub", "Schedule 1"),
    ],
)
def test_a_reference_leaves_out_what_both_share(to: str, own: str, text: str) -> None:
    found = _places().reference(to, own, is_first=False)
    assert found.text == text
    first = _places().reference(to, own, is_first=True)
    assert first.text == text[0].upper() + text[1:]
    assert first.number == found.number
    assert found.to == ("sentence" if to == "merged" else to)


def test_a_reference_names_the_clause_of_each_number() -> None:
    assert _places().reference("para", "sentence", is_first=False) == Reference(
        "para", "article", (("deep", "3"), ("sub", "(1)"), ("para", "(a)"))
    )
    assert _places().reference("offences", "sub", is_first=True) == Reference("offences", "", (("offences", "Part 2"),))


def test_a_style_may_have_a_word_for_each_unit() -> None:
    words = {level: STYLE.word(level) for level in ("part", "section", "subsection", "paragraph", "subparagraph")}
    assert words == {
        "part": "Part",
        "section": "article",
        "subsection": "paragraph",
        "paragraph": "point",
        "subparagraph": "subparagraph",
    }


def test_numbers_are_counted_as_each_level_counts() -> None:
    places = _places()
    assert [places.number("subsection", at) for at in (1, 30)] == ["(1)", "(30)"]
    assert [places.number("paragraph", at) for at in (1, 26)] == ["(a)", "(z)"]
    roman = "i ii iii iv v vi vii viii ix x".split()
    assert [places.number("subparagraph", at) for at in range(1, 11)] == [f"({one})" for one in roman]
    assert places.number("definition", 1) == ""


def test_sections_stand_in_the_order_of_an_act() -> None:
    numbers = ["100", "62A", "11", "10B", "10AA", "10A", "10", "9", ""]
    assert sorted(numbers, key=section_order) == ["", "9", "10", "10A", "10AA", "10B", "11", "62A", "100"]
    assert section_order("10AA") == (10, "AA")
    assert section_order("10X") == (10, "X")
    assert section_order("") == (0, "")


def test_a_place_is_in_a_section() -> None:
    assert [section_of(place) for place in ("14", "14A(1)(c)", "")] == ["14", "14A", ""]


def test_each_section_has_a_number_of_its_own() -> None:
    places = _places()
    for numbers in (["1"], ["1", "2", "3"]):
        with pytest.raises(ValueError, match=r"shorter|longer"):
            places.add_sections([_row("one"), _row("two")], numbers)


def test_inserted_sections_are_numbered_after_the_one_before_them() -> None:
    assert inserted_numbers("10", 3) == ["10A", "10B", "10C"]
    assert inserted_numbers("62A", 2) == ["62AA", "62AB"]
    assert inserted_numbers("", 1) == ["[ ]A"]
    many = inserted_numbers("3", 54)
    assert many[24:28] == ["3Y", "3Z", "3AA", "3AB"]
    assert many[51:] == ["3AZ", "3BA", "3BB"]
