"""Time rules: the list, one rule with a preview of what a change would do, and a portal's calendar."""

from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from leeward.audit.services import hotline_transaction
from leeward.clocks import labels, queries, services
from leeward.clocks.errors import RuleIsWrong
from leeward.clocks.forms import CalendarForm, RuleForm, values_of
from leeward.clocks.rules.due import Calendar, Rule
from leeward.clocks.rules.recommended import KINDS, RULE_KINDS, wrong_with
from leeward.foundation.errors import NotFound
from leeward.people import services as people_services
from leeward.people.access import actor_of, demand_as_shown, first_shown, staff
from leeward.people.holiday_calendar import Holidays, country_holidays, free_days
from leeward.people.labels import WAITS
from leeward.people.queries import PortalRow, holidays_of, portals_of, staff_names
from leeward.people.rules.permissions import may
from leeward.people.rules.reading import mark_of
from leeward.web_security.keys import new_form_key
from leeward.web_security.services import use_once

YEAR = timedelta(days=366)


def own_portal(request: HttpRequest, portal_id: int) -> PortalRow:
    """Return a portal of the signed-in person's hotline; raises NotFound."""
    hotline_id = actor_of(request).hotline_id or 0
    found = next((row for row in portals_of(hotline_id) if row.id == portal_id), None)
    if found is None:
        raise NotFound(what=_("portal"))
    return found


def described(row: queries.RuleRow) -> dict[str, Any]:
    """Return a rule in words."""
    rule = row.rule
    return {
        "row": row,
        "word": labels.RULES[row.kind],
        "amount": labels.amount_words(rule),
        "pauses": [labels.PAUSES[name] for name in rule.pauses],
        "steps": [labels.step_words(step.act, step.hours_before) for step in rule.steps],
    }


@staff("clock.edit")
@require_GET
def list_rules(request: HttpRequest) -> HttpResponse:
    """List the rules in force by portal, with how many clocks are late, due soon or paused."""
    hotline_id = actor_of(request).hotline_id or 0
    rows, today = portals_of(hotline_id), timezone.now().date()
    rules = queries.rules_of_portals(row.id for row in rows)
    portals = [
        {
            "portal": row,
            "rules": [described(rule) for rule in rules[row.id].values()],
            "free": sum(today <= day < today + YEAR for day in row.holidays),
        }
        for row in rows
    ]
    counts = queries.clock_counts(hotline_id, timezone.now())
    table = [
        (kind, labels.RULES[kind], [(when, word, counts[kind, when]) for when, word in labels.WHENS.items()])
        for kind in KINDS
    ]
    values = {"portals": portals, "table": table, "whens": labels.WHENS.items(), "most": queries.MOST_COUNTED}
    values["shows_running"] = bool(may(actor_of(request), "case.reassign", hotline_id))
    return render(request, "clocks/rules.html", values)


@staff("clock.edit")
@require_http_methods(["GET", "POST"])
def edit_rule(request: HttpRequest, portal_id: int, kind: str) -> HttpResponse:
    """Edit one rule: change it, preview the effect on open clocks, then set it."""
    portal = own_portal(request, portal_id)
    if kind not in RULE_KINDS:
        raise NotFound(what=_("clock"))
    now = queries.rule_of(portal.id, kind)
    form = RuleForm(request.POST or None, kind=kind, initial=values_of(now.rule))
    shifts, wanted = None, _wanted(form, kind) if request.method == "POST" else None
    if wanted is not None:
        if request.POST.get("act") == "set":
            with hotline_transaction():
                if use_once(request.POST.get("once", ""), purpose=f"clock rule {portal.id} {kind}"):
                    demand_as_shown(request, mark_of(portal.id, kind, queries.rule_of(portal.id, kind).number))
                    services.set_rule(portal.id, kind, wanted, actor=actor_of(request))
                    messages.success(request, _("The rule applies from now on; open clocks follow it."))
            return redirect("clocks:list-rules")
        shifts = queries.shifts(portal.id, {kind: wanted})
    values = {
        "form": form,
        "portal": portal,
        "kind": kind,
        "word": labels.RULES[kind],
        "starts": labels.STARTS[kind],
        "now": described(now),
        "new": described(queries.RuleRow(None, kind, now.number + 1, wanted)) if wanted else None,
        "is_same": wanted == now.rule,
        "seen": first_shown(request, mark_of(portal.id, kind, now.number)),
        "shifts": shifts,
        "recommended": described(queries.recommended(kind)),
        "versions": [described(row) for row in queries.versions_of(portal.id, kind)],
        "names": staff_names(portal.hotline_id),
        "once": new_form_key(),
    }
    return render(request, "clocks/rule.html", values, status=422 if form.errors else 200)


