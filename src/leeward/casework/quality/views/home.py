"""Agreement: an assessor's own figures; for supervisors those of the hotline and of each person; and the rates."""

from dataclasses import asdict, fields
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from leeward.audit.services import hotline_transaction
from leeward.casework.appeals.services import hearing
from leeward.casework.quality import labels, queries
from leeward.casework.quality.rules.drawing import RECOMMENDED, Rates
from leeward.casework.quality.rules.drawn import chart_of
from leeward.casework.quality.services import sampling
from leeward.foundation.errors import NotFound
from leeward.people.access import actor_of, demand_as_shown, first_shown, staff
from leeward.people.errors import EnteredSince
from leeward.people.queries import staff_names, staff_of
from leeward.people.rules.permissions import may
from leeward.people.rules.reading import mark_of

MOST_REPLIES = 20


@require_GET
@staff("case.assess")
def home(request: HttpRequest) -> HttpResponse:
    """Show what waits for this person, and how far assessments agree: for an analyst their own, for a supervisor all."""
    actor = actor_of(request)
    sees_all = bool(may(actor, "quality.read", actor.hotline_id))
    colleagues = staff_of(actor.hotline_id or 0)
    year = queries.year_of(
        actor.hotline_id or 0, person_id=None if sees_all else actor.id, people=colleagues if sees_all else ()
    )
    waiting = sampling.waiting(actor).count()
    mine, everybody = queries.open_adjudications(actor.id or 0)
    values = {
        "sees_all": sees_all,
        "whose": "",
        "year": year,
        "chart": chart_of(year.months),
        "waiting": waiting,
        "for_nobody": 0 if waiting else sampling.count_for_nobody(colleagues),
        "days": sampling.WAITS_FOR.days,
        "to_reply": list(hearing.appeals_to_reply(actor.id or 0)[:MOST_REPLIES]),
        "adjudicating": mine,
        "all_adjudicating": everybody if sees_all else 0,
        "held": sampling.sample_held_by(actor.id or 0),
    }
    return render(request, "quality/home.html", values)


@require_GET
@staff("quality.read")
def person(request: HttpRequest, account_id: int) -> HttpResponse:
    """Show one person's agreement with the others who assessed the same cases."""
    hotline_id = actor_of(request).hotline_id or 0
    names = staff_names(hotline_id)
    if account_id not in names:
        raise NotFound(what=_("colleague"))
    year = queries.year_of(hotline_id, person_id=account_id)
    values = {"whose": names[account_id], "year": year, "chart": chart_of(year.months)}
    return render(request, "quality/person.html", values)


class RatesForm(forms.Form):
    """The rates as whole numbers."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for part in fields(Rates):
            self.fields[part.name] = forms.IntegerField(
                label=labels.RATE_NAMES[part.name],
                min_value=0,
                max_value=100,
                help_text=_("From 0 to 100; recommended: %(usual)s.") % {"usual": getattr(RECOMMENDED, part.name)},
                widget=forms.NumberInput(attrs={"class": "short", "inputmode": "numeric"}),
            )


@staff("quality.edit")
@require_http_methods(["GET", "POST"])
def rates(request: HttpRequest) -> HttpResponse:
    """Show and set how often one person's decisions are drawn for another blind assessment."""
    actor = actor_of(request)
    form = RatesForm(request.POST or None, initial=asdict(sampling.rates_of(actor.hotline_id or 0)))
    if request.method == "POST" and form.is_valid():
        try:
            with hotline_transaction():
                demand_as_shown(request, _mark_of(actor.hotline_id or 0))
                sampling.set_rates(Rates(**form.cleaned_data), actor=actor)
        except EnteredSince as error:  # its fields would be filled in as they were
            messages.error(request, f"{error.text} {error.hint}")
        else:
            messages.success(request, _("The rates are saved."))
        return redirect("quality:edit-rates")
    values = {"form": form, "seen": first_shown(request, _mark_of(actor.hotline_id or 0))}
    return render(request, "quality/rates.html", values, status=422 if form.errors else 200)


def _mark_of(hotline_id: int) -> str:
    """Return a mark of the rates that a page shows: an older page would put back what a colleague has changed."""
    return mark_of(hotline_id, sampling.rates_of(hotline_id))
