"""The web page behind a page's link: no sign-in, no script, no cookie. Opening it does nothing; a button acknowledges."""

import json
from collections.abc import Iterable, Mapping
from datetime import datetime

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST
from django_scopes import scope

from leeward.oncall import queries, services
from leeward.oncall.errors import PageLinkUnknown, TooManyTries
from leeward.oncall.labels import KINDS, STILL_PAGING
from leeward.web_security.caller import caller_of
from leeward.web_security.services import allow

WRONG_A_MINUTE = 10.0
WRONG_AT_ONCE = 30
MOST_DIGITS = 18
# What gateways call the text of a message, and how much of it is read.
TEXTS = ("text", "Body", "body", "message", "content")
MOST_TEXT, MOST_BYTES = 2000, 20_000


class SeeOther(HttpResponseRedirect):
    """A 303 response: after submitting the form, the page is fetched with GET."""

    status_code = 303


@require_http_methods(["GET", "HEAD", "POST"])
def acknowledge(request: HttpRequest, token: str) -> HttpResponse:
    """GET: the reports by number, kind and time. POST: acknowledge them; each person once."""
    behind = found_link(request, queries.behind_link(token))
    if request.method == "POST" and not behind.has_expired:
        with scope(hotline=behind.hotline_id):
            services.acknowledge_by_link(behind.message_id, upto=number_in(request.POST.get("upto", "")))
        return SeeOther(request.path)
    values = {
        "page": behind,
        "rows": _each_once(behind.reports),
        "zone": behind.time_zone,
        "still_paging": STILL_PAGING,
    }
    return render(request, "oncall/acknowledge.html", values, status=410 if behind.has_expired else 200)


@csrf_exempt
@require_POST
def reply(request: HttpRequest) -> HttpResponse:
    """Take a reply that a gateway for text messages or calls passes on: its text has the code of a page, which alone
    counts. A report of delivery has none.
    """
    has_code = services.acknowledge_by_reply(_text_of(request), sender=None)
    found_link(request, has_code or None)
    return HttpResponse(status=204)


def _text_of(request: HttpRequest) -> str:
    """Return the text of a form or of JSON, by any of the names that gateways give it."""
    sent: Mapping[str, object] = request.POST
    if request.content_type == "application/json":
        try:
            read = json.loads(request.body[:MOST_BYTES])
        except (ValueError, RecursionError):
            return ""
        sent = read if isinstance(read, dict) else {}
    return next((text[:MOST_TEXT] for name in TEXTS if isinstance(text := sent.get(name), str)), "")


def _each_once(reports: Iterable[tuple[int, str, datetime]]) -> list[tuple[int, str, datetime]]:
    """Return each report once, with every reason why people are paged about it."""
    kinds: dict[int, list[str]] = {}
    arrived: dict[int, datetime] = {}
    for number, urgency, at in reports:
        kinds.setdefault(number, []).append(str(KINDS[urgency]))
        arrived[number] = at
    return [(number, "; ".join(dict.fromkeys(kinds[number])), at) for number, at in arrived.items()]


def found_link[T](request: HttpRequest, found: T | None) -> T:
    """Return what a link leads to. Wrong links all get the same answer and are rate-limited; right ones always work."""
    if found is not None:
        return found
    if not allow("wrong page link", caller_of(request), per_minute=WRONG_A_MINUTE, burst=WRONG_AT_ONCE):
        raise TooManyTries
    raise PageLinkUnknown


def number_in(text: str) -> int:
    """Return a number submitted in a form; 0 if it is not one."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS else 0
