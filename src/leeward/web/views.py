"""Pages that belong to no slice, and an error page for each kind of refusal."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template import loader
from django.utils.translation import gettext, gettext_lazy, override
from django.views.decorators.http import require_safe

from leeward.audit.queries import heads_published, key_published
from leeward.audit.tree.checkpoints import notes_published
from leeward.foundation.errors import LeewardError, TextTooLong
from leeward.installation.queries import config_now
from leeward.people.queries import hotlines, portals_open
from leeward.web import errors
from leeward.web.place import place_of
from leeward.web.portals import portal_remembered
from leeward.web.rules import languages, paths
from leeward.web.rules.promises import PROMISES
from leeward.web.rules.regions import by_region
from leeward.web.templating.context import EXIT_URL
from leeward.web_security.keys import new_form_key
from leeward.web_security.remembered import for_all


@require_safe
@for_all
def home(request: HttpRequest) -> HttpResponse:
    """List the countries whose portals take reports, by region."""
    installed = {tag for tag, _ in settings.LANGUAGES}
    rows = []
    for portal in portals_open():
        offered = [tag for tag in portal.languages if tag in installed]
        names = [
            {"tag": tag, "name": languages.own_name(tag), "direction": languages.direction(tag)} for tag in offered
        ]
        language = place_of(request).language
        path = f"/{portal.slug}/" if not offered or language not in offered[1:] else f"/{portal.slug}/{language}/"
        rows.append((portal.country, {"portal": portal, "languages": names, "path": path}))
    return render(
        request, "web/home.html", {"regions": [(gettext(name), entries) for name, entries in by_region(rows)]}
    )


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Let search engines index the public pages and nothing else."""
    return HttpResponse(
        "User-agent: *\nDisallow: /desk/\nDisallow: /notice/\nDisallow: /notices/\nDisallow: /payment/\nDisallow: /referral/\nDisallow: /api/\n",
        content_type="text/plain",
    )


def _need_portal(request: HttpRequest, slug: str) -> None:
    if slug and place_of(request).portal is None:
        raise Http404


@require_safe
def accessibility(request: HttpRequest, portal: str = "") -> HttpResponse:
    """Explain how everybody can use the pages, and whom to tell about barriers."""
    _need_portal(request, portal)
    return render(request, "web/accessibility.html")


@require_safe
def privacy(request: HttpRequest, portal: str = "") -> HttpResponse:
    """Explain what we keep, for how long, and what we promise."""
    _need_portal(request, portal)
    promises = [
        {"id": promise.id, "sentence": gettext(promise.sentence), "how": gettext(promise.how)} for promise in PROMISES
    ]
    return render(request, "web/privacy.html", {"promises": promises, "contact_days": config_now().contact_days})


@require_safe
def proof(request: HttpRequest, portal: str = "") -> HttpResponse:
    """Show the signed heads of the log, and how anyone can check them."""
    _need_portal(request, portal)
    names = {row.id: row.name for row in hotlines()}
    whole = gettext("The installation as a whole")
    heads = [{"name": names.get(head.chain, whole), "head": head} for head in heads_published()]
    notes = [{"name": names.get(note.chain, whole), "note": note} for note in notes_published()]
    return render(request, "web/proof.html", {"heads": heads, "notes": notes, "key": key_published()})


# -- refusals ------------------------------------------------------------


def is_for_programs(request: HttpRequest) -> bool:
    """Return whether programs rather than people use this address."""
    return request.path_info.startswith("/api/")


def is_for_hma(request: HttpRequest) -> bool:
    """Return whether HMA's clients use this address: their errors have a format of their own."""
    return request.path_info.startswith("/hma/")


def plainly(sentence: str, status: int) -> HttpResponse:
    """Return an error for HMA's clients: for 400 and 403 the object with `message` that they parse, otherwise text, in
    which none of them can take keys for the names of banks."""
    if status in (400, 403):
        return JsonResponse({"message": sentence}, status=status)
    return HttpResponse(sentence, status=status, content_type="text/plain; charset=utf-8")


