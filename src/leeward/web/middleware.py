"""Middleware for every request: headers, size of the body, language by path, an error page for each kind of refusal."""

import time
from collections.abc import Callable
from functools import lru_cache
from html import escape
from http import HTTPStatus
from io import BytesIO
from typing import Any

from django.conf import settings
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseForbidden,
    HttpResponseNotAllowed,
    HttpResponsePermanentRedirect,
    QueryDict,
)
from django.middleware.csrf import CsrfViewMiddleware
from django.middleware.gzip import GZipMiddleware
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.datastructures import MultiValueDict

from leeward.foundation.errors import LeewardError
from leeward.languages.overlay import refresh
from leeward.payments.rules.masking import typed_without_card_numbers
from leeward.web import views
from leeward.web.errors import TOO_MANY
from leeward.web.headers import headers_for
from leeward.web.place import Place
from leeward.web.portals import forget_portals, portal_named, portal_remembered
from leeward.web.rules import languages, paths
from leeward.web_security.caller import EVERYBODY, caller_of
from leeward.web_security.shaping import Shaper

Answer = Callable[[HttpRequest], HttpResponseBase]
PUBLIC_MOST = 1_000_000
DESK_MOST = 5_000_000
FILES_MOST = 20_000_000  # on the pages of the desk that ask for one: tips from abroad, the mail server's log
FILES_OF_THE_DESK = ("/desk/tips/take", "/desk/administration/restored/sent")
CHECK_MARGIN = 100_000  # a form around the files
BATCH_MOST = 16_000_000  # reports of a provider, read line by line
DRAIN_MOST = 64_000_000
DRAIN_SECONDS = 20.0
TO_PROGRAMS = ("api", "hma")  # answered in one language, whatever the client accepts
MOST_OF_TEXT = 200_000
SECRET = ("password", "secret", "token", "code", "key", "receipt")  # fields of which each letter counts
COMPRESSED = frozenset({"text/html", "text/css", "text/javascript", "image/svg+xml"})
_CHUNK = 65_536
REQUESTS_A_REPORT = 6  # pages, for each report that is taken at once; static files are not counted
SECONDS_TO_REFILL = 30
NOT_COUNTED = frozenset({"api", "desk", "hma", "healthz", "health", "metrics"})
SIGN_IN = "/desk/account/"
READING = frozenset({"GET", "HEAD"})
PAGE = (
    '<!doctype html><html lang="{language}" dir="{direction}"><meta charset="utf-8"><title>{title}</title>'
    "<h1>{title}</h1><p>{sentence}</p><p>{hint}</p></html>"
)


def _most_bytes(path: str) -> int:
    """Return how large a body may be at this address: pictures are sent to be checked, and lists of hashes to a desk
    page that streams them to disk."""
    if path.endswith("/desk/bank/imports/upload"):
        return int(settings.LEEWARD.list_upload_max_bytes)
    if path.startswith(("/api/v1/check", "/hma/")):
        return int(settings.LEEWARD.check_max_bytes) + CHECK_MARGIN
    if path.startswith("/api/v1/provider/"):
        return BATCH_MOST
    if path.endswith(FILES_OF_THE_DESK):
        return FILES_MOST + CHECK_MARGIN
    return DESK_MOST if _first(path) in {"desk", "api"} else PUBLIC_MOST


def _first(path: str) -> str:
    """Return the first segment of a path after the language, if any."""
    parts = paths.cut(path)
    return paths.cut("/" + parts.after_second).first if parts.first == paths.LANGUAGE_PREFIX else parts.first


class Compressed(GZipMiddleware):
    """Compresses public pages and static files. The desk's pages stay as they are: what is compressed beside a secret can
    be told from its length.
    """

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        kind = str(response.get("Content-Type", "")).partition(";")[0]
        if response.status_code == HTTPStatus.NOT_MODIFIED or kind not in COMPRESSED or _first(request.path) == "desk":
            return response
        return super().process_response(request, response)


