"""The bill as Akoma Ntoso 3.0, valid against the strict schema; cross-references use identifiers."""

from typing import TYPE_CHECKING

from leeward.foundation.markup import Element, written
from leeward.laws.rules.bill_clauses import Bill, Blank, Clause, Reference, Run

if TYPE_CHECKING:
    from leeward.laws.drafting.formats import Draft

NAMESPACE = "http://docs.oasis-open.org/legaldocml/ns/akn/3.0"
_AUTHOR = "leeward"
_NAMES = {"act": "bill", "amending": "amendingBill", "model": "modelProvisions", "instructions": "draftingInstructions"}


def as_akn(made: "Draft") -> bytes:
    """Return the bill as an Akoma Ntoso document dated the day it was made."""
    root = Element("akomaNtoso", {"xmlns": NAMESPACE})
    bill = made.bill
    document = root.child("bill", name=_NAMES[bill.kind])
    _meta(document, made)
    title = document.child("preface").child("longTitle", eId="preface__longTitle_1")
    title.child("p", eId="preface__longTitle_1__p_1").text = bill.long_title
    if bill.kind in ("act", "amending"):
        formula = document.child("preamble").child("formula", name="enacting", eId="preamble__formula_1")
        text = formula.child("p", eId="preamble__formula_1__p_1")
        blank = text.child("placeholder", originalText="enacting words", eId="preamble__formula_1__p_1__placeholder_1")
        blank.text = "[enacting words]"
    body = document.child("body")
    for clause in bill.body:
        _clause(body, clause, bill)
    _conclusions(document, made)
    return written(root)


def _meta(document: Element, made: "Draft") -> None:
    bill, on = made.bill, made.on
    meta = document.child("meta")
    identification = meta.child("identification", source=f"#{_AUTHOR}")
    slug = "-".join("".join(letter if letter.isalnum() else " " for letter in bill.title.lower()).split()) or "bill"
    work = f"/akn/{bill.country.lower()}/bill/{on.isoformat()}/{slug}"
    for level, uri in (("Work", work), ("Expression", f"{work}/eng"), ("Manifestation", f"{work}/eng")):
        block = identification.child(f"FRBR{level}")
        block.child("FRBRthis", value=f"{uri}/!main")
        block.child("FRBRuri", value=uri)
        if level == "Work":
            block.child("FRBRalias", value=bill.title, name="title")
        block.child("FRBRdate", date=on.isoformat(), name="Generation")
        block.child("FRBRauthor", href=f"#{_AUTHOR}")
        if level == "Work":
            block.child("FRBRcountry", value=bill.country.lower())
            block.child("FRBRnumber", value=slug)
        if level == "Expression":
            block.child("FRBRlanguage", language="eng")
    references = meta.child("references", source=f"#{_AUTHOR}")
    references.child("TLCOrganization", eId=_AUTHOR, href="/ontology/organization/leeward", showAs="Leeward")
    if made.notes:
        held = meta.child("notes", source=f"#{_AUTHOR}")
        for at, note in enumerate(made.notes.values(), 1):
            block = held.child("note", eId=f"meta__notes__note_{at}", placement="bottom")
            text = block.child("p", eId=f"meta__notes__note_{at}__p_1")
            link = text.child("ref", href=f"#{note.clause.eid}", eId=f"meta__notes__note_{at}__p_1__ref_1")
            link.text = f"{note.clause.number} {note.clause.heading}".strip() or "definition"
            link.tail = f": {' '.join(note.sentences)}"


def _clause(parent: Element, clause: Clause, bill: Bill) -> None:
    """Add a clause with its number, heading, text and children; schedules, definitions and items have their own
    elements.
    """
    tag, attributes = _element_of(clause, bill)
    block = parent.child(tag, eId=clause.eid, **attributes)
    number = _number(clause, bill)
    if number:
        block.child("num").text = number
    if clause.heading:
        block.child("heading").text = clause.heading
    if clause.runs:
        holder = block.child("intro" if clause.children else "content")
        eid = f"{clause.eid}__intro__p_1" if clause.children else f"{clause.eid}__p_1"
        text = holder.child("p", eId=eid)
        if clause.quoted:
            text = text.child("mod", eId=f"{clause.eid}__mod_1")
        _runs(text, clause.runs, bill, eid)
        if clause.quoted:
            _quoted(text, clause, bill)
    for child in clause.children:
        _clause(block, child, bill)


def _quoted(text: Element, clause: Clause, bill: Bill) -> None:
    structure = text.child("quotedStructure", eId=f"{clause.eid}__mod_1__qstr_1", startQuote="“", endQuote="”")
    for row in clause.quoted:
        _clause(structure, row, bill)


def _element_of(clause: Clause, bill: Bill) -> tuple[str, dict[str, str]]:
    match clause.level:
        case "part":
            return bill.style.part.lower(), {}
        case "section":
            return bill.style.section, {}
        case "schedule" | "definition":
            return "hcontainer", {"name": clause.level}
        case "item":
            return "paragraph", {}
    return clause.level, {}


def _number(clause: Clause, bill: Bill) -> str:
    match clause.level:
        case "part":
            return clause.number.removeprefix(f"{bill.style.part} ")
        case "section":
            return f"{clause.number}."
    return clause.number


def _runs(text: Element, runs: tuple[Run, ...], bill: Bill, eid: str) -> None:
    last: Element | None = None
    count = 0
    for run in runs:
        if isinstance(run, Reference):
            count += 1
            last = text.child("ref", href=f"#{bill.clause(run.to).eid}", eId=f"{eid}__ref_{count}")
            last.text = run.text
        elif isinstance(run, Blank):
            count += 1
            last = text.child("placeholder", originalText=run.what, eId=f"{eid}__placeholder_{count}")
            last.text = f"[{run.what}]"
        elif last is None:
            text.text += run.text
        else:
            last.tail += run.text


def _conclusions(document: Element, made: "Draft") -> None:
    """Add the explanatory paper and the tables of comparable provisions."""
    block = document.child("conclusions").child("container", name="statement", eId="conclusions__container_1")
    prefix, at = "conclusions__container_1", 0
    for heading, paragraphs in ((made.statement.name, ()), *made.statement.blocks):
        for text in (heading, *paragraphs):
            at += 1
            block.child("p", eId=f"{prefix}__p_{at}").text = text
    for number, table in enumerate(made.compared.values(), 1):
        eid = f"{prefix}__table_{number}"
        grid = block.child("table", eId=eid)
        grid.child("caption", eId=f"{eid}__caption_1").text = table.name
        for row_at, row in enumerate((("State", "Provision", "What it says"), *table.rows), 1):
            line = grid.child("tr", eId=f"{eid}__tr_{row_at}")
            for cell_at, text in enumerate(row, 1):
                tag = "th" if row_at == 1 else "td"
                cell = line.child(tag, eId=f"{eid}__tr_{row_at}__{tag}_{cell_at}")
                cell.child("p", eId=f"{eid}__tr_{row_at}__{tag}_{cell_at}__p_1").text = text