def _wanted(form: RuleForm, kind: str) -> Rule | None:
    if not form.is_valid():
        return None
    rule = form.rule()
    wrong = wrong_with(kind, rule)
    if wrong:
        form.add_error(wrong[0], RuleIsWrong(*wrong).text)
        return None
    return rule


@staff("clock.edit")
@require_http_methods(["GET", "POST"])
def edit_calendar(request: HttpRequest, portal_id: int) -> HttpResponse:
    """Edit a portal's holidays (its country's, added ones, removed ones), with the next twelve months and what would
    change.
    """
    portal, today = own_portal(request, portal_id), timezone.now().date()
    kept = holidays_of(portal.id)
    by_country = country_holidays(portal.country, range(today.year, today.year + 3))
    known = {day: by_country[day] for day in sorted(by_country) if today <= day < today + YEAR}
    initial = _calendar_now(portal.id, today)
    form = CalendarForm(request.POST or None, known=known, initial=initial)
    wanted = kept
    shifts = None
    if request.method == "POST" and form.is_valid():
        wanted = _holidays(form, kept, known, today)
        if request.POST.get("act") == "set":
            with hotline_transaction():
                if use_once(request.POST.get("once", ""), purpose=f"calendar {portal.id}"):
                    demand_as_shown(request, mark_of(portal.id, sorted(_calendar_now(portal.id, today).items())))
                    actor = actor_of(request)
                    people_services.change_calendar(
                        portal.id, follows=wanted.follows, added=wanted.added, worked=wanted.worked, actor=actor
                    )
                    waits = services.set_on_call(portal.id, form.cleaned_data["on_call"], actor=actor)
                    messages.success(request, _("Saved. Open clocks follow the new days."))
                    if waits is not None:
                        messages.warning(request, WAITS)
            return redirect("clocks:edit-calendar", portal.id)
        calendar = Calendar(portal.time_zone, portal.working_days, free_days(wanted))
        shifts = queries.shifts(
            portal.id, {name: row.rule for name, row in queries.rules_of(portal.id).items()}, calendar
        )
    values = {
        "form": form,
        "portal": portal,
        "is_known": bool(by_country),
        "free": wanted.between(today, today + YEAR),
        "shifts": shifts,
        "looks": shifts is not None,
        "seen": first_shown(request, mark_of(portal.id, sorted(initial.items()))),
        "once": new_form_key(),
    }
    return render(request, "clocks/calendar.html", values, status=422 if form.errors else 200)


def _calendar_now(portal_id: int, today: date) -> dict[str, Any]:
    kept = holidays_of(portal_id)
    return {
        "follows": kept.follows,
        "worked": sorted(day.isoformat() for day in kept.worked),
        "added": "\n".join(day.isoformat() for day in sorted(kept.added) if day >= today),
        "on_call": queries.on_call(portal_id),
    }


def _holidays(form: CalendarForm, kept: Holidays, known: dict[date, str], today: date) -> Holidays:
    """Return the holidays that the form asks for; days that it doesn't show stay as they are."""
    given = form.cleaned_data
    worked = {date.fromisoformat(day) for day in given.get("worked", ())}
    return Holidays(
        country=kept.country,
        follows=given["follows"],
        added=frozenset(given["added"]) | {day for day in kept.added if day < today},
        worked=frozenset(worked | {day for day in kept.worked if day not in known}),
    )
