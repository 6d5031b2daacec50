"""The webhook of a contact: set, given a new secret, tested, removed. A secret is shown once, in the response to the form."""

from django.contrib import messages as flash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from leeward.audit.services import hotline_transaction
from leeward.foundation.actor import Actor
from leeward.foundation.errors import BadInput, NotFound
from leeward.notices import queries, services
from leeward.notices.errors import WebhookUnusable
from leeward.notices.forms import ContactForm
from leeward.notices.queries.labels import problem_word
from leeward.notices.views.contacts import contact_page, demand_way_as_shown, initial
from leeward.people.access import actor_of, staff
from leeward.web_security.services import use_once

_ACTS = ("set", "renew", "try", "remove")


@require_POST
@staff("contact.edit")
def webhook(request: HttpRequest, number: int) -> HttpResponse:
    """Change or test the webhook of a contact."""
    act, actor = request.POST.get("act", ""), actor_of(request)
    if queries.contact(number) is None:
        raise NotFound(what=_("contact"))
    if act not in _ACTS:
        raise BadInput(what=_("act"), why=_("it is not one of set, renew, try and remove"))
    if act == "try":
        return _tried(request, number, actor)
    try:
        with hotline_transaction():
            is_first = use_once(request.POST.get("once", ""), purpose=f"webhook:{number}")
            if is_first:
                demand_way_as_shown(request, number)
            secret = _change(request, number, act, actor) if is_first else ""
    except WebhookUnusable as error:
        return _with(request, number, hook_problem=f"{error.text} {error.hint}", hook_typed=request.POST.get("url", ""))
    if secret:
        name = _name(number)
        return render(request, "notices/webhook_secret.html", {"secret": secret, "number": number, "name": name})
    return redirect("notices_desk:change-contact", number=number)


def _change(request: HttpRequest, number: int, act: str, actor: Actor) -> str:
    """Do the act; return the secret that it made, or "" if there is none."""
    if act == "set":
        return services.set_webhook(number, request.POST.get("url", "")[:2000], actor=actor)
    if act == "renew":
        return services.renew_webhook(number, actor=actor)
    services.remove_webhook(number, actor=actor)
    flash.success(request, _("The webhook is removed. Notices go by mail."))
    return ""


def _tried(request: HttpRequest, number: int, actor: Actor) -> HttpResponse:
    """Test the webhook. The network is used outside every transaction: the one-time key is consumed first, then the
    test is sent once."""
    with hotline_transaction():
        is_first = use_once(request.POST.get("once", ""), purpose=f"webhook:{number}")
        if is_first:
            demand_way_as_shown(request, number)
    if not is_first:
        return redirect("notices_desk:change-contact", number=number)
    tried = services.try_webhook(number, actor=actor)
    if tried.is_good:
        flash.success(request, _("The webhook accepted the test (HTTP %(code)s).") % {"code": tried.code})
        return redirect("notices_desk:change-contact", number=number)
    problem = problem_word(tried.problem)
    if tried.code:
        problem = _("%(sentence)s It answered with HTTP %(code)s.") % {"sentence": problem, "code": tried.code}
    return _with(request, number, hook_problem=problem)


def _with(request: HttpRequest, number: int, *, hook_problem: str, hook_typed: str = "") -> HttpResponse:
    row = queries.contact(number)
    form = ContactForm(initial=initial(row))
    return contact_page(request, form, row, hook_problem=hook_problem, hook_typed=hook_typed)


def _name(number: int) -> str:
    row = queries.contact(number)
    return (row.name or row.email) if row else ""
