"""The bill as DOCX: styled headings, automatic numbering, cross-references as fields bound to bookmarks.

A reference such as `section 3(1)(a)` is one field for each number in it. A single field with the "full context" switch
would be shorter, but LibreOffice counts levels that a section doesn't use and prints numbers that don't exist.
"""

import io
from typing import TYPE_CHECKING, Any

from docx import Document
from docx.document import Document as Docx
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt
from docx.text.paragraph import Paragraph

from leeward.laws.drafting.text import DISCLAIMER, ENACTING
from leeward.laws.rules.bill_clauses import Bill, Blank, Clause, Reference

if TYPE_CHECKING:
    from leeward.laws.drafting.formats import Draft

_PARTS, _CLAUSES, _SCHEDULES, _ITEMS = (
    90,
    91,
    92,
    93,
)  # numbers of our lists; each schedule's items have a list of their own
_LEVELS = {"section": 0, "subsection": 1, "paragraph": 2, "subparagraph": 3}
_FORMATS = (("decimal", "%1"), ("decimal", "(%2)"), ("lowerLetter", "(%3)"), ("lowerRoman", "(%4)"))


def as_docx(made: "Draft") -> bytes:
    """Return the bill as a DOCX file."""
    bill = made.bill
    document = Document()
    document.core_properties.title = f"{bill.title} ({bill.country_name})"
    document.core_properties.author = ""
    schedules = [clause for clause in bill.body if clause.level == "schedule"]
    _add_lists(document, bill, len(schedules))
    document.add_paragraph(bill.country_name)
    document.add_heading(bill.title, level=0)
    document.add_paragraph(DISCLAIMER, style="Intense Quote")
    document.add_paragraph(f"{bill.long_title}.")
    if bill.kind in ("act", "amending"):
        document.add_paragraph(ENACTING)
    writer = _Writer(document, made)
    for clause in bill.body:
        writer.clause(clause)
    _add_statement(document, made)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _element(tag: str, **values: str) -> Any:
    element = OxmlElement(tag)
    for name, value in values.items():
        element.set(qn(f"w:{name}"), value)
    return element


