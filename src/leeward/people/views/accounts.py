"""Pages about accounts: list, add, edit, give a first password, close."""

from datetime import UTC, datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from leeward.audit.services import hotline_transaction
from leeward.foundation.errors import LeewardError, NotFound
from leeward.people import queries, services
from leeward.people.access import actor_of, demand_as_shown, staff
from leeward.people.errors import EnteredSince, FieldIsWrong, NameIsTaken, PasswordIsWeak
from leeward.people.forms import AccountForm, ChangeAccountForm, FirstPasswordForm, WorkForm
from leeward.people.queries.second_person import dated_accounts
from leeward.people.rules.permissions import ACTS, ADMINISTRATOR, TITLES
from leeward.people.rules.reading import mark_of
from leeward.people.rules.second_person import waits_for_confirming
from leeward.people.services.passwords import suggested_password
from leeward.people.services.roles import confirming_obstacle, unconfirmed_of
from leeward.people.views.roles import standing_of
from leeward.web_security.keys import new_form_key
from leeward.web_security.services import use_once


def hotline_of(request: HttpRequest) -> int:
    """Return the hotline number of the signed-in person."""
    hotline_id = actor_of(request).hotline_id
    assert hotline_id
    return hotline_id


def first_time(request: HttpRequest, purpose: str) -> bool:
    """Return whether this form is being submitted for the first time, and show a message if not. Call it in the
    transaction that does the act."""
    if use_once(request.POST.get("once", ""), purpose=purpose):
        return True
    messages.info(request, _("This form was already sent. It was carried out once."))
    return False


def _card(request: HttpRequest, account_id: int) -> queries.StaffCard:
    card = queries.staff_card(account_id, hotline_of(request))
    if card is None:
        raise NotFound(what=_("account"))
    return card


def _seen(request: HttpRequest, card: queries.StaffCard) -> str:
    """Return the mark of what the page shows. One that comes back with a mistake shows what was typed beside what was read first."""
    return request.POST.get("seen_account", "") if request.method == "POST" else services.mark_of_account(card)


def _begun(card: queries.StaffCard, hotline_id: int) -> dict[str, Any]:
    """Return what ends when somebody loses the right to have begun it (`services/withdrawing.py`): invitations and keys
    with the role of administrator, outside reviews with the last role that may invite to one."""
    values: dict[str, Any] = {}
    now = datetime.now(UTC)
    if card.is_active and not ACTS["reviewer.invite"].isdisjoint(card.roles):
        values["begun_reviews"] = queries.reviews_open_by(card.id, now)
    if not card.is_active or ADMINISTRATOR not in card.roles:
        return values
    today = now.date()
    keys = [row for row in queries.tokens_of(hotline_id) if row.made_by == card.id and row.is_good(today)]
    return values | {"begun_invitations": queries.invitations_waiting(hotline_id, by=card.id), "begun_keys": keys}


@staff("account.edit")
@require_safe
def list_accounts(request: HttpRequest) -> HttpResponse:
    """List everybody of this hotline, with pagination."""
    find = request.GET.get("find", "").strip()[:80]
    page = queries.staff_page(hotline_of(request), request.GET.get("page"), find=find)
    values = {"page": page, "find": find, "waiting": queries.resets_waiting(hotline_of(request))}
    return render(request, "people/accounts.html", values)


@staff("account.edit")
@require_http_methods(["GET", "POST"])
def add_account(request: HttpRequest) -> HttpResponse:
    """Add an account with a first password."""
    hotline_id = hotline_of(request)
    form = AccountForm(
        request.POST or None,
        initial={"password": suggested_password()},
        languages=queries.language_choices(hotline_id),
        countries=queries.country_choices(hotline_id),
    )
    if request.method == "POST" and form.is_valid():
        try:
            with hotline_transaction():
                if first_time(request, "account"):
                    values = form.cleaned_data
                    services.add_account(hotline_id, actor=actor_of(request), must_change_password=True, **values)
                    messages.success(request, _("The account of %(name)s has been created.") % {"name": values["name"]})
            return redirect("people:list-accounts")
        except NameIsTaken:
            form.add_error("email", _("Somebody already signs in with this address. Each account needs its own."))
        except PasswordIsWeak as error:
            form.add_error("password", error.text)
        except FieldIsWrong as error:
            form.add_error(None, error.text)
    values = {"form": form, "once": new_form_key()}
    return render(request, "people/add_account.html", values, status=422 if form.errors else 200)


