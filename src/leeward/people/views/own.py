"""One's own account, and help for people who can't sign in."""

from datetime import UTC, datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from leeward.foundation.errors import LeewardError
from leeward.people import queries, services
from leeward.people.access import actor_of, staff
from leeward.people.forms import OwnAccountForm
from leeward.people.views.accounts import hotline_of


@require_safe
def ask_administrator(request: HttpRequest) -> HttpResponse:
    """Say where to turn with a lost password or without an account."""
    return render(request, "people/ask_administrator.html")


@staff("account.own")
@require_http_methods(["GET", "POST"])
def own_account(request: HttpRequest) -> HttpResponse:
    """Edit one's own name and languages, with links to password and second factor."""
    actor = actor_of(request)
    card = queries.staff_card(actor.id or 0, hotline_of(request))
    assert card is not None
    form = OwnAccountForm(
        request.POST or None,
        initial={"name": card.name, "languages": card.languages},
        languages=queries.language_choices(hotline_of(request), also=card.languages),
    )
    if request.method == "POST" and form.is_valid():
        try:
            services.change_own_account(actor=actor, **form.cleaned_data)
        except LeewardError as error:
            form.add_error(None, error.text)
        else:
            messages.success(request, _("Saved."))
            return redirect("people:own-account")
    values = {"form": form, "account": card, "visits": len(queries.reviews_for(card.id, datetime.now(UTC)))}
    return render(request, "people/own_account.html", values, status=422 if form.errors else 200)
