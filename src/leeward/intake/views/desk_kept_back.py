"""The desk's pages of what came in on the public pages and could not be taken in."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from leeward.audit.services import hotline_transaction
from leeward.foundation.errors import BadInput
from leeward.intake.desk_labels import ARRIVALS, GIVEN_UP, KEPT_BACK
from leeward.intake.services import settling
from leeward.people.access import actor_of, staff
from leeward.people.queries import portals_of
from leeward.people.rules.permissions import may
from leeward.spool.queries import KeptBack, kept_back_page, waiting_for, words_of
from leeward.web_security.keys import new_form_key
from leeward.web_security.services import use_once

_PARTS = {
    "text": ("text", "choice"),
    "places": ("where", "address", "named", "service"),
    "came_from": ("referrer",),
    "contact": ("mail", "contact"),
}


@require_safe
@staff("arrival.settle")
def list_kept_back(request: HttpRequest) -> HttpResponse:
    """List them, newest first."""
    hotline_id = actor_of(request).hotline_id or 0
    page = kept_back_page(hotline_id, request.GET.get("page"))
    portals = _portals(hotline_id)
    values = {"page": page, "rows": [_line(row, portals) for row in page.rows]}
    return render(request, "intake/desk_kept_back_list.html", values)


@require_http_methods(["GET", "HEAD", "POST"])
@staff("arrival.settle")
def show_kept_back(request: HttpRequest, number: int) -> HttpResponse:
    """Show one, with its words for those who read reports; POST tries it again, or gives it up."""
    actor = actor_of(request)
    hotline_id = actor.hotline_id or 0
    if request.method == "POST":
        _settle(request, number, hotline_id)
        return redirect("intake-desk:list-kept-back")
    found, portals = settling.kept_back(number, hotline_id), _portals(hotline_id)
    reads = bool(may(actor, "report.read", hotline_id))
    values = {
        **_line(found, portals),
        "written": _words(found) if reads else None,
        "with_it": [_line(row, portals) | {"written": _words(row) if reads else None} for row in waiting_for(found)],
        "reasons": GIVEN_UP.items(),
        "once": new_form_key(),
    }
    return render(request, "intake/desk_kept_back.html", values)


def _settle(request: HttpRequest, number: int, hotline_id: int) -> None:
    actor, act = actor_of(request), request.POST.get("act", "")
    if act not in ("retry", "drop"):
        raise BadInput(what=_("act"), why=_("it is not one of %(known)s") % {"known": "retry, drop"})
    given_up: list[int] = []
    with hotline_transaction():
        if not use_once(request.POST.get("once", ""), purpose=f"arrival:{number}"):
            return
        if act == "retry":
            settling.try_again(number, hotline_id=hotline_id, actor=actor)
            messages.success(request, _("It is being retried now."))
        else:
            reason = request.POST.get("reason", "")
            given_up = settling.begin_giving_up(number, reason=reason, hotline_id=hotline_id, actor=actor)
            messages.success(request, _("Done."))
    settling.finish_giving_up(given_up)


def _portals(hotline_id: int) -> dict[int, str]:
    return {row.id: row.name for row in portals_of(hotline_id, with_records=False)}


def _line(row: KeptBack, portals: Mapping[int, str]) -> dict[str, Any]:
    return {
        "row": row,
        "kind": ARRIVALS.get(row.kind, _("Something else")),
        "why": KEPT_BACK.get(row.problem, KEPT_BACK["unreadable"]),
        "portal_name": portals.get(row.portal_id, ""),
    }


def _words(row: KeptBack) -> dict[str, str] | None:
    """Return what a person wrote, in the order of its page; nothing that would let anybody act as its sender."""
    content = words_of(row)
    if content is None:
        return None
    fields = content.get("fields", content)
    fields = fields if isinstance(fields, Mapping) else {}
    return {name: "\n".join(_texts(fields, names)) for name, names in _PARTS.items()}


def _texts(fields: Mapping[str, Any], names: tuple[str, ...]) -> list[str]:
    found = []
    for name in names:
        value = fields.get(name)
        found += [one for one in (value if isinstance(value, list) else [value]) if isinstance(one, str) and one]
    return found
