"""Catalogues of others that are read regularly: the list, what each offers, and taking it in."""

from django.contrib import messages as flash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from leeward.audit.services import hotline_transaction
from leeward.awareness import queries, services
from leeward.awareness.errors import PartnerExists, PartnersFull
from leeward.awareness.forms import PartnerForm
from leeward.awareness.labels import READINGS
from leeward.awareness.rules.sheet import read_sheet
from leeward.foundation.errors import NotFound
from leeward.people.access import actor_of, staff
from leeward.people.errors import FieldIsWrong
from leeward.web_security.keys import new_form_key
from leeward.web_security.services import use_once


@require_http_methods(["GET", "HEAD", "POST"])
@staff("material.edit")
def partners(request: HttpRequest) -> HttpResponse:
    """List whose catalogues are read, or add one."""
    if request.method != "POST":
        return _page(request, PartnerForm())
    form, actor = PartnerForm(request.POST), actor_of(request)
    if not form.is_valid():
        return _page(request, form)
    values = form.cleaned_data
    try:
        with hotline_transaction():
            if use_once(request.POST.get("once", ""), purpose="learning:partner"):
                services.add_partner(
                    values["name"],
                    values["address"],
                    is_oai=values["form"] == "oai",
                    hotline_id=actor.hotline_id or 0,
                    actor=actor,
                )
                flash.success(request, _("Added. It is read as soon as possible, then weekly."))
    except (FieldIsWrong, PartnerExists, PartnersFull) as error:
        form.add_error(None, error.text)
        return _page(request, form)
    return redirect("awareness_desk:list-partners")


@require_safe
@staff("material.edit")
def offer(request: HttpRequest, number: int) -> HttpResponse:
    """Show what a partner's catalogue has that ours doesn't."""
    row = queries.partner(number)
    if row is None:
        raise NotFound(what=_("catalogue"))
    table = queries.offered_by(number)
    cells = [line.cells for line in read_sheet(table)] if table else []
    values = {"row": row, "cells": cells, "seen": services.digest_of([table]), "once": new_form_key()}
    return render(request, "awareness/desk_offer.html", values)


@require_POST
@staff("material.edit")
def take(request: HttpRequest, number: int) -> HttpResponse:
    """Add what was shown."""
    with hotline_transaction():
        if use_once(request.POST.get("once", ""), purpose=f"learning:take:{number}"):
            added = services.take_offered(number, seen=request.POST.get("seen", ""), actor=actor_of(request))
            flash.success(
                request,
                ngettext(
                    "%(count)s entry added. Nobody sees it before somebody has reviewed it.",
                    "%(count)s entries added. Nobody sees them before somebody has reviewed them.",
                    added,
                )
                % {"count": added},
            )
    return redirect("awareness_desk:list-partners")


@require_POST
@staff("material.edit")
def read(request: HttpRequest, number: int) -> HttpResponse:
    """Have it read soon."""
    with hotline_transaction():
        if use_once(request.POST.get("once", ""), purpose=f"learning:read:{number}"):
            services.read_soon(number, actor=actor_of(request))
            flash.success(request, _("The catalogue is read as soon as possible."))
    return redirect("awareness_desk:list-partners")


@require_POST
@staff("material.edit")
def remove(request: HttpRequest, number: int) -> HttpResponse:
    """Read it no more."""
    with hotline_transaction():
        if use_once(request.POST.get("once", ""), purpose=f"learning:remove-partner:{number}"):
            services.remove_partner(number, actor=actor_of(request))
            flash.success(request, _("Removed. What was added from it stays."))
    return redirect("awareness_desk:list-partners")


def _page(request: HttpRequest, form: PartnerForm) -> HttpResponse:
    rows = [{"row": row, "reading": READINGS[row.reading]} for row in queries.partners()]
    values = {"form": form, "rows": rows, "once": new_form_key()}
    return render(request, "awareness/desk_partners.html", values, status=422 if form.errors else 200)
