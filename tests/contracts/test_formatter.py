"""The formatter of the templates breaks lines where no browser shows it, and nowhere else."""

import re

import pytest
from django.template import Context, Engine

from tools.templates.__main__ import WIDTH, format_source

LONG = "a word and another one, " * 3
ENGINE = Engine(libraries={"i18n": "django.templatetags.i18n"})

KEPT = {
    "glued branches of one sentence": "<p>{{ a }}{% if b %}, {{ b }}{% endif %}{% if c %}: {{ c }}{% endif %}.</p>",
    "a link in brackets": "<p>(<a href='/x'>x</a>)</p>",
    "a space inside a link": "<p>see<a href='/x'> x </a>now</p>",
    "a list with commas": "<p>{% for one in many %}{{ one }}{% if not forloop.last %}, {% endif %}{% endfor %}</p>",
}


def _shown(source: str, **values: object) -> str:
    """What is rendered, with white space beside the edges of blocks taken away and every other run of it made one space."""
    html = ENGINE.from_string(source).render(Context({"many": ["x", "y"], **values}))
    html = re.sub(r"\s+", " ", html)
    return re.sub(
        r"\s*(</?(?:p|div|ul|li|table|thead|tbody|tr|td|th|h1|h2|section|form|dl|dt|dd|br)\b[^>]*>)\s*", r"\1", html
    ).strip()


@pytest.mark.parametrize("name", KEPT)
@pytest.mark.parametrize("values", [{}, {"a": 1}, {"a": 1, "b": 2}, {"a": 1, "b": 2, "c": 3}, {"many": []}])
@pytest.mark.parametrize("depth", [0, 30], ids=["shallow", "deep"])
def test_no_visible_space_comes_or_goes(name: str, values: dict[str, object], depth: int) -> None:
    source = "<div>" * depth + KEPT[name] + "</div>" * depth
    formatted = format_source(source)
    assert _shown(formatted, **values) == _shown(source, **values)
    assert format_source(formatted) == formatted


def test_a_break_before_a_word_never_follows_an_opened_link() -> None:
    formatted = format_source(f"<p>{LONG}{LONG}(<a href='/x'>{LONG.strip()}</a>)</p>")
    assert re.search(r"\s</a>|<a href='/x'>\s|\(\s|</a>\s", formatted) is None


def test_one_element_a_line() -> None:
    cells = "".join(f"<td>{number}</td>" for number in range(3))
    formatted = format_source(f"<table><tbody>{{% for row in many %}}<tr>{cells}</tr>{{% endfor %}}</tbody></table>")
    assert [line.strip() for line in formatted.strip().split("\n")] == [
        *("<table>", "<tbody>", "{% for row in many %}", "<tr>", "<td>0</td>", "<td>1</td>", "<td>2</td>", "</tr>"),
        *("{% endfor %}", "</tbody>", "</table>"),
    ]


def test_a_long_message_is_broken_and_keeps_its_id() -> None:
    message = (LONG * 3).strip()
    formatted = format_source(f'{{% load i18n %}}<div><p>{{% translate "{message}" %}}</p></div>')
    assert max(map(len, formatted.split("\n"))) <= WIDTH
    assert "{% blocktranslate trimmed %}" in formatted
    assert re.sub(r"<[^>]*>", "", _shown(formatted)) == message


@pytest.mark.parametrize(
    "raw",
    [
        "{% blocktranslate %}one\n two{% endblocktranslate %}",
        "<pre>\n  a\n    b </pre>",
        "<textarea name='x'>\n {{ a }}\n</textarea>",
        '<div class="message"> as it\n came </div>',
    ],
)
def test_text_with_line_breaks_of_its_own_is_left_alone(raw: str) -> None:
    assert raw in format_source("{% load i18n %}<div><div>" + raw + "</div></div>")


def test_attributes_are_broken_outside_quotes_only() -> None:
    title = LONG.strip().replace(",", "")
    source = f'<div><a href="/x" title="{title}" data-first{{% if a %}} class="b"{{% endif %}} lang="en">x</a></div>'
    formatted = format_source(source)
    assert f'title="{title}"' in formatted
    assert max(map(len, formatted.split("\n"))) <= WIDTH
    tidy = [re.sub(r"\s+", " ", re.sub(r"\s+(?=<|$)|(?<=>)\s+", "", one)) for one in (source, formatted)]
    assert tidy[0] == tidy[1].replace("data-first {%", "data-first{%")


def test_an_empty_cell_stays_empty() -> None:
    cell = f"<td>{{% if a %}}<b>{LONG}</b><i>{LONG}</i>{{% endif %}}</td>"
    formatted = format_source(f'<table class="stack"><tbody><tr>{cell}</tr></tbody></table>')
    assert "<td></td>" in ENGINE.from_string(formatted).render(Context({}))