@staff("account.edit")
@require_http_methods(["GET", "POST"])
def edit_account(request: HttpRequest, account_id: int) -> HttpResponse:
    """Edit an account's name, roles and languages, with the actions available for it."""
    card = _card(request, account_id)
    form = ChangeAccountForm(
        request.POST or None,
        initial={
            "name": card.name,
            "roles": sorted(card.roles),
            "languages": card.languages,
            "countries": card.countries,
            "away_from": card.away_from,
            "away_until": card.away_until,
        },
        **queries.work_choices(hotline_of(request), languages=card.languages, countries=card.countries),
    )
    if request.method == "POST" and form.is_valid():
        try:
            seen = request.POST.get("seen_account", "")
            services.change_account_as_read(account_id, seen=seen, actor=actor_of(request), **form.cleaned_data)
        except EnteredSince as error:  # its boxes would be ticked as they were
            messages.error(request, f"{error.text} {error.hint}")
            return redirect("people:edit-account", account_id)
        except LeewardError as error:
            form.add_error("roles", f"{error.text} {error.hint}")
        else:
            messages.success(request, _("Saved."))
            return redirect("people:edit-account", account_id)
    dated = dated_accounts([card.id])[card.id]
    values = {"account": card, "form": form, "once": new_form_key(), "is_own": card.id == actor_of(request).id}
    values |= {
        "seen_account": _seen(request, card),
        "seen_closed": _mark_of_closed(card),
        "standing": standing_of(dated, hotline_of(request)),
        "needs_confirming": waits_for_confirming(dated),
        "confirmable_since": None if card.must_change_password else card.own_factor_at,
        "tries": queries.wrong_tries(card.id, hotline_of(request), datetime.now(UTC)),
    }
    if not values["is_own"]:
        values |= _begun(card, hotline_of(request))
    if values["needs_confirming"]:
        waits = unconfirmed_of(card.id)
        values |= {
            "unconfirmable": confirming_obstacle(card.id, actor_of(request)),
            "unconfirmed": [TITLES[role] for role in waits.roles],
            "seen": waits.mark,
        }
    return render(request, "people/account.html", values, status=422 if form.errors else 200)


@staff("account.work")
@require_http_methods(["GET", "POST"])
def edit_work(request: HttpRequest, account_id: int) -> HttpResponse:
    """Edit which cases somebody gets (languages, countries) and when they are on leave."""
    card = _card(request, account_id)
    given = ("languages", "countries", "away_from", "away_until")
    form = WorkForm(
        request.POST or None,
        initial={name: getattr(card, name) for name in given},
        languages=queries.language_choices(hotline_of(request), also=card.languages),
        countries=queries.country_choices(hotline_of(request), also=card.countries),
    )
    if request.method == "POST" and form.is_valid():
        try:
            seen = request.POST.get("seen_account", "")
            services.change_account_as_read(account_id, seen=seen, actor=actor_of(request), **form.cleaned_data)
        except EnteredSince as error:
            messages.error(request, f"{error.text} {error.hint}")
        else:
            messages.success(request, _("Saved."))
        return redirect("people:edit-work", account_id)
    values = {"account": card, "form": form, "seen_account": _seen(request, card)}
    return render(request, "people/work.html", values, status=422 if form.errors else 200)


@staff("account.edit")
@require_http_methods(["GET", "POST"])
def give_password(request: HttpRequest, account_id: int) -> HttpResponse:
    """Give a new first password to somebody who has lost theirs."""
    card = _card(request, account_id)
    form = FirstPasswordForm(request.POST or None, initial={"password": suggested_password()})
    if request.method == "POST" and form.is_valid():
        try:
            with hotline_transaction():
                if first_time(request, "password"):
                    password = form.cleaned_data["password"]
                    services.give_first_password(account_id, password=password, actor=actor_of(request))
                    messages.success(request, _("%(name)s can sign in with the new password.") % {"name": card.name})
            return redirect("people:edit-account", account_id)
        except PasswordIsWeak as error:
            form.add_error("password", error.text)
    values = {"account": card, "form": form, "once": new_form_key()}
    return render(request, "people/give_password.html", values, status=422 if form.errors else 200)


def _mark_of_closed(card: queries.StaffCard) -> str:
    """Return a mark of a closed account: what it may do when reopened, and which time it was closed."""
    return mark_of(services.mark_of_account(card), card.session_epoch)


@staff("account.edit")
@require_POST
def reopen_account(request: HttpRequest, account_id: int) -> HttpResponse:
    """Open a closed account again."""
    with hotline_transaction(hotline_of(request)):
        card = _card(request, account_id)
        if not card.is_active:
            demand_as_shown(request, _mark_of_closed(card))
        services.reopen_account(account_id, actor=actor_of(request))
    messages.success(request, _("The account of %(name)s has been reopened.") % {"name": card.name})
    return redirect("people:edit-account", account_id)
