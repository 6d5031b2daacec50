"""The table of the appendices' elements in the documents is up to date and lacks none."""

from pathlib import Path

from leeward.laws.drafting.trace import as_table
from leeward.laws.files.packaged import packaged

PAGE = Path(__file__).parents[3] / "docs" / "reference" / "model-bill.md"


def test_the_table_is_up_to_date() -> None:
    assert PAGE.read_text(encoding="utf-8") == as_table()


def test_every_element_has_a_row() -> None:
    page = as_table()
    for element, seed in packaged("appendices.yaml").items():
        rows = [line for line in page.splitlines() if line.startswith(f"| {element} | ")]
        assert rows, element
        theirs = {row.split(" | ")[1].replace("~~", "") for row in rows}
        assert theirs == {seed}, "the toolkit's words stand word for word"
        assert all(row.split(" | ")[-1].rstrip(" |") for row in rows), "what was changed is said"
