"""The bill as Akoma Ntoso 3.0, valid against the strict schema; cross-references are bound to identifiers."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from lxml import etree

from leeward.laws.drafting.notes import Note
from leeward.laws.rules.bill import Bill, Blank, Clause, Reference, Run

NAMESPACE = "http://docs.oasis-open.org/legaldocml/ns/akn/3.0"
_AUTHOR = "leeward"


def as_akn(bill: Bill, notes: Mapping[str, Note], on: date) -> bytes:
    """Return the bill as an Akoma Ntoso document dated `on`."""
    names: Any = {None: NAMESPACE}
    root = etree.Element(_name("akomaNtoso"), nsmap=names)
    document = _child(root, "bill", name="bill")
    _meta(document, bill, notes, on)
    title = _child(_child(document, "preface"), "longTitle", eId="preface__longTitle_1")
    _child(title, "p", eId="preface__longTitle_1__p_1").text = bill.long_title
    body = _child(document, "body")
    for part in bill.parts:
        _clause(body, part, bill)
    etree.indent(root)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def _name(tag: str) -> str:
    return f"{{{NAMESPACE}}}{tag}"


def _child(parent: etree._Element, tag: str, **attributes: str) -> etree._Element:
    return etree.SubElement(parent, _name(tag), attributes)


def _meta(document: etree._Element, bill: Bill, notes: Mapping[str, Note], on: date) -> None:
    meta = _child(document, "meta")
    identification = _child(meta, "identification", source=f"#{_AUTHOR}")
    slug = "-".join("".join(letter if letter.isalnum() else " " for letter in bill.title.lower()).split()) or "bill"
    work = f"/akn/{bill.country.lower()}/bill/{on.isoformat()}/{slug}"
    for level, uri in (("Work", work), ("Expression", f"{work}/eng"), ("Manifestation", f"{work}/eng")):
        block = _child(identification, f"FRBR{level}")
        _child(block, "FRBRthis", value=f"{uri}/!main")
        _child(block, "FRBRuri", value=uri)
        if level == "Work":
            _child(block, "FRBRalias", value=bill.title, name="title")
        _child(block, "FRBRdate", date=on.isoformat(), name="Generation")
        _child(block, "FRBRauthor", href=f"#{_AUTHOR}")
        if level == "Work":
            _child(block, "FRBRcountry", value=bill.country.lower())
            _child(block, "FRBRnumber", value=slug)
        if level == "Expression":
            _child(block, "FRBRlanguage", language="eng")
    references = _child(meta, "references", source=f"#{_AUTHOR}")
    _child(references, "TLCOrganization", eId=_AUTHOR, href="/ontology/organization/leeward", showAs="Leeward")
    if notes:
        held = _child(meta, "notes", source=f"#{_AUTHOR}")
        for at, note in enumerate(notes.values(), 1):
            block = _child(held, "note", eId=f"meta__notes__note_{at}", placement="bottom")
            text = _child(block, "p", eId=f"meta__notes__note_{at}__p_1")
            link = _child(text, "ref", href=f"#{note.clause.eid}", eId=f"meta__notes__note_{at}__p_1__ref_1")
            link.text = f"{note.clause.number} {note.clause.heading}".strip()
            link.tail = f": {' '.join(note.sentences)}"


def _clause(parent: etree._Element, clause: Clause, bill: Bill) -> None:
    block = _child(parent, clause.level, eId=clause.eid)
    number = clause.number.removeprefix("Part ") if clause.level == "part" else clause.number
    _child(block, "num").text = f"{number}." if clause.level == "section" else number
    if clause.heading:
        _child(block, "heading").text = clause.heading
    if clause.runs:
        holder = _child(block, "intro" if clause.children else "content")
        eid = f"{clause.eid}__intro__p_1" if clause.children else f"{clause.eid}__p_1"
        _runs(_child(holder, "p", eId=eid), clause.runs, bill, eid)
    for child in clause.children:
        _clause(block, child, bill)


def _runs(text: etree._Element, runs: tuple[Run, ...], bill: Bill, eid: str) -> None:
    last: etree._Element | None = None
    count = 0
    for run in runs:
        if isinstance(run, Reference):
            count += 1
            last = _child(text, "ref", href=f"#{bill.clause(run.to).eid}", eId=f"{eid}__ref_{count}")
            last.text = run.words
        elif isinstance(run, Blank):
            count += 1
            last = _child(text, "placeholder", originalText=run.what, eId=f"{eid}__placeholder_{count}")
            last.text = f"[{run.what}]"
        elif last is None:
            text.text = (text.text or "") + run.words
        else:
            last.tail = (last.tail or "") + run.words
