"""Pages about invitations: list, invite, send again, withdraw; and the page behind the link."""

from datetime import UTC, datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from leeward.audit.services import hotline_transaction
from leeward.foundation.errors import LeewardError
from leeward.people import queries, services
from leeward.people.access import actor_of, staff
from leeward.people.errors import InvitationIsOver, InvitedAlready, InviterMayNot, NameIsTaken, PasswordIsWeak
from leeward.people.forms.invitations import AcceptForm, InviteForm
from leeward.people.services.invitations import invitation_behind, may_still_invite
from leeward.people.views.accounts import first_time, hotline_of
from leeward.web_security.caller import caller_of
from leeward.web_security.keys import new_form_key
from leeward.web_security.services import allow

WRONG_A_MINUTE = 10.0
WRONG_AT_ONCE = 30


@staff("account.edit")
@require_http_methods(["GET", "POST"])
def list_invitations(request: HttpRequest) -> HttpResponse:
    """List pending invitations, with a form for another one."""
    hotline_id, now = hotline_of(request), datetime.now(UTC)
    form = InviteForm(request.POST or None, languages=queries.language_choices(hotline_id))
    if request.method == "POST" and form.is_valid():
        try:
            with hotline_transaction():
                if first_time(request, "invitation"):
                    services.invite(hotline_id, actor=actor_of(request), **form.cleaned_data)
                    messages.success(request, _("Invited. The message will be sent in a moment."))
            return redirect("people:list-invitations")
        except NameIsTaken:
            form.add_error("email", _("Somebody already signs in with this address. Each account needs its own."))
        except InvitedAlready as error:
            form.add_error("email", f"{error.text} {error.hint}")
        except LeewardError as error:
            form.add_error(None, error.text)
    rows = [{"row": row, "is_expired": row.is_expired(now)} for row in queries.invitations_waiting(hotline_id)]
    values = {"rows": rows, "form": form, "once": new_form_key()}
    return render(request, "people/invitations.html", values, status=422 if form.errors else 200)


@staff("account.edit")
@require_POST
def renew_invitation(request: HttpRequest, invitation_id: int) -> HttpResponse:
    """Send a new link; the old one stops working."""
    with hotline_transaction():
        if first_time(request, f"invitation:{invitation_id}"):
            services.renew_invitation(invitation_id, actor=actor_of(request))
            messages.success(request, _("A new link will be sent in a moment. The old one no longer works."))
    return redirect("people:list-invitations")


@staff("account.edit")
@require_POST
def withdraw_invitation(request: HttpRequest, invitation_id: int) -> HttpResponse:
    """Withdraw an invitation."""
    services.withdraw_invitation(invitation_id, actor=actor_of(request))
    messages.success(request, _("The invitation is withdrawn: its link no longer works."))
    return redirect("people:list-invitations")


@require_http_methods(["GET", "POST"])
def accept(request: HttpRequest, token: str) -> HttpResponse:
    """GET asks for a name and a password; POST makes the account. All invalid links get the same answer, but one whose
    sender may no longer invite: whoever holds it is told so."""
    found = invitation_behind(token)
    if found is None:
        allow("wrong link", caller_of(request), per_minute=WRONG_A_MINUTE, burst=WRONG_AT_ONCE)
        raise InvitationIsOver
    if request.method == "GET" and not may_still_invite(found):
        raise InviterMayNot
    form = AcceptForm(request.POST or None, initial={"name": found.name})
    if request.method == "POST" and form.is_valid():
        try:
            services.accept_invitation(token, **form.cleaned_data)
        except PasswordIsWeak as error:
            form.add_error("password", error.text)
        else:
            messages.success(request, _("Your account has been created. Sign in with your address and this password."))
            return redirect("account_login")
    values = {"form": form, "email": found.email, "hotline_name": found.hotline.name}
    return render(request, "people/invited.html", values, status=422 if form.errors else 200)
