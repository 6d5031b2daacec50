"""The numbers that a portal names: its emergency number and its helplines, confirmed here by whoever called them."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from leeward.audit.services import hotline_transaction
from leeward.foundation.errors import LeewardError, NotFound
from leeward.people import queries, services
from leeward.people.access import actor_of, demand_as_shown, staff
from leeward.people.errors import EnteredSince
from leeward.people.forms.helplines import HelplineForm
from leeward.people.labels import CONFIDENCE, WAITS, WHOM_NAMES
from leeward.people.queries.helplines import EMERGENCY
from leeward.people.rules.reach import HELPLINE
from leeward.people.rules.reading import mark_of
from leeward.people.views.accounts import hotline_of


@staff("portal.edit")
@require_safe
def list_numbers(request: HttpRequest, portal_id: int) -> HttpResponse:
    """Show the emergency number, the helplines of a portal, and those that are shipped for its country."""
    portal = portal_here(request, portal_id)
    rows = queries.helplines_of(portal.id)
    waiting = queries.portal_changes_waiting(portal.hotline_id)
    taken = {row.name for row in rows} | {change.about for change in waiting if change.what == HELPLINE}
    values = {
        "found": portal,
        "lines": [{"row": row, "whom": WHOM_NAMES[row.whom], "mark": _mark_of(row.values)} for row in rows],
        "shipped": [
            {"row": row, "whom": WHOM_NAMES[row.kind], "confidence": CONFIDENCE[row.confidence]}
            for row in queries.shipped_for(portal.country)
            if row.kind != EMERGENCY and row.values["name"] not in taken
        ],
        "emergency": emergency_rows(portal.country),
        "emergency_by": queries.emergency_confirmed_by(portal.id),
        "changes": [change for change in waiting if change.portal_id == portal.id],
    }
    return render(request, "people/numbers.html", values)


def emergency_rows(country: str) -> list[queries.Shipped]:
    """Return the emergency numbers that are shipped for a country."""
    return [row for row in queries.shipped_for(country) if row.kind == EMERGENCY]


@staff("portal.edit")
@require_http_methods(["GET", "POST"])
def edit_helpline(request: HttpRequest, portal_id: int) -> HttpResponse:
    """Enter, change or confirm a helpline: `?name=` is one that the portal has, `?from=` one that is shipped."""
    portal = portal_here(request, portal_id)
    name = request.GET.get("name", "")
    known = _known(portal, name, request.GET.get("from", ""))
    languages = [(tag, queries.own_name(tag)) for tag in portal.languages]
    form = HelplineForm(request.POST or None, initial=HelplineForm.initial_of(known), languages=languages)
    if request.method == "POST" and form.is_valid():
        is_confirmed = form.cleaned_data["is_confirmed"]
        try:
            with hotline_transaction(portal.hotline_id):
                if name:
                    services.demand_read(_mark_of(_known(portal, name, "")), seen=request.POST.get("seen", ""))
                waits = services.save_helpline(
                    portal.id, name, values=form.values, is_confirmed=is_confirmed, actor=actor_of(request)
                )
        except EnteredSince as error:  # the fields would be filled in as they were
            messages.error(request, f"{error.text} {error.hint}")
            return redirect(request.get_full_path())
        except LeewardError as error:
            form.add_error(None, error.text)
        else:
            _say(request, waits, is_shown=is_confirmed)
            return redirect("people:list-numbers", portal.id)
    seen = request.POST.get("seen", "") if form.is_bound else _mark_of(known)
    values = {"form": form, "found": portal, "name": name, "seen": seen}
    return render(request, "people/helpline.html", values, status=422 if form.errors else 200)


@staff("portal.edit")
@require_POST
def remove_helpline(request: HttpRequest, portal_id: int) -> HttpResponse:
    """Remove a helpline of a portal."""
    portal = portal_here(request, portal_id)
    name = request.POST.get("name", "")
    with hotline_transaction(portal.hotline_id):
        if name:  # without one there is nothing to remove
            demand_as_shown(request, _mark_of(_known(portal, name, "")))
        waits = services.remove_helpline(portal.id, name, actor=actor_of(request))
    if waits is None:
        messages.success(request, _("The helpline was removed."))
    else:
        messages.warning(request, WAITS)
    return redirect("people:list-numbers", portal.id)


@staff("portal.edit")
@require_POST
def confirm_emergency(request: HttpRequest, portal_id: int) -> HttpResponse:
    """Confirm the emergency number that the page showed."""
    portal = portal_here(request, portal_id)
    number = request.POST.get("number", "")
    services.confirm_emergency_number(portal.id, number, actor=actor_of(request))
    messages.success(request, _("The emergency number is confirmed."))
    return redirect("people:list-numbers", portal.id)


def _say(request: HttpRequest, waits: int | None, *, is_shown: bool) -> None:
    if waits is not None:
        messages.warning(request, WAITS)
    elif is_shown:
        messages.success(request, _("Confirmed. Visitors see it now."))
    else:
        messages.success(request, _("Saved. Visitors see it once somebody has confirmed it."))


def portal_here(request: HttpRequest, portal_id: int) -> queries.PortalRow:
    """Return a portal of the signed-in person's hotline; raises NotFound."""
    found = next((row for row in queries.portals_of(hotline_of(request)) if row.id == portal_id), None)
    if found is None:
        raise NotFound(what=_("portal"))
    return found


def _mark_of(known: dict[str, Any]) -> str:
    """Return a mark of what a page shows of a helpline: one of before a colleague's change would bring back an old number."""
    return mark_of(*sorted(known.items()))


def _known(portal: queries.PortalRow, name: str, shipped: str) -> dict[str, Any]:
    """Return what is known of a helpline: of the portal's own, of a shipped one, or nothing. Raises NotFound."""
    if name:
        row = next((row for row in queries.helplines_of(portal.id) if row.name == name), None)
        if row is None:
            raise NotFound(what=_("helpline"))
        return row.values
    rows = (row for row in queries.shipped_for(portal.country) if row.kind != EMERGENCY)
    found = next((row for row in rows if row.values["name"] == shipped), None)
    if found is None:
        return {"names": {}}
    return {**found.values, "source": f"{found.source} {found.as_of}".strip()}
