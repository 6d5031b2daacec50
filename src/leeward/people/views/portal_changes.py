"""A change that takes two people: what would change, and the second person's decision."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from leeward.audit.services import hotline_transaction
from leeward.foundation.differences import Sign, differences
from leeward.foundation.errors import BadInput, NotFound
from leeward.people import queries, services
from leeward.people.access import actor_of, demand_as_shown, staff
from leeward.people.countries import country_names
from leeward.people.labels import (
    ACCESS_NAMES,
    ASKS,
    CHARGE_NAMES,
    CHECKS,
    MODES,
    POLICE_MOMENTS,
    REACH_NAMES,
    SECRET_NAMES,
    SERVER_DID,
    WHOM_NAMES,
)
from leeward.people.queries import PortalChangeRow, second_person_obstacle
from leeward.people.rules.police_words import sentences
from leeward.people.rules.reach import POLICE_WORDS, RECORDING, matters
from leeward.people.rules.reading import mark_of
from leeward.web_security.policies import DESK, let_play

_CHOICES = {**dict([*POLICE_MOMENTS, *MODES]), **WHOM_NAMES, **ACCESS_NAMES}


@dataclass(frozen=True, slots=True)
class Changed:
    """One field of a change: its label, its current and its new value, and the `lines` of a long text, compared."""

    label: str
    before: str
    after: str
    lines: tuple[tuple[Sign, str], ...] = ()


@staff("portal.confirm")
@require_http_methods(["GET", "POST"])
def portal_change(request: HttpRequest, change_id: int) -> HttpResponse:
    """Show a requested change; a second person can confirm it, and anybody who manages portals can refuse it."""
    actor = actor_of(request)
    change = queries.portal_change(change_id)
    if change is None or change.hotline_id != actor.hotline_id:
        raise NotFound(what=_("change"))
    if request.method == "POST":
        answer = request.POST.get("answer", "")
        if answer not in ("confirm", "refuse"):
            raise BadInput(what=_("answer"), why=_("it must be confirm or refuse"))
        proof = request.POST.get("proof", "")
        with hotline_transaction(change.hotline_id):
            if not change.outcome:  # what is settled is refused as that
                demand_as_shown(request, _mark_of(change))
            services.settle_change(change_id, confirm=answer == "confirm", actor=actor, proof=proof)
        done = _("Confirmed. It takes effect now.") if answer == "confirm" else _("Refused. Nothing was changed.")
        messages.success(request, done)
        return redirect("people:portal-change", change_id)
    found = second_person_obstacle(actor, {change.asked_by_id}, act="portal.confirm")
    topics = matters(change.what, change.before, change.wanted)
    values = {
        "change": change,
        "asks": _asks(change),
        "check": CHECKS[topics[0] if topics in (["form_shut"], ["day"]) else change.what],
        "fields": _fields(change),
        "obstacle": services.second_person_words(found, actor.hotline_id) if found else None,
        "proof": request.GET.get("proof", "")[:100],
        "is_own": change.asked_by_id == actor.id,
        "helplines": _helplines(change),
        "seen": _mark_of(change),
    }
    if change.what == RECORDING and change.portal_id is not None:
        recordings = [] if change.outcome else queries.named_by_change(change.portal_id, change.about)
        values |= {"recordings": recordings, "found": {"id": change.portal_id}, "removes": not change.wanted[RECORDING]}
        return let_play(render(request, "people/portal_change.html", values), DESK)
    return render(request, "people/portal_change.html", values)


def _helplines(change: PortalChangeRow) -> list[queries.HelplineRow]:
    """Return the helplines of a portal that is to be opened or shown: whoever confirms that confirms them, too."""
    if change.portal_id is None or "form_open" not in matters(change.what, change.before, change.wanted):
        return []
    return queries.shown_helplines(change.portal_id)


def _mark_of(change: PortalChangeRow) -> str:
    """Return a mark of what is confirmed: the change, and the helplines that are confirmed with it."""
    return mark_of(change.id, change.wanted, [sorted(one.values.items()) for one in _helplines(change)])


def _asks(change: PortalChangeRow) -> str:
    named = ASKS if change.asked_by else SERVER_DID
    return str(named[change.what]).format(who=change.asked_by, name=change.name, about=change.about)


def _fields(change: PortalChangeRow) -> list[Changed]:
    """Return each field in words; texts of several lines are compared line by line."""
    found = []
    for name, label in REACH_NAMES.items():
        if name in change.wanted:
            before, after = _words(name, change.before.get(name, "")), _words(name, change.wanted[name])
            lines = differences(before, after) if len(f"{before}\n{after}".splitlines()) > 2 else []
            found.append(Changed(str(label), before, after, tuple(lines)))
    return found


def _words(name: str, value: object) -> str:
    if name in SECRET_NAMES:
        return _("another one; it is not shown") if value else ""
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if name == POLICE_WORDS and isinstance(value, dict):
        return "\n".join(map(str, sentences(value)))
    if isinstance(value, list | dict):
        return _several(value)
    if name == "country":
        return country_names().get(str(value), str(value))
    known = CHARGE_NAMES if name == "charge" else _CHOICES
    return str(known.get(str(value), value))


def _several(value: list[str] | dict[str, str]) -> str:
    if isinstance(value, dict):
        return "; ".join(f"{queries.own_name(tag)}: {text}" for tag, text in value.items())
    return ", ".join(str(_CHOICES.get(one, one)) for one in value)
