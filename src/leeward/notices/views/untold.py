"""Cases whose police could not be told, or may not have been: a person settles them here."""

from django.contrib import messages as flash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from leeward.audit.services import hotline_transaction
from leeward.foundation.actor import Actor
from leeward.foundation.errors import LeewardError, NotFound
from leeward.notices import forms, services
from leeward.notices.queries.untold import untold_page
from leeward.notices.rules.answers import MOST_NOTE
from leeward.people.access import actor_of, staff
from leeward.people.rules.permissions import may
from leeward.web_security.keys import new_form_key
from leeward.web_security.services import use_once


@require_http_methods(["GET", "HEAD", "POST"])
@staff("referral.answer")
def untold(request: HttpRequest, number: int) -> HttpResponse:
    """Show why the police don't have a case, and what a person can do."""
    shown = untold_page(number)
    if shown is None:
        raise NotFound(what=_("case"))
    problem = forms.too_long(request.POST.get("note", ""), MOST_NOTE)
    if request.method == "POST" and not problem:
        try:
            with hotline_transaction():
                if use_once(request.POST.get("once", ""), purpose=f"untold:{number}"):
                    flash.success(request, _settle(request, number, actor_of(request)))
            return redirect("notices_desk:settle-untold", number=number)
        except LeewardError as error:
            problem = f"{error.text} {error.hint}"
    values = {
        "shown": shown,
        "problem": problem,
        "note": request.POST.get("note", ""),
        "may_confirm": may(actor_of(request), "referral.confirm", actor_of(request).hotline_id),
        "once": new_form_key(),
    }
    return render(request, "notices/untold.html", values, status=422 if problem else 200)


def _settle(request: HttpRequest, number: int, actor: Actor) -> str:
    """Do what was chosen; return the message to show."""
    if request.POST.get("act") == "again":
        services.tell_police_again(number, actor=actor, seen=request.POST.get("seen", ""))
        return _("The message goes to the police again.")
    if services.enter_police_informed(number, note=request.POST.get("note", ""), actor=actor):
        return _("Recorded. It counts once a second person has confirmed it.")
    return _("Recorded. The time for the police to answer starts now.")
