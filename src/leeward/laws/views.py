"""The public pages of the law: map, country, gap, comparison, "what if", open data."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from importlib.util import find_spec
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from leeward.foundation.sandbox.paper import as_pdf
from leeward.laws.errors import UnknownJurisdiction
from leeward.laws.forms import WhatIf
from leeward.laws.labels import VERDICTS, standing_label
from leeward.laws.open_data import as_csv, as_data_package, as_json, as_provisions_csv, citation
from leeward.laws.pages import atlas
from leeward.laws.pages.country import MEANINGS, NAMES, Country, country
from leeward.laws.pages.editions import GROOMING_REVIEW, TOOLKIT, Source, known_today, sources, toolkit
from leeward.laws.pages.feed import as_atom
from leeward.laws.pages.handout import PAPER_STYLE, Handout, handout
from leeward.laws.pages.standing import default_edition, editions, gaps_of, year_of
from leeward.laws.pages.trend import trend
from leeward.laws.queries import opinions_everywhere, register
from leeward.laws.register import Register
from leeward.laws.rules.facts import BadFacts, Facts
from leeward.laws.rules.schemes import derive
from leeward.web_security.remembered import for_all, remembered

MOST_COMPARED = 4


def _today() -> date:
    return datetime.now(UTC).date()


def _file(laws: Register, code: str) -> Mapping[str, Any]:
    try:
        return laws.file(code.upper())
    except UnknownJurisdiction:
        raise Http404 from None


@require_safe
@for_all
def index(request: HttpRequest) -> HttpResponse:
    """Show the Commonwealth as a tile map, by criterion and edition, with the trend and the underlying table."""
    laws = register()
    view, on = request.GET.get("by", "all"), _today()
    if view not in atlas.VIEWS:
        raise Http404
    known = sources(laws, view, on)
    source = _source(laws, known, request.GET.get("edition", ""))
    every = atlas.tiles(laws, view=view, source=source.key, on=on)
    search, value = request.GET.get("q", "")[:60], request.GET.get("show", "")[:12]
    found, is_filtered = atlas.found(every, search=search, value=value), bool(search.strip() or value)
    shown = {"tiles": every, "found": found, "view": view, "source": source}
    path = request.place.site_path("law")  # type: ignore[attr-defined]  # ours
    same = ("laws.map", laws.version, on, view, source.key, get_language(), path)
    drawn = _drawn(request, shown) if is_filtered else remembered(same, lambda: _drawn(request, shown))
    return render(
        request,
        "laws/index.html",
        {
            "drawn": drawn,
            "legend": atlas.legend(every, view, source.key),
            "found": found,
            "is_filtered": is_filtered,
            "search": search,
            "value": value,
            "view": view,
            "view_name": atlas.VIEWS[view],
            "views": atlas.VIEWS.items(),
            "edition": source.key,
            "source": source,
            "sources": known,
            "grooming_year": source.year if source.is_today else toolkit().year,
            "of_five_year": source.year if source.is_today else year_of(atlas.review_beside(laws, source.key)),
            "trend": trend(),
            "citation": citation(laws),
        },
    )


@dataclass(frozen=True, slots=True)
class _Drawn:
    """What most of the work of the map’s page goes into: its tiles, and the rows of its table."""

    west: str
    east: str
    rows: str


def _drawn(request: HttpRequest, shown: Mapping[str, Any]) -> _Drawn:
    west, east = (render_to_string("laws/tiles.html", {**shown, "west": west}, request) for west in (True, False))
    return _Drawn(west, east, render_to_string("laws/states.html", dict(shown), request))


def _source(laws: Register, known: list[Source], wanted: str) -> Source:
    """Return the requested edition; the equivalent of another view's edition is this view's own, an unknown one is not
    found.
    """
    found = {source.key: source for source in known}
    if wanted in found:
        return found[wanted]
    if wanted and wanted not in {*editions(laws), TOOLKIT, GROOMING_REVIEW}:
        raise Http404
    return found.get(default_edition(laws), known[0])


@require_safe
def one(request: HttpRequest, code: str) -> HttpResponse:
    """Show one country: what is missing, what is known and from which source, how its law changed."""
    laws = register()
    known = country(laws, _file(laws, code), _today())
    return render(
        request,
        "laws/country.html",
        {"country": known, "citation": citation(laws), "handout": _handout(laws, known.file)},
    )


def _handout(laws: Register, file: Mapping[str, Any]) -> Handout | None:
    return handout(laws, file, _today()) if file["kind"] != "standard" else None


@require_safe
def handout_pdf(request: HttpRequest, code: str) -> HttpResponse:
    """Download the handout for ministers as PDF in the language of the URL."""
    laws = register()
    paper = _handout(laws, _file(laws, code))
    if paper is None or find_spec("weasyprint") is None:
        raise Http404
    text = render_to_string("laws/handout_paper.html", {"handout": paper, "style": PAPER_STYLE}, request)
    answer = HttpResponse(as_pdf(text), content_type="application/pdf")
    answer["Content-Disposition"] = f'attachment; filename="law-{code.lower()}.pdf"'
    return answer


@require_safe
def gap(request: HttpRequest, code: str) -> HttpResponse:
    """Show which criteria a country lacks, criterion by criterion, and what would settle the rest."""
    file = _file(register(), code)
    found = gaps_of(file)
    states = {
        **dict.fromkeys(found.missing, "missing"),
        **dict.fromkeys(found.met, "met"),
        **dict.fromkeys(found.unknown, "unknown"),
    }
    rows = [
        (NAMES[row.name], MEANINGS[row.name], states[row.name], {"key": row.standing, "label": standing_label(row)})
        for row in known_today(file, _today())
    ]
    source = _("Edition %(name)s") % {"name": found.named} if found.edition else _("No edition")
    values = {"file": file, "gaps": found, "rows": rows, "toolkit": toolkit(), "source": source}
    return render(request, "laws/gap.html", values)


@require_safe
def compare(request: HttpRequest) -> HttpResponse:
    """Compare up to four countries side by side."""
    laws = register()
    codes = list(dict.fromkeys(code.upper()[:20] for code in request.GET.getlist("c") if code))
    chosen: list[Country] = [country(laws, _file(laws, code), _today()) for code in codes[:MOST_COMPARED]]
    return render(
        request,
        "laws/compare.html",
        {
            "chosen": chosen,
            "codes": codes[:MOST_COMPARED],
            "too_many": len(codes) > MOST_COMPARED,
            "slots": [codes[at] if at < len(codes) else "" for at in range(MOST_COMPARED)],
            "names": [(code, file["name"]) for code, file in laws.files.items() if file["kind"] != "standard"],
            "criteria": [
                (NAMES[name], [(known.name, known.gaps.criteria[name], known.gaps.year) for known in chosen])
                for name in NAMES
            ],
            "toolkit": toolkit(),
            "statements": _side_by_side(chosen),
        },
    )


def _side_by_side(chosen: list[Country]) -> list[tuple[Any, list[tuple[str, str | None]]]]:
    values = [(known.name, dict(known.statements)) for known in chosen]
    labels = dict.fromkeys(label for _, one_of in values for label in one_of)
    return [(label, [(name, one_of.get(label)) for name, one_of in values]) for label in labels]


@require_http_methods(["GET", "HEAD", "POST"])
def what_if(request: HttpRequest) -> HttpResponse:
    """Test one set of facts against all jurisdictions, after a notice. It is a POST, so that no URL contains the facts;
    nothing is kept.
    """
    is_submitted = request.method == "POST" and "asked" in request.POST
    form = WhatIf(request.POST if is_submitted else None)
    facts = _facts_of(form) if is_submitted and form.is_valid() else None
    recorded, unrecorded = opinions_everywhere(facts, _today()) if facts is not None else ([], [])
    return render(
        request,
        "laws/what_if.html",
        {
            "form": form,
            "is_shown": request.method == "POST",
            "rows": [(row, VERDICTS[row.verdict]) for row in recorded],
            "unrecorded": unrecorded,
            "schemes": derive(facts) if facts is not None else {},
        },
    )


def _facts_of(form: WhatIf) -> Facts | None:
    try:
        return form.facts()
    except BadFacts as problem:
        form.add_error(problem.field if problem.field in form.fields else None, problem.text)
        return None


@require_safe
def data_csv(request: HttpRequest) -> HttpResponse:
    """Download every state's criteria in every edition as CSV with a citation line."""
    answer = HttpResponse(as_csv(register()), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="leeward-law.csv"'
    return answer


@require_safe
def data_json(request: HttpRequest) -> HttpResponse:
    """Download the whole register as JSON with a citation line."""
    answer = HttpResponse(as_json(register()), content_type="application/json")
    answer["Content-Disposition"] = 'attachment; filename="leeward-law.json"'
    return answer


@require_safe
def one_json(request: HttpRequest, code: str) -> HttpResponse:
    """Download one jurisdiction's file as JSON."""
    laws = register()
    file = _file(laws, code)
    return HttpResponse(as_json(laws, [str(file["code"])]), content_type="application/json")


@require_safe
def provisions_csv(request: HttpRequest) -> HttpResponse:
    """Download every reading of every country as CSV."""
    answer = HttpResponse(as_provisions_csv(register(), _today()), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="leeward-law-provisions.csv"'
    return answer


@require_safe
def data_package(request: HttpRequest) -> HttpResponse:
    """Describe both CSV files, column by column, as a Frictionless data package."""
    return HttpResponse(as_data_package(register()), content_type="application/json")


@require_safe
def changes_atom(request: HttpRequest) -> HttpResponse:
    """The feed of changes."""
    site = request.build_absolute_uri("/").rstrip("/")
    text = as_atom(register(), datetime.now(UTC), site=site, path=request.path, language=get_language() or "en")
    return HttpResponse(text, content_type="application/atom+xml; charset=utf-8")
