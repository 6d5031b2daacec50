"""The desk's pages of providers: the list, one with its people and keys, registering one, designated entities."""

from datetime import UTC, datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from leeward.audit.services import hotline_transaction
from leeward.foundation.actor import Actor
from leeward.foundation.errors import BadInput, NotFound
from leeward.people.access import actor_of, staff
from leeward.people.errors import EnteredSince, FieldIsWrong
from leeward.people.queries import portals_of
from leeward.people.rules.permissions import may
from leeward.providers import services
from leeward.providers.forms import EntityForm, PersonForm, ProviderForm
from leeward.providers.labels import KINDS, PERSONS, PROVIDER_STATES, WAYS
from leeward.providers.models import Provider
from leeward.providers.queries import providers as queries_providers
from leeward.providers.rules.receipt import batch_number
from leeward.providers.rules.words import DECISIONS, OUTSIDE
from leeward.web_security.keys import new_form_key
from leeward.web_security.services import use_once

DECISION_WORDS = {
    "approve": gettext_lazy("Approve"),
    "refuse": gettext_lazy("Refuse"),
    "suspend": gettext_lazy("Suspend"),
    "end": gettext_lazy("End"),
}
ACTS = frozenset(DECISIONS) | {
    *("propose", "drop", "open", "close", "key", "sandbox", "letter", "stop", "person", "leaves")
}


