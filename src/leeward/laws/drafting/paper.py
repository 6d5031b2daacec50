"""The bill as shown beside the drafting choices: nested lists, highlighted choices, notes in the margin."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from leeward.laws.drafting.formats import Draft
from leeward.laws.drafting.notes import present_on
from leeward.laws.drafting.text import html_runs
from leeward.laws.rules.bill_clauses import Clause


@dataclass(frozen=True, slots=True)
class Beside:
    """A section and the country's present provisions on its subject: citation and sentence."""

    number: str
    heading: str
    provisions: tuple[tuple[str, str], ...]


def paper(made: Draft) -> SafeString:
    """Return the whole bill as HTML for the page."""
    return format_html_join("", "{}", ((_unit(clause, made),) for clause in made.bill.body))


def _unit(clause: Clause, made: Draft) -> SafeString:
    if clause.level == "section":
        return _section(clause, made)
    if clause.level == "schedule":
        inside: SafeString | str = _children(clause, made)
    else:
        inside = format_html_join("", "{}", ((_section(section, made),) for section in clause.children))
    return format_html('<h3 id="{}">{}. {}</h3>{}', clause.eid, clause.number, clause.heading, inside)


def _section(section: Clause, made: Draft) -> SafeString:
    text = format_html("<p>{}</p>", _runs(section, made)) if section.runs else ""
    form = (
        '<h3 id="{}">{}. {}</h3>' if made.bill.kind == "amending" and not section.typed else '<h4 id="{}">{}. {}</h4>'
    )
    head = format_html(form, section.eid, section.number, section.heading)
    return format_html("{}{}{}{}{}", head, text, _children(section, made), _quoted(section, made), _note(section, made))


def _quoted(clause: Clause, made: Draft) -> SafeString | str:
    """Return what an amending clause inserts into the other Act."""
    if not clause.quoted:
        return ""
    if clause.quoted[0].level == "definition":
        return format_html("<blockquote>{}</blockquote>", _list(clause.quoted, made))
    inside = format_html_join("", "{}", ((_section(row, made),) for row in clause.quoted))
    return format_html("<blockquote>{}</blockquote>", inside)


def _children(clause: Clause, made: Draft) -> SafeString | str:
    return _list(clause.children, made) if clause.children else ""


def _list(clauses: tuple[Clause, ...], made: Draft) -> SafeString:
    items = format_html_join(
        "",
        '<li id="{}">{} {}{}{}</li>',
        (
            (child.eid, child.number, _runs(child, made), _children(child, made), _note(child, made))
            for child in clauses
        ),
    )
    return format_html("<ol>{}</ol>", items)


def _runs(clause: Clause, made: Draft) -> SafeString:
    return mark_safe(html_runs(clause.runs, made.bill))  # noqa: S308  each piece is escaped


def _note(clause: Clause, made: Draft) -> SafeString | str:
    note = made.notes.get(clause.id)
    if note is None:
        return ""
    return format_html('<div class="margin">{}</div>', mark_safe(" ".join(escape(line) for line in note.sentences)))  # noqa: S308 - each is escaped


def beside(made: Draft, file: Mapping[str, Any]) -> list[Beside]:
    """Return every section with the country's present provisions on its subject."""
    return [
        Beside(section.number, section.heading, present_on(file, section.topic, made.on))
        for section in made.bill.sections
        if section.topic
    ]
