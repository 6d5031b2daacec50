"""Handing a portal over to another hotline: the plan and the offer here, the answer there."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe
from django_scopes import scope

from leeward.administration import handing
from leeward.administration.labels import IN_THE_WAY, STEPS_TO_CLEAR
from leeward.administration.services import handing_over
from leeward.administration.views.opening import portal_here
from leeward.audit.services import hotline_transaction
from leeward.foundation.errors import BadInput, NotFound
from leeward.people import queries as people_queries
from leeward.people import services as people_services
from leeward.people.access import actor_of, demand_as_shown, staff
from leeward.people.queries import second_person_obstacle
from leeward.people.rules.reading import mark_of

MOST_DIGITS = 18


@staff("portal.edit")
@require_http_methods(["GET", "POST"])
def hand_over(request: HttpRequest, portal_id: int) -> HttpResponse:
    """Show what would go along and what is in the way, and offer a portal to another hotline or take the offer back."""
    portal, actor = portal_here(request, portal_id), actor_of(request)
    if request.method == "POST":
        if request.POST.get("act") == "withdraw":
            handing_over.withdraw_offer(_number(request.POST.get("offer", "")), actor=actor)
            messages.success(request, _("The offer is withdrawn."))
        else:
            keys = [_number(one) for one in request.POST.getlist("key")]
            with hotline_transaction():
                demand_as_shown(request, _mark_of(portal))
                handing_over.offer_portal(portal, _number(request.POST.get("to", "")), keys=keys, actor=actor)
            messages.success(request, _("Offered. Somebody of the other hotline has to accept it."))
        return redirect("administration:hand-over", portal_id)
    found = next((row for row in handing.offers_for(portal.hotline_id) if row.portal_id == portal_id), None)
    chosen = found.to_id if found is not None else _number(request.GET.get("to", ""))
    others = [row for row in people_queries.hotlines() if row.id != portal.hotline_id]
    values: dict[str, object] = {"found": portal, "offer": found, "others": others}
    if portal.handed_over_at is not None:
        values["done"] = handing.newest_done(portal.id, portal.hotline_id)
    if chosen in {row.id for row in others}:
        plan = handing.plan_of(portal, chosen)
        values |= {"plan": plan, "points": _points(plan), "seen": _mark_of(portal)}
    return render(request, "administration/hand_over.html", values)


def _mark_of(portal: people_queries.PortalRow) -> str:
    """Return a mark of the offer that is open: a new one ends it, so whoever makes one has seen whether a colleague has made another."""
    found = next((row for row in handing.offers_for(portal.hotline_id) if row.portal_id == portal.id), None)
    return mark_of(portal.id, found.id if found else 0)


@staff("portal.confirm")
@require_safe
def list_offers(request: HttpRequest) -> HttpResponse:
    """Show the portals that other hotlines offer, and those that are offered to them."""
    return render(
        request, "administration/offers.html", {"rows": handing.offers_for(actor_of(request).hotline_id or 0)}
    )


@staff("portal.confirm")
@require_http_methods(["GET", "POST"])
def answer_offer(request: HttpRequest, offer_id: int) -> HttpResponse:
    """Show an offer of a portal to those that it was made to; a second person to the one who made it accepts or refuses."""
    actor = actor_of(request)
    found = handing.offer(offer_id, actor.hotline_id or 0)
    if found is None or found.to_id != actor.hotline_id:
        raise NotFound(what=_("offer"))
    if request.method == "POST":
        return _answered(request, offer_id)
    obstacle = second_person_obstacle(actor, {found.asked_by_id}, act="portal.confirm")
    values: dict[str, object] = {
        "offer": found,
        "obstacle": people_services.second_person_words(obstacle, actor.hotline_id) if obstacle else None,
    }
    if not found.outcome:
        with scope(hotline=found.hotline_id):
            plan = handing.plan_of(people_queries.portal(found.portal_id), found.to_id)
        values |= {"plan": plan, "points": _points(plan)}
    return render(request, "administration/answer_offer.html", values)


def _answered(request: HttpRequest, offer_id: int) -> HttpResponse:
    answer, actor = request.POST.get("answer", ""), actor_of(request)
    if answer == "refuse":
        handing_over.refuse_offer(offer_id, actor=actor)
        messages.success(request, _("Refused. Nothing was changed."))
    elif answer == "accept":
        handing_over.accept_offer(offer_id, like=_number(request.POST.get("like", "")) or None, actor=actor)
        messages.success(request, _("The portal is yours. See on its checklist what is still open."))
    else:
        raise BadInput(what=_("answer"), why=_("it must be accept or refuse"))
    return redirect("administration:answer-offer", offer_id)


def _points(plan: handing.Plan) -> list[tuple[object, int, object]]:
    """Return what is in the way, how often, and the one step that clears it."""
    return [(IN_THE_WAY[one], plan.counts[one], STEPS_TO_CLEAR[one]) for one in plan.in_the_way]


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS else 0
