"""Contacts abroad on the desk: whom our references name, and whom somebody here added or checked."""

from dataclasses import asdict
from datetime import UTC, datetime

from django.contrib import messages as flash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from leeward.audit.services import hotline_transaction
from leeward.capacity.facilities import queries, services
from leeward.capacity.facilities.errors import TooManyEntries
from leeward.capacity.facilities.forms import ContactForm
from leeward.capacity.facilities.labels import CHECKED
from leeward.capacity.facilities.views.facilities import form_page
from leeward.foundation.errors import NotFound
from leeward.people.access import actor_of, staff
from leeward.people.errors import EnteredSince
from leeward.web_security.paging import page_of_list
from leeward.web_security.services import use_once


@require_safe
@staff("training.edit")
def directory(request: HttpRequest) -> HttpResponse:
    """List the contacts, and when somebody checked them."""
    page = page_of_list(queries.directory(datetime.now(UTC).date()), request.GET.get("page"))
    rows = [{"row": row, "standing": CHECKED[row.standing]} for row in page.rows]
    return render(request, "capacity/facilities/directory.html", {"page": page, "rows": rows})


@require_http_methods(["GET", "HEAD", "POST"])
@staff("training.edit")
def contact(request: HttpRequest, code: str = "") -> HttpResponse:
    """Add a contact; write what is known of one, check it, or remove what was written here."""
    actor = actor_of(request)
    row = queries.contact(code, datetime.now(UTC).date()) if code else None
    if code and row is None:
        raise NotFound(what=_("contact"))
    seen = request.POST.get("seen", "")
    if row is not None and row.is_own and request.POST.get("act") == "remove":
        try:
            with hotline_transaction():
                if use_once(request.POST.get("once", ""), purpose=f"contact:remove:{code}"):
                    services.remove_entry(code, seen=seen, actor=actor)
        except EnteredSince as error:
            return _read_again(request, code, error)
        return redirect("facilities:show-directory")
    form = (
        ContactForm(request.POST)
        if request.method == "POST"
        else ContactForm(initial=asdict(row.details) if row else None)
    )
    if request.method == "POST" and form.is_valid():
        checked = form.cleaned_data["is_checked"]
        try:
            with hotline_transaction():
                if use_once(request.POST.get("once", ""), purpose=f"contact:{code}"):
                    services.write_entry(
                        code, form.details, seen=seen, is_checked=checked, hotline_id=actor.hotline_id or 0, actor=actor
                    )
        except EnteredSince as error:
            return _read_again(request, code, error)
        except TooManyEntries as error:
            form.add_error(None, error.text)
        else:
            return redirect("facilities:show-directory")
    title = _("Check the contact") if row else _("Add a contact")
    shown = seen if form.is_bound or row is None else row.mark
    return form_page(request, form, title, is_contact=True, can_remove=row is not None and row.is_own, seen=shown)


def _read_again(request: HttpRequest, code: str, error: EnteredSince) -> HttpResponse:
    """Show the contact as it is now, to somebody whose page showed another."""
    flash.error(request, f"{error.text} {error.hint}")
    return redirect("facilities:check-contact", code=code)
