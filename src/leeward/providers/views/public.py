"""The public pages for providers: what a country's law wants of them, who is designated, and how to register. No script, no cookie."""

from datetime import UTC, datetime

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe
from django_scopes import scope

from leeward.audit.services import hotline_transaction
from leeward.foundation.actor import Actor
from leeward.people.errors import FieldIsWrong
from leeward.people.queries import PortalRow
from leeward.providers import services
from leeward.providers.errors import TooManyAtDoor
from leeward.providers.forms import ProviderForm
from leeward.providers.queries import providers as queries_providers
from leeward.providers.queries.law import duties_on
from leeward.providers.rules.priorities import CLASSES
from leeward.web_security.caller import caller_of
from leeward.web_security.keys import is_form_key, new_form_key
from leeward.web_security.services import allow, use_once

A_MINUTE, AT_ONCE = 0.2, 5


def _portal(request: HttpRequest) -> PortalRow:
    place = getattr(request, "place", None)
    if place is None or place.portal is None:
        raise Http404
    found: PortalRow = place.portal
    return found


@require_safe
def rules(request: HttpRequest, portal: str) -> HttpResponse:
    """Show who must report to whom by the law of the portal's country, and which entities are designated today."""
    row, today = _portal(request), datetime.now(UTC).date()
    with scope(hotline=row.hotline_id):
        page = queries_providers.entities(request.GET.get("page"), on=today)
    classes = CLASSES.get(row.country)
    values = {
        "page": page,
        "sheet": duties_on(row.country, today),
        "classes": classes,
        "telephoned": ", ".join(classes.telephoned) if classes else "",
        "today": today,
    }
    return render(request, "providers/rules.html", values)


@require_http_methods(["GET", "HEAD", "POST"])
def register(request: HttpRequest, portal: str) -> HttpResponse:
    """Let a provider register; a person here approves it."""
    row = _portal(request)
    if request.method != "POST":
        return _form(request, ProviderForm(), done=request.GET.get("done") == "1")
    form, once = ProviderForm(request.POST), request.POST.get("once", "")[:64]
    if not form.is_valid() or not is_form_key(once):
        return _form(request, form, problem="" if form.errors else _("The form was not complete. Send it again."))
    if not allow("provider registers", caller_of(request), per_minute=A_MINUTE, burst=AT_ONCE):
        raise TooManyAtDoor
    try:
        with scope(hotline=row.hotline_id), hotline_transaction():
            if use_once(once, purpose="provider registers"):
                actor = Actor("provider", hotline_id=row.hotline_id)
                services.register(form.asking(), portal_id=row.id, actor=actor)
    except FieldIsWrong as error:
        field = str(error.values["field"])
        form.add_error(field if field in form.fields else None, str(error.values["why"]))
        return _form(request, form)
    answer = redirect(f"{request.path}?done=1")
    answer.status_code = 303
    return answer


def _form(request: HttpRequest, form: ProviderForm, *, problem: str = "", done: bool = False) -> HttpResponse:
    has_problem = bool(form.errors or problem)
    values = {
        "form": form,
        "once": new_form_key(),
        "problem": problem,
        "problems": has_problem,
        "done": done,
    }
    return render(request, "providers/register.html", values, status=422 if has_problem else 200)
