"""The page of an entry: what it blocks and why, its history, who carries it, and the available actions."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from leeward.blocklist import services
from leeward.blocklist.errors import ReviewDayIsWrong
from leeward.blocklist.forms import ReviewForm
from leeward.blocklist.publishing.queries.carriers import carriage_of
from leeward.blocklist.queries import entries
from leeward.blocklist.queries.entries import mark_of_entry
from leeward.blocklist.views.doing import entered_reason, once
from leeward.blocklist.views.life import events_of
from leeward.foundation.errors import BadInput
from leeward.people.access import actor_of, demand_as_shown, staff
from leeward.people.queries import time_zone_of
from leeward.people.rules.permissions import acts_of
from leeward.web_security.keys import new_form_key


@require_GET
@staff("entry.read")
def show(request: HttpRequest, entry_id: int) -> HttpResponse:
    """Show an entry with its full background."""
    entry = entries.entry_by_id(entry_id)
    actor = actor_of(request)
    acts = acts_of(actor.roles)
    is_mine = entry.proposed_by_id == actor.id
    values = {
        "entry": entry,
        "events": events_of(entry),
        "carriage": carriage_of(entry.pk),
        "appeals": entries.appeals_of(entry.pk),
        "is_mine": is_mine,
        "may_answer_appeals": "appeal.decide" in acts,
        "may_invite": "reviewer.invite" in acts,
        "may_review": "entry.approve" in acts and entry.state == "approved",
        "may_suspend": "entry.withdraw" in acts and entry.state == "approved",
        "may_resume": "entry.approve" in acts and entry.state == "suspended",
        "may_approve": "entry.approve" in acts and not is_mine,
        "may_withdraw": "entry.withdraw" in acts or (is_mine and entry.state == "proposed"),
        "seen": mark_of_entry(entry),
        "once": new_form_key(),
        "time_zone": time_zone_of(entry.hotline_id),
    }
    return render(request, "blocklist/entry.html", values)


@require_POST
@staff("entry.approve")
def approve(request: HttpRequest, entry_id: int) -> HttpResponse:
    """Put the entry on the list."""
    actor = actor_of(request)
    return _do(request, entry_id, "approve", lambda: services.approve_entry(entry_id, actor=actor))


@require_POST
@staff("entry.approve")
def refuse(request: HttpRequest, entry_id: int) -> HttpResponse:
    """Refuse the entry."""
    actor, text = actor_of(request), entered_reason(request)
    return _do(request, entry_id, "refuse", lambda: services.refuse_entry(entry_id, comment=text, actor=actor))


@require_POST
@staff("entry.withdraw")
def suspend(request: HttpRequest, entry_id: int) -> HttpResponse:
    """Suspend the entry until somebody decides."""
    actor, text = actor_of(request), entered_reason(request)
    return _do(request, entry_id, "suspend", lambda: services.suspend_entry(entry_id, comment=text, actor=actor))


@require_POST
@staff("entry.approve")
def resume(request: HttpRequest, entry_id: int) -> HttpResponse:
    """Put the entry back on the list."""
    actor = actor_of(request)
    return _do(request, entry_id, "resume", lambda: services.resume_entry(entry_id, actor=actor))


@require_POST
@staff("entry.propose")
def withdraw(request: HttpRequest, entry_id: int) -> HttpResponse:
    """Remove the entry for good; its proposer can withdraw a proposal."""
    actor, text = actor_of(request), entered_reason(request)
    return _do(request, entry_id, "withdraw", lambda: services.withdraw_entry(entry_id, comment=text, actor=actor))


@require_POST
@staff("entry.approve")
def review(request: HttpRequest, entry_id: int) -> HttpResponse:
    """Confirm that the entry is still right."""
    form = ReviewForm(request.POST)
    if not form.is_valid():
        raise ReviewDayIsWrong
    actor, day = actor_of(request), form.cleaned_data["review_on"]
    return _do(request, entry_id, "review", lambda: services.review_entry(entry_id, review_on=day, actor=actor))


def _do(request: HttpRequest, entry_id: int, name: str, act: Callable[[], object]) -> HttpResponse:
    if not request.POST.get("once"):
        raise BadInput(what=_("The format"), why=_("it is not complete"))

    def as_shown() -> None:
        demand_as_shown(request, mark_of_entry(entries.entry_by_id(entry_id)))
        act()

    if once(request, f"{name} {entry_id}", as_shown):
        messages.success(request, _("Done."))
    return redirect("blocklist:show-entry", entry_id)
