"""The checklist of a portal, the test referral, opening and closing."""

from collections.abc import Sequence

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from leeward.administration import queries, services
from leeward.administration.labels import HOW, LINKS, POINTS
from leeward.administration.rules.checklist import Point, in_the_way, open_points
from leeward.audit.services import hotline_transaction
from leeward.foundation.errors import NotFound
from leeward.installation.queries import is_run_from
from leeward.intake.services import rehearsal_pass
from leeward.notices.queries.labels import problem_word
from leeward.people import queries as people_queries
from leeward.people.access import actor_of, demand_as_shown, house_of, staff
from leeward.people.labels import WAITS
from leeward.people.queries import PortalRow
from leeward.people.rules.permissions import may
from leeward.people.rules.reading import mark_of
from leeward.web_security.keys import new_form_key

# Where a point is settled: the name of a page, and whether it takes the portal's number.
PLACES = {
    "emergency": ("people:edit-portal", True),
    "who_runs_it": ("people:edit-portal", True),
    "helplines": ("people:list-numbers", True),
    "languages": ("languages:list-languages", False),
    "law": ("laws_desk:list-law", False),
    "second_factor": ("people:list-accounts", False),
    "mail": ("administration:list-groups", False),
    "paging": ("oncall_desk:show-on-call", False),
    "paging_way": ("oncall_desk:show-on-call", False),
    "paging_gap": ("oncall_desk:show-rota", True),
    "police_address": ("people:edit-portal", True),
    "appeals": ("people:list-invitations", False),
}


def portal_here(request: HttpRequest, portal_id: int) -> PortalRow:
    """Return a portal of the signed-in person's hotline; raises NotFound."""
    rows = people_queries.portals_of(actor_of(request).hotline_id or 0)
    found = next((row for row in rows if row.id == portal_id), None)
    if found is None:
        raise NotFound(what=_("portal"))
    return found


@staff("portal.edit")
@require_safe
def show_checklist(request: HttpRequest, portal_id: int) -> HttpResponse:
    """Show what is settled and what is open before this portal takes reports, each point derived from a fact."""
    found = people_queries.portal_with_lines(portal_id, actor_of(request).hotline_id or 0)
    if found is None:
        raise NotFound(what=_("portal"))
    portal, lines = found
    test = queries.last_test(portal)
    points = queries.checklist(portal, test, lines)
    sets_mail = bool(may(actor_of(request), "installation.edit", portal.hotline_id)) and is_run_from(house_of(request))
    values = {
        "found": portal,
        "rows": [_shown(point, portal, sets_mail=sets_mail) for point in points],
        "open_points": len(open_points(points)),
        "settled": len(points) - len(open_points(points)),
        "in_the_way": [POINTS[code] for code in in_the_way(points)],
        "test": test,
        "letter": services.referral_letter(portal),
        "changes": [
            row for row in people_queries.portal_changes_waiting(portal.hotline_id) if row.portal_id == portal.id
        ],
        "seen": _mark_of(portal.id, points),
        "rehearsal": f"/{portal.slug}/report?rehearsal={rehearsal_pass(portal.id)}",
        "once": new_form_key(),
    }
    return render(request, "administration/checklist.html", values)


def _mark_of(portal_id: int, points: Sequence[Point]) -> str:
    """Return a mark of what is open: whoever opens a portal despite it has read what."""
    return mark_of(portal_id, open_points(points))


def _shown(point: Point, portal: PortalRow, *, sets_mail: bool) -> dict[str, object]:
    leads_there = point.step == "helplines" or (not point.is_done and (point.step != "mail" or sets_mail))
    return {
        "point": point,
        "title": POINTS[point.code],
        "how": HOW[point.step] if point.step == "helplines" or not point.is_done else "",
        "url": _place(point.step, portal) if leads_there else "",
        "link": LINKS.get(point.step, ""),
    }


def _place(code: str, portal: PortalRow) -> str:
    name, with_number = PLACES.get(code, ("", False))
    try:
        return reverse(name, args=[portal.id] if with_number else []) if name else ""
    except NoReverseMatch:
        return ""


@staff("portal.edit")
@require_POST
def send_referral_test(request: HttpRequest, portal_id: int) -> HttpResponse:
    """Send a test referral and show the mail server's answer."""
    portal = portal_here(request, portal_id)
    posted = services.send_referral_test(portal, once=request.POST.get("once", ""), actor=actor_of(request))
    if posted is None:
        messages.info(request, _("This form was already sent. It was carried out once."))
    elif posted.is_sent:
        messages.success(request, _("The mail server accepted the test referral. Now the police must confirm it."))
    else:
        problem = problem_word(posted.problem)
        messages.error(request, _("The test referral was not sent. %(problem)s") % {"problem": problem})
    return redirect("administration:show-checklist", portal_id)


@staff("portal.edit")
@require_POST
def open_portal(request: HttpRequest, portal_id: int) -> HttpResponse:
    """Let the portal take reports from now on."""
    portal = portal_here(request, portal_id)
    with hotline_transaction(portal.hotline_id):
        if "despite" in request.POST and (found := people_queries.portal_with_lines(portal_id, portal.hotline_id)):
            points = queries.checklist(found[0], queries.last_test(found[0]), found[1])
            if not in_the_way(points):  # what stands in the way is named by the refusal
                demand_as_shown(request, _mark_of(portal_id, points))
        waits = services.open_portal(portal, despite="despite" in request.POST, actor=actor_of(request))
    _say(request, waits, _("The portal takes reports from now on."))
    return redirect("administration:show-checklist", portal_id)


@staff("portal.edit")
@require_POST
def close_portal(request: HttpRequest, portal_id: int) -> HttpResponse:
    """Stop the portal from taking reports."""
    waits = services.close_portal(portal_here(request, portal_id), actor=actor_of(request))
    _say(request, waits, _("The portal takes no more reports. Receipts still work."))
    return redirect("administration:show-checklist", portal_id)


def _say(request: HttpRequest, waits: int | None, done: str) -> None:
    if waits is None:
        messages.success(request, done)
    else:
        messages.warning(request, WAITS)
