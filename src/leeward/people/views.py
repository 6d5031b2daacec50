"""The administrator's pages: accounts, second factors, portals."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from leeward.gate.keys import new_form_key
from leeward.gate.services import use_once
from leeward.ground.errors import LeewardError, NotFound
from leeward.people import queries, services
from leeward.people.access import actor_of, staff
from leeward.people.forms import AccountForm, PortalForm, RolesForm


def ask_administrator(request: HttpRequest) -> HttpResponse:
    """Where to turn with a lost password or without an account."""
    return render(request, "people/ask_administrator.html")


@staff("account.edit")
@require_http_methods(["GET", "POST"])
def accounts(request: HttpRequest) -> HttpResponse:
    """Everybody of this hotline, and a form for one more."""
    actor = actor_of(request)
    assert actor.hotline_id
    form = AccountForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.add_account(actor.hotline_id, actor=actor, **form.cleaned_data)
        except LeewardError as error:
            form.add_error(None, error.text)
        else:
            messages.success(request, _("The account is made. Give them the password by another way than e-mail."))
            return redirect("people:list-accounts")
    page = {
        "accounts": queries.staff_cards(actor.hotline_id),
        "resets": queries.resets_open(actor.hotline_id),
        "form": form,
        "once": new_form_key(),
    }
    return render(request, "people/accounts.html", page, status=422 if form.errors else 200)


@staff("account.edit")
@require_http_methods(["GET", "POST"])
def account(request: HttpRequest, account_id: int) -> HttpResponse:
    """One account: roles, whether it may sign in, its second factor."""
    actor = actor_of(request)
    assert actor.hotline_id
    found = next((row for row in queries.staff_cards(actor.hotline_id) if row.id == account_id), None)
    if found is None:
        raise NotFound(what=_("account"))
    form = RolesForm(request.POST or None, initial={"roles": sorted(found.roles), "is_active": found.is_active})
    if request.method == "POST" and form.is_valid():
        services.change_account(account_id, actor=actor, **form.cleaned_data)
        messages.success(request, _("Changed."))
        return redirect("people:list-accounts")
    return render(request, "people/account.html", {"account": found, "form": form, "once": new_form_key()})


@staff("account.reset")
@require_POST
def ask_reset(request: HttpRequest, account_id: int) -> HttpResponse:
    """Ask for the removal of a lost second factor."""
    if use_once(request.POST.get("once", ""), purpose="second factor"):
        services.ask_second_factor_reset(account_id, actor=actor_of(request))
        messages.success(request, _("Asked. A second person must approve it."))
    return redirect("people:list-resets")


@staff("account.reset")
def resets(request: HttpRequest) -> HttpResponse:
    """Open requests for the removal of a second factor."""
    actor = actor_of(request)
    assert actor.hotline_id
    page = {
        "resets": queries.resets_open(actor.hotline_id),
        "accounts": queries.staff_cards(actor.hotline_id),
        "me": actor.id,
    }
    return render(request, "people/resets.html", page | {"once": new_form_key()})


@staff("account.reset")
@require_POST
def settle_reset(request: HttpRequest, request_id: int) -> HttpResponse:
    """Approve or refuse a request."""
    approve = request.POST.get("answer") == "approve"
    services.settle_second_factor_reset(request_id, approve=approve, actor=actor_of(request))
    messages.success(request, _("Settled."))
    return redirect("people:list-resets")


@staff("portal.edit")
def portals(request: HttpRequest) -> HttpResponse:
    """The portals of this hotline."""
    actor = actor_of(request)
    assert actor.hotline_id
    return render(request, "people/portals.html", {"portals": queries.portals_of(actor.hotline_id)})


@staff("portal.edit")
@require_http_methods(["GET", "POST"])
def portal(request: HttpRequest, portal_id: int | None = None) -> HttpResponse:
    """Make a portal or change one."""
    actor = actor_of(request)
    assert actor.hotline_id
    found = next((row for row in queries.portals_of(actor.hotline_id) if row.id == portal_id), None)
    if portal_id is not None and found is None:
        raise NotFound(what=_("portal"))
    form = PortalForm(request.POST or None, initial=_initial(found) if found else None)
    if found:
        form.fields["slug"].disabled = True
    if request.method == "POST" and form.is_valid():
        values = dict(form.cleaned_data)
        slug = values.pop("slug")
        try:
            if found:
                services.change_portal(found.id, actor=actor, **values)
            else:
                services.open_portal(actor.hotline_id, slug=slug, actor=actor, **values)
        except LeewardError as error:
            form.add_error(None, error.text)
        else:
            messages.success(request, _("Saved. Look at the page as reporters see it: /%(slug)s/") % {"slug": slug})
            return redirect("people:list-portals")
    page = {"form": form, "found": found, "once": new_form_key()}
    return render(request, "people/portal.html", page, status=422 if form.errors else 200)


def _initial(row: queries.PortalRow) -> dict[str, object]:
    names = "slug name country emergency_number helpline_name helpline_number police_name police_email exit_url time_zone is_open"
    return {name: getattr(row, name) for name in names.split()} | {
        "languages": list(row.languages),
        "first_language": row.languages[0],
        "working_days": sorted(map(str, row.working_days)),
        "holidays": "\n".join(day.isoformat() for day in sorted(row.holidays)),
    }