def number_in(text: str) -> int:
    """Return a number of a form; 0 where it is none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 18 else 0


@staff("provider.read")
@require_http_methods(["GET", "HEAD"])
def providers(request: HttpRequest) -> HttpResponse:
    """List providers, those that wait for approval on request."""
    actor = actor_of(request)
    state = request.GET.get("state", "")
    page = queries_providers.providers(state, request.GET.get("page"))
    values = {
        "page": page,
        "rows": [_shown(row) for row in page.rows],
        "state": state if state in PROVIDER_STATES else "",
        "states": PROVIDER_STATES.items(),
        "may_edit": bool(may(actor, "provider.edit", actor.hotline_id)),
    }
    return render(request, "providers/providers.html", values)


def _shown(row: Provider) -> dict[str, Any]:
    is_proposed = row.state in OUTSIDE and row.proposed_at is not None
    return {"row": row, "kind": KINDS[row.kind], "state": PROVIDER_STATES[row.state], "is_proposed": is_proposed}


@staff("provider.edit")
@require_http_methods(["GET", "HEAD", "POST"])
def add_provider(request: HttpRequest) -> HttpResponse:
    """Enter a provider that wrote or called; somebody else approves it."""
    actor = actor_of(request)
    assert actor.hotline_id is not None
    portals = portals_of(actor.hotline_id)
    form = ProviderForm(request.POST or None)
    chosen = next((row.id for row in portals if str(row.id) == request.POST.get("portal", "")), portals[0].id)
    if request.method == "POST" and form.is_valid():
        try:
            with hotline_transaction():
                if not use_once(request.POST.get("once", ""), purpose="provider"):
                    return redirect("providers-desk:list-providers")
                number = services.register(form.asking(), portal_id=chosen, actor=actor)
            messages.success(request, _("It waits for somebody else to approve it."))
            return redirect("providers-desk:show-provider", number)
        except FieldIsWrong as error:
            blame(form, error)
    values = {"form": form, "portals": portals, "once": new_form_key(), "problems": form.errors}
    return render(request, "providers/add_provider.html", values, status=422 if form.errors else 200)


def blame(form: Any, error: FieldIsWrong) -> None:
    """Show an error of a service beside its field."""
    field = str(error.values["field"])
    form.add_error(field if field in form.fields else None, str(error.values["why"]))


@staff("provider.read")
@require_http_methods(["GET", "HEAD", "POST"])
def provider(request: HttpRequest, number: int) -> HttpResponse:
    """Show a provider; decide about it, its people, keys and page."""
    actor = actor_of(request)
    values: dict[str, Any] = {}
    if request.method == "POST":
        made = _act(request, number, actor)
        if made is None:
            return redirect("providers-desk:show-provider", number)
        values["made_key"] = made
    found = queries_providers.provider(number, datetime.now(UTC).date())
    if found is None:
        raise NotFound(what=_("provider"))
    batches = queries_providers.batches(number, request.GET.get("page"))
    may_edit = bool(may(actor, "provider.edit", actor.hotline_id))
    values |= {
        "found": found,
        "row": found.row,
        "kind": KINDS[found.row.kind],
        "state": PROVIDER_STATES[found.row.state],
        "persons": [(one, PERSONS[one.role]) for one in found.persons],
        "person_form": PersonForm(),
        "may_edit": may_edit,
        "may_key": bool(may(actor, "token.edit", actor.hotline_id)) and found.row.state in ("asked", "approved"),
        "page": batches,
        "batches": [(row, batch_number(row.pk), WAYS[row.way]) for row in batches.rows],
        "once": new_form_key(),
    } | _standing(found.row, actor)
    return render(request, "providers/provider.html", values)


def _act(request: HttpRequest, number: int, actor: Actor) -> str | None:
    """Do what a form of the page asks, once, and only by a page that shows what holds now; return a new key, which is shown once, or
    None."""
    act = request.POST.get("act", "")
    if act not in ACTS:
        raise BadInput(what=_("act"), why=_("it is none of this page’s"))
    try:
        with hotline_transaction():
            if use_once(request.POST.get("once", ""), purpose=f"provider {number} {act}"):
                return _do(request, number, act, actor)
    except EnteredSince as error:
        messages.error(request, f"{error.text} {error.hint}")
    else:
        messages.info(request, _("This form was already sent. It was carried out once."))
    return None


def _do(request: HttpRequest, number: int, act: str, actor: Actor) -> str | None:
    sent, seen = request.POST, request.POST.get("seen", "")
    match act:
        case "propose":
            services.propose(number, seen=seen, actor=actor)
        case "drop":
            services.drop_proposal(number, seen=seen, actor=actor)
        case "open" | "close":
            services.change_page(number, act, seen=seen, actor=actor)
        case "key" | "sandbox":
            return services.give_key(number, is_sandbox=act == "sandbox", seen=seen, actor=actor)
        case "letter":
            services.write_again(number, seen=seen, actor=actor)
            messages.success(request, _("It is on its way, if there is anything to write about."))
        case "stop":
            services.stop_key(number, number_in(sent.get("key", "")), seen=seen, actor=actor)
        case "person":
            form = PersonForm(sent)
            if not form.is_valid():
                raise BadInput(what=_("The form"), why=_("it is not complete"))
            services.add_person(number, seen=seen, actor=actor, **form.cleaned_data)
        case "leaves":
            services.end_person(number, number_in(sent.get("person", "")), seen=seen, actor=actor)
            messages.info(request, _("If they had the link to the provider’s page, give it a new one."))
        case _:
            services.decide(number, act, reason=sent.get("reason", ""), seen=seen, actor=actor)
    return None


def _standing(row: Provider, actor: Actor) -> dict[str, Any]:
    """Return what can be decided about a provider by somebody, and how far the two are who let one in."""
    first, is_outside = queries_providers.first_of_two(row), row.state in OUTSIDE
    may_approve = first is not None and first != actor.id
    return {
        "decisions": [
            (code, DECISION_WORDS[code])
            for code, (states, _to) in DECISIONS.items()
            if row.state in states and (code != "approve" or may_approve)
        ],
        "may_propose": is_outside and first is None,
        "may_drop": is_outside and row.proposed_by_id is not None,
        "waits_for_another": first is not None and not may_approve,
    }


@staff("provider.read")
@require_http_methods(["GET", "HEAD", "POST"])
def entities(request: HttpRequest) -> HttpResponse:
    """Show and add to whom regulations say that it is reported."""
    actor = actor_of(request)
    assert actor.hotline_id is not None
    form = EntityForm(request.POST if request.POST.get("act") == "add" else None)
    if request.method == "POST":
        try:
            if request.POST.get("act") == "end":
                services.end_designation(
                    number_in(request.POST.get("entity", "")), datetime.now(UTC).date(), actor=actor
                )
                return redirect("providers-desk:list-entities")
            if form.is_valid():
                given = form.cleaned_data
                services.designate(
                    **(given | {"country": given["country"].upper()}), hotline_id=actor.hotline_id, actor=actor
                )
                return redirect("providers-desk:list-entities")
        except FieldIsWrong as error:
            blame(form, error)
    page = queries_providers.entities(request.GET.get("page"))
    values = {
        "page": page,
        "form": form,
        "problems": form.errors,
        "may_edit": bool(may(actor, "provider.edit", actor.hotline_id)),
        "today": datetime.now(UTC).date(),
    }
    return render(request, "providers/entities.html", values, status=422 if form.errors else 200)
