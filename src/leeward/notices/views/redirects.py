"""When a contact says that somebody else is in charge, a person sees what was typed and chooses the recipient."""

from django.contrib import messages as flash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect as go_to
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from leeward.audit.services import hotline_transaction
from leeward.foundation.actor import Actor
from leeward.foundation.errors import LeewardError, NotFound
from leeward.notices import services
from leeward.notices.queries.redirects import Redirect, redirect, redirects_waiting
from leeward.people.access import actor_of, demand_as_shown, staff
from leeward.people.rules.reading import mark_of
from leeward.web_security.keys import new_form_key
from leeward.web_security.services import use_once

MOST_EMAIL = 254


@require_safe
@staff("case.act")
def redirects(request: HttpRequest) -> HttpResponse:
    """List every address for which a contact says that somebody else is in charge."""
    return render(request, "notices/redirects.html", {"rows": redirects_waiting()})


@require_http_methods(["GET", "HEAD", "POST"])
@staff("case.act")
def settle(request: HttpRequest, number: int) -> HttpResponse:
    """Show one of them, with the choice."""
    shown, problem = redirect(number), ""
    if shown is None:
        raise NotFound(what=_("address"))
    if request.method == "POST":
        try:
            with hotline_transaction():
                if use_once(request.POST.get("once", ""), purpose=f"redirect:{number}"):
                    demand_as_shown(request, _mark_of(redirect(number)))
                    flash.success(request, _settled(request, number, actor_of(request)))
            return go_to("notices_desk:list-redirects")
        except LeewardError as error:
            problem = f"{error.text} {error.hint}"
    values = {
        "shown": shown,
        "problem": problem,
        "chosen": request.POST.get("to", ""),
        "other": request.POST.get("other", "")[:MOST_EMAIL],
        "seen": _mark_of(shown),
        "once": new_form_key(),
    }
    return render(request, "notices/redirect.html", values, status=422 if problem else 200)


def _mark_of(shown: Redirect | None) -> str:
    """Return a mark of what a contact answered: it may name somebody else since."""
    return mark_of(shown.item_id, shown.recipient, shown.typed, shown.answered_at) if shown else ""


def _settled(request: HttpRequest, number: int, actor: Actor) -> str:
    """Do what was chosen; return the message to show."""
    chosen = request.POST.get("to", "")
    if chosen == "keep":
        services.keep_contact(number, actor=actor)
        return _("The contact stays. It is reminded when the next step is due.")
    address = request.POST.get("other", "") if chosen == "other" else chosen
    services.write_instead(number, address[:MOST_EMAIL], actor=actor)
    return _("The message goes to the chosen address.")
