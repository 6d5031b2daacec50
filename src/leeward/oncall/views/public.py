"""The web page behind a page's link: no sign-in, no script, no cookie. Opening it does nothing; a button acknowledges."""

from collections.abc import Iterable
from datetime import datetime

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_http_methods
from django_scopes import scope

from leeward.oncall import queries, services
from leeward.oncall.errors import PageLinkUnknown, TooManyTries
from leeward.oncall.labels import KINDS, STILL_PAGING
from leeward.web_security.caller import caller_of
from leeward.web_security.services import allow

WRONG_A_MINUTE = 10.0
WRONG_AT_ONCE = 30
MOST_DIGITS = 18


class SeeOther(HttpResponseRedirect):
    """A 303 response: after submitting the form, the page is fetched with GET."""

    status_code = 303


@require_http_methods(["GET", "HEAD", "POST"])
def acknowledge(request: HttpRequest, token: str) -> HttpResponse:
    """GET: the reports by number, kind and time. POST: acknowledge them; each person once."""
    behind = _behind(request, token)
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


def _each_once(reports: Iterable[tuple[int, str, datetime]]) -> list[tuple[int, str, datetime]]:
    """Return each report once, with every reason why people are paged about it."""
    kinds: dict[int, list[str]] = {}
    arrived: dict[int, datetime] = {}
    for number, urgency, at in reports:
        kinds.setdefault(number, []).append(str(KINDS[urgency]))
        arrived[number] = at
    return [(number, "; ".join(dict.fromkeys(kinds[number])), at) for number, at in arrived.items()]


def _behind(request: HttpRequest, token: str) -> queries.Behind:
    """Return what a link leads to. Wrong links all get the same answer and are rate-limited; right ones always work."""
    found = queries.behind_link(token)
    if found is not None:
        return found
    if not allow("wrong page link", caller_of(request), per_minute=WRONG_A_MINUTE, burst=WRONG_AT_ONCE):
        raise TooManyTries
    raise PageLinkUnknown


def number_in(text: str) -> int:
    """Return a number submitted in a form; 0 if it is not one."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS else 0