class TypedIsForgotten:
    """Lets go of what was typed once its page is answered: whatever still knows the request then, in a circle that only the collector
    of garbage ends, knows nothing of it."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if request.method == "POST":
            vars(request).update(_body=b"", _stream=BytesIO(), _post=QueryDict(), _files=MultiValueDict())
            request.META["wsgi.input"] = BytesIO()
        return response


class PageHeaders:
    """Sets the headers of the area on every response; a view may set stricter or longer-lived ones itself."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        wanted = headers_for(_first(request.path_info))
        response = self.get_response(request)
        for name, value in wanted.items():
            response.headers.setdefault(name, value)
        return response


class WithoutNul:
    """Removes NUL from the query: none of our texts contains one, PostgreSQL refuses it, and nobody types it."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        query = request.META.get("QUERY_STRING", "")
        if "%00" in query or "\x00" in query:
            request.META["QUERY_STRING"] = query.replace("%00", "").replace("\x00", "")
        return self.get_response(request)


class LanguageFromPath:
    """Finds the portal and the language in the path, and removes the language before the page is looked up.

    So `/jm/fr/report` is served by the same view as `/jm/report`, in French. Portal pages ignore cookies and
    Accept-Language: a link opens in the language in which it was given. The result is in `request.place` and
    `request.portal`.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response
        self.installed = tuple(tag for tag, _ in settings.LANGUAGES)

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        refresh()
        parts = paths.cut(request.path_info)
        portal = None if paths.is_ours(parts.first) else portal_named(parts.first)
        if portal is None:
            place = self._without_portal(request, parts)
        else:
            offered = tuple(tag for tag in portal.languages if tag in self.installed) or (settings.LANGUAGE_CODE,)
            named = parts.second in offered
            page = parts.after_second if named else parts.after_first
            place = Place(portal, parts.second if named else offered[0], offered, page)
            if parts.is_bare or (named and not request.path_info.removeprefix(f"/{parts.first}/{parts.second}")):
                return HttpResponsePermanentRedirect(place.path(page))
            request.path_info = f"/{parts.first}/{page}"
        request.place, request.portal = place, portal  # type: ignore[attr-defined]  # what every page asks of a request
        request.LANGUAGE_CODE = place.language
        with translation.override(place.language):
            response = self.get_response(request)
        if request.method == "POST" and parts.first == "desk":
            forget_portals()
        response.headers.setdefault("Content-Language", place.language)
        if portal is None and not place.is_chosen:
            patch_vary_headers(response, ["Accept-Language"])
        return response

    def _without_portal(self, request: HttpRequest, parts: paths.Parts) -> Place:
        if parts.first == paths.LANGUAGE_PREFIX and parts.second in self.installed:
            request.path_info = f"/{parts.after_second}"
            return Place(None, parts.second, self.installed, parts.after_second, is_chosen=True)
        accepted = "" if parts.first in TO_PROGRAMS else request.headers.get("Accept-Language", "")
        wish = languages.wished(accepted, self.installed, settings.LANGUAGE_CODE)
        return Place(None, wish, self.installed, request.path_info.removeprefix("/"))


@lru_cache(maxsize=2)
def _shaper(at_once: float) -> Shaper:
    return Shaper(burst=at_once, per_second=at_once / SECONDS_TO_REFILL)


