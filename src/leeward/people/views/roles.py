"""Roles with their dates: confirmed by a second administrator, and read by auditors."""

from datetime import UTC, datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from leeward.audit.services import hotline_transaction
from leeward.foundation.errors import NotFound
from leeward.people import queries, services
from leeward.people.access import actor_of, staff
from leeward.people.errors import EnteredSince
from leeward.people.rules.permissions import TITLES
from leeward.people.rules.second_person import Account, waiting_until
from leeward.people.services.roles import moment
from leeward.web_security.services import use_once


@staff("log.read")
@require_safe
def list_grants(request: HttpRequest) -> HttpResponse:
    """List who got which role from whom and when, and which two-person acts followed."""
    hotline_id = actor_of(request).hotline_id or 0
    rows = [
        {
            "grant": row.grant,
            "title": TITLES[row.grant.role],
            "nobody": _("whoever runs the server"),
            "acts": [(act, datetime.fromisoformat(act.at)) for act in row.acts],
        }
        for row in queries.grants_with_acts(hotline_id)
    ]
    return render(request, "people/roles.html", {"rows": rows})


@staff("account.edit")
@require_POST
def confirm_account(request: HttpRequest, account_id: int) -> HttpResponse:
    """Vouch for an account and its roles as the second administrator."""
    if queries.staff_card(account_id, actor_of(request).hotline_id or 0) is None:
        raise NotFound(what=_("account"))
    try:
        with hotline_transaction():
            if use_once(request.POST.get("once", ""), purpose=f"confirm:{account_id}"):
                services.confirm_account(account_id, seen=request.POST.get("seen", ""), actor=actor_of(request))
                messages.success(request, _("Confirmed. It counts as a second person from now on."))
            else:
                messages.info(request, _("This form was already sent. It was carried out once."))
    except EnteredSince as error:
        messages.error(request, f"{error.text} {error.hint}")
    return redirect("people:edit-account", account_id)


def standing_of(account: Account, hotline_id: int) -> list[str]:
    """Return sentences about what an account can't do yet as a second person, and from when; empty if nothing stands in
    the way."""
    now, sentences = datetime.now(UTC), []
    if account.made_by is not None and account.confirmed_at is None:
        maker = queries.staff_card(account.made_by, hotline_id)
        name = maker.name if maker else _("an administrator")
        sentences.append(
            _(
                "%(name)s created this account alone. Until somebody else confirms it, it can’t be the "
                "second person to %(name)s, nor to others whose accounts %(name)s created alone."
            )
            % {"name": name}
        )
    for role, until in waiting_until(account, now).items():
        sentences.append(
            _("As %(role)s it can be the second person from %(when)s.")
            % {"role": str(TITLES[role]), "when": moment(until, hotline_id)}
        )
    return sentences
