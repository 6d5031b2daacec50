"""Facilities and their equipment on the desk."""

from dataclasses import asdict
from datetime import UTC, datetime

from django.contrib import messages as flash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from leeward.audit.services import hotline_transaction
from leeward.capacity.facilities import queries, services
from leeward.capacity.facilities.errors import FacilityExists, TooManyEntries
from leeward.capacity.facilities.forms import EquipmentForm, FacilityForm
from leeward.capacity.facilities.labels import EQUIPMENT, KINDS, LICENCES
from leeward.foundation.errors import NotFound
from leeward.people.access import actor_of, staff
from leeward.people.errors import EnteredSince
from leeward.people.forms.voice import Voiced
from leeward.people.queries import country_names, hotline
from leeward.web_security.keys import new_form_key
from leeward.web_security.services import use_once


@require_safe
@staff("training.edit")
def facilities(request: HttpRequest) -> HttpResponse:
    """List the facilities with what waits there, and what ends soon."""
    today = datetime.now(UTC).date()
    page = queries.facilities(today, request.GET.get("page"))
    values = {
        "page": page,
        "rows": [_shown(row) for row in page.rows],
        "ending": [_equipment(row) for row in queries.ending(today)],
    }
    return render(request, "capacity/facilities/list.html", values)


@require_http_methods(["GET", "HEAD", "POST"])
@staff("training.edit")
def add(request: HttpRequest) -> HttpResponse:
    """Add a facility."""
    actor = actor_of(request)
    country = hotline(actor.hotline_id or 0).country
    form = FacilityForm(request.POST) if request.method == "POST" else FacilityForm(initial={"country": country})
    if request.method == "POST" and form.is_valid():
        try:
            with hotline_transaction():
                if use_once(request.POST.get("once", ""), purpose="facility:add"):
                    services.add_facility(form.details, hotline_id=actor.hotline_id or 0, actor=actor)
        except (FacilityExists, TooManyEntries) as error:
            form.add_error("name", error.text)
        else:
            return redirect("facilities:list-facilities")
    return form_page(request, form, _("Add a facility"))


@require_http_methods(["GET", "HEAD", "POST"])
@staff("training.edit")
def facility(request: HttpRequest, number: int) -> HttpResponse:
    """Show a facility with its equipment; add some."""
    today = datetime.now(UTC).date()
    row, form = _row(number), EquipmentForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            with hotline_transaction():
                if use_once(request.POST.get("once", ""), purpose=f"facility:equipment:{number}"):
                    services.add_equipment(number, **form.cleaned_data, actor=actor_of(request))
        except TooManyEntries as error:
            form.add_error(None, error.text)
        else:
            return redirect("facilities:show-facility", number=number)
    equipment = [_equipment(one) for one in queries.equipment_of(number, today)]
    values = _shown(row) | {"equipment": equipment, "form": form, "once": new_form_key()}
    return render(request, "capacity/facilities/one.html", values, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@staff("training.edit")
def change(request: HttpRequest, number: int) -> HttpResponse:
    """Change a facility, or remove it."""
    row, actor, seen = _row(number), actor_of(request), request.POST.get("seen", "")
    if request.POST.get("act") == "remove":
        try:
            with hotline_transaction():
                if use_once(request.POST.get("once", ""), purpose=f"facility:remove:{number}"):
                    services.remove_facility(number, seen=seen, actor=actor)
        except EnteredSince as error:
            return _read_again(request, number, error)
        return redirect("facilities:list-facilities")
    form = FacilityForm(request.POST) if request.method == "POST" else FacilityForm(initial=asdict(row.details))
    if request.method == "POST" and form.is_valid():
        try:
            with hotline_transaction():
                if use_once(request.POST.get("once", ""), purpose=f"facility:{number}"):
                    services.change_facility(number, form.details, seen=seen, actor=actor)
        except EnteredSince as error:
            return _read_again(request, number, error)
        except FacilityExists as error:
            form.add_error("name", error.text)
        else:
            return redirect("facilities:show-facility", number=number)
    shown = seen if form.is_bound else row.mark
    return form_page(request, form, _("Change the facility"), can_remove=True, seen=shown)


def _read_again(request: HttpRequest, number: int, error: EnteredSince) -> HttpResponse:
    """Show the facility as it is now, to somebody whose page showed another."""
    flash.error(request, f"{error.text} {error.hint}")
    return redirect("facilities:change-facility", number=number)


@require_POST
@staff("training.edit")
def remove_equipment(request: HttpRequest, number: int) -> HttpResponse:
    """Remove equipment."""
    with hotline_transaction():
        if use_once(request.POST.get("once", ""), purpose=f"facility:remove-equipment:{number}"):
            facility_id = services.remove_equipment(number, actor=actor_of(request))
            flash.success(request, _("Removed."))
            return redirect("facilities:show-facility", number=facility_id)
    return redirect("facilities:list-facilities")


def form_page(request: HttpRequest, form: Voiced, title: str, **more: object) -> HttpResponse:
    """Render a page that is one form."""
    values = {"form": form, "title": title, "once": new_form_key(), **more}
    return render(request, "capacity/facilities/form.html", values, status=422 if form.errors else 200)


def _row(number: int) -> queries.FacilityRow:
    row = queries.facility(number, datetime.now(UTC).date())
    if row is None:
        raise NotFound(what=_("facility"))
    return row


def _shown(row: queries.FacilityRow) -> dict[str, object]:
    country = row.details.country
    return {"row": row, "kind": KINDS[row.details.kind], "country": country_names().get(country, country)}


def _equipment(row: queries.EquipmentRow) -> dict[str, object]:
    return {"row": row, "kind": EQUIPMENT[row.kind], "licence": LICENCES[row.licence]}
