"""The bill as it stands on a page beside the choices: nested lists, marked choices, notes in the margin."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from leeward.laws.drafting.formats import Draft
from leeward.laws.drafting.notes import provisions_on
from leeward.laws.drafting.text import html_run
from leeward.laws.rules.bill import Clause

_MARGIN_OTHERS = 3  # how many other countries the margin names; the documents name all


@dataclass(frozen=True, slots=True)
class Beside:
    """A section and what the country has on its matter today: citation and sentence."""

    number: str
    heading: str
    provisions: tuple[tuple[str, str], ...]


def paper(made: Draft) -> SafeString:
    """Return the whole bill as HTML for the page."""
    return format_html_join("", "{}", ((_part(part, made),) for part in made.bill.parts))


def _part(part: Clause, made: Draft) -> SafeString:
    sections = format_html_join("", "{}", ((_section(section, made),) for section in part.children))
    return format_html('<h3 id="{}">{}. {}</h3>{}', part.eid, part.number, part.heading, sections)


def _section(section: Clause, made: Draft) -> SafeString:
    text = format_html("<p>{}</p>", _runs(section, made)) if section.runs else ""
    head = format_html('<h4 id="{}">{}. {}</h4>', section.eid, section.number, section.heading)
    return format_html("{}{}{}{}", head, text, _children(section, made), _note(section, made))


def _children(clause: Clause, made: Draft) -> SafeString | str:
    if not clause.children:
        return ""
    items = format_html_join(
        "",
        '<li id="{}">{} {}{}{}</li>',
        (
            (child.eid, child.number, _runs(child, made), _children(child, made), _note(child, made))
            for child in clause.children
        ),
    )
    return format_html("<ol>{}</ol>", items)


def _runs(clause: Clause, made: Draft) -> SafeString:
    return mark_safe("".join(html_run(run, made.bill) for run in clause.runs))  # noqa: S308  each piece is escaped


def _note(clause: Clause, made: Draft) -> SafeString | str:
    note = made.notes.get(clause.id)
    if note is None:
        return ""
    short = [sentence for sentence in note.sentences if not sentence.startswith("Elsewhere: ")]
    if note.others:
        names = ", ".join(name for name, _cited in note.others[:_MARGIN_OTHERS])
        more = f" and {len(note.others) - _MARGIN_OTHERS} more" if len(note.others) > _MARGIN_OTHERS else ""
        short.append(f"Also in the law of {names}{more}.")
    return format_html('<div class="margin">{}</div>', mark_safe(" ".join(escape(line) for line in short)))  # noqa: S308


def beside(made: Draft, file: Mapping[str, Any]) -> list[Beside]:
    """Return every section with the country's present provisions on its matter."""
    works = {work["id"]: work["short"] for work in file.get("works", ())}
    says = {f"{works[row['work']]} {row['at']}".strip(): row["says"] for row in file.get("provisions", ())}
    return [
        Beside(
            section.number,
            section.heading,
            tuple((citation, says[citation]) for citation in provisions_on(file, section.topic, open_too=True)),
        )
        for part in made.bill.parts
        for section in part.children
        if section.topic
    ]