def _add_lists(document: Docx, bill: Bill, schedules: int) -> None:
    """Define the numbered lists: parts, sections with everything below them (numbered through all parts), schedules and
    their items.
    """
    numbering = document.part.numbering_part.element
    rows = [
        (_PARTS, (("decimal", f"{bill.style.part} %1"),)),
        (_CLAUSES, _FORMATS),
        (_SCHEDULES, (("decimal", "Schedule %1"),)),
        *((_ITEMS + at, (("decimal", "%1."),)) for at in range(schedules)),
    ]
    for number, formats in rows:
        abstract = _element("w:abstractNum", abstractNumId=str(number))
        abstract.append(_element("w:multiLevelType", val="multilevel"))
        for at, (kind, text) in enumerate(formats):
            is_heading = number in (_PARTS, _SCHEDULES) or (number == _CLAUSES and at == 0)
            abstract.append(_level(at, kind, text, is_heading=is_heading))
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
    def __init__(self, document: Docx, made: "Draft") -> None:
        self.document = document
        self.bill = made.bill
        self.notes = made.notes
        self.bookmarks = {clause.id: f"c_{at}" for at, clause in enumerate(self.bill.walk(), 1)}
        self.typed = {clause.id for clause in self.bill.walk() if clause.typed}
        self.schedules = 0

    def clause(self, clause: Clause, depth: int = 0) -> None:
        """Write a clause and everything below it."""
        match clause.level:
            case "part":
                self._number(self.document.add_heading(clause.heading, level=1), _PARTS, 0, clause)
            case "schedule":
                self.schedules += 1
                self._number(self.document.add_heading(clause.heading, level=1), _SCHEDULES, 0, clause)
            case "section":
                self._section(clause)
            case "item":
                paragraph = self.document.add_paragraph()
                self._number(paragraph, _ITEMS + self.schedules - 1, 0, clause)
                self._runs(paragraph, clause)
            case _:
                self._below(clause, depth)
        for child in (*clause.children, *clause.quoted):
            self.clause(child, depth + 1 if clause.level != "section" else 1)
        if clause.id in self.notes:
            note = self.document.add_paragraph(style="Quote")
            run = note.add_run(" ".join(self.notes[clause.id].sentences))
            run.font.size = Pt(9)

    def _section(self, clause: Clause) -> None:
        heading = self.document.add_heading("" if clause.typed else clause.heading, level=3 if clause.typed else 2)
        if clause.typed:
            self._typed_number(heading, clause)
            heading.add_run(f" {clause.heading}")
            heading.paragraph_format.left_indent = Cm(1)
        else:
            self._number(heading, _CLAUSES, 0, clause)
        if clause.runs:
            paragraph = self.document.add_paragraph()
            if clause.typed:
                paragraph.paragraph_format.left_indent = Cm(1)
            self._runs(paragraph, clause)

    def _below(self, clause: Clause, depth: int) -> None:
        paragraph = self.document.add_paragraph()
        if clause.level == "definition" or clause.typed:
            paragraph.paragraph_format.left_indent = Cm(1 + (depth if clause.typed else 0))
            if clause.typed and clause.number:
                self._typed_number(paragraph, clause)
                paragraph.add_run("\u00a0")
        else:
            self._number(paragraph, _CLAUSES, _LEVELS[clause.level], clause)
        self._runs(paragraph, clause)

    def _typed_number(self, paragraph: Paragraph, clause: Clause) -> None:
        """Write the number as text within a bookmark: provisions of another Act are not numbered by this document."""
        number = self.bookmarks[clause.id].removeprefix("c_")
        paragraph._p.append(_element("w:bookmarkStart", id=number, name=self.bookmarks[clause.id]))
        paragraph.add_run(clause.number)
        paragraph._p.append(_element("w:bookmarkEnd", id=number))

    def _number(self, paragraph: Paragraph, list_number: int, level: int, clause: Clause) -> None:
        shape = paragraph._p.get_or_add_pPr()
        held = _element("w:numPr")
        held.append(_element("w:ilvl", val=str(level)))
        held.append(_element("w:numId", val=str(list_number)))
        shape.append(held)
        number = self.bookmarks[clause.id].removeprefix("c_")
        start = _element("w:bookmarkStart", id=number, name=self.bookmarks[clause.id])
        shape.addnext(start)
        paragraph._p.append(_element("w:bookmarkEnd", id=number))

    def _runs(self, paragraph: Paragraph, clause: Clause) -> None:
        for run in clause.runs:
            if isinstance(run, Blank):
                paragraph.add_run(f"[{run.what}]").underline = True
            elif isinstance(run, Reference):
                if run.noun:
                    paragraph.add_run(f"{run.noun} ")
                for name, shown in run.pieces:
                    self._field(paragraph, name, shown)
            else:
                paragraph.add_run(run.text)

    def _field(self, paragraph: Paragraph, name: str, shown: str) -> None:
        """Write a number as a field that the word processor updates: the list's number, or a bookmarked text."""
        switch = "" if name in self.typed else " \\n"
        for kind, text in (
            ("begin", ""),
            ("instr", f" REF {self.bookmarks[name]}{switch} \\h "),
            ("separate", ""),
            ("text", shown),
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


def _add_statement(document: Docx, made: "Draft") -> None:
    """Add the explanatory paper on its own page, with the tables of comparable provisions."""
    document.add_paragraph().paragraph_format.page_break_before = True
    document.add_heading(made.statement.name, level=1)
    for heading, paragraphs in made.statement.blocks:
        document.add_heading(heading, level=4)
        for text in paragraphs:
            document.add_paragraph(text)
    for table in made.compared.values():
        document.add_heading(f"Comparable provisions: {table.name}", level=4)
        grid = document.add_table(rows=1, cols=3, style="Table Grid")
        for cell, text in zip(grid.rows[0].cells, ("State", "Provision", "What it says"), strict=True):
            cell.text = text
        for row in table.rows:
            for cell, text in zip(grid.add_row().cells, row, strict=True):
                cell.text = text
