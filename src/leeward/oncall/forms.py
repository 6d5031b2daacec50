"""Forms of the rota: a rotation, an override, hours of a partner."""

from collections.abc import Sequence
from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext_lazy as _

from leeward.oncall.labels import DAYS, LAYERS
from leeward.oncall.rules.kept import MOST_DAYS
from leeward.oncall.rules.rota import DAYS as ALL_DAYS
from leeward.oncall.rules.rota import Override, Rotation, moments
from leeward.people.forms.voice import DayField, Voiced

People = Sequence[tuple[int, str]]
_DAY = {"type": "date", "dir": "ltr"}
_TIME = {"type": "time", "dir": "ltr"}
_MOMENT = {"type": "datetime-local", "dir": "ltr"}


class RotationForm(Voiced):
    """People who take turns; it begins with one person, and others join."""

    person = forms.TypedChoiceField(label=_("Begins with"), coerce=int)
    layer = forms.TypedChoiceField(label=_("Layer"), coerce=int, choices=list(LAYERS.items()), initial=1)
    starts_on = DayField(label=_("First day"), widget=forms.DateInput(attrs=_DAY))
    last_on = DayField(
        label=_("Last day"), required=False, widget=forms.DateInput(attrs=_DAY), help_text=_("Empty: it has no end.")
    )
    begins = forms.TimeField(label=_("Begins at"), initial="08:00", widget=forms.TimeInput(attrs=_TIME))
    ends = forms.TimeField(
        label=_("Ends at"),
        initial="08:00",
        widget=forms.TimeInput(attrs=_TIME),
        help_text=_("The same time: it is all day. An earlier one: it ends on the next day."),
    )
    zone = forms.CharField(label=_("Time zone"), max_length=60, widget=forms.TextInput(attrs={"dir": "ltr"}))
    days = forms.IntegerField(
        label=_("Days until it is the next person’s turn"), initial=7, min_value=1, max_value=MOST_DAYS
    )
    on = forms.TypedMultipleChoiceField(
        label=_("On these days"),
        coerce=int,
        choices=list(DAYS.items()),
        initial=list(ALL_DAYS),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("A public holiday counts as a public holiday only, whatever day of the week it is."),
    )

    def __init__(self, *args: Any, people: People, zone: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer(self, "person", people)
        self.fields["zone"].initial = zone

    def rotation(self) -> Rotation:
        """Return the rotation that the form describes."""
        given = self.cleaned_data
        return Rotation(
            layer=given["layer"],
            people=(given["person"],),
            zone=given["zone"],
            starts_on=given["starts_on"],
            last_on=given["last_on"],
            begins=_minutes(given["begins"]),
            ends=_minutes(given["ends"]),
            days=given["days"],
            on=frozenset(given["on"]),
        )


class OverrideForm(Voiced):
    """Somebody on call for a while; times are those of the portal."""

    person = forms.TypedChoiceField(label=_("On call"), coerce=int, required=False, empty_value=None)
    instead_of = forms.TypedChoiceField(label=_("In place of"), coerce=int, required=False, empty_value=None)
    starts = forms.CharField(label=_("From"), max_length=20, widget=forms.TextInput(attrs=_MOMENT))
    ends = forms.CharField(label=_("Until"), max_length=20, widget=forms.TextInput(attrs=_MOMENT))

    def __init__(self, *args: Any, people: People, zone: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.zone = ZoneInfo(zone)
        _offer(self, "person", [("", _("nobody")), *people])
        _offer(self, "instead_of", [("", _("nobody: besides the others")), *people])

    def clean_starts(self) -> datetime:
        """Return the first instant that the time can mean."""
        return self._moments("starts")[0]

    def clean_ends(self) -> datetime:
        """Return the last instant that the time can mean."""
        return self._moments("ends")[1]

    def _moments(self, name: str) -> tuple[datetime, datetime]:
        try:
            typed = datetime.fromisoformat(self.cleaned_data[name]).replace(tzinfo=None)
        except ValueError:
            raise forms.ValidationError(_("Write a date and a time, such as 2027-08-06T22:00.")) from None
        return moments(typed.date(), typed.time(), self.zone)

    def override(self) -> Override:
        """Return the override that the form describes."""
        given = self.cleaned_data
        return Override(given["starts"], given["ends"], given["person"], given["instead_of"])


class PartnerForm(Voiced):
    """The portal whose people are paged as well, and when they come first."""

    partner = forms.TypedChoiceField(label=_("Partner"), coerce=int, required=False, empty_value=None)
    begins = forms.TimeField(label=_("Paged first from"), required=False, widget=forms.TimeInput(attrs=_TIME))
    ends = forms.TimeField(label=_("Paged first until"), required=False, widget=forms.TimeInput(attrs=_TIME))

    def __init__(self, *args: Any, portals: People, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer(self, "partner", [("", _("none")), *portals])

    def hours(self) -> str:
        """Return the hours as they are kept: "" if the partner never comes first."""
        begins, ends = self.cleaned_data["begins"], self.cleaned_data["ends"]
        if begins is None or ends is None or begins == ends:
            return ""
        return f"{begins:%H:%M}-{ends:%H:%M}"


def _offer(form: forms.Form, name: str, choices: Sequence[tuple[Any, Any]]) -> None:
    field = form.fields[name]
    assert isinstance(field, forms.TypedChoiceField)
    field.choices = list(choices)


def _minutes(at: time) -> time:
    return at.replace(second=0, microsecond=0)
