"""The exposure budget on the desk: a person's own day, who is near the limit, and the limits themselves."""

from dataclasses import asdict, fields
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from leeward.audit.services import hotline_transaction
from leeward.casework.errors import LimitOutOfRange, LimitsClash, WideningNeedsReason
from leeward.casework.exposure import labels
from leeward.casework.exposure.queries import as_day, days_near_limit
from leeward.casework.exposure.rules import budget as budget_rules
from leeward.casework.exposure.services import budget
from leeward.people.access import actor_of, demand_as_shown, first_shown, staff
from leeward.people.errors import EnteredSince
from leeward.people.queries import staff_names
from leeward.people.rules.permissions import may
from leeward.people.rules.reading import mark_of
from leeward.web_security.paging import page_of


@staff("case.preview")
@require_GET
def my_day(request: HttpRequest) -> HttpResponse:
    """Show the signed-in person's day: what was viewed, for how long, and what is left. Nobody else sees this page."""
    actor = actor_of(request)
    today = budget.standing_of(actor)
    values = {
        "today": today,
        "day": today.day,
        "limits": today.limits,
        "minutes": int(today.day.at_desk.total_seconds() // 60),
        "may_see_all": bool(may(actor, "exposure.read", actor.hotline_id)),
        "may_set": bool(may(actor, "limits.edit", actor.hotline_id)),
    }
    return render(request, "casework/exposure/my_day.html", values)


@staff("case.preview")
@require_POST
def not_today(request: HttpRequest) -> HttpResponse:
    """Switch new material off for the signed-in person today, or on again."""
    is_off = request.POST.get("off") != "no"
    budget.say_not_today(actor=actor_of(request), is_off=is_off)
    if is_off:
        messages.success(request, _("You get nothing new today. You don’t have to tell anybody why."))
    else:
        messages.success(request, _("You work with cases again."))
    return redirect("casework:show-my-day")


@staff("exposure.read")
@require_GET
def everybody(request: HttpRequest) -> HttpResponse:
    """List who is near the limit today or has stopped: to help them, not to rank them."""
    hotline_id = actor_of(request).hotline_id or 0
    limits, local = budget.limits_of(hotline_id), budget.local_now(hotline_id)
    page = page_of(days_near_limit(local.date(), limits), request.GET.get("page"))
    names = staff_names(hotline_id)
    rows = [
        {
            "name": names.get(row.by_id, ""),
            "percent": min(100, round(100 * budget_rules.share_used(day, limits))),
            "day": day,
        }
        for row, day in ((row, as_day(row)) for row in page.rows)
    ]
    return render(request, "casework/exposure/exposure.html", {"rows": rows, "page": page, "limits": limits})


class LimitsForm(forms.Form):
    """The limits as numbers, and the reason if they exceed the recommended ones."""

    reason = forms.CharField(
        label=gettext_lazy("Why more than recommended"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
    )

    def __init__(self, *args: Any, least: budget_rules.Limits, most: budget_rules.Limits, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for part in fields(budget_rules.Limits):
            lowest, highest = getattr(least, part.name), getattr(most, part.name)
            self.fields[part.name] = forms.IntegerField(
                label=labels.LIMIT_NAMES[part.name],
                min_value=lowest,
                max_value=highest,
                help_text=_("From %(least)s to %(most)s; recommended: %(usual)s.")
                % {"least": lowest, "most": highest, "usual": getattr(budget_rules.RECOMMENDED, part.name)},
                widget=forms.NumberInput(attrs={"class": "short", "inputmode": "numeric"}),
            )
        self.order_fields([*[part.name for part in fields(budget_rules.Limits)], "reason"])


def _mark_of_limits(hotline_id: int) -> str:
    """Return a mark of the limits that a page shows: an older page would widen again what a colleague has narrowed since."""
    row = budget.limits_set(hotline_id)
    return mark_of(hotline_id, row.at if row else None)


@staff("limits.edit")
@require_http_methods(["GET", "POST"])
def limits(request: HttpRequest) -> HttpResponse:
    """Show and set the limits of this hotline."""
    actor = actor_of(request)
    hotline_id = actor.hotline_id or 0
    now, row = budget.limits_of(hotline_id), budget.limits_set(hotline_id)
    may_widen = bool(may(actor, "limits.widen", hotline_id))
    least, most = (budget_rules.LEAST, budget_rules.MOST) if may_widen else budget_rules.without_widening(now)
    kept = asdict(now) | {"reason": row.reason if row else ""}
    form = LimitsForm(request.POST or None, least=least, most=most, initial=kept)
    if request.method == "POST" and form.is_valid():
        given = dict(form.cleaned_data)
        reason = given.pop("reason")
        try:
            with hotline_transaction():
                demand_as_shown(request, _mark_of_limits(hotline_id))
                budget.set_limits(budget_rules.Limits(**given), reason=reason, actor=actor)
        except EnteredSince as error:  # its fields would be filled in as they were
            messages.error(request, f"{error.text} {error.hint}")
            return redirect("casework:edit-limits")
        except LimitsClash as error:
            form.add_error(str(error.values["field"]), str(error.values["why"]))
        except (LimitOutOfRange, WideningNeedsReason) as error:
            form.add_error("reason", error.text)
        else:
            messages.success(request, _("The limits are set."))
            return redirect("casework:edit-limits")
    set_by = staff_names(hotline_id).get(row.by_id or 0, "—") if row else ""
    seen = first_shown(request, _mark_of_limits(hotline_id))
    values = {"form": form, "may_widen": may_widen, "row": row, "set_by": set_by, "seen": seen}
    return render(request, "casework/exposure/limits.html", values, status=422 if form.errors else 200)
