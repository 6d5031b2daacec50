"""The rota of a portal: who is on call when, gaps, swaps, notes, the partner; and everybody's own calendar."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe
from django_scopes import scope

from leeward.audit.services import hotline_transaction
from leeward.foundation.actor import Actor
from leeward.foundation.errors import BadInput
from leeward.oncall import queries, services
from leeward.oncall.errors import RotaUnusable
from leeward.oncall.forms import OverrideForm, PartnerForm, RotationForm
from leeward.oncall.labels import DAYS, LAYERS
from leeward.oncall.rules.kept import Kept
from leeward.oncall.rules.rota import DAYS as ALL_DAYS
from leeward.oncall.rules.rota import Rotation, on_call_at
from leeward.oncall.views.desk import portal_here
from leeward.oncall.views.public import found_link, number_in
from leeward.people import queries as people_queries
from leeward.people.access import actor_of, demand_as_shown, staff
from leeward.people.errors import EnteredSince
from leeward.people.labels import WAITS
from leeward.people.queries import PortalRow
from leeward.people.rules.permissions import may
from leeward.people.rules.reading import mark_of


@staff("oncall.read")
@require_http_methods(["GET", "HEAD", "POST"])
def show_rota(request: HttpRequest, portal_id: int) -> HttpResponse:
    """Show the rota of a portal; POST: change it by one act."""
    portal, actor = portal_here(request, portal_id), actor_of(request)
    if request.method != "POST":
        return _page(request, portal, actor)
    act = request.POST.get("act", "")
    if act in _FORMS:
        return _take_form(request, portal, actor, act)
    if act not in _ACTS:
        raise BadInput(what=_("act"), why=_("there is no such act"))
    try:
        with hotline_transaction(portal.hotline_id):
            if act in _SHOWN:
                demand_as_shown(request, _SHOWN[act](request, portal))
            waits = _ACTS[act](request, portal, actor)
    except RotaUnusable as error:
        return _page(request, portal, actor, problem=error.text)
    except EnteredSince as error:
        return _page(request, portal, actor, problem=f"{error.text} {error.hint}")
    if waits is not None:
        messages.warning(request, WAITS)
    return redirect("oncall_desk:show-rota", portal.id)


def _page(request: HttpRequest, portal: PortalRow, actor: Actor, **more: object) -> HttpResponse:
    now = datetime.now(UTC)
    lists = queries.lists_of(portal.hotline_id, [portal.id])
    row = lists.rotas.get(portal.id)
    names = {one.id: one.name for one in lists.staff}
    now_on = on_call_at(lists.rota(portal), now)
    may_edit = bool(may(actor, "oncall.edit", portal.hotline_id))
    values: dict[str, object] = {
        "portal": portal,
        "on_call": [(LAYERS[layer], _names(now_on[layer], names)) for layer in LAYERS],
        "gaps": lists.gaps(portal, now),
        "is_covered": lists.is_covered(portal, now),
        "has_rota": lists.has_rota(portal),
        "rotations": [_rotation(one, names) for one in queries.rotations_of(row)],
        "overrides": [
            (one, names.get(one.it.person or 0, ""), names.get(one.it.instead_of or 0, ""), one.it)
            for one in queries.overrides_of(row)
            if one.it.ends > now
        ],
        "notes": queries.notes_of(portal.id),
        "agreements": queries.agreements_of(portal.id),
        "number": row.police_number if row else "",
        "number_mark": _mark_of_number(row.police_number if row else ""),
        "calendar": queries.calendar_address(actor.id or 0),
        "may_edit": may_edit,
    }
    people = [(one.id, one.name) for one in lists.staff if one.is_active and queries.can_be_paged(one)]
    values["people"] = people
    values |= {name: _form(name, None, portal, people) for name in _FORMS} if may_edit else {}
    problem = "problem" in more or any(getattr(one, "errors", None) for one in more.values())
    return render(request, "oncall/rota.html", values | more, status=422 if problem else 200)


def _names(people: frozenset[int], names: Mapping[int, str]) -> str:
    return ", ".join(sorted(names.get(one, "") for one in people))


def _rotation(one: Kept[Rotation], names: Mapping[int, str]) -> dict[str, object]:
    it = one.it
    return {
        "number": one.number,
        "mark": one.mark,
        "layer": LAYERS[it.layer],
        "it": it,
        "people": [(person, names.get(person, "")) for person in it.people],
        "days": "" if it.on == frozenset(ALL_DAYS) else ", ".join(str(DAYS[day]) for day in sorted(it.on)),
    }


def _form(
    name: str, data: QueryDict | None, portal: PortalRow, people: list[tuple[int, str]]
) -> RotationForm | OverrideForm | PartnerForm:
    if name == "partner":
        others = [
            (row.id, f"{row.hotline_name}: {row.name}") for row in people_queries.portals_open() if row.id != portal.id
        ]
        return PartnerForm(data, portals=others, prefix=name)
    kind = RotationForm if name == "rotation" else OverrideForm
    return kind(data, people=people, zone=portal.time_zone, prefix=name)


_FORMS = ("rotation", "override", "partner")


def _take_form(request: HttpRequest, portal: PortalRow, actor: Actor, name: str) -> HttpResponse:
    """Carry out what a form asks for, or show what is wrong with it."""
    staff_rows = people_queries.staff_of(portal.hotline_id)
    people = [(one.id, one.name) for one in staff_rows if one.is_active and queries.can_be_paged(one)]
    form = _form(name, request.POST, portal, people)
    if not form.is_valid():
        return _page(request, portal, actor, **{name: form})
    try:
        if isinstance(form, RotationForm):
            services.add_rotation(portal.id, form.rotation(), actor=actor)
        elif isinstance(form, OverrideForm):
            services.add_override(portal.id, form.override(), actor=actor)
        elif services.want_partner(portal.id, form.cleaned_data["partner"], form.hours(), actor=actor):
            messages.warning(request, WAITS)
    except RotaUnusable as error:
        form.add_error(None, error.text)
        return _page(request, portal, actor, **{name: form})
    return redirect("oncall_desk:show-rota", portal.id)


def _number(request: HttpRequest, name: str = "number") -> int:
    return number_in(request.POST.get(name, ""))


def _seen(request: HttpRequest) -> str:
    return request.POST.get("seen", "")


def _note(request: HttpRequest, portal: PortalRow, actor: Actor) -> None:
    services.write_hand_over(portal.id, request.POST.get("text", ""), actor=actor)
    messages.success(request, _("The note is there for whoever comes next."))


def _mark_of_number(number: str) -> str:
    """Return a mark of the number of the police that a page shows in its field: an older one would be put back."""
    return mark_of("police number", number)


def _mark_of_wish(request: HttpRequest, portal: PortalRow) -> str:
    wishes = queries.agreements_of(portal.id).wishes
    return next((one.mark for one in wishes if one.portal.id == _number(request)), "")


# What these acts stand on, as it is now.
_SHOWN: dict[str, Callable[[HttpRequest, PortalRow], str]] = {
    "call": lambda _r, p: _mark_of_number(queries.police_number(p.id)),
    "agree": _mark_of_wish,
    "stop": _mark_of_wish,
}
Act = Callable[[HttpRequest, PortalRow, Actor], object]
_ACTS: dict[str, Act] = {
    "end": lambda r, p, a: services.remove_rotation(p.id, _number(r), seen=_seen(r), actor=a),
    "join": lambda r, p, a: services.change_people(
        p.id, _number(r), _number(r, "person"), joins=True, seen=_seen(r), actor=a
    ),
    "leave": lambda r, p, a: services.change_people(
        p.id, _number(r), _number(r, "person"), joins=False, seen=_seen(r), actor=a
    ),
    "take_back": lambda r, p, a: services.remove_override(p.id, _number(r), seen=_seen(r), actor=a),
    "call": lambda r, p, a: services.set_police_number(p.id, r.POST.get("text", ""), actor=a),
    "agree": lambda r, p, a: services.agree_to_help(
        p.id, _number(r), agrees=True, actor=a, hours=r.POST.get("hours", "")
    ),
    "stop": lambda r, p, a: services.agree_to_help(p.id, _number(r), agrees=False, actor=a),
    "note": _note,
    "calendar": lambda _r, _p, a: services.make_calendar(actor=a),
    "no_calendar": lambda _r, _p, a: services.revoke_calendar(actor=a),
}


@require_safe
def calendar(request: HttpRequest, token: str) -> HttpResponse:
    """Somebody's own shifts, for a calendar program; the address is the only key. Wrong ones are all answered alike."""
    hotline_id, person_id = found_link(request, queries.whose_calendar(token))
    with scope(hotline=hotline_id):
        text = queries.calendar_of(hotline_id, person_id, datetime.now(UTC))
    return HttpResponse(text, content_type="text/calendar; charset=utf-8")
