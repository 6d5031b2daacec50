"""The formats of the bill, by name."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.util import find_spec
from typing import Any

from django.utils.translation import gettext as _

from leeward.foundation.errors import BadInput
from leeward.foundation.sandbox.paper import as_pdf
from leeward.laws.drafting.akn import as_akn
from leeward.laws.drafting.notes import Comparison, Note, comparisons_of, notes_of
from leeward.laws.drafting.statement import Statement, statement_of
from leeward.laws.drafting.text import as_html, as_markdown
from leeward.laws.errors import FormatNotInstalled, NothingToDraft
from leeward.laws.files.packaged import packaged
from leeward.laws.register import Register
from leeward.laws.rules.bill import Country, compose
from leeward.laws.rules.bill_clauses import Bill
from leeward.laws.rules.bill_need import Need, need_of
from leeward.laws.rules.bill_options import BillOptions
from leeward.laws.rules.bill_styles import Style, style_for, styles_of

TYPES = {
    "akn": "application/akn+xml",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
    "html": "text/html; charset=utf-8",
    "md": "text/markdown; charset=utf-8",
}
_NEEDS = {"docx": "docx", "pdf": "weasyprint"}


@dataclass(frozen=True, slots=True)
class Draft:
    """A composed bill with its notes, its explanatory paper and the tables of comparable provisions."""

    bill: Bill
    need: Need
    notes: Mapping[str, Note]
    statement: Statement
    compared: Mapping[str, Comparison]
    on: date


@cache
def model() -> Mapping[str, Any]:
    """Return the text of the model bill."""
    content: Mapping[str, Any] = packaged("bill.yaml")
    return content


@cache
def styles() -> dict[str, Style]:
    """Return the styles of the drafting offices."""
    return styles_of(packaged("bill_styles.yaml"))


def need_for(laws: Register, code: str, options: BillOptions, on: date) -> Need:
    """Return what a country's bill has to achieve. Raises BadInput for a jurisdiction that is only a scale."""
    file = laws.file(code)
    if file["kind"] == "standard":
        raise BadInput(what=code, why=_("it is a scale and makes no law"))
    is_civil = style_for(styles(), "", file["code"]).id == "civil"
    return need_of(file, on, clauses=options.clauses, civil=is_civil)


def draft(laws: Register, code: str, options: BillOptions, on: date) -> Draft:
    """Compose the bill that closes a country's gaps.

    Raises NothingToDraft if nothing is missing, BadInput for a jurisdiction that is only a scale.
    """
    need = need_for(laws, code, options, on)
    bill = _composed(laws, code, options, need)
    compared = comparisons_of(bill, laws, on)
    return Draft(
        bill=bill,
        need=need,
        notes=notes_of(bill, laws, on, compared, need.reported),
        statement=statement_of(bill, need, laws.file(code), on),
        compared=compared,
        on=on,
    )


def bill_of(laws: Register, code: str, options: BillOptions, on: date) -> Bill:
    """Compose the bill alone, without the accompanying papers. Raises NothingToDraft, BadInput."""
    return _composed(laws, code, options, need_for(laws, code, options, on))


def _composed(laws: Register, code: str, options: BillOptions, need: Need) -> Bill:
    file = laws.file(code)
    if need.kind is None:
        raise NothingToDraft(country=file["name"])
    style = style_for(styles(), options.style, file["code"])
    return compose(model(), options, need, style, Country(file["code"], file["name"]))


def is_installed(kind: str) -> bool:
    """Return whether the libraries for a format are installed."""
    return kind not in _NEEDS or find_spec(_NEEDS[kind]) is not None


def render(made: Draft, kind: str) -> bytes:
    """Return the bill in one format; raises FormatNotInstalled if its library is missing."""
    if not is_installed(kind):
        raise FormatNotInstalled(kind=kind)
    match kind:
        case "akn":
            return as_akn(made)
        case "html":
            return as_html(made).encode()
        case "md":
            return as_markdown(made).encode()
        case "docx":
            from leeward.laws.drafting.word import as_docx

            return as_docx(made)
    return as_pdf(as_html(made))