class Flooded:
    """Refuses a caller who asks for pages, or sends to what is behind links, to peers, to witnesses and to the sign-in, faster than hundreds of
    people do, before a session or the database is asked: a short page, in the language that the browser asks for.

    What is sent to a portal has allowances of its own (`intake/views/slowing.py`), so that no flood of requests keeps an urgent
    report out; what is sent to a name that is no portal's as far as this process knows counts like reading. Programs with
    a key and staff, who may all come from one address, are not counted; nor is this machine itself: whoever comes through a
    proxy or a Tor that doesn't say for whom it asks has that address.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response
        self.offered = tuple(tag for tag, _ in settings.LANGUAGES)

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not _is_counted(request) or _has_room(request):
            return self.get_response(request)
        language = languages.wished(request.headers.get("Accept-Language", ""), self.offered, settings.LANGUAGE_CODE)
        with translation.override(language):
            texts = {
                "title": escape(str(TOO_MANY.title)),
                "sentence": escape(str(TOO_MANY.sentence)),
                "hint": escape(str(TOO_MANY.hint)),
            }
        page = PAGE.format(language=language, direction=languages.direction(language), **texts)
        return HttpResponse(page, status=HTTPStatus.TOO_MANY_REQUESTS, headers={"Retry-After": "5"})


def _is_counted(request: HttpRequest) -> bool:
    first = _first(request.path_info)
    if first == "desk" and SIGN_IN in request.path_info:
        return request.method not in READING
    return first not in NOT_COUNTED and (request.method in READING or portal_remembered(first) is None)


def _has_room(request: HttpRequest) -> bool:
    config, caller = settings.LEEWARD, caller_of(request)
    if caller in EVERYBODY:
        return True
    is_sent = request.method not in READING and paths.is_ours(_first(request.path_info))
    each = 1 if is_sent else REQUESTS_A_REPORT
    return _shaper(config.caller_reports * each / config.web_processes).may_pass(caller)


class BodyLimit:
    """Refuses a body that is too large, with a page that says so.

    The body is read to the end first: a browser that is still sending when the connection closes shows its own error
    instead of our page. Nothing of it is kept.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        most = _most_bytes(request.path_info)
        length = request.META.get("CONTENT_LENGTH") or "0"
        size = int(length) if str(length).isdecimal() else 0
        if size <= most:
            return self.get_response(request)
        self._drain(request, size)
        if views.is_for_programs(request):
            return views.problem(413, code="too_much_at_once", title=f"The body has more than {most} bytes.")
        return views.too_large(request, most_bytes=most)

    def _drain(self, request: HttpRequest, size: int) -> None:
        until = time.monotonic() + DRAIN_SECONDS
        remaining = min(size, DRAIN_MOST)
        while remaining > 0 and time.monotonic() < until:
            piece = request.META["wsgi.input"].read(min(_CHUNK, remaining))
            if not piece:
                return
            remaining -= len(piece)


class CsrfOfTheDesk(CsrfViewMiddleware):
    """Django's CSRF check, on the desk only.

    The public pages use no cookies, so a forged form there could do nothing that its sender couldn't do directly; and a
    token would need a cookie.
    """

    def process_view(
        self,
        request: HttpRequest,
        callback: Callable[..., HttpResponseBase],
        callback_args: tuple[Any, ...],
        callback_kwargs: dict[str, Any],
    ) -> HttpResponseForbidden | None:
        if _first(request.path_info) != "desk":
            return None
        return super().process_view(request, callback, callback_args, callback_kwargs)


def _without_cards(value: str) -> str:
    return typed_without_card_numbers(value) if len(value) <= MOST_OF_TEXT else value


class CardsOfTheDesk:
    """Masks numbers of cards in the forms of the desk, before any page reads them: whoever works here copies from pages and
    letters. A view that reads its body itself, piece by piece, is exempt from Django's CSRF check and masks for itself; and what
    is longer than any text that is kept is a list."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(
        self,
        request: HttpRequest,
        callback: Callable[..., HttpResponseBase],
        callback_args: tuple[Any, ...],
        callback_kwargs: dict[str, Any],
    ) -> None:
        if request.method != "POST" or _first(request.path_info) != "desk" or getattr(callback, "csrf_exempt", False):
            return
        changed = {
            name: masked
            for name, values in request.POST.lists()
            if not any(word in name.lower() for word in SECRET)
            and (masked := [_without_cards(value) for value in values]) != values
        }
        if changed:
            form = request.POST.copy()
            for name, masked in changed.items():
                form.setlist(name, masked)
            request.POST = form  # type: ignore[assignment]  # a QueryDict like the one before


class Refusals:
    """Turns a `LeewardError` that a view raised, and a bare 405, into a page (or JSON) with a sentence and a hint."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        is_bare = isinstance(response, HttpResponseNotAllowed) and (
            not response.content or views.is_for_programs(request)
        )
        if is_bare and request.method != "HEAD":
            page = views.wrong_method(request)
            page.headers["Allow"] = response.headers["Allow"]
            return page
        return response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        return views.refusal(request, error) if isinstance(error, LeewardError) else None
