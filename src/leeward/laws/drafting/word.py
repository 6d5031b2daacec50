"""The bill as DOCX: headings by style, numbers by the word processor, cross-references as fields bound to bookmarks."""

import io
from collections.abc import Mapping
from typing import Any

from docx import Document
from docx.document import Document as Docx
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Pt
from docx.text.paragraph import Paragraph

from leeward.laws.drafting.notes import Note
from leeward.laws.drafting.text import DISCLAIMER
from leeward.laws.rules.bill import Bill, Blank, Clause, Reference

_PARTS, _CLAUSES = 90, 91  # numbers of our two lists
_LEVELS = {"section": 0, "subsection": 1, "paragraph": 2, "subparagraph": 3}
_FORMATS = (("decimal", "%1"), ("decimal", "(%2)"), ("lowerLetter", "(%3)"), ("lowerRoman", "(%4)"))


def as_docx(bill: Bill, notes: Mapping[str, Note]) -> bytes:
    """Return the bill as a DOCX file."""
    document = Document()
    document.core_properties.title = f"{bill.title} ({bill.country_name})"
    document.core_properties.author = ""
    _add_lists(document)
    document.add_paragraph(bill.country_name)
    document.add_heading(bill.title, level=0)
    document.add_paragraph(f"{bill.long_title}.")
    document.add_paragraph(DISCLAIMER, style="Intense Quote")
    writer = _Writer(document, bill, notes)
    for part in bill.parts:
        writer.clause(part)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _element(tag: str, **values: str) -> Any:
    element = OxmlElement(tag)
    for name, value in values.items():
        element.set(qn(f"w:{name}"), value)
    return element


def _add_lists(document: Docx) -> None:
    """Define the two lists: parts, and sections with what stands below them; sections count on through all parts."""
    numbering = document.part.numbering_part.element
    for number, formats in ((_PARTS, (("decimal", "Part %1"),)), (_CLAUSES, _FORMATS)):
        abstract = _element("w:abstractNum", abstractNumId=str(number))
        abstract.append(_element("w:multiLevelType", val="multilevel"))
        for at, (kind, text) in enumerate(formats):
            abstract.append(_level(at, kind, text, is_heading=number == _PARTS or at == 0))
        numbering.insert(0, abstract)
        entry = _element("w:num", numId=str(number))
        entry.append(_element("w:abstractNumId", val=str(number)))
        numbering.append(entry)


def _level(at: int, kind: str, text: str, *, is_heading: bool) -> Any:
    level = _element("w:lvl", ilvl=str(at))
    level.append(_element("w:start", val="1"))
    level.append(_element("w:numFmt", val=kind))
    level.append(_element("w:suff", val="space" if is_heading else "tab"))
    level.append(_element("w:lvlText", val=text))
    level.append(_element("w:lvlJc", val="left"))
    shape = _element("w:pPr")
    indent = "0" if is_heading else str(567 * (at + 1))
    shape.append(_element("w:ind", left=indent, hanging="0" if is_heading else "567"))
    level.append(shape)
    return level


class _Writer:
    def __init__(self, document: Docx, bill: Bill, notes: Mapping[str, Note]) -> None:
        self.document = document
        self.bill = bill
        self.notes = notes
        self.bookmarks = {clause.id: f"c_{at}" for at, clause in enumerate(bill.walk(), 1)}

    def clause(self, clause: Clause) -> None:
        """Write a clause and all below it."""
        if clause.level == "part":
            self._number(self.document.add_heading(clause.heading, level=1), _PARTS, 0, clause)
        elif clause.level == "section":
            self._number(self.document.add_heading(clause.heading, level=2), _CLAUSES, 0, clause)
            if clause.runs:
                self._runs(self.document.add_paragraph(), clause)
        else:
            paragraph = self.document.add_paragraph()
            self._number(paragraph, _CLAUSES, _LEVELS[clause.level], clause)
            self._runs(paragraph, clause)
        for child in clause.children:
            self.clause(child)
        if clause.id in self.notes:
            note = self.document.add_paragraph(style="Quote")
            run = note.add_run(" ".join(self.notes[clause.id].sentences))
            run.font.size = Pt(9)

    def _number(self, paragraph: Paragraph, list_number: int, level: int, clause: Clause) -> None:
        shape = paragraph._p.get_or_add_pPr()
        held = _element("w:numPr")
        held.append(_element("w:ilvl", val=str(level)))
        held.append(_element("w:numId", val=str(list_number)))
        shape.append(held)
        number = str(list(self.bookmarks).index(clause.id) + 1)
        start = _element("w:bookmarkStart", id=number, name=self.bookmarks[clause.id])
        shape.addnext(start)
        paragraph._p.append(_element("w:bookmarkEnd", id=number))

    def _runs(self, paragraph: Paragraph, clause: Clause) -> None:
        for run in clause.runs:
            if isinstance(run, Blank):
                paragraph.add_run(f"[{run.what}]").underline = True
            elif isinstance(run, Reference):
                self._reference(paragraph, run)
            else:
                paragraph.add_run(run.words)

    def _reference(self, paragraph: Paragraph, run: Reference) -> None:
        """The noun as text, the number as a field that the word processor renews."""
        noun, _space, number = run.words.partition(" ")
        paragraph.add_run(f"{noun} ")
        whole = "\\w" if noun.lower() == "section" or number.count("(") > 1 else "\\n"
        for kind, text in (
            ("begin", ""),
            ("instr", f" REF {self.bookmarks[run.to]} {whole} \\h "),
            ("separate", ""),
            ("text", number),
            ("end", ""),
        ):
            piece = paragraph.add_run(text if kind == "text" else "")
            if kind == "instr":
                instruction = OxmlElement("w:instrText")
                instruction.set(qn("xml:space"), "preserve")
                instruction.text = text
                piece._r.append(instruction)
            elif kind != "text":
                piece._r.append(_element("w:fldChar", fldCharType=kind))
