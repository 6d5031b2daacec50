"""The translator's pages: the state of each language, its texts with a field each, export and import."""

from urllib.parse import urlencode

from django import forms as django_forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from leeward.foundation.errors import LeewardError
from leeward.languages import proposals, queries, services
from leeward.languages.errors import NotACatalogue
from leeward.languages.labels import SHOWS, who_decides
from leeward.languages.rules.parts import parts
from leeward.people.access import actor_of, staff
from leeward.people.rules.permissions import may


class ReviewForm(django_forms.Form):
    """Who has reviewed a language."""

    by = django_forms.CharField(
        label=gettext_lazy("Name of the native speaker"),
        max_length=120,
        widget=django_forms.TextInput(attrs={"dir": "auto", "autocomplete": "off"}),
    )


class FileForm(django_forms.Form):
    """A PO file to upload."""

    file = django_forms.FileField(
        label=gettext_lazy("PO file"),
        widget=django_forms.ClearableFileInput(attrs={"accept": ".po,text/x-gettext-translation"}),
    )


@staff("language.translate")
@require_safe
def list_languages(request: HttpRequest) -> HttpResponse:
    """List every language: how many texts it has, and how many a person has reviewed."""
    hotline_id = actor_of(request).hotline_id or 0
    values = {"rows": queries.languages(), "waiting": proposals.waiting_for(hotline_id), "who": who_decides(hotline_id)}
    return render(request, "languages/languages.html", values)


@staff("language.translate")
@require_http_methods(["GET", "POST"])
def edit_texts(request: HttpRequest, language: str) -> HttpResponse:
    """GET shows a page of texts, each with a field. POST proposes those that are ticked or changed; invalid ones are
    shown again."""
    row = queries.language(language)
    where = request.POST if request.method == "POST" else request.GET
    show = where.get("show", "public")
    show = show if show in queries.SHOWS else "public"
    find, number = where.get("find", "")[:100], where.get("page", "1")
    hotline_id = actor_of(request).hotline_id or 0
    waiting = proposals.waiting_forms(language, hotline_id)
    page = queries.texts(language, show=show, find=find, number=number, waiting=waiting)
    wrong: dict[str, str] = {}
    if request.method == "POST":
        kept, wrong = _propose(request, language)
        if kept:
            messages.success(request, _proposed(request, kept))
        if not wrong:
            return redirect(f"{request.path}?{_query(show=show, find=find, page=number)}")
    values = {
        "row": row,
        "show": show,
        "shows": [(code, SHOWS[code]) for code in queries.SHOWS],
        "find": find,
        "page": page,
        "cards": [_card(request, text, wrong) for text in page.rows],
        "who": who_decides(hotline_id),
        "review": ReviewForm(),
        "file": FileForm(),
        "may_review": bool(may(actor_of(request), "language.review", None)),
    }
    return render(request, "languages/texts.html", values, status=422 if wrong else 200)


@staff("language.translate")
@require_POST
def forget_text(request: HttpRequest, language: str) -> HttpResponse:
    """Propose to restore the catalogue's version of a text."""
    services.propose_texts(language, {request.POST.get("key", ""): ()}, actor=actor_of(request))
    messages.success(request, _proposed(request, 1))
    return redirect(f"/desk/languages/{language}?show=reviewed")


@staff("language.review")
@require_POST
def review_language(request: HttpRequest, language: str) -> HttpResponse:
    """Propose to record who has reviewed the language."""
    services.propose_reading(language, by=request.POST.get("by", ""), actor=actor_of(request))
    messages.success(request, f"{_('Thank you. It is proposed.')} {who_decides(actor_of(request).hotline_id or 0)}")
    return redirect(f"/desk/languages/{language}")


@staff("language.translate")
@require_safe
def download_po(request: HttpRequest, language: str) -> HttpResponse:
    """Download the language as a PO file."""
    response = HttpResponse(queries.as_po(language), content_type="text/x-gettext-translation; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="leeward-{language}.po"'
    return response


@staff("language.translate")
@require_POST
def bring_po(request: HttpRequest, language: str) -> HttpResponse:
    """Preview what a PO file would change, or propose it."""
    row, actor = queries.language(language), actor_of(request)
    text = request.POST.get("text", "")
    try:
        data = text.encode() if text else _file_of(request)
        brought = services.read_po(language, data, actor=actor)
    except LeewardError as error:
        values = {"row": row, "problem": error.text, "hint": str(error.hint), "file": FileForm()}
        return render(request, "languages/bring.html", values, status=error.status)
    if request.POST.get("keep") and brought.changes:
        services.propose_texts(language, brought.changes, actor=actor, why=_("A file"))
        messages.success(request, _proposed(request, len(brought.changes)))
        return redirect("languages:list-proposals")
    first = [{"old": queries.text(language, key), "forms": forms} for key, forms in list(brought.changes.items())[:50]]
    values = {"row": row, "brought": brought, "first": first, "text": data.decode("utf-8-sig"), "file": FileForm()}
    return render(request, "languages/bring.html", values)


def _file_of(request: HttpRequest) -> bytes:
    file = request.FILES.get("file")
    if file is None:
        raise NotACatalogue(why=_("no file was chosen"))
    return bytes(file.read())


def _propose(request: HttpRequest, language: str) -> tuple[int, dict[str, str]]:
    """Propose what was ticked or changed; return how many, and key -> what is wrong with the others."""
    good, wrong = {}, {}
    waiting = proposals.waiting_forms(language, actor_of(request).hotline_id or 0)
    for key in request.POST.getlist("key")[: queries.PER_PAGE]:
        text = queries.text(language, key)
        forms = request.POST.getlist(f"t-{key}")
        is_ticked = f"ok-{key}" in request.POST
        if text is None or not (is_ticked or tuple(map(_plain, forms)) not in (_shown(text), waiting.get(key))):
            continue
        try:
            good[key] = services.fitting(text.source, forms)
        except LeewardError as error:
            wrong[key] = error.text
    if good:
        services.propose_texts(language, good, actor=actor_of(request), why=request.POST.get("why", ""))
    return len(good), wrong


def _proposed(request: HttpRequest, texts: int) -> str:
    message = ngettext("%(n)s text is proposed.", "%(n)s texts are proposed.", texts) % {"n": texts}
    return f"{message} {who_decides(actor_of(request).hotline_id or 0)}"


def _plain(text: str) -> str:
    return text.replace("\r\n", "\n").strip()


def _shown(text: queries.Text) -> tuple[str, ...]:
    return tuple(_plain(form) for form in text.forms)


def _card(request: HttpRequest, text: queries.Text, wrong: dict[str, str]) -> dict[str, object]:
    key = text.source.key
    typed = request.POST.getlist(f"t-{key}") if key in wrong else list(text.waiting or text.forms)
    return {
        "text": text,
        "key": key,
        "fields": [{"number": number, "value": value} for number, value in enumerate(typed, 1)],
        "kept": parts(text.source.plural or text.source.source),
        "places": [place.removeprefix("src/leeward/") for place in text.source.places[:3]],
        "wrong": wrong.get(key, ""),
        "rows": max(2, min(8, len(text.source.source) // 60 + 1)),
    }


def _query(**values: str) -> str:
    return urlencode({name: value for name, value in values.items() if value})
