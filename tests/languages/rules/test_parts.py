"""What a translation must keep of its source, and which texts the public reads."""

import pytest

from leeward.languages.rules.parts import brings_in, parts, strong_letters, wrong_with
from leeward.languages.rules.readers import NOT_PUBLIC, PUBLIC, is_public, is_public_place


def test_the_parts_of_a_text_are_its_placeholders_and_its_tags() -> None:
    assert parts("Hello") == []
    text = 'See %(name)s and {when} and %d, 5 %%: <a href="/x">here</a > or <b>there</b>.'
    assert parts(text) == [
        "%%", "%(name)s", "%d", "{when}", "</a>", "</b>", '<a href="/x">', "<b>",
    ]  # fmt: skip
    assert parts("{a} {b}") == parts("{b} {a}"), "in any order"
    assert parts("</a b c>") == ["</a>"]


def test_strong_letters_are_counted_outside_of_tags() -> None:
    assert strong_letters('a < b <i class="x">"c"</i> >') == {"<": 1, ">": 1, '"': 2}


@pytest.mark.parametrize(
    ("source", "translation", "brings"),
    [
        ("Hello", "Bonjour", False),
        ("Hello", 'Bonjour "', True),
        ('Say "hello"', 'Dites "bonjour"', False),
        ('Say "hello"', 'Dites "bonjour" "', True),
        ('Say "hello"', "Dites bonjour", False),
        ("a > b", "a < b", True),
    ],
)
def test_a_translation_brings_in_no_letter_that_could_open_a_tag(source: str, translation: str, brings: bool) -> None:
    assert brings_in(source, translation) is brings


@pytest.mark.parametrize(
    ("source", "plural", "forms", "wrong"),
    [
        ("Hello", "", [], "missing"),
        ("Hello", "", [""], "missing"),
        ("Hello", "", ["Bonjour"], ""),
        ("Hello", "", ['Bon"jour'], "format"),
        ("%(n)s cases", "", ["%(n)s dossiers"], ""),
        ("%(n)s cases", "", ["dossiers"], "format"),
        ("One case", "%(n)s cases", ["Un dossier", "%(n)s dossiers"], ""),
        ("One case", "%(n)s cases", ["%(n)s dossier", "%(n)s dossiers"], ""),
        ("One case", "%(n)s cases", ["Un dossier", ""], "missing"),
        ("One case", "%(n)s cases", ["Un dossier", "dossiers"], "format"),
        ("One case", "%(n)s cases", ["Un dossier %(m)s", "%(n)s dossiers"], "format"),
        ("One case", "%(n)s cases", ["%(n)s件"], ""),
        ("One case", "%(n)s cases", ["件"], "format"),
        ("One", "%(n)s > 1", ["Un", "%(n)s > 1"], ""),
        ("One", "%(n)s", ["Un", "%(n)s", "<b>%(n)s</b>"], "format"),
        ("One", "%(n)s", ["Un", '%(n)s"'], "format"),
    ],
)
def test_what_is_wrong_with_a_translation(source: str, plural: str, forms: list[str], wrong: str) -> None:
    assert wrong_with(source, plural, forms) == wrong


def test_what_the_public_reads_is_told_by_the_place() -> None:
    for place in PUBLIC:
        assert is_public_place(f"src/leeward/{place}x.html")
        assert is_public_place(f"{place}x.html"), "as it is named inside the sources"
    assert not is_public_place("src/leeward/casework/templates/casework/assessment/case.html")
    for word in NOT_PUBLIC[:1]:
        assert not is_public_place(f"src/leeward/web/templates/web/base_{word}.html")
    assert is_public_place("src/leeward/web/desk/page.html"), "only the file's own name counts"
    assert is_public(["src/leeward/casework/labels.py", "src/leeward/web_security/keys.py"])
    assert not is_public(["src/leeward/casework/labels.py"])
    assert not is_public([])
