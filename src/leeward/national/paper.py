"""A self-assessment on paper: one content for DOCX and tagged PDF, and its rows as CSV; the same data give the same bytes."""

import csv
import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from importlib.util import find_spec
from typing import Any

from django.template.loader import render_to_string
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from leeward.casework.queue.rules.cells import cell
from leeward.foundation.sandbox.paper import as_pdf
from leeward.national.labels import SOURCES, measured_words
from leeward.national.pictures import pictures_of
from leeward.national.queries import OfYear, Whole
from leeward.national.rules.standing import Standing, plan_of
from leeward.people.queries import country_names

TYPES = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
    "csv": "text/csv; charset=utf-8",
}
COLUMNS = (
    *("country", "year", "framework", "version", "area", "question", "text", "phase", "answered", "measured"),
    *("measured_on", "measured_from", "evidence", "reason", "responsible", "target", "by", "at"),
)
_NEEDS = {"docx": "docx", "pdf": "weasyprint"}
_EPOCH = (2026, 1, 1, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Table:
    """A table with its heading."""

    title: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Paper:
    """What stands on paper, whichever format it has."""

    title: str
    language: str
    at: datetime
    lines: tuple[str, ...]
    tables: tuple[Table, ...]


def is_installed(kind: str) -> bool:
    """Return whether the library for a format is installed."""
    return kind not in _NEEDS or find_spec(_NEEDS[kind]) is not None


def made(whole: Whole, years: Sequence[OfYear], kind: str) -> bytes:
    """Return a self-assessment in one format, in the active language. Raises PaperNotMade."""
    if kind == "csv":
        return as_csv(whole).encode()
    paper = paper_of(whole, years)
    if kind == "docx":
        return as_docx(paper)
    values = {"paper": paper, **pictures_of(whole, years)}
    return as_pdf(render_to_string("national/paper.html", values))


def paper_of(whole: Whole, years: Sequence[OfYear]) -> Paper:
    """Return what the ministry reads: where each area stands, every question, and the plan."""
    row = whole.row
    country = country_names().get(row.country, row.country)
    title = _("%(country)s: self-assessment of the national response %(year)s") % {"country": country, "year": row.year}
    if row.closed_at:
        state = _("Closed on %(day)s by %(name)s.") % {"day": date_format(row.closed_at), "name": row.closed_by}
    else:
        state = _("A draft: nobody has closed it yet.")
    lines = (
        state,
        _("By this framework: %(title)s (%(version)s). %(source)s.")
        % {"title": row.title, "version": row.version, "source": whole.framework.source},
        _("Phases: %(names)s.")
        % {"names": ", ".join(f"{at} {one.name}" for at, one in enumerate(whole.framework.phases, 1))},
    )
    return Paper(
        title,
        get_language() or "en",
        row.closed_at or row.begun_at,
        lines,
        (_areas(whole, years), *_questions(whole), _plan(whole)),
    )


def _areas(whole: Whole, years: Sequence[OfYear]) -> Table:
    heads = (_("No."), _("Area"), _("Known"), *(str(one.row.year) for one in years))
    rows = tuple(
        (
            str(at),
            area.area.title,
            f"{area.known}/{area.of}",
            *(_mean(one.means.get(area.area.id)) for one in years),
        )
        for at, area in enumerate(whole.areas, 1)
    )
    return Table(_("Mean phase of each area"), heads, rows)


def _questions(whole: Whole) -> tuple[Table, ...]:
    heads = (_("Question"), _("Phase"), _("Measured"), _("Evidence"))
    return tuple(
        Table(
            f"{at}. {area.area.title}",
            heads,
            tuple(_question(whole, one) for one in whole.standings if one.area.id == area.area.id),
        )
        for at, area in enumerate(whole.areas, 1)
    )


def _question(whole: Whole, one: Standing) -> tuple[str, ...]:
    measured, answer = "–", one.answer.details if one.answer else None
    if one.measured:
        words = measured_words(one.question.measure, one.measured)
        measured = f"{one.measured.phase}: {words} ({SOURCES[one.question.measure][0]}, {date_format(one.measured.on)})"
    evidence = [text for text in ((answer.evidence, answer.reason) if answer else ()) if text]
    return (one.question.question, _phase(whole, one.phase), measured, " · ".join(evidence) or "–")


def _plan(whole: Whole) -> Table:
    heads = (_("By when"), _("Question"), _("Phase"), _("Who acts next"))
    rows = tuple(
        (
            date_format(one.target_on) if one.target_on else "–",
            one.question.question,
            _phase(whole, one.phase),
            one.responsible or "–",
        )
        for one in plan_of(whole.standings)
    )
    return Table(_("Action plan"), heads, rows)


def _phase(whole: Whole, phase: int | None) -> str:
    if phase is None:
        return "–"
    return f"{phase} {whole.framework.phases[phase - 1].name}" if phase else _("Not known")


def _mean(mean: float | None) -> str:
    return "–" if mean is None else f"{mean:.1f}"


def as_csv(whole: Whole) -> str:
    """Return every question as a row under fixed names; no cell is a formula."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows([cell(value) for value in _cells(whole, one)] for one in whole.standings)
    return out.getvalue()


def _cells(whole: Whole, one: Standing) -> tuple[object, ...]:
    row, answer, measured = whole.row, one.answer, one.measured
    details = answer.details if answer else None
    return (
        *(row.country, row.year, row.name, row.version, one.area.id, one.question.id, one.question.question),
        *(one.phase, one.answered_phase, measured.phase if measured else None),
        measured.on.isoformat() if measured else None,
        one.question.measure if measured else None,
        *((details.evidence, details.reason, details.responsible, details.target_on) if details else (None,) * 4),
        *((answer.by, answer.at.isoformat(timespec="seconds")) if answer else (None, None)),
    )


def as_docx(paper: Paper) -> bytes:
    """Return a DOCX with headings and tables whose first row repeats on each page."""
    from docx import Document
    from docx.oxml import OxmlElement

    document: Any = Document()
    about, at = document.core_properties, paper.at.replace(tzinfo=None)
    about.title, about.author, about.comments, about.language = paper.title, "", "", paper.language
    about.created = about.modified = at
    document.add_heading(paper.title, level=0)
    for line in paper.lines:
        document.add_paragraph(_writable(line))
    for table in paper.tables:
        document.add_heading(table.title, level=1)
        if not table.rows:
            document.add_paragraph("–")
            continue
        grid = document.add_table(rows=1, cols=len(table.heads), style="Table Grid")
        grid.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
        for place, row in enumerate((table.heads, *table.rows)):
            cells = grid.rows[0].cells if not place else grid.add_row().cells
            for one, text in zip(cells, row, strict=True):
                one.text = _writable(text)
    out = io.BytesIO()
    document.save(out)
    return _timeless(out.getvalue())


def _writable(text: str) -> str:
    """Return a text without the signs that XML can't contain; pasted from elsewhere, it can have some."""
    return "".join(one if one in "\t\n\r" or " " <= one < "\ufffe" or one > "\uffff" else " " for one in text)


def _timeless(content: bytes) -> bytes:
    """Return a ZIP with the same files and no time of its making in it."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as found, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as pack:
        for name in found.namelist():
            pack.writestr(zipfile.ZipInfo(name, _EPOCH), found.read(name), zipfile.ZIP_DEFLATED)
    return out.getvalue()
