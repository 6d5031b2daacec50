"""A caller from whom very much comes at once is asked to press again, by a page that costs next to nothing and keeps what was typed.

So a flood from one network leaves room for everybody else, and for whoever is honest behind the same address: a moment later
the same button sends the report. Urgent reports have room of their own, which no flood of others fills.
"""

from functools import lru_cache

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from leeward.intake.rules.draft import STEPS
from leeward.web_security.caller import caller_of
from leeward.web_security.shaping import Shaper

SECONDS_TO_REFILL = 30
FORMS_A_REPORT = 4  # steps, looks and corrections before a report is sent
MAY_BE_URGENT = frozenset({"danger", "contact", "me"})


@lru_cache(maxsize=1)
def _shapers(at_once: float) -> dict[str, Shaper]:
    sizes = {"urgent": at_once, "report": at_once, "form": at_once * FORMS_A_REPORT}
    return {what: Shaper(burst=size, per_second=size / SECONDS_TO_REFILL) for what, size in sizes.items()}


def slowed(request: HttpRequest) -> HttpResponse | None:
    """The page that asks to press again, where this caller has sent too much just now; else None."""
    is_last = request.POST.get("step") == str(STEPS) and request.POST.get("go") != "back"
    kind = request.POST.get("kind", "")
    return slowed_as(request, ("urgent" if kind in MAY_BE_URGENT else "report") if is_last else "form")


def slowed_as(request: HttpRequest, what: str) -> HttpResponse | None:
    """The same for a form of another page, which counts as an `urgent` report, a `report` or a `form`."""
    config = settings.LEEWARD
    if _shapers(config.caller_reports / config.web_processes)[what].may_pass(caller_of(request)):
        return None
    fields = [(name, value) for name, values in request.POST.lists() for value in values]
    answer = render(request, "intake/press_again.html", {"fields": fields}, status=429)
    answer["Retry-After"] = "5"
    return answer
