"""Lost second factors: one person asks, another approves."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from leeward.people import queries, services
from leeward.people.access import actor_of, staff
from leeward.people.errors import AccountIsClosed
from leeward.people.forms import LostFactorForm
from leeward.people.views.accounts import hotline_of


@staff("account.reset")
@require_POST
def ask_reset(request: HttpRequest, account_id: int) -> HttpResponse:
    """Request the removal of a lost second factor; repeating it changes nothing."""
    services.ask_second_factor_reset(account_id, actor=actor_of(request))
    messages.success(request, _("Your request is recorded. A second person must approve it."))
    return redirect("people:list-resets")


@staff("account.reset")
@require_http_methods(["GET", "POST"])
def list_resets(request: HttpRequest) -> HttpResponse:
    """List open requests, with a form to ask for somebody by address."""
    actor, hotline_id = actor_of(request), hotline_of(request)
    form = LostFactorForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        account_id = queries.account_with_email(form.cleaned_data["email"], hotline_id)
        if account_id is None:
            form.add_error("email", _("Nobody at this hotline signs in with this address."))
        else:
            try:
                services.ask_second_factor_reset(account_id, actor=actor)
            except AccountIsClosed as error:
                form.add_error("email", error.text)
            else:
                messages.success(request, _("Your request is recorded. A second person must approve it."))
                return redirect("people:list-resets")
    values = {"resets": queries.resets_open(hotline_id), "form": form, "me": actor.id}
    return render(request, "people/resets.html", values, status=422 if form.errors else 200)


@staff("account.reset")
@require_POST
def settle_reset(request: HttpRequest, request_id: int) -> HttpResponse:
    """Approve or refuse a request."""
    approve = request.POST.get("answer") == "approve"
    services.settle_second_factor_reset(request_id, approve=approve, actor=actor_of(request))
    messages.success(request, _("The second factor is removed.") if approve else _("You have refused it."))
    return redirect("people:list-resets")
