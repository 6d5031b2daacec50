"""Asking a caller who sends a great deal at once to press again, with a page that costs next to nothing and keeps what
was typed.

A flood from one network thus leaves room for everybody else, and for honest people behind the same address: a moment
later the same button submits the report. Urgent reports have a separate allowance, which no flood of others uses up.
What comes without a key of ours (junk; a form from yesterday; a receipt, whose page has none) has a small one, and once
that is used up it uses up no other: the page that asks to press again brings a key. This machine itself is not counted
there (see `EVERYBODY`).
"""

from functools import lru_cache

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from leeward.intake.views.not_kept import sent_again
from leeward.web_security.caller import EVERYBODY, caller_of
from leeward.web_security.keys import is_form_key, new_form_key
from leeward.web_security.remembered import alike
from leeward.web_security.shaping import Shaper

SECONDS_TO_REFILL = 30
FORMS_A_REPORT = 4  # looks, languages and corrections before a report is submitted
REPORTS_A_KEYLESS = 10  # a tenth of the reports may come without a key
MAY_BE_URGENT = frozenset({"danger", "contact", "me"})


@lru_cache(maxsize=1)
def _shapers(at_once: float) -> dict[str, Shaper]:
    sizes = {"urgent": at_once, "report": at_once, "receipt": at_once, "form": at_once * FORMS_A_REPORT}
    sizes["keyless"] = max(1.0, at_once / REPORTS_A_KEYLESS)
    return {what: Shaper(burst=size, per_second=size / SECONDS_TO_REFILL) for what, size in sizes.items()}


def has_room(what: str, caller: str) -> bool:
    """Return whether a caller may send one more `urgent` report, `report`, `receipt` or `form` now, or what has no key
    (`keyless`), and count it."""
    config = settings.LEEWARD
    return _shapers(config.caller_reports / config.web_processes)[what].may_pass(caller)


def slowed(request: HttpRequest) -> HttpResponse | None:
    """Return the page that asks to press again, if this caller has just sent too much; else None."""
    is_last = request.POST.get("go") == "send"
    kind = request.POST.get("kind", "")
    return slowed_as(request, ("urgent" if kind in MAY_BE_URGENT else "report") if is_last else "form")


def slowed_as(request: HttpRequest, what: str) -> HttpResponse | None:
    """Return the same for a form of another page, which counts as an `urgent` report, a `report`, a `receipt` or a
    `form`."""
    caller, key = caller_of(request), request.POST.get("once", "")
    has_key = is_form_key(key)
    may_pass = has_key or caller in EVERYBODY or has_room("keyless", caller)
    if may_pass and has_room(what, caller):
        return None
    fields = sent_again(request, once=key if has_key else new_form_key())

    def made() -> HttpResponse:
        answer = render(request, "intake/press_again.html", {"fields": fields}, status=429)
        answer["Retry-After"] = "5"
        return answer

    return alike(request, (fields,), made)
