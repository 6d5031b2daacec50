"""The queues: proposals, reviews, requests from outside."""

from datetime import UTC, date, datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from leeward.blocklist import labels, services
from leeward.blocklist.errors import HadPart, SupervisorIsFree
from leeward.blocklist.models import BlockAppeal
from leeward.blocklist.queries import entries
from leeward.blocklist.rules.hearing import suspends_at
from leeward.blocklist.services.appealing import has_part, may_answer
from leeward.blocklist.views.doing import entered_reason, once
from leeward.foundation.actor import Actor
from leeward.foundation.errors import BadInput
from leeward.people.access import actor_of, demand_as_shown, staff
from leeward.people.queries import time_zone_of
from leeward.people.rules.permissions import may
from leeward.people.rules.reading import mark_of
from leeward.web_security.keys import new_form_key
from leeward.web_security.paging import page_of


def waiting(today: date, actor: Actor) -> dict[str, int]:
    """Return how many proposals, reviews and requests wait; requests only for people who may answer them."""
    return {
        "approvals": entries.proposed().order_by().count(),
        "reviews": entries.review_due(today).order_by().count(),
        "may_answer": int(bool(may(actor, "appeal.decide", actor.hotline_id))),
        "appeals": entries.open_appeals(),
    }


@require_GET
@staff("entry.read")
def approvals(request: HttpRequest) -> HttpResponse:
    """List the proposals that wait for a second person."""
    return _queue(request, "approvals")


@require_GET
@staff("entry.read")
def reviews(request: HttpRequest) -> HttpResponse:
    """List the entries that must be reviewed again."""
    return _queue(request, "reviews")


def _queue(request: HttpRequest, view: str) -> HttpResponse:
    today = datetime.now(UTC).date()
    rows = entries.proposed() if view == "approvals" else entries.review_due(today)
    page = page_of(rows, request.GET.get("page"))
    actor = actor_of(request)
    values = {"page": page, "view": view, "waiting": waiting(today, actor), "me": actor.id}
    values["time_zone"] = time_zone_of(actor.hotline_id or 0)
    return render(request, "blocklist/queue.html", values)


@require_GET
@staff("block_appeal.answer")
def appeals(request: HttpRequest) -> HttpResponse:
    """List requests from outside to lift an entry, oldest first."""
    state = request.GET.get("state", "open")
    state = state if state in labels.APPEAL_STATES else "open"
    actor = actor_of(request)
    stands_in = not may(actor, "appeal.decide", actor.hotline_id)
    page = page_of(entries.appeals_listed(state, only_stranded=stands_in), request.GET.get("page"))
    values = {
        "page": page,
        "stands_in": stands_in,
        "state": state,
        "states": labels.APPEAL_STATES.items(),
        "view": "appeals",
        "waiting": {} if stands_in else waiting(datetime.now(UTC).date(), actor),
        "time_zone": time_zone_of(actor.hotline_id or 0),
    }
    return render(request, "blocklist/appeals.html", values)


@require_http_methods(["GET", "POST"])
@staff("block_appeal.answer")
def appeal(request: HttpRequest, appeal_id: int) -> HttpResponse:
    """Show one request with its entry and its answer."""
    found = entries.appeal_by_id(appeal_id)
    actor = actor_of(request)
    stands_in = not may(actor, "appeal.decide", actor.hotline_id)
    if stands_in and found.decided_by_id != actor.id:
        _refuse_to_stand_in(found, actor)
    if request.method == "POST":
        _answer(request, appeal_id)
        return redirect("blocklist:answer-appeal", appeal_id)
    values = {
        "appeal": found,
        "entry": found.entry,
        "had_part": has_part(found.entry, actor),
        "suspends_at": suspends_at(found.nobody_since) if found.nobody_since and found.state == "open" else None,
        "may_invite": bool(may(actor, "account.edit", actor.hotline_id)),
        "stands_in": stands_in,
        "seen": _mark_of(found),
        "once": new_form_key(),
        "time_zone": time_zone_of(found.hotline_id),
    }
    return render(request, "blocklist/appeal.html", values)


def _refuse_to_stand_in(found: BlockAppeal, actor: Actor) -> None:
    """Refuse administrators unless the request waits for them, or nobody can answer and they can change that."""
    if not may_answer(found.entry, actor) and found.nobody_since is None:
        raise HadPart if has_part(found.entry, actor) else SupervisorIsFree


def _demand_read(request: HttpRequest, appeal_id: int) -> None:
    found = entries.appeal_by_id(appeal_id)
    if found.state == "open":  # what was answered meanwhile is refused as that
        demand_as_shown(request, _mark_of(found))


def _mark_of(found: BlockAppeal) -> str:
    """Return a mark of what is answered: the request, which can be added to, and the entry as it stands."""
    return mark_of(found.pk, found.relation, found.text, entries.mark_of_entry(found.entry))


def _answer(request: HttpRequest, appeal_id: int) -> None:
    actor, answer = actor_of(request), request.POST.get("answer", "")

    def suspend() -> None:
        _demand_read(request, appeal_id)
        services.suspend_meanwhile(appeal_id, actor=actor)

    if answer == "suspend":
        once(request, f"meanwhile {appeal_id}", suspend)
        messages.success(request, _("Suspended: the next publication leaves it out."))
        return
    if answer not in ("lifted", "kept"):
        raise BadInput(what=_("The answer"), why=_("it must be either to lift or to keep the block"))
    reasons = entered_reason(request)

    def decide() -> None:
        _demand_read(request, appeal_id)
        services.decide_block_appeal(appeal_id, lifted=answer == "lifted", reasons=reasons, actor=actor)

    once(request, f"appeal {appeal_id}", decide)
    messages.success(request, _("Answered."))
