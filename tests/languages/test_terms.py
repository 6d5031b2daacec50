"""The agreed words of each language: what is refused, what inflection allows, and that every shipped language has them."""

import importlib.util
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import polib
import pytest

ROOT = Path(__file__).resolve().parents[2]
LEAST_TERMS = {"sm": 20, "to": 20}  # they cover the public pages only


@pytest.fixture(scope="module")
def terms() -> Iterator[ModuleType]:
    """The tool, which is no package."""
    spec = importlib.util.spec_from_file_location("terms_tool", ROOT / "tools" / "terms.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    yield module
    del sys.modules[spec.name]


@pytest.fixture
def french(terms: ModuleType, tmp_path: Path) -> list:
    path = tmp_path / "terms.csv"
    path.write_text(
        "term,translation,not_this,note\n"
        "offence,infraction,crime* | délit*,\n"
        "host,hébergeur | hôte,,\n"
        "known image,image connue,,\n",
        encoding="utf-8",
    )
    return terms.read_terms(path)


@pytest.mark.parametrize(
    ("english", "said", "word"),
    [
        ("These offences are recorded", "Ces crimes sont enregistrés", "crimes"),
        ("An offence", "Un DÉLIT", "DÉLIT"),
        ("An offence", "Une infraction", ""),
        ("An offence", "Une infraction discriminée", ""),
        ("A fence", "Un crime", ""),
    ],
)
def test_a_word_that_must_not_stand_for_a_term_is_found(terms: ModuleType, french, english, said, word) -> None:
    found = list(terms.problems_of(french, [(english, said)]))
    assert len(found) == bool(word)
    assert all(f"“{word}”" in line for line in found)


@pytest.mark.parametrize(
    ("english", "said", "lacks"),
    [
        ("Known images", "Images connues", False),
        ("Known images", "Photos connues", True),
        ("The host", "Le nom d’hôte", False),
        ("The host", "Le serveur", True),
        ("The hostess", "La dame", False),
    ],
)
def test_an_agreed_word_may_be_inflected(terms: ModuleType, french, english, said, lacks) -> None:
    assert bool(list(terms.lacking(french, [(english, said)]))) is lacks


def test_what_is_filled_in_and_addresses_are_not_read(terms: ModuleType) -> None:
    entry = polib.POEntry(msgid="%(host)s of mail.host.example", msgstr="%(host)s de mail.host.example")
    fuzzy = polib.POEntry(msgid="The host", msgstr="Le délit", flags=["fuzzy"])
    catalogue = polib.POFile()
    catalogue.extend([entry, fuzzy])
    assert [("host" in english, "host" in said) for english, said in terms.translated(catalogue)] == [(False, False)]


@pytest.mark.parametrize(
    "text",
    [
        "term,translation\nhost,hébergeur\n",
        "term,translation,not_this,note\nhost,,,\n",
        "term,translation,not_this,note\nhost,hébergeur,,\nhost,hôte,,\n",
    ],
)
def test_a_table_that_is_not_whole_is_refused(terms: ModuleType, tmp_path: Path, text: str) -> None:
    path = tmp_path / "terms.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match=r"terms\.csv"):
        terms.read_terms(path)


def test_every_shipped_language_has_its_terms(terms: ModuleType) -> None:
    """And that its catalogue uses them says `make check` of each."""
    for catalogue in sorted((ROOT / "locale").glob("*/LC_MESSAGES/django.po")):
        folder = catalogue.parents[1]
        assert len(terms.read_terms(folder / "terms.csv")) >= LEAST_TERMS.get(folder.name, 40), folder.name
