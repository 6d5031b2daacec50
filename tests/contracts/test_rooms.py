"""Rooms are found by their names and READMEs: each says what it is for, and every file that a README names is there."""

import re
from pathlib import Path

import pytest

from tests.contracts.test_house import ROOMS, SLICES, STANDARD
from tools.retired import HERE, read_words

ROOT = Path(__file__).resolve().parents[2]
INSIDE = ROOT / "src/leeward"
CASEWORK = INSIDE / "casework"
PAGES = CASEWORK / "templates/casework"
READMES = sorted(INSIDE.rglob("README.md"))
NAMED = re.compile(r"`((?:\.\./)*[\w.-][\w./-]*(?:\.(?:py|html|yaml|csv)|/))`")


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_says_what_it_is_for(room: str) -> None:
    lines = (INSIDE / room / "README.md").read_text(encoding="utf-8").splitlines()
    slice_name, name = room.split("/")
    assert lines[0] == f"# {name}"
    assert 5 <= len(lines) <= (20 if name == "quality" else 12)
    assert f"`{name}/`" in (INSIDE / slice_name / "README.md").read_text(encoding="utf-8")


PLAIN = {*STANDARD, "migrations", "rules", "static", "data", "templates", "templatetags", "__pycache__"}


@pytest.mark.parametrize("slice_name", SLICES)
def test_a_slice_names_its_folders_and_rules(slice_name: str) -> None:
    """Its README names each of its own folders; each rules module stands in its README or in that of its room."""
    root = INSIDE / slice_name
    own = (root / "README.md").read_text(encoding="utf-8")
    folders = {path.name for path in root.iterdir() if path.is_dir() and path.name not in PLAIN}
    assert {name for name in folders if f"{name}/" not in own} == set()
    readmes = "\n".join(path.read_text(encoding="utf-8") for path in root.rglob("README.md"))
    rules = {
        path for path in root.rglob("*.py") if "rules" in path.relative_to(root).parts[:-1] and path.stem[0] != "_"
    }
    assert {str(path.relative_to(root)) for path in rules if not re.search(rf"[`/]{path.name}`", readmes)} == set()


@pytest.mark.parametrize("readme", READMES, ids=lambda path: str(path.parent.relative_to(INSIDE)))
def test_what_a_readme_names_is_there(readme: Path) -> None:
    """A path from its own folder, its slice, the source or the project; a bare name anywhere below it, or a standard file's."""
    here = readme.parent
    slice_root = INSIDE / here.relative_to(INSIDE).parts[0]
    names = {name for name in NAMED.findall(readme.read_text(encoding="utf-8")) if name[0] != "/"}
    gone = {
        name
        for name in names
        if not any((root / name).exists() for root in (here, slice_root, INSIDE, ROOT))
        and not ("/" not in name.rstrip("/") and (name.removesuffix(".py") in STANDARD or any(here.rglob(name))))
        and not any(here.rglob(f"*/{name}"))
    }
    assert gone == set()


@pytest.mark.parametrize("readme", READMES, ids=lambda path: str(path.parent.relative_to(INSIDE)))
def test_a_readme_has_the_name_of_its_folder_and_explains_no_retired_word(readme: Path) -> None:
    """What stands in asterisks is a word that the folder uses; one that was retired there is a name to look for in vain."""
    text = readme.read_text(encoding="utf-8")
    is_package = (readme.parent / "__init__.py").exists()
    assert not is_package or re.match(rf"# {re.escape(readme.parent.name)}\b", text)
    here = (readme.parent / "README.md").relative_to(INSIDE).as_posix()
    retired = {
        name for word in read_words(HERE / "retired_words.toml") if word.is_retired_in(here) for name in word.names
    }
    assert {word for word in re.findall(r"\*(\w+)\*", text) if word in retired} == set()


def test_a_page_of_the_desk_stands_in_its_room() -> None:
    """No template beside the rooms, none of a room that isn't there, and none that another room's views alone show."""
    assert {path.name for path in PAGES.iterdir()} <= {room.removeprefix("casework/") for room in ROOMS}
    asked = re.compile(r"casework/(\w+)/(\w+)\.html")
    for views in CASEWORK.glob("*/views/*.py"):
        for room, page in asked.findall(views.read_text(encoding="utf-8")):
            assert (PAGES / room / f"{page}.html").exists(), (views.name, page)
            shown_by = {path.parts[-3] for path in CASEWORK.glob("*/views/*.py") if f"{page}.html" in path.read_text()}
            assert room in shown_by, (page, shown_by)


def test_forms_stand_with_their_pages() -> None:
    assert not (CASEWORK / "forms.py").exists()
    assert not [path for path in CASEWORK.glob("*.py") if path.stem not in STANDARD and path.stem not in ROOT_MODULES]


# What every room stands on.
ROOT_MODULES = {"note_index", "situations", "steps", "timing"}
