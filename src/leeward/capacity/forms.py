"""Forms of the desk: a course, a session, somebody who took part, a need, a table."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from leeward.capacity.labels import FORMS, ROLES, VALID
from leeward.capacity.queries import SessionRow, usual_for
from leeward.capacity.rules.participation import COLUMNS, MOST_NAME, read_participation
from leeward.capacity.services import CourseDetails
from leeward.foundation.patterns import Pattern
from leeward.people.forms.voice import DayField, Voiced
from leeward.people.queries import country_names
from leeward.people.rules.names import tidy_name

_CODE = Pattern(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_SHORT = {"class": "short", "inputmode": "numeric"}
_DAY = {"type": "date", "class": "short"}


class CourseForm(Voiced):
    """A course."""

    title = forms.CharField(label=_("Title"), max_length=200)
    code = forms.CharField(label=_("Short name"), help_text=_("As in Moodle, for example: POL-1"), max_length=40)
    role = forms.ChoiceField(label=_("For whom"), choices=list(ROLES.items()))
    provider = forms.CharField(label=_("Who gives it"), max_length=MOST_NAME, required=False)
    hours = forms.IntegerField(
        label=_("Hours"), min_value=1, max_value=2000, required=False, widget=forms.NumberInput(attrs=_SHORT)
    )
    valid_months = forms.TypedChoiceField(label=_("Valid for"), choices=list(VALID.items()), coerce=int)
    materials = forms.CharField(
        label=_("Where the materials are"), help_text=_("An address or a shelf."), max_length=500, required=False
    )

    def clean_code(self) -> str:
        """Letters, digits, dots and hyphens, so that it can stand in a command."""
        code = str(self.cleaned_data["code"])
        if not _CODE.fullmatch(code):
            raise forms.ValidationError(_("Use letters without accents, digits, dots and hyphens only."))
        return code

    def clean_title(self) -> str:
        """What can be seen of it."""
        return _seen(self.cleaned_data["title"])

    def clean_provider(self) -> str:
        """What can be seen of it."""
        return tidy_name(self.cleaned_data["provider"])

    def clean_materials(self) -> str:
        """What can be seen of it."""
        return tidy_name(self.cleaned_data["materials"])

    @property
    def details(self) -> CourseDetails:
        """Return what was typed, after validation."""
        return CourseDetails(**{name: self.cleaned_data[name] for name in self.fields})


class SessionForm(Voiced):
    """A course held once."""

    starts_on = DayField(label=_("First day"), widget=forms.DateInput(attrs=_DAY))
    ends_on = DayField(label=_("Last day"), widget=forms.DateInput(attrs=_DAY))
    place = forms.CharField(label=_("Place"), max_length=MOST_NAME)
    trainers = forms.CharField(label=_("Trainers"), max_length=200, required=False)

    def clean(self) -> dict[str, Any]:
        """The last day isn't before the first."""
        values = super().clean() or {}
        first, last = values.get("starts_on"), values.get("ends_on")
        if first and last and last < first:
            self.add_error("ends_on", _("The last day is before the first."))
        return values

    def clean_place(self) -> str:
        """What can be seen of it."""
        return _seen(self.cleaned_data["place"])

    def clean_trainers(self) -> str:
        """What can be seen of it."""
        return tidy_name(self.cleaned_data["trainers"])


def _country() -> forms.ChoiceField:
    return forms.ChoiceField(label=_("Country"), choices=lambda: list(country_names().items()))


class _OfSession(Voiced):
    """A form that may name one of the sessions of a course."""

    session = forms.TypedChoiceField(
        label=_("Session"), required=False, coerce=int, empty_value=None, choices=[("", _("none"))]
    )

    def __init__(self, *args: Any, sessions: list[SessionRow], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = [(str(row.id), f"{row.starts_on.isoformat()} · {row.place}") for row in sessions]
        self.fields["session"].choices = [("", _("none")), *known]  # type: ignore[attr-defined]


class PersonForm(_OfSession):
    """Somebody who took part."""

    name = forms.CharField(label=_("Name"), max_length=MOST_NAME)
    organisation = forms.CharField(label=_("Organisation"), max_length=MOST_NAME, required=False)
    role = forms.ChoiceField(label=_("Role"), choices=list(ROLES.items()))
    country = _country()
    ended_on = forms.CharField(
        label=_("Last day"), widget=forms.DateInput(attrs=_DAY), help_text=_("When the course was completed.")
    )
    before = forms.CharField(
        label=_("Test before, in percent"), required=False, widget=forms.TextInput(attrs=_SHORT), max_length=3
    )
    after = forms.CharField(
        label=_("Test after, in percent"), required=False, widget=forms.TextInput(attrs=_SHORT), max_length=3
    )

    field_order = (*COLUMNS, "session")

    def clean(self) -> dict[str, Any]:
        """Read it as an import would; what that refuses stands above the form."""
        values = super().clean() or {}
        if not self.errors:
            cells = {name: str(values.get(name, "")) for name in COLUMNS}
            values["participation"], faults = read_participation(cells, usual_for("", ""))
            for fault in faults:
                self.add_error(None, str(fault))
        return values


class TableForm(_OfSession):
    """A table of who took part, and what holds where it says nothing."""

    form = forms.ChoiceField(label=_("What it is"), choices=list(FORMS.items()))
    role = forms.ChoiceField(label=_("Role, where the table names none"), choices=list(ROLES.items()))
    country = forms.ChoiceField(
        label=_("Country, where the table names none"), choices=lambda: list(country_names().items())
    )


class NeedForm(Voiced):
    """How many trained people are needed."""

    role = forms.ChoiceField(label=_("Role"), choices=list(ROLES.items()))
    country = _country()
    people = forms.IntegerField(
        label=_("People needed"),
        help_text=_("0 takes it back."),
        min_value=0,
        max_value=1_000_000,
        widget=forms.NumberInput(attrs=_SHORT),
    )


def _seen(text: str) -> str:
    tidy = tidy_name(text)
    if not tidy:
        raise forms.ValidationError(_("This is empty. Fill it in."))
    return tidy
