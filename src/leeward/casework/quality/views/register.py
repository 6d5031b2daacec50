"""The register of requests for review, as a page and as an export."""

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from leeward.casework import labels as casework_labels
from leeward.casework.quality import register
from leeward.casework.quality.labels import ABOUT, ENDS
from leeward.casework.quality.services.registering import note_register_taken
from leeward.people.access import actor_of, staff
from leeward.people.forms.voice import DayField
from leeward.people.queries import time_zone_of

_DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class RegisterForm(forms.Form):
    """The filters of the register."""

    state = forms.ChoiceField(label=_("Outcome"), required=False)
    origin = forms.ChoiceField(label=_("Who asks"), required=False)
    about = forms.ChoiceField(label=_("About"), required=False)
    start = DayField(label=_("Asked from"), required=False, widget=_DAY)
    end = DayField(label=_("Asked until"), required=False, widget=_DAY)
    late = forms.ChoiceField(label=_("Time"), required=False, choices=[("", _("All")), ("yes", _("Late only"))])

    def __init__(self, data: object = None) -> None:
        super().__init__(data)  # type: ignore[arg-type]  # a QueryDict
        for name, choices in (("state", ENDS), ("origin", casework_labels.ORIGINS), ("about", ABOUT)):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = [("", _("All")), *choices.items()]

    @property
    def wanted(self) -> register.Wanted:
        """Return the filters; invalid values count as not set."""
        self.full_clean()
        given = self.cleaned_data
        return register.Wanted(
            state=given.get("state") or "",
            origin=given.get("origin") or "",
            about=given.get("about") or "",
            start=given.get("start"),
            end=given.get("end"),
            only_late=given.get("late") == "yes",
        )


@require_GET
@staff("quality.read")
def show(request: HttpRequest) -> HttpResponse:
    """Show the register, newest first."""
    form, now = RegisterForm(request.GET), timezone.now()
    zone = time_zone_of(actor_of(request).hotline_id or 0)
    page = register.page_of_entries(form.wanted, request.GET.get("page"), now=now, zone=zone)
    rows = [(row, row.was_in_time(now)) for row in page.rows]
    values = {"form": form, "page": page, "rows": rows, "is_narrowed": bool(form.wanted.named), "now": now}
    return render(request, "quality/register.html", values)


@require_POST
@staff("quality.read")
def take(request: HttpRequest) -> HttpResponse:
    """Export the same as CSV: times and outcomes, no free text, addresses or names. Logged."""
    form, now, actor = RegisterForm(request.POST), timezone.now(), actor_of(request)
    zone = time_zone_of(actor.hotline_id or 0)
    note_register_taken(form.wanted, register.how_many(form.wanted, now=now, zone=zone), actor=actor)
    response = HttpResponse(
        "".join(register.lines(form.wanted, now=now, zone=zone)), content_type="text/csv; charset=utf-8"
    )
    response.headers["Content-Disposition"] = f'attachment; filename="appeals-{now.date().isoformat()}.csv"'
    response.headers["Cache-Control"] = "no-store"
    return response
