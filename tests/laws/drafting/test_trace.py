"""The table of the appendices' elements in the documents is up to date and lacks none."""

from pathlib import Path

from leeward.laws.drafting.trace import ELEMENTS, as_table

PAGE = Path(__file__).parents[3] / "docs" / "reference" / "model-bill.md"


def test_the_table_is_up_to_date() -> None:
    assert PAGE.read_text(encoding="utf-8") == as_table()


def test_every_element_has_a_row() -> None:
    for element in ELEMENTS:
        assert f"| {element} | " in as_table(), element
