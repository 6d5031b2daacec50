"""Pages about keys of the API: list, add, revoke."""

from datetime import UTC, datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from leeward.audit.services import hotline_transaction
from leeward.people import queries
from leeward.people.access import actor_of, staff
from leeward.people.errors import FieldIsWrong
from leeward.people.forms.tokens import TokenForm
from leeward.people.labels import SCOPE_NAMES
from leeward.people.rules.permissions import acts_of
from leeward.people.services import tokens
from leeward.people.views.accounts import first_time, hotline_of
from leeward.web_security.keys import new_form_key


@staff("token.edit")
@require_safe
def list_tokens(request: HttpRequest) -> HttpResponse:
    """List every key that this hotline issued, with its scopes."""
    today, actor = datetime.now(UTC).date(), actor_of(request)
    makers = {
        row.id for row in queries.staff_of(hotline_of(request)) if row.is_active and "token.edit" in acts_of(row.roles)
    }
    rows = [
        {
            "token": row,
            "scopes": [SCOPE_NAMES[scope] for scope in row.scopes],
            "is_good": row.is_good(today),
            "is_mine": row.made_by == actor.id,
            "is_left": row.made_by is not None and row.made_by not in makers,
        }
        for row in queries.tokens_of(hotline_of(request))
    ]
    return render(request, "people/tokens.html", {"rows": rows})


@staff("token.edit")
@require_http_methods(["GET", "POST"])
def add_token(request: HttpRequest) -> HttpResponse:
    """Add a key; the response shows it, once."""
    form = TokenForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            with hotline_transaction():
                if not first_time(request, "token"):
                    return redirect("people:list-tokens")
                key = tokens.issue_token(actor=actor_of(request), **form.cleaned_data)
            return render(request, "people/token_made.html", {"key": key, "name": form.cleaned_data["name"]})
        except FieldIsWrong as error:
            form.add_error(str(error.values["field"]), str(error.values["why"]))
    values = {"form": form, "once": new_form_key()}
    return render(request, "people/add_token.html", values, status=422 if form.errors else 200)


@staff("token.edit")
@require_POST
def vouch_for_token(request: HttpRequest, token_id: int) -> HttpResponse:
    """Confirm, as the second person, who holds a key."""
    tokens.vouch_for_token(token_id, actor=actor_of(request))
    messages.success(request, _("Confirmed: its holder counts as somebody of their own."))
    return redirect("people:list-tokens")


@staff("token.edit")
@require_POST
def revoke_token(request: HttpRequest, token_id: int) -> HttpResponse:
    """Revoke a key."""
    tokens.revoke_token(token_id, actor=actor_of(request))
    messages.success(request, _("The key is revoked: it no longer works."))
    return redirect("people:list-tokens")
