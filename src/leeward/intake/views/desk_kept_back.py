"""The desk's pages of what came in on the public pages and could not be taken in."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from hashlib import sha256
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from leeward.audit.services import hotline_transaction
from leeward.foundation.errors import BadInput, NotFound
from leeward.intake.desk_labels import ARRIVALS, GIVEN_UP, KEPT_BACK
from leeward.intake.services import settling
from leeward.people.access import actor_of, demand_as_shown, staff
from leeward.people.errors import EnteredSince
from leeward.people.queries import portals_of
from leeward.people.rules.permissions import may
from leeward.people.rules.reading import mark_of
from leeward.spool.queries.kept import (
    PER_PAGE,
    KeptBack,
    kept_back_page,
    numbers_kept_back,
    these_kept_back,
    waiting_for,
    words_of,
)
from leeward.web_security.keys import new_form_key
from leeward.web_security.paging import Page, page_of_list
from leeward.web_security.services import use_once

MOST_TOGETHER, PIECE, MOST_DIGITS = 3000, 100, 18
_PARTS = {
    "text": ("text", "choice"),
    "places": ("where", "address", "named", "service"),
    "came_from": ("referrer",),
    "contact": ("mail", "contact"),
}


@require_http_methods(["GET", "HEAD", "POST"])
@staff("arrival.settle")
def list_kept_back(request: HttpRequest) -> HttpResponse:
    """List them, newest first: all, or those of one cause, which POST tries again or gives up together, if they are still those that
    were shown."""
    if request.method != "POST":
        return _list(request, request.GET.get("problem", ""))
    problem, hotline_id = request.POST.get("problem", ""), actor_of(request).hotline_id or 0
    newest = request.POST.get("seen", "").partition("-")[0]
    if problem not in KEPT_BACK or not newest.isdecimal() or len(newest) > MOST_DIGITS:
        raise BadInput(what=_("act"), why=_("it is not one of %(known)s") % {"known": ", ".join(KEPT_BACK)})
    numbers = numbers_kept_back(hotline_id, problem, MOST_TOGETHER, up_to=int(newest))
    if _shown(numbers) != request.POST["seen"]:
        return _list(request, problem, has_changed=True)
    for first in range(
        0, len(numbers), PIECE
    ):  # others write in between; what is left after a kill is still in the list
        with suppress(NotFound):
            if not _settle(request, numbers[first : first + PIECE], once="arrivals" if first == 0 else ""):
                break
    return redirect("intake-desk:list-kept-back")


def _list(request: HttpRequest, problem: str, *, has_changed: bool = False) -> HttpResponse:
    hotline_id, number = actor_of(request).hotline_id or 0, request.GET.get("page")
    portals = _portals(hotline_id)
    values: dict[str, Any] = {"problems": KEPT_BACK.items(), "has_changed": has_changed}
    if problem in KEPT_BACK:
        numbers = numbers_kept_back(hotline_id, problem, MOST_TOGETHER)
        of_numbers = page_of_list(numbers, number, per_page=PER_PAGE)
        rows = these_kept_back(of_numbers.rows, hotline_id)
        page = Page(rows, of_numbers.number, PER_PAGE, of_numbers.total, of_numbers.total_is_exact)
        values |= {"problem": problem, "count": len(numbers), "seen": _shown(numbers)}
        values |= {"reasons": GIVEN_UP.items(), "once": new_form_key()}
    else:
        page = kept_back_page(hotline_id, number)
    values |= {"page": page, "rows": [_line(row, portals) for row in page.rows]}
    return render(request, "intake/desk_kept_back_list.html", values, status=409 if has_changed else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@staff("arrival.settle")
def show_kept_back(request: HttpRequest, number: int) -> HttpResponse:
    """Show one, with its words for those who read reports; POST tries it again, or gives it up, with what the page showed of it and of what
    waits for it."""
    actor = actor_of(request)
    hotline_id, has_changed = actor.hotline_id or 0, False
    if request.method == "POST":
        try:
            _settle(request, [number], once=f"arrival:{number}", is_one=True)
        except NotFound:  # somebody else has settled it since it was shown
            return _list(request, "", has_changed=True)
        except EnteredSince:
            has_changed = True
        else:
            return redirect("intake-desk:list-kept-back")
    found, portals = settling.kept_back(number, hotline_id), _portals(hotline_id)
    reads, rest = bool(may(actor, "report.read", hotline_id)), waiting_for(found)
    values = {
        **_line(found, portals),
        "written": _words(found) if reads else None,
        "with_it": [_line(row, portals) | {"written": _words(row) if reads else None} for row in rest],
        "reasons": GIVEN_UP.items(),
        "reason": request.POST.get("reason", ""),
        "seen": _mark_of(found, [row.number for row in rest]),
        "has_changed": has_changed,
        "once": new_form_key(),
    }
    return render(request, "intake/desk_kept_back.html", values, status=409 if has_changed else 200)


def _settle(request: HttpRequest, numbers: Sequence[int], *, once: str, is_one: bool = False) -> bool:
    """Try these again, or give them up; with `once`, return False where the form was used for that before. One alone only as its page
    showed it: raises EnteredSince."""
    actor, act = actor_of(request), request.POST.get("act", "")
    if act not in ("retry", "drop"):
        raise BadInput(what=_("act"), why=_("it is not one of %(known)s") % {"known": "retry, drop"})
    hotline_id = actor.hotline_id or 0
    found = settling.chosen(numbers, hotline_id)
    with hotline_transaction():
        if once and not use_once(request.POST.get("once", ""), purpose=once):
            return False
        for one in found if is_one else ():
            demand_as_shown(request, _mark_of(one.row, one.rest))
        if act == "retry":
            begun = settling.begin_trying_again(found, hotline_id=hotline_id, actor=actor)
        else:
            reason = request.POST.get("reason", "")
            begun = settling.begin_giving_up(found, reason=reason, hotline_id=hotline_id, actor=actor)
    if once:
        messages.success(request, _("It is being retried now.") if act == "retry" else _("Done."))
    (settling.finish_trying_again if act == "retry" else settling.finish_giving_up)(begun)
    return True


def _shown(numbers: Sequence[int]) -> str:
    """Return what tells whether they are still these: the newest of them, then a digest."""
    return f"{max(numbers, default=0)}-{sha256(repr(numbers).encode()).hexdigest()}"


def _mark_of(row: KeptBack, rest: Sequence[int]) -> str:
    """Return a mark of one and of what waits for it: what came later goes with it, and nobody has read that."""
    return mark_of(row.number, row.problem, *sorted(rest))


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