def problem(status: int, *, code: str, title: str, detail: str = "") -> HttpResponse:
    """Return an error for a program: problem+json."""
    body = {"type": "about:blank", "title": title, "status": status, "code": code, "detail": detail, "message": title}
    return JsonResponse(body, status=status, content_type="application/problem+json")


def _page(request: HttpRequest, error_text: errors.ErrorText, status: int, **values: object) -> HttpResponse:
    sentence = str(error_text.sentence).format(**values) if values else error_text.sentence
    if is_for_programs(request):
        return problem(status, code=error_text.code, title=str(sentence), detail=str(error_text.hint))
    if is_for_hma(request):
        return plainly(str(sentence), status)
    on_desk = request.path_info.startswith("/desk")
    hint = error_text.hint_on_desk if on_desk and error_text.hint_on_desk else error_text.hint
    context = {
        "heading": error_text.title,
        "sentence": sentence,
        "hint": hint,
        "code": error_text.code,
        "on_desk": on_desk,
    }
    context["frame"] = f"web/base_{'desk' if on_desk and _is_signed_in(request) else 'public'}.html"
    return render(request, "web/error.html", context, status=status)


def _is_signed_in(request: HttpRequest) -> bool:
    """Return whether the user is signed in; requests refused before authentication are treated as anonymous."""
    user = getattr(request, "user", None)
    return user is not None and user.is_authenticated


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400."""
    return _page(request, errors.BAD_REQUEST, 400)


def refused(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403."""
    return _page(request, errors.REFUSED, 403)


def forged(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 for a desk form that fails the CSRF check."""
    return _page(request, errors.FORGED, 403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404."""
    return _page(request, errors.NOT_FOUND, 404)


def wrong_method(request: HttpRequest) -> HttpResponse:
    """405."""
    return _page(request, errors.WRONG_METHOD, 405)


def too_large(request: HttpRequest, *, most_bytes: int) -> HttpResponse:
    """413."""
    return _page(request, errors.TOO_LARGE, 413, most=f"{most_bytes // 1_000_000} MB")


def refusal(request: HttpRequest, error: LeewardError) -> HttpResponse:
    """Render a `LeewardError` as a page: its own status, sentence, hint and code."""
    if isinstance(error, TextTooLong) and (again := _to_shorten(request, error)):
        return again
    title = errors.TOO_MANY.title if error.status == 429 else gettext_lazy("This did not work")
    return _page(request, errors.ErrorText(title, error.text, str(error.hint), error.code), error.status)


def _to_shorten(request: HttpRequest, error: TextTooLong) -> HttpResponse | None:
    """Return a page with all that a form of the desk held, where the text that is too long can be shortened and sent again; None for
    anything else that was sent."""
    ours = {"csrfmiddlewaretoken", "once"}
    sent = [(name, value) for name, values in request.POST.lists() for value in values if name not in ours]
    long = [pair for pair in sent if pair[1].split() == error.entered.split()]
    long = long or [pair for pair in sent if len(pair[1]) > error.most]
    if not request.path_info.startswith("/desk") or request.FILES or not long:
        return None
    values = {"sentence": error.text, "long": long, "kept": [pair for pair in sent if pair not in long]}
    values["once"] = new_form_key()
    values["frame"] = f"web/base_{'desk' if _is_signed_in(request) else 'public'}.html"
    return render(request, "web/desk_too_long.html", values, status=error.status)


def broken(request: HttpRequest) -> HttpResponse:
    """500: rendered without the database or the session, since either may be what failed. The number to call is from
    the portal as this process last saw it."""
    language = place_of(request).language
    error_text = errors.BROKEN
    with override(language):
        if is_for_programs(request):
            return problem(500, code=error_text.code, title=str(error_text.sentence), detail=str(error_text.hint))
        if is_for_hma(request):
            return plainly(str(error_text.sentence), 500)
        context = {
            "heading": error_text.title,
            "sentence": error_text.sentence,
            "hint": error_text.hint,
            "code": error_text.code,
            "language": language,
            "portal": place_of(request).portal or portal_remembered(paths.cut(request.path_info).first),
        }
        page = loader.render_to_string(
            "web/broken.html", context | {"direction": languages.direction(language), "exit_url": EXIT_URL}
        )
    return HttpResponse(page, status=500)
