"""Compose a bill: choose the clauses, number them, fill in the choices, and resolve cross-references by name. Pure."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from leeward.laws.rules.bill_clauses import Bill, Clause
from leeward.laws.rules.bill_need import Need, Principal
from leeward.laws.rules.bill_options import TERMS, BillOptions
from leeward.laws.rules.bill_places import Places, inserted_numbers, section_of, section_order
from leeward.laws.rules.bill_styles import Style
from leeward.laws.rules.bill_tree import Node, choose
from leeward.laws.rules.bill_words import Wording
from leeward.laws.rules.bill_writer import Writer


@dataclass(frozen=True, slots=True)
class Country:
    """The state for which a bill is drafted."""

    code: str
    name: str


def compose(model: Mapping[str, Any], options: BillOptions, need: Need, style: Style, country: Country) -> Bill:
    """Return the paper that answers a need; `need.kind` must not be None."""
    kind = need.kind
    if kind is None:
        raise ValueError("there is nothing to draft")
    parts, schedules, stands = choose(model, options, kind, need.wanted)
    principal = need.principal if kind == "amending" else None
    term = options.term or (principal and principal.defines) or TERMS[1 if principal else 0]
    names = {section["id"] for part in parts for section in part["sections"]}
    wording = Wording(options, style, kind, term, country.name, principal.title if principal else "", stands, names)
    places = Places(style)
    writer = Writer(wording, places)
    body = _amendment(parts, principal, need, writer) if principal else _whole(parts, schedules, writer)
    return Bill(
        kind=kind,
        country=country.code,
        country_name=country.name,
        title=wording.title,
        long_title=wording.long_title(need.wanted | {row.criterion for row in need.rewordings}),
        principal=wording.principal,
        options=options,
        style=style,
        body=body,
        named={clause.id: clause for unit in body for clause in unit.walk()},
        aliases=places.aliases,
    )


def _whole(parts: list[Node], schedules: list[Node], writer: Writer) -> tuple[Clause, ...]:
    """Return parts with sections numbered through all of them, then schedules."""
    places, unit = writer.places, writer.wording.style.part
    if not writer.wording.stands["act"]:
        parts = [{**part, "sections": [_with_penalty(row) for row in part["sections"]]} for part in parts]
    sections = [section for part in parts for section in part["sections"]]
    places.add_sections(sections, (str(at) for at in range(1, len(sections) + 1)))
    for at, part in enumerate(parts, 1):
        places.add_unit(part["id"], "part", f"{unit} {at}")
    for at, schedule in enumerate(schedules, 1):
        places.add_unit(schedule["id"], "schedule", f"Schedule {at}")
    offences = [section["id"] for section in sections if section.get("offence")]
    return (
        *(writer.part(part, at) for at, part in enumerate(parts, 1)),
        *(writer.schedule(schedule, at, offences) for at, schedule in enumerate(schedules, 1)),
    )


def _with_penalty(section: Node) -> Node:
    """Return the section of an offence with a subsection for its penalty, unless a schedule sets it."""
    if not section.get("offence"):
        return section
    inner = {name: section.get(name) for name in ("text", "join", "traces", "differs", "children")}
    first = (
        [{**inner, "id": f"{section['id']}-act"}]
        if not section["children"] or section.get("sentence")
        else section["children"]
    )
    penalty = {
        "id": f"{section['id']}-penalty",
        "text": "A person who commits an offence under this {option:section} is liable to {option:penalty}.",
        "children": [],
        "beyond": True,
    }
    return {**section, "text": "", "sentence": False, "join": None, "children": [*first, penalty]}


def _placed(parts: list[Node], principal: Principal) -> dict[str, list[Node]]:
    """Group the new sections by the section of the Act after which they are inserted."""
    groups: dict[str, list[Node]] = {}
    for part in parts:
        is_apart = part["id"] == "solicitation" and principal.grooming_in
        after = principal.grooming_in if is_apart else principal.insert_after
        new = [_with_penalty(row) for row in part["sections"] if not row.get("definitions")]
        if new:
            groups.setdefault(after, []).extend(new)
    return groups


def _amendment(parts: list[Node], principal: Principal, need: Need, writer: Writer) -> tuple[Clause, ...]:
    """Return one clause for each change of words and each insertion, in the order of the principal Act, and a saving.

    Whole sections say in their note of which places the register holds no words.
    """
    rows = [section for part in parts for section in part["sections"]]
    definitions = next((row for row in rows if row.get("definitions")), None)
    groups = _placed(parts, principal)
    places = writer.places
    for after, sections in groups.items():
        places.add_sections(sections, inserted_numbers(after, len(sections)))
    if definitions:
        places.add_sections([definitions], [principal.definition_in or "[ ]"])
    steps: list[tuple[str, Callable[[int], Clause]]] = []
    is_defined, is_replaced = "material" in writer.wording.names, principal.defines == writer.wording.term
    if is_defined and is_replaced:
        steps.append((principal.definition_in, partial(writer.replaced_definition, principal)))
    added = list(definitions["children"]) if definitions else []
    if is_defined and not is_replaced:
        added = sorted([*added, writer.defined_term()], key=lambda row: str(row["word"]).lower())
    if added:
        steps.append((principal.definition_in, partial(writer.added_definitions, added, principal)))
    steps += [(after, partial(writer.inserted, sections, after, need.unworded)) for after, sections in groups.items()]
    steps += [(section_of(row.at), partial(writer.reworded, row)) for row in need.rewordings]
    clauses = [writer.amending_title(), writer.principal_clause()]
    for _number, write in sorted(steps, key=lambda step: section_order(step[0])):
        clauses.append(write(len(clauses) + 1))
    return (*clauses, writer.saving(len(clauses) + 1))
