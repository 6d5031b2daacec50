"""Indentation is for the source: pages don't carry it, and show the same without it."""

import pytest

from leeward.web.templating.loaders import without_indentation


@pytest.mark.parametrize(
    ("source", "lean"),
    [
        ("{% load i18n %}\n{% load leeward %}\n<!DOCTYPE html>\n", "{% load i18n %}{% load leeward %}<!DOCTYPE html> "),
        ("<ul>\n  <li>a</li>\n  <li>b</li>\n</ul>\n", "<ul><li>a</li><li>b</li></ul>"),
        ("<p>\n  a\n  <b>b</b>\n</p>", "<p>a <b>b</b></p>"),
        ("<p>a <a href='/x'\n     lang='en'>b</a>\n   c</p>", "<p>a <a href='/x' lang='en'>b</a> c</p>"),
        ("{% if a %}\n  b\n{% endif %}\n  <b>c</b>", "{% if a %} b {% endif %} <b>c</b>"),
        ("<td>\n  {% if a %}b{% endif %}\n</td>", "<td>{% if a %}b{% endif %}</td>"),
    ],
)
def test_indentation_goes_and_spaces_between_words_stay(source: str, lean: str) -> None:
    assert without_indentation(source) == lean


@pytest.mark.parametrize(
    "kept",
    ["<pre>\n  a\n\n  b</pre>", "<textarea>\n  {{ a }}\n</textarea>", '<div class="message mono">a\n\n  b\n</div>'],
)
def test_what_people_wrote_keeps_every_space(kept: str) -> None:
    assert kept in without_indentation(f"<div>\n  {kept}\n  </div>")
