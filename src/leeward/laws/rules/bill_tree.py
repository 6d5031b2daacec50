"""Choose the clauses of a bill from the model and settle their structure before numbering. Pure."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from leeward.foundation.patterns import Pattern
from leeward.laws.rules.bill_clauses import Kind
from leeward.laws.rules.bill_options import BillOptions

type Node = dict[str, Any]
_FRAGMENT = Pattern(r"<<(!?)([a-z_]+)\|([^<>]*)>>")
_MERGED = ("traces", "closes")
_BY_NEED = ("material", "performance")  # these stand where what is kept needs them


def choose(
    model: Mapping[str, Any], options: BillOptions, kind: Kind, wanted: Collection[str]
) -> tuple[list[Node], list[Node], dict[str, bool]]:
    """Return the parts and schedules that stand, and every condition: first what the criteria need, then what that needs."""
    stands = options.conditions()
    whole = kind != "amending"
    is_act = kind == "act" or (whole and "c1" in wanted)
    stands |= {"whole": whole, "act": is_act, "hotline": _has_hotline(options, is_act=is_act)}
    kept = _kept_ids(model, stands, wanted)
    stands |= _of_structure(kept, stands, wanted, whole=whole)
    parts = [_part(part, kept, stands, wanted) for part in model["parts"] if _holds(part, stands)]
    parts = [part for part in parts if part["sections"]]
    schedules = [_node(row, stands, wanted) for row in model["schedules"] if is_act and _holds(row, stands)]
    _drop_unused(parts, schedules)
    return [part for part in parts if part["sections"]], schedules, stands


def _has_hotline(options: BillOptions, *, is_act: bool) -> bool:
    """Return whether the hotline's sections are included: in a new Act, and wherever removal or blocking need them."""
    return (options.hotline and is_act) or options.removal or options.blocking


def _kept_ids(model: Mapping[str, Any], stands: Mapping[str, bool], wanted: Collection[str]) -> set[str]:
    """The sections that close a wanted criterion or a choice, and those that go with them."""
    sections = [
        section
        for part in model["parts"]
        if _holds(part, stands)
        for section in part["sections"]
        if section.get("closes") and section["id"] not in _BY_NEED and _holds(section, stands)
    ]
    wide = {*wanted, "option"}
    kept = {section["id"] for section in sections if wide & set(section["closes"])}
    return kept | {section["id"] for section in sections if kept & set(section.get("with") or ())}


def _of_structure(
    kept: Collection[str], stands: Mapping[str, bool], wanted: Collection[str], *, whole: bool
) -> dict[str, bool]:
    """The conditions that follow from what else is in the bill."""
    offences = bool(
        {"access", "possession", "dissemination", "supply", "production", "performances", "profit"} & set(kept)
    )
    duty = "duty" in kept
    hotline = stands["hotline"]
    extended = stands["solicitation_extended"] and "meeting" in kept
    performed = "c2" in wanted or (whole and ("performances" in kept or extended))
    return {
        "duty": duty,
        "offences": offences,
        "defined": "c2" in wanted or (whole and (offences or duty or hotline or stands["host"] or extended)),
        "performed": performed,
        "defines": whole or "c2" in wanted,
        "solicitation": "meeting" in kept,
        "offence_of_access": "access" in kept,
        "offence_of_possession": "possession" in kept,
        "both": {"access", "possession"} <= set(kept),
        "seek": stands["proactive"] and hotline,
        "needs_regulations": duty or hotline,
        "reporting": duty,
    }


def _holds(node: Mapping[str, Any], stands: Mapping[str, bool]) -> bool:
    return all(stands[name] is wanted for name, wanted in (node.get("when") or {}).items())


def _part(part: Mapping[str, Any], kept: Collection[str], stands: Mapping[str, bool], wanted: Collection[str]) -> Node:
    sections = [
        _node(section, stands, wanted)
        for section in part["sections"]
        if _holds(section, stands) and (section["id"] in {*kept, *_BY_NEED} or not section.get("closes"))
    ]
    return {**part, "sections": [_alone(section) for section in sections]}


def _node(node: Mapping[str, Any], stands: Mapping[str, bool], wanted: Collection[str]) -> Node:
    """Return a node with its included children, and its text with the fragments whose condition holds. Of the criteria
    that it closes it keeps those that the bill addresses: an exception to an offence that is not there closes none.
    """
    children = [_node(child, stands, wanted) for child in node.get("children") or () if _holds(child, stands)]
    made: Node = {**node, "children": children}
    if "closes" in node:
        made["closes"] = [name for name in node["closes"] if name in wanted]
    for name in ("text", "heading"):
        made[name] = fragments(str(node.get(name) or ""), stands)
    return made


def fragments(text: str, stands: Mapping[str, bool]) -> str:
    """Return the text with only those conditional fragments whose condition holds."""
    return _FRAGMENT.sub(lambda found: found[3] if stands[found[2]] is (found[1] == "") else "", text)


def _alone(section: Node) -> Node:
    """Merge a section's only subsection into it; references to the subsection then mean the section."""
    while len(section["children"]) == 1 and not section.get("definitions"):
        (child,) = section["children"]
        lead = section["text"].removesuffix("—")
        merged = {name: [*(section.get(name) or ()), *(child.get(name) or ())] for name in _MERGED}
        text = f"{lead} {child['text']}{'.' if section.get('join') else ''}".strip()
        section = {
            **section,
            **merged,
            "text": text,
            "children": child["children"],
            "join": child.get("join"),
            "sentence": bool(child["children"]),
            "aliases": [*(section.get("aliases") or ()), child["id"]],
        }
        if child.get("differs") and not section.get("differs"):
            section["differs"] = child["differs"]
    return section


def walk(node: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Yield a node and everything below it."""
    yield node
    for child in node.get("children") or ():
        yield from walk(child)


def _drop_unused(parts: list[Node], schedules: list[Node]) -> None:
    """Remove definitions whose word is not used, and those used only by such definitions."""
    section = next((row for part in parts for row in part["sections"] if row.get("definitions")), None)
    if section is None:
        return
    texts = [
        str(node["text"]) for part in parts for row in part["sections"] if row is not section for node in walk(row)
    ] + [str(item) for row in schedules for item in row.get("items") or ()]
    section["children"] = used_definitions(section["children"], texts)
    if not section["children"]:
        for part in parts:
            part["sections"] = [row for row in part["sections"] if row is not section]


def used_definitions(rows: Iterable[Node], texts: Iterable[str]) -> list[Node]:
    """Return the definitions whose word is used in the text, or in another included definition."""
    rows, text = list(rows), " ".join(texts)
    while True:
        used = [row for row in rows if _is_used(row, text, rows)]
        if used == rows:
            return sorted(rows, key=lambda row: str(row["word"]).lower())
        rows = used


def _is_used(row: Node, text: str, rows: Iterable[Node]) -> bool:
    others = " ".join(str(other["text"]) for other in rows if other is not row)
    return _has_word(str(row["word"]), f"{text} {others}")


def _has_word(word: str, text: str) -> bool:
    """Return whether the word, singular or plural, occurs in the text outside the marks of references and blanks."""
    plain = _MARKED.sub("", text)
    return any(f" {form}{end}" in f" {plain} " for form in _forms(word) for end in " .,;—'’)")


_MARKED = Pattern(r"\{(?:ref|blank):[^}]*\}")


def _forms(word: str) -> tuple[str, ...]:
    plural = {"child": "children", "reporting entity": "reporting entities"}.get(word, f"{word}s")
    first = word[0].upper() + word[1:]
    return (word, plural, first, plural[0].upper() + plural[1:])
