"""Make a portal in three steps: choose a country, fill in the form, see the preview. The portal is made closed."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language_bidi, override
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from leeward.audit.services import hotline_transaction
from leeward.foundation.errors import LeewardError
from leeward.people import queries, services
from leeward.people.access import actor_of, staff
from leeward.people.countries import Suggestion, country_names, suggestion_for
from leeward.people.errors import NameIsTaken
from leeward.people.forms import PortalForm
from leeward.people.labels import DAYS
from leeward.people.views.accounts import first_time, hotline_of
from leeward.people.views.numbers import emergency_rows
from leeward.web_security.keys import new_form_key

NOT_KEPT = ("csrfmiddlewaretoken", "once", "seen", "go")


@staff("portal.edit")
@require_http_methods(["GET", "POST"])
def open_portal(request: HttpRequest) -> HttpResponse:
    """GET asks for a country, then shows the form with its defaults. POST shows the preview, shows the form again, or
    makes the portal."""
    if not request.POST:
        return _begin(request)
    languages = queries.language_choices(hotline_of(request))
    form = PortalForm(request.POST, languages=languages)
    go = request.POST.get("go", "make")
    if form.is_valid():
        if go == "preview" and _may_be_named(form):
            return _preview(request, form)
        if go == "make" and (made := _make(request, form)):
            return made
    return _page(request, form, status=422 if form.errors else 200)


def _begin(request: HttpRequest) -> HttpResponse:
    """Show the form, or ask for a country if the address names none (two letters)."""
    country = request.GET.get("country", "").strip().upper()
    known = suggestion_for(country, datetime.now(UTC).date())
    if known is None:
        values = {"countries": country_names().items(), "asked": country[:20]}
        return render(request, "people/portal_country.html", values, status=422 if country else 200)
    languages = queries.language_choices(hotline_of(request))
    installed = dict(languages)
    offered = [tag for tag in known.languages if tag in installed]
    slug = known.country.lower()
    initial: dict[str, Any] = {
        "slug": slug if queries.is_name_free(slug) else "",
        "name": known.name,
        "country": known.country,
        "time_zone": known.zones[0] if known.zones else "UTC",
    }
    initial |= {f"language_{number}": tag for number, tag in enumerate(offered, start=1)}
    return _page(request, PortalForm(initial=initial, languages=languages), known=known)


def _page(
    request: HttpRequest, form: PortalForm, *, known: Suggestion | None = None, status: int = 200
) -> HttpResponse:
    if known is None:
        known = suggestion_for(str(form.data.get("country", "")).upper(), datetime.now(UTC).date())
    values = {
        "form": form,
        "known": known,
        "once": new_form_key(),
        "emergency": emergency_rows(known.country if known else ""),
    }
    return render(request, "people/portal.html", values, status=status)


def _may_be_named(form: PortalForm) -> bool:
    """Check the name before the preview rather than after it."""
    if queries.is_name_free(form.cleaned_data["slug"]):
        return True
    form.add_error("slug", _("This name is taken, or it is the name of one of our own pages. Choose another."))
    return False


def _preview(request: HttpRequest, form: PortalForm) -> HttpResponse:
    """Show how visitors will see the portal in each of its languages; the form's values are carried along."""
    values = {
        "portal": form.cleaned_data,
        "country": country_names().get(form.cleaned_data["country"], form.cleaned_data["country"]),
        "faces": [_face(tag) for tag in form.cleaned_data["languages"]],
        "days": [label for number, label in DAYS if int(number) in _days(form)],
        "kept": [(name, value) for name, held in request.POST.lists() if name not in NOT_KEPT for value in held],
        "once": new_form_key(),
    }
    return render(request, "people/portal_preview.html", values)


def _days(form: PortalForm) -> list[int]:
    days: list[int] = form.cleaned_data["working_days"]
    return days


def _face(tag: str) -> Mapping[str, str]:
    with override(tag):
        direction = "rtl" if get_language_bidi() else "ltr"
    return {"tag": tag, "name": queries.own_name(tag), "direction": direction}


def _make(request: HttpRequest, form: PortalForm) -> HttpResponse | None:
    """Make the portal, or return None if the form has errors. It takes no reports until it is opened by its checklist."""
    actor = actor_of(request)
    try:
        with hotline_transaction():
            if not first_time(request, "portal"):
                return redirect("people:list-portals")
            number = services.open_portal(hotline_of(request), actor=actor, takes_reports=False, **form.cleaned_data)
    except NameIsTaken:
        form.add_error("slug", _("This name is taken, or it is the name of one of our own pages. Choose another."))
        return None
    except LeewardError as error:
        form.add_error(None, error.text)
        return None
    messages.success(request, _("The portal has been created. It takes no reports yet: this is what is still open."))
    if any(row.portal_id == number for row in queries.portal_changes_waiting(hotline_of(request))):
        messages.warning(request, _("Visitors find it once a second person has confirmed that it is shown."))
    return redirect("administration:show-checklist", number)
