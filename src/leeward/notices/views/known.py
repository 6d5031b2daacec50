"""Publicly known contacts: view them, choose some, and import them into the directory, where each waits to be confirmed."""

from django.contrib import messages as flash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from leeward.audit.services import hotline_transaction
from leeward.foundation.errors import LeewardError
from leeward.notices import services
from leeward.notices.queries.known import known_contacts, with_keys
from leeward.notices.queries.labels import CONTACT_KINDS, FATES
from leeward.notices.views.contacts import demand_as_shown, say
from leeward.people.access import actor_of, staff
from leeward.web_security.keys import new_form_key
from leeward.web_security.services import use_once

KINDS = ("hotline", "police", "protection", "host", "registrar")
MOST_CHOSEN = 200


@require_http_methods(["GET", "HEAD", "POST"])
@staff("contact.edit")
def known(request: HttpRequest) -> HttpResponse:
    """GET lists known contacts, by country or search. POST previews the import, then imports."""
    if request.method == "POST":
        chosen = with_keys(request.POST.getlist("key")[:MOST_CHOSEN])
        if chosen and request.POST.get("act") == "take":
            return _take(request, chosen)
        if chosen:
            return render(request, "notices/known_preview.html", {"rows": chosen, "once": new_form_key()})
    search, country = request.GET.get("q", "").strip()[:100], request.GET.get("country", "").strip()[:2]
    kind = request.GET.get("kind", "")
    kind = kind if kind in KINDS else ""
    values = {
        "rows": known_contacts(search=search, country=country, kind=kind),
        "search": search,
        "country": country.upper(),
        "kind": kind,
        "kinds": [(one, CONTACT_KINDS[one]) for one in KINDS],
        "nothing_chosen": request.method == "POST",
    }
    return render(request, "notices/known.html", values, status=422 if values["nothing_chosen"] else 200)


def _take(request: HttpRequest, chosen: list[services.KnownContact]) -> HttpResponse:
    actor = actor_of(request)
    with hotline_transaction():
        if use_once(request.POST.get("once", ""), purpose="known contacts"):
            added = services.take_known(chosen, hotline_id=actor.hotline_id or 0, actor=actor)
            text = ngettext(
                "%(number)s contact was imported. No case goes there until somebody has confirmed it.",
                "%(number)s contacts were imported. No case goes to them until somebody has confirmed each.",
                added,
            )
            flash.success(request, text % {"number": added})
    return redirect("notices_desk:list-contacts")


@require_POST
@staff("contact.edit")
def confirm(request: HttpRequest, number: int) -> HttpResponse:
    """Send a test letter to an unconfirmed contact, or confirm it."""
    actor = actor_of(request)
    try:
        if use_once(request.POST.get("once", ""), purpose=f"confirm:{number}"):
            if request.POST.get("act") == "test":
                posted = services.send_test_letter(number, actor=actor)
                flash.info(request, str(FATES[posted.fate]))
            else:
                with hotline_transaction():
                    demand_as_shown(request, number)
                    waits = services.confirm_contact(number, request.POST.get("how", ""), actor=actor)
                say(request, waits, _("Confirmed. Cases go there from now on."))
    except LeewardError as error:
        if error.status in (403, 404):
            raise
        flash.error(request, f"{error.text} {error.hint}")
    return redirect("notices_desk:change-contact", number=number)
