"""Who is on call for which portal, current and past pages, and a test."""

from datetime import datetime, timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from leeward.audit.services import hotline_transaction
from leeward.foundation.actor import Actor
from leeward.foundation.errors import BadInput, NotFound, require
from leeward.oncall import queries, services
from leeward.oncall.errors import PageWebhookUnusable
from leeward.oncall.labels import ALARMS, HOWS, OUTCOMES, STILL_PAGING
from leeward.oncall.rules.figures import answered_in
from leeward.oncall.rules.paging import EVERY, is_unanswered
from leeward.oncall.rules.rota import on_call_at
from leeward.oncall.views.public import number_in
from leeward.people import queries as people_queries
from leeward.people.access import actor_of, demand_as_shown, staff
from leeward.people.labels import WAITS
from leeward.people.queries import PortalRow
from leeward.people.rules.permissions import may
from leeward.people.rules.reading import mark_of

HERE = "oncall_desk:show-on-call"
MOST_URL = 2000


@staff("oncall.read")
@require_safe
def show_on_call(request: HttpRequest) -> HttpResponse:
    """Show everything about paging on one web page."""
    return _page(request)


def _page(request: HttpRequest, **more: object) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    hotline_id = _hotline_id(actor)
    board = queries.board(hotline_id)
    may_edit = bool(may(actor, "oncall.edit", hotline_id))
    values = {
        "alarms": [str(ALARMS[one.code]) % {"portal": one.portal_name} for one in board.alarms],
        "open_pages": [(page, _number_for(page, board)) for page in board.open],
        "held": [page for page in board.over if page.held_until is not None],
        "outcomes": list(OUTCOMES.items()),
        "answered": answered_in([page.minutes for page in board.over if page.is_answered]),
        "over": [(page, HOWS.get(page.how, "")) for page in board.over],
        "portals": [_portal(row, board, actor, now, may_edit=may_edit) for row in board.portals],
        "own_hook": board.lists.hook_url(person_id=actor.id),
        "own_hook_mark": _mark_of_hook(board.lists.hook_url(person_id=actor.id)),
        "may_edit": may_edit,
        "changes": people_queries.portal_changes_waiting(hotline_id)
        if may(actor, "portal.confirm", hotline_id)
        else [],
        "minutes": EVERY // timedelta(minutes=1),
    }
    return render(request, "oncall/desk.html", values | more, status=422 if "problem" in more else 200)


def _number_for(page: queries.PageRow, board: queries.Board) -> str:
    """Return the police's number where nobody answers a page; "" elsewhere, or if none is entered."""
    rota = board.lists.rotas.get(page.portal_id)
    return rota.police_number if rota is not None and is_unanswered(page.standing) else ""


def _portal(row: PortalRow, board: queries.Board, actor: Actor, now: datetime, *, may_edit: bool) -> dict[str, object]:
    on_call = board.lists.rows(row, now)
    listed = {one.person_id for one in on_call}
    names = {one.id: one.name for one in board.lists.staff}
    now_on = on_call_at(board.lists.rota(row), now)
    return {
        "portal": row,
        "on_call": ", ".join(names[one] for layer in now_on.values() for one in sorted(layer) if one in names),
        "people": [(one, may_edit or one.person_id == actor.id) for one in on_call],
        "others": [
            one for one in board.lists.staff if one.is_active and one.id not in listed and queries.can_be_paged(one)
        ],
        "hook": board.lists.hook_url(portal_id=row.id),
        "hook_mark": _mark_of_hook(board.lists.hook_url(portal_id=row.id)),
        "ready": board.lists.readiness(row, board.tested_at.get(row.id), now),
    }


@staff("page.acknowledge")
@require_http_methods(["GET", "HEAD", "POST"])
def show_page(request: HttpRequest, page_id: int) -> HttpResponse:
    """Show who was paged when, what became of each message, and who answered; POST: acknowledge, as far as shown."""
    if request.method != "POST":
        found = queries.timeline_of(page_id)
        if found is None:
            raise NotFound(what=_("page"))
        return render(request, "oncall/page.html", {"found": found})
    upto = number_in(request.POST.get("upto", ""))
    if services.acknowledge_at_desk(page_id, upto=upto, actor=actor_of(request)):
        messages.success(request, _("You have acknowledged it. Nobody else is paged about these reports."))
    else:
        messages.warning(request, STILL_PAGING)
    return redirect(HERE)


