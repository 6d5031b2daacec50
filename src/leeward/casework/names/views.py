"""The registered name of a case, and its registrant's data for a reason."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from leeward.casework.models import Case
from leeward.casework.names import labels
from leeward.casework.names.queries import CaseName, name_of
from leeward.casework.views.doing import back_to, case_here, is_part, once, once_as_shown, was_done
from leeward.foundation.errors import LeewardError, NotFound
from leeward.hosting import queries as hosting_queries
from leeward.hosting import services as hosting_services
from leeward.hosting.errors import ReasonMissing
from leeward.notices import queries as notices_queries
from leeward.notices import services as notices_services
from leeward.people.access import actor_of, staff
from leeward.people.queries import country_names
from leeward.people.rules.permissions import may
from leeward.web_security.keys import new_form_key

PER_PAGE = 50
MOST_DIGITS = 18


@require_GET
@staff("case.read")
def of_case(request: HttpRequest, reference: str) -> HttpResponse:
    """Show what is known of the name: its status, its history, what can be said about its data, and its other names."""
    case = case_here(reference, request)
    template = "includes/of_case.html" if is_part(request) else "of_case.html"
    return render(request, f"casework/names/{template}", _values(request, case))


def _values(request: HttpRequest, case: Case) -> dict[str, Any]:
    actor, known = actor_of(request), name_of(case, timezone.now())
    return {
        "case": case,
        "known": known,
        "acts": notices_queries.name_acts_of(case.pk, known.name, odd=known.odd),
        "may_act": bool(may(actor, "case.act", case.hotline_id)),
        "reasons": labels.REASONS.items(),
        "may_read": bool(may(actor, "registrant.read", case.hotline_id)),
        "once": new_form_key(),
        "time_zone": case.portal.time_zone,
    }


@require_POST
@staff("registrant.read")
def registrant(request: HttpRequest, reference: str) -> HttpResponse:
    """Show the data of the registrant, for a reason that the log keeps."""
    case = case_here(reference, request)
    values = _values(request, case)
    newest = values["known"].newest
    if newest is None:
        raise NotFound
    reason, actor = request.POST.get("reason", ""), actor_of(request)
    purpose = f"registrant {newest.id} {actor.id} {reason}"
    try:
        is_first = once(
            request, purpose, lambda: hosting_services.read_registrant(newest.id, reason=reason, actor=actor)
        )
        if not is_first and not was_done(request, purpose):
            raise ReasonMissing  # a form without its key leaves no row in the log
    except LeewardError as error:
        return render(request, "casework/names/of_case.html", values | {"problem": error}, status=error.status)
    return render(request, "casework/names/registrant.html", values | {"holder": newest.registration.holder})


@require_POST
@staff("case.act")
def act(request: HttpRequest, reference: str) -> HttpResponse:
    """Do one act about the name."""
    case = case_here(reference, request)
    known, what = name_of(case, timezone.now()), request.POST.get("what", "")

    def write() -> None:
        notices_services.act_on_name(case.pk, what, name=known.name, odd=known.odd, actor=actor_of(request))

    try:
        once_as_shown(request, f"name act {case.pk}", lambda: _mark_of(case, known, what), write)
    except LeewardError as error:
        values = _values(request, case) | {"problem": error}
        return render(request, "casework/names/of_case.html", values, status=error.status)
    return back_to(case, request, _("It goes out with the next messages; the page of the name shows its clock."))


def _mark_of(case: Case, known: CaseName, what: str) -> str:
    """Return the mark of an act that is offered now, "" of one that isn’t: by an older page another would get it, or a reminder."""
    offered = notices_queries.name_acts_of(case.pk, known.name, odd=known.odd).offered
    return next((one.mark for one in offered if one.what == what), "")


@require_GET
@staff("case.read")
def country(request: HttpRequest, country: str) -> HttpResponse:
    """Show a country's domain: what its registry does about such names, and the names under it that are known here."""
    code = country.upper()
    name = country_names().get(code)
    if name is None:
        raise NotFound
    end = notices_queries.end_of(code)
    given = request.GET.get("before", "")
    before = int(given) if given.isascii() and given.isdecimal() and len(given) <= MOST_DIGITS else None
    rows = hosting_queries.names_under(end, before=before, most=PER_PAGE + 1)
    values = {
        "country": name,
        "end": end,
        "terms": next((one for one in notices_queries.country_domains() if one.country == code), None),
        "registry": notices_queries.registry_of(code),
        "rows": rows[:PER_PAGE],
        "before": rows[PER_PAGE - 1].id if len(rows) > PER_PAGE else None,
        "listed": notices_queries.country_domains(),
    }
    return render(request, "casework/names/country.html", values)
