"""The hotline as a whole: name, address, hosts abroad, and the parts that its desk leaves out."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from leeward.administration.forms import HotlineForm
from leeward.administration.in_use import what_is_in_use
from leeward.audit.services import hotline_transaction
from leeward.foundation.errors import LeewardError
from leeward.people import queries, services
from leeward.people.access import actor_of, demand_as_shown, first_shown, staff
from leeward.people.errors import EnteredSince
from leeward.people.labels import ADDRESS_WAITS
from leeward.people.queries import country_names
from leeward.people.rules.reach import HOTLINE
from leeward.people.rules.reading import mark_of

FIELDS = ("name", "email", "notify_foreign_hosts", "commercial_first", "unused_parts")


@staff("hotline.edit")
@require_http_methods(["GET", "POST"])
def edit_hotline(request: HttpRequest) -> HttpResponse:
    """Edit the hotline. If a part that is in use would be left out, what is in use is shown first, and the form asks
    again."""
    actor = actor_of(request)
    found = queries.hotline(actor.hotline_id or 0)
    form = HotlineForm(request.POST or None, initial={name: getattr(found, name) for name in FIELDS})
    in_use: list[tuple[str, list[str]]] = []
    if request.method == "POST" and form.is_valid():
        left_out = set(form.cleaned_data["unused_parts"]) - set(found.unused_parts)
        in_use = what_is_in_use(left_out, found.id)
        if not in_use or request.POST.get("sure") == "yes":
            try:
                with hotline_transaction(found.id):
                    demand_as_shown(request, _mark_of(queries.hotline(found.id)))
                    waits = services.change_hotline(found.id, actor=actor, **form.cleaned_data)
            except EnteredSince as error:  # its fields would be filled in as they were
                messages.error(request, f"{error.text} {error.hint}")
                return redirect("administration:edit-hotline")
            except LeewardError as error:
                form.add_error(None, error.text)
            else:
                messages.success(request, _("Saved."))
                if waits is not None:
                    messages.warning(request, ADDRESS_WAITS)
                return redirect("administration:edit-hotline")
    changes = [row for row in queries.portal_changes_waiting(found.id) if row.what == HOTLINE]
    values = {
        "changes": changes,
        "form": form,
        "country": country_names().get(found.country, found.country),
        "in_use": in_use,
        "seen": first_shown(request, _mark_of(found)),
    }
    status = 422 if form.errors else 409 if in_use else 200
    return render(request, "administration/hotline.html", values, status=status)


def _mark_of(row: queries.HotlineRow) -> str:
    """Return a mark of what the page shows of a hotline: an older page would put back what a colleague has changed since."""
    return mark_of(row.id, [str(getattr(row, name)) for name in FIELDS])
