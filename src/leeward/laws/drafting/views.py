"""The page that drafts a country's bill step by step beside its text, and the download of the bill."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from django.forms import BoundField
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from leeward.laws.drafting.formats import TYPES, draft, is_installed, need_for
from leeward.laws.drafting.formats import render as render_bill
from leeward.laws.drafting.paper import beside, paper
from leeward.laws.errors import UnknownJurisdiction
from leeward.laws.forms import BillChoices
from leeward.laws.pages.country import NAMES_OF_WANTED
from leeward.laws.pages.handout import kind_of
from leeward.laws.pages.standing import gaps_of
from leeward.laws.queries import register
from leeward.laws.register import Register
from leeward.laws.rules.bill_need import Need
from leeward.laws.rules.bill_options import BadOptions, BillOptions


@dataclass(frozen=True, slots=True)
class Step:
    """One step: its name and its choices."""

    name: Promise
    fields: tuple[str, ...]


STEPS = (
    Step(_("Gaps"), ("clauses", "style", "modal")),
    Step(_("Definition"), ("term", "simulated_images", "proven_adult", "text_audio")),
    Step(_("Offences"), ("knowingly", "substantial_risk", "attend", "tools", "attempt", "lawful_work", "own_images")),
    Step(
        _("Duty to report"),
        (
            "reporting",
            "speed",
            "reporting_entity",
            "silence",
            "reporters",
            "privilege",
            "preservation",
            "preservation_days",
            "secrecy",
        ),
    ),
    Step(_("Solicitation"), ("solicitation", "age_of_consent", "decoy")),
    Step(_("Hotline and removal"), ("hotline", "proactive", "removal", "host", "blocking", "abroad", "forfeiture")),
    Step(_("Download"), ("title",)),
)


def _file(laws: Register, code: str) -> Mapping[str, Any]:
    try:
        file = laws.file(code.upper())
    except UnknownJurisdiction:
        raise Http404 from None
    if file["kind"] == "standard":
        raise Http404
    return file


@require_http_methods(["GET", "HEAD", "POST"])
def drafting(request: HttpRequest, code: str) -> HttpResponse:
    """A notice and what the paper would be; after it, one step of the drafting. What is chosen is posted and nowhere kept."""
    laws = register()
    file = _file(laws, code)
    form = BillChoices.filled(request.POST if request.method == "POST" else {})
    options = _options(form)
    at = _step(request.POST.get("step", "1")) if options is not None else _first_wrong(form)
    need = need_for(laws, file["code"], options or BillOptions(), _today())
    values = {
        "file": file,
        "gaps": gaps_of(file),
        "need": need,
        "kind": kind_of(need),
        "missing": [NAMES_OF_WANTED[name] for name in need.missing],
        "unknown": [
            (NAMES_OF_WANTED[name], [row for row in need.reported if row.criterion == name]) for name in need.unknown
        ],
        "is_shown": request.method == "POST",
        "formats": [kind for kind in TYPES if is_installed(kind)],
    }
    if request.method == "POST":
        values |= _step_values(request, form, at) | _text_values(laws, file, options, need)
    return render(request, "laws/draft.html", values)


def _step_values(request: HttpRequest, form: BillChoices, at: int) -> dict[str, Any]:
    """Return the questions of one step, and the choices made in the others."""
    bound_fields: list[BoundField] = [form[name] for name in STEPS[at - 1].fields]
    chosen = {name: request.POST[name] for name in form.fields if request.POST.get(name)}
    return {
        "form": form,
        "asked": bound_fields,
        "kept": [(name, value) for name, value in chosen.items() if name not in STEPS[at - 1].fields],
        "chosen": list(chosen.items()),
        "steps": [step.name for step in STEPS],
        "step": at,
        "is_last": at == len(STEPS),
        "next_step": min(at + 1, len(STEPS)),
    }


def _text_values(laws: Register, file: Mapping[str, Any], options: BillOptions | None, need: Need) -> dict[str, Any]:
    """Return the text so far; nothing if there is nothing to draft."""
    if need.kind is None:
        return {}
    made = draft(laws, file["code"], options or BillOptions(), _today())
    return {"bill": made.bill, "paper": paper(made), "beside": beside(made, file), "compared": made.compared.values()}


@require_http_methods(["GET", "HEAD", "POST"])
def download(request: HttpRequest, code: str, kind: str) -> HttpResponse:
    """Download the bill in one format, with the submitted choices or the model's defaults."""
    laws = register()
    file = _file(laws, code)
    options = _options(BillChoices.filled(request.POST if request.method == "POST" else {}))
    if kind not in TYPES or options is None:
        raise Http404
    made = draft(laws, file["code"], options, _today())
    answer = HttpResponse(render_bill(made, kind), content_type=TYPES[kind])
    answer["Content-Disposition"] = f'attachment; filename="bill-{code.lower()}.{"xml" if kind == "akn" else kind}"'
    return answer


def _today() -> date:
    return datetime.now(UTC).date()


def _options(form: BillChoices) -> BillOptions | None:
    """Return the choices, or None if one is invalid, which the form then shows."""
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
