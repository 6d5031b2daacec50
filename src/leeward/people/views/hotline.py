"""The portals of a hotline."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from leeward.audit.services import hotline_transaction
from leeward.foundation.errors import LeewardError, NotFound
from leeward.people import queries, services
from leeward.people.access import actor_of, demand_as_shown, first_shown, staff
from leeward.people.errors import EnteredSince
from leeward.people.forms import PortalForm
from leeward.people.labels import WAITS
from leeward.people.rules.reading import mark_of
from leeward.people.views.accounts import hotline_of
from leeward.web_security.keys import new_form_key

SIMPLE = (
    "slug name country mode run_by accountable_to reached_at emergency_number police_name"
    " police_email police_for_hosts police_on_danger police_on_urgent own_picture own_removal exit_url"
    " time_zone"
    " is_open"
).split()


@staff("portal.edit")
@require_safe
def list_portals(request: HttpRequest) -> HttpResponse:
    """List the portals of this hotline."""
    rows = [{"portal": row, "pages": _pages(row)} for row in queries.portals_of(hotline_of(request))]
    return render(request, "people/portals.html", {"rows": rows})


@staff("portal.edit")
@require_http_methods(["GET", "POST"])
def edit_portal(request: HttpRequest, portal_id: int) -> HttpResponse:
    """Change a portal."""
    hotline_id = hotline_of(request)
    found = next((row for row in queries.portals_of(hotline_id) if row.id == portal_id), None)
    if found is None:
        raise NotFound(what=_("portal"))
    form = PortalForm(
        request.POST or None,
        initial=_initial(found),
        languages=queries.language_choices(hotline_id, also=found.languages),
    )
    del form.fields["slug"]
    if request.method == "POST" and form.is_valid():
        try:
            waits = _change_as_shown(request, found.id, form)
        except EnteredSince as error:  # its fields would be filled in as they were
            messages.error(request, f"{error.text} {error.hint}")
            return redirect("people:edit-portal", portal_id)
        except LeewardError as error:
            form.add_error(None, error.text)
        else:
            messages.success(request, _("Saved. Check it as visitors see it."))
            if waits is not None:
                messages.warning(request, WAITS)
            return redirect("people:edit-portal", portal_id)
    waiting = [row for row in queries.portal_changes_waiting(hotline_id) if row.portal_id == found.id]
    values = {"form": form, "found": found, "pages": _pages(found), "once": new_form_key(), "changes": waiting}
    values["seen"] = first_shown(request, _mark_of(found))
    return render(request, "people/portal.html", values, status=422 if form.errors else 200)


def _change_as_shown(request: HttpRequest, portal_id: int, form: PortalForm) -> int | None:
    actor = actor_of(request)
    with hotline_transaction(actor.hotline_id):
        demand_as_shown(request, _mark_of(queries.portal(portal_id)))
        return services.change_portal(portal_id, actor=actor, **form.cleaned_data)


def _mark_of(row: queries.PortalRow) -> str:
    """Return a mark of what the page shows of a portal: an older page would put back what a colleague has changed since."""
    return mark_of(row.id, *sorted(_initial(row).items()))


def _initial(row: queries.PortalRow) -> dict[str, object]:
    languages = {f"language_{number}": tag for number, tag in enumerate(row.languages, start=1)}
    return (
        {name: getattr(row, name) for name in SIMPLE}
        | languages
        | {
            "working_days": sorted(map(str, row.working_days)),
            "holidays": "\n".join(day.isoformat() for day in sorted(row.added_holidays)),
        }
    )


def _pages(row: queries.PortalRow) -> list[dict[str, str]]:
    """Return the address of its first page in every language; empty while it is closed."""
    if not row.is_open:
        return []
    first = row.languages[0]
    return [
        {
            "tag": tag,
            "name": queries.own_name(tag),
            "path": f"/{row.slug}/" if tag == first else f"/{row.slug}/{tag}/",
        }
        for tag in row.languages
    ]
