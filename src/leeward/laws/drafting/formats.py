"""Every format of the bill by its name."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from importlib.util import find_spec
from typing import Any

from django.utils.translation import gettext as _

from leeward.foundation.errors import BadInput
from leeward.foundation.sandbox.paper import as_pdf
from leeward.laws.drafting.akn import as_akn
from leeward.laws.drafting.notes import Note, notes_of
from leeward.laws.drafting.text import as_html, as_markdown
from leeward.laws.errors import FormatNotInstalled
from leeward.laws.files.packaged import packaged
from leeward.laws.pages.standing import gaps_of
from leeward.laws.register import Register
from leeward.laws.rules.bill import Bill, compose
from leeward.laws.rules.bill_options import BillOptions, wanted_criteria

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
    """A composed bill with its notes."""

    bill: Bill
    notes: Mapping[str, Note]
    on: date


def model() -> Mapping[str, Any]:
    """The text of the model bill."""
    content: Mapping[str, Any] = packaged("bill.yaml")
    return content


def draft(laws: Register, code: str, options: BillOptions, on: date) -> Draft:
    """Compose the bill that closes a country's gaps: all clauses where nothing is known. Raises BadInput for a mere scale."""
    file = laws.file(code)
    if file["kind"] == "standard":
        raise BadInput(what=code, why=_("it is a scale and makes no law"))
    found = gaps_of(file)
    grooming_known = any(
        row["meeting"] == "yes" or row["sexual_communication"] == "yes" for row in file.get("solicitation", ())
    )
    criteria = wanted_criteria(found.missing, found.unknown, grooming_known=grooming_known)
    bill = compose(model(), options, country=code, country_name=file["name"], criteria=criteria)
    return Draft(bill, notes_of(bill, laws), on)


def is_installed(kind: str) -> bool:
    """Whether what a format needs is installed."""
    return kind not in _NEEDS or find_spec(_NEEDS[kind]) is not None


def render(made: Draft, kind: str) -> bytes:
    """Return the bill in one format; raises FormatNotInstalled where its library is missing."""
    if not is_installed(kind):
        raise FormatNotInstalled(kind=kind)
    match kind:
        case "akn":
            return as_akn(made.bill, made.notes, made.on)
        case "html":
            return as_html(made.bill, made.notes).encode()
        case "md":
            return as_markdown(made.bill, made.notes).encode()
        case "docx":
            from leeward.laws.drafting.word import as_docx

            return as_docx(made.bill, made.notes)
    return as_pdf(as_html(made.bill, made.notes))
