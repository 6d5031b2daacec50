"""Every template compiles, is formatted, and no table is wider than a phone."""

import re
from pathlib import Path

from django.template import loader

from tools.templates.__main__ import format_source, too_wide

ROOT = Path(__file__).resolve().parents[2] / "src" / "leeward"
TEMPLATES = sorted(
    (path, path.relative_to(ROOT).as_posix().split("templates/", 1)[1])
    for path in ROOT.rglob("templates/**/*")
    if path.is_file()
)


def test_every_template_compiles() -> None:
    for _, name in TEMPLATES:
        loader.get_template(name)  # what it raises names the template


def test_a_table_of_three_columns_or_more_is_made_for_phones() -> None:
    wide = []
    for path, name in TEMPLATES:
        for opening, head in re.findall(r"(<table[^>]*>)(.*?)</thead>", path.read_text(encoding="utf-8"), re.DOTALL):
            columns = head.count('scope="col"') + head.count("{% for ")
            if columns > 2 and not re.search('class="(stack|brief)', opening):
                wide.append(f"{name}: {head}")
    assert wide == []


def test_every_message_is_trimmed() -> None:
    """Else the indentation of its template would be part of what translators get, and of what the page looks up."""
    bare = [
        (name, tag)
        for path, name in TEMPLATES
        if path.suffix == ".html"
        for tag in re.findall(r"{% blocktranslate[^%]*%}", path.read_text(encoding="utf-8"))
        if "trimmed" not in tag.split()
    ]
    assert bare == []


def test_every_template_is_formatted_and_at_most_120_columns_wide() -> None:
    pages = [(name, path.read_text(encoding="utf-8")) for path, name in TEMPLATES if path.suffix == ".html"]
    assert len(pages) > 250
    assert [name for name, source in pages if format_source(source) != source] == [], "make format"
    assert [(name, too_wide(source)) for name, source in pages if too_wide(source)] == []


def test_no_template_decides_what_a_person_may_do() -> None:
    """Views and page objects say it (`may_…`, `offers_…`); a template that compares acts or roles would be a second place for it."""
    decides = re.compile(
        r"{%[^%]*(?:[\"']\w+\.\w+[\"'] (?:not )?in acts|has_perm|\bperms\.|user\.is_(?!authenticated)|\.roles?\b)[^%]*%}"
    )
    found = [
        (name, tag[0])
        for path, name in TEMPLATES
        for tag in decides.finditer(path.read_text(encoding="utf-8"))
        if tag[0].startswith(("{% if", "{% elif"))
    ]
    assert found == []
