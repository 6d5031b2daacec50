"""The contracts of imports cover every slice, room and module, they catch what they should, and ARCHITECTURE.md says what they say."""

import re
from configparser import ConfigParser
from pathlib import Path

import grimp
import pytest

from tests.contracts.test_house import ROOMS
from tools.import_contracts import Doors, Published

ROOT = Path(__file__).resolve().parents[2]
CONTRACTS = ConfigParser()
CONTRACTS.read(ROOT / ".importlinter")
SLICES = {path.stem for path in (ROOT / "src/leeward").iterdir() if path.stem[0] != "_"}


def lines(contract: str, option: str) -> list[str]:
    return CONTRACTS[f"importlinter:contract:{contract}"][option].split("\n")[1:]


def test_every_slice_has_a_layer() -> None:
    assert {name.removeprefix("leeward.") for line in lines("layers", "layers") for name in line.split(" | ")} == SLICES


def test_rooms_are_held_like_slices() -> None:
    rooms = {f"leeward.{name.replace('/', '.')}" for name in ROOMS}
    for contract in ("published", "doors"):
        assert set(lines(contract, "nested")) == rooms | {"leeward.blocklist.publishing"}


def test_the_architecture_says_what_the_contracts_say() -> None:
    page = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    chain = " → ".join(line.replace("leeward.", "").replace(" ", "") for line in lines("layers", "layers"))
    assert f"`{chain}`" in page
    table = page[page.index("slices publish:") : page.index("Commands (`cli/`)")]
    cells = (row.split("|")[1] for row in table.splitlines() if row.startswith("| `"))
    said = {name for cell in cells for name in re.findall(r"`([a-z_.]+)`", cell)}
    assert said == {name.removeprefix("leeward.") for name in lines("published", "published")}
    assert {f"leeward.demo.{name}" for name in ("fill", "rows")} == set(lines("published", "models_for"))


def _graph(*imports: tuple[str, str]) -> grimp.ImportGraph:
    graph = grimp.ImportGraph()
    for importer, imported in imports:
        graph.add_import(importer=importer, imported=imported)
    return graph


OPTIONS = {
    "libraries": ["leeward.foundation"],
    "nested": ["leeward.casework.queue"],
    "published": ["leeward.people.access"],
    "for_commands": [],
    "models_for": ["leeward.demo.rows"],
}
USED = [("leeward.web.desk", "leeward.people.access"), ("leeward.demo.rows", "leeward.people.models")]


@pytest.mark.parametrize(
    ("importer", "imported", "is_open"),
    [
        ("leeward.web.desk", "leeward.people.queries.accounts", True),
        ("leeward.web.desk", "leeward.foundation.clock", True),
        ("leeward.web.desk", "leeward.casework.queue.services.claiming", True),
        ("leeward.people.tasks", "leeward.people.sign_in.urls", True),
        ("leeward.web.desk", "leeward.people.sign_in.adapters", False),
        ("leeward.web.desk", "leeward.people.models", False),
        ("leeward.web.desk", "leeward.casework.queue.views.queue", False),
        ("leeward.web.desk", "leeward.casework.steps", False),
    ],
)
def test_what_is_not_published_is_refused(importer: str, imported: str, *, is_open: bool) -> None:
    contract = Published("", {}, OPTIONS)
    assert contract.check(_graph(*USED, (importer, imported)), verbose=False).kept is is_open


def test_a_name_that_nothing_uses_is_refused() -> None:
    assert not Published("", {}, OPTIONS).check(_graph(USED[0]), verbose=False).kept


@pytest.mark.parametrize(
    ("importer", "imported", "is_open"),
    [
        ("leeward.people.urls", "leeward.people.views.own", True),
        ("leeward.people.models", "leeward.people.rules.names", True),
        ("leeward.people.bearer", "leeward.people.views.own", False),
        ("leeward.casework.queue.services", "leeward.casework.queue.tasks", False),
        ("leeward.people.models", "leeward.people.services", False),
    ],
)
def test_only_doors_know_doors_and_models_know_rules(importer: str, imported: str, *, is_open: bool) -> None:
    contract = Doors("", {}, {"nested": OPTIONS["nested"]})
    assert contract.check(_graph((importer, imported)), verbose=False).kept is is_open
