"""The page that drafts a country's bill, step by step with the text beside it, and the bill as a file."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.forms import BoundField
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from leeward.laws.drafting.formats import TYPES, draft, is_installed
from leeward.laws.drafting.formats import render as render_bill
from leeward.laws.drafting.paper import beside, paper
from leeward.laws.errors import UnknownJurisdiction
from leeward.laws.forms import BillChoices
from leeward.laws.pages.standing import gaps_of
from leeward.laws.queries import register
from leeward.laws.register import Register
from leeward.laws.rules.bill_options import BadOptions, BillOptions


@dataclass(frozen=True, slots=True)
class Step:
    """One step: its name and the choices that it asks for."""

    name: Promise
    fields: tuple[str, ...]


STEPS = (
    Step(_("Gaps"), ("only_gaps", "lawful_work")),
    Step(_("Definition"), ("term", "simulated_images")),
    Step(_("Offences"), ("knowingly_possess",)),
    Step(_("Duty to report"), ("reporting", "speed", "reporting_entity", "privilege", "preservation_days")),
    Step(_("Solicitation"), ("solicitation", "age_of_consent")),
    Step(_("Take home"), ("title",)),
)


def _file(laws: Register, code: str) -> Mapping[str, Any]:
    try:
        file = laws.file(code.upper())
    except UnknownJurisdiction:
        raise Http404 from None
    if file["kind"] == "standard":
        raise Http404
    return file


@require_safe
def drafting(request: HttpRequest, code: str) -> HttpResponse:
    """One step of the drafting; every choice stands in the address, so that nothing is kept here."""
    laws = register()
    file = _file(laws, code)
    form = BillChoices(request.GET or {})
    options = _options(form)
    at = _step(request.GET.get("step", "1")) if options is not None else _first_wrong(form)
    made = draft(laws, file["code"], options or BillOptions(), datetime.now(UTC).date())
    asked: list[BoundField] = [form[name] for name in STEPS[at - 1].fields]
    chosen = {name: request.GET[name] for name in form.fields if request.GET.get(name)}
    return render(
        request,
        "laws/draft.html",
        {
            "file": file,
            "gaps": gaps_of(file),
            "form": form,
            "asked": asked,
            "kept": [(name, value) for name, value in chosen.items() if name not in STEPS[at - 1].fields],
            "steps": [step.name for step in STEPS],
            "step": at,
            "is_last": at == len(STEPS),
            "next_step": min(at + 1, len(STEPS)),
            "bill": made.bill,
            "paper": paper(made),
            "beside": beside(made, file),
            "query": _query(request),
            "formats": [kind for kind in TYPES if is_installed(kind)],
        },
    )


@require_safe
def download(request: HttpRequest, code: str, kind: str) -> HttpResponse:
    """The bill as a file in one format."""
    laws = register()
    file = _file(laws, code)
    options = _options(BillChoices(request.GET or {}))
    if kind not in TYPES or options is None:
        raise Http404
    made = draft(laws, file["code"], options, datetime.now(UTC).date())
    answer = HttpResponse(render_bill(made, kind), content_type=TYPES[kind])
    answer["Content-Disposition"] = f'attachment; filename="bill-{code.lower()}.{"xml" if kind == "akn" else kind}"'
    return answer


def _options(form: BillChoices) -> BillOptions | None:
    """The choices, or None where one can't be used; the form then says which."""
    if not form.is_valid():
        return None
    try:
        return form.options()
    except BadOptions as problem:
        field = str(problem.values["field"])
        form.add_error(field if field in form.fields else None, problem.text)
        return None


def _step(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and 1 <= int(text[:3]) <= len(STEPS) else 1


def _first_wrong(form: BillChoices) -> int:
    return next((at for at, step in enumerate(STEPS, 1) if set(step.fields) & set(form.errors)), 1)


def _query(request: HttpRequest) -> str:
    values = request.GET.copy()
    values.pop("step", None)
    return values.urlencode()
