"""Somebody leaves: a preview of what will happen, then the act."""

from datetime import UTC, datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from leeward.administration import queries, services
from leeward.audit.services import hotline_transaction
from leeward.foundation.errors import NotFound
from leeward.people.access import actor_of, demand_as_shown, staff
from leeward.people.rules.reading import mark_of
from leeward.web_security.keys import new_form_key
from leeward.web_security.services import use_once


@staff("account.edit")
@require_http_methods(["GET", "POST"])
def leave(request: HttpRequest, account_id: int) -> HttpResponse:
    """GET shows a preview. POST closes the account with everything that ends with it; new keys are shown once."""
    actor = actor_of(request)
    found = queries.leaving(account_id, actor.hotline_id or 0, datetime.now(UTC))
    if found is None:
        raise NotFound(what=_("account"))
    if request.method == "POST" and found.account.is_active:
        replaced = [row.id for row in found.keys if request.POST.get(f"key-{row.id}") == "replace"]
        with hotline_transaction():
            if not use_once(request.POST.get("once", ""), purpose="leave"):
                return redirect("people:edit-account", account_id)
            now = queries.leaving(account_id, actor.hotline_id or 0, datetime.now(UTC))
            if account_id != actor.id:  # which is refused
                demand_as_shown(request, _mark_of(now) if now else "")
            made = services.let_go(found, replaced=replaced, actor=actor)
        messages.success(request, _("The account of %(name)s is closed.") % {"name": found.account.name})
        if made:
            return render(request, "administration/left.html", {"account": found.account, "made": made})
        return redirect("people:edit-account", account_id)
    values = {"found": found, "once": new_form_key(), "seen": _mark_of(found), "is_own": found.account.id == actor.id}
    return render(request, "administration/leaving.html", values)


def _mark_of(found: queries.Leaving) -> str:
    """Return a mark of the keys among which somebody chooses: one that was made since would be revoked unread."""
    return mark_of(found.account.id, sorted(row.id for row in found.keys))
