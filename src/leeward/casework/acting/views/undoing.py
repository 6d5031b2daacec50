"""Undoing one's last act: offered on the page that follows it, for as long as it can be undone."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from leeward.casework import services
from leeward.casework.acting.services.undoing import undoable_until
from leeward.casework.assessment.queries.opened import Opened
from leeward.casework.models import Case
from leeward.casework.views.doing import back_to, case_here, once
from leeward.foundation.actor import Actor
from leeward.people.access import actor_of, staff
from leeward.web_security.keys import is_form_key, new_form_key

_KEPT_AS = "undo"


def offer_undo(request: HttpRequest, case: Case) -> None:
    """Offer on the next page to undo what was just done, if that is possible."""
    found = undoable_until(case.pk, actor=actor_of(request))
    if found:
        act, until = found
        request.session[_KEPT_AS] = {
            "case": case.pk,
            "reference": case.reference,
            "act": act,
            "until": until.isoformat(),
            "zone": case.portal.time_zone,
        }


def offer_undo_of_several(request: HttpRequest, case_ids: list[int]) -> None:
    """Offer on the next page to undo, for all of these cases, what was done with one submit."""
    actor = actor_of(request)
    first = Case.objects.select_related("portal").filter(pk__in=case_ids).order_by("id").first()
    found = undoable_until(first.pk, actor=actor) if first else None
    if first and found:
        act, until = found
        request.session[_KEPT_AS] = {
            "case": first.pk,
            "cases": case_ids,
            "reference": first.reference,
            "act": act,
            "until": until.isoformat(),
            "zone": first.portal.time_zone,
        }


def bulk_to_undo(request: HttpRequest) -> list[int]:
    """Return the cases for which the page offered to undo one joint act."""
    kept = request.session.get(_KEPT_AS) or {}
    return list(kept.get("cases", ()))


def forget_undo(request: HttpRequest) -> None:
    """Stop offering the last act: something else was done since, and is undone elsewhere."""
    request.session.pop(_KEPT_AS, None)


def undo_offered(request: HttpRequest, shown: Opened | None = None) -> dict[str, Any] | None:
    """Return what the page offers: the case, the act and the seconds left; None once the time is over or somebody else
    has done something to the case. `shown` is the case that the page is about, if any.
    """
    kept = request.session.get(_KEPT_AS)
    if not kept:
        return None
    left = int((datetime.fromisoformat(kept["until"]) - datetime.now(UTC)).total_seconds())
    if left <= 0 or not _is_undoable(kept["case"], shown, actor_of(request)):
        return None
    return {**kept, "seconds": left, "until": _moment(kept), "once": new_form_key()}


def _moment(kept: Mapping[str, Any]) -> str:
    """Return the time at which it goes out, in the time zone of the case's portal."""
    return datetime.fromisoformat(kept["until"]).astimezone(ZoneInfo(kept["zone"])).strftime("%H:%M:%S %Z")


def _is_undoable(case_id: int, shown: Opened | None, actor: Actor) -> bool:
    if shown is not None and shown.case.pk == case_id:
        return shown.undoer_id is not None and shown.undoer_id == actor.id
    return undoable_until(case_id, actor=actor) is not None


@require_POST
@staff("case.read")
def undo(request: HttpRequest, reference: str) -> HttpResponse:
    """Put the case back as it was. A repeated submit is told the result of the first one, not that it is too late."""
    case, actor = case_here(reference, request), actor_of(request)
    forget_undo(request)
    is_done = once(request, f"undo {case.pk}", lambda: services.undo(case.pk, actor=actor))
    if not is_done and not is_form_key(request.POST.get("once", "")):
        return back_to(case, request)
    return back_to(case, request, _("Undone: the case is as it was."))