@staff("page.acknowledge")
@require_POST
def settle(request: HttpRequest, page_id: int) -> HttpResponse:
    """State what came of a page that somebody has answered."""
    if services.settle_at_desk(page_id, request.POST.get("outcome", ""), actor=actor_of(request)):
        messages.success(request, _("Nobody is paged about it again."))
    else:
        messages.warning(request, STILL_PAGING)
    return redirect(HERE)


@staff("oncall.read")
@require_POST
def change_people(request: HttpRequest, portal_id: int) -> HttpResponse:
    """Put somebody on the list of a portal, take them off, or switch their calls on or off."""
    portal, actor = portal_here(request, portal_id), actor_of(request)
    act, person_id = request.POST.get("act", ""), number_in(request.POST.get("person", ""))
    if act == "add":
        services.put_on_call(portal.id, person_id, actor=actor)
    elif act == "remove":
        services.take_off_call(portal.id, person_id, actor=actor)
    elif act in ("on", "off"):
        services.switch(portal.id, person_id, is_on=act == "on", actor=actor)
    else:
        raise BadInput(what=_("act"), why=_("it is not one of add, remove, on and off"))
    return redirect(HERE)


@staff("oncall.read")
@require_POST
def change_webhook(request: HttpRequest, portal_id: int) -> HttpResponse:
    """Set or remove where pages of a portal, or one's own, are posted; a secret is shown in the response, once."""
    portal, actor = portal_here(request, portal_id), actor_of(request)
    person_id = actor.id if request.POST.get("whose") == "mine" else None
    if person_id is None:
        require(may(actor, "oncall.edit", portal.hotline_id))
    waits = services.change_waits(portal.id, person_id=person_id, actor=actor)
    if request.POST.get("act") == "remove":
        with hotline_transaction(portal.hotline_id):
            _demand_hook_as_shown(request, portal, person_id)
            services.remove_webhook(portal.id, person_id=person_id, actor=actor)
        if waits:
            messages.warning(request, WAITS)
        return redirect(HERE)
    typed = request.POST.get("url", "")[:MOST_URL]
    try:
        with hotline_transaction(portal.hotline_id):
            _demand_hook_as_shown(request, portal, person_id)
            secret = services.set_webhook(portal.id, typed, person_id=person_id, actor=actor)
    except PageWebhookUnusable as error:
        return _page(request, problem=f"{error.text} {error.hint}")
    return render(request, "oncall/secret.html", {"secret": secret, "waits": WAITS if waits else ""})


def _demand_hook_as_shown(request: HttpRequest, portal: PortalRow, person_id: int | None) -> None:
    lists = queries.lists_of(portal.hotline_id, [portal.id])
    url = lists.hook_url(portal_id=None if person_id else portal.id, person_id=person_id)
    demand_as_shown(request, _mark_of_hook(url))


def _mark_of_hook(url: str) -> str:
    """Return a mark of a webhook that a page shows: by an older page its address would be put back, or another one removed."""
    return mark_of("webhook", url)


@staff("oncall.edit")
@require_POST
def send_test(request: HttpRequest, portal_id: int) -> HttpResponse:
    """Send a test page; a recipient must acknowledge it."""
    services.send_test(portal_here(request, portal_id).id, actor=actor_of(request))
    messages.success(request, _("The test page is on its way. Whoever gets it presses the button behind its link."))
    return redirect(HERE)


def _hotline_id(actor: Actor) -> int:
    assert actor.hotline_id is not None
    return actor.hotline_id


def portal_here(request: HttpRequest, portal_id: int) -> PortalRow:
    """Return a portal of the signed-in person's hotline; raises NotFound."""
    rows = people_queries.portals_of(_hotline_id(actor_of(request)))
    found = next((row for row in rows if row.id == portal_id), None)
    if found is None:
        raise NotFound(what=_("portal"))
    return found
