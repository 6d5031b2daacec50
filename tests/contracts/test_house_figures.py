"""The figures of docs/why/house.md are those of the source: each is counted again here."""

import re
from statistics import median

from tests.contracts.test_house import FLAT, MOST_MODULES, ROOT

INSIDE = ROOT / "src/leeward"
PAGE = (ROOT / "docs/why/house.md").read_text(encoding="utf-8")
RECIPES = {
    "a language": "A language",
    "a country's law": "A country's law",
    "a notice channel": "A notice channel",
    "a state of a case": "A case state",
    "a setting": "A setting",
    "a command": "A command",
    "a format of blocking lists": "A format of blocking lists",
}


def row(start: str) -> list[str]:
    """The cells of the row that begins so."""
    (line,) = (line for line in PAGE.splitlines() if line.startswith(f"| {start}"))
    return [cell.strip() for cell in line.strip("| ").split(" | ")]


def now(start: str) -> str:
    return row(start)[2]


def test_the_table_counts_what_is_there() -> None:
    apps = {path.parent for path in INSIDE.rglob("migrations/0001_*.py")}
    pages = [line for path in INSIDE.rglob("*.html") for line in path.read_text(encoding="utf-8").splitlines()]
    assert now("longest line of a template") == str(max(map(len, pages)))
    assert now("migrations").endswith(f"in {len(apps)} apps")
    assert now("modules at a slice").startswith(f"{MOST_MODULES} ")
    assert set(re.findall(r"`(\w+)`", now("modules at a slice"))) == FLAT


def test_the_files_of_a_change_are_those_of_its_recipe() -> None:
    recipes = dict(re.findall(r"(?ms)^### ([^\n]+)\n(.*?)(?=^##|\Z)", (ROOT / "CONTRIBUTING.md").read_text("utf-8")))
    for name, title in RECIPES.items():
        files = set(re.findall(r"(?m)^ *```\w+ (\S+/\S+)", recipes[title]))
        count = len([file for file in files if not file.startswith(("tests/", "docs/reference/"))])
        assert re.match(r"\d+", now(f"{name} |"))[0] == str(count), name  # type: ignore[index]


def test_the_medians_are_those_of_the_rows() -> None:
    table = PAGE.split("| change | then | now |")[1].split("## ")[0]
    rows = [line.strip("| ").split(" | ") for line in table.splitlines() if line.startswith("| ")]
    *changes, (_name, then, today) = rows
    counted = [[int(cell.split()[0].strip(",")) for cell in cells if cell[0].isdigit()] for _, *cells in changes]
    assert median(found[0] for found in counted if len(found) == 2) == int(then)
    assert median(found[-1] for found in counted) == int(today)
