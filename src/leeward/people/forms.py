"""Forms of the administrator's pages."""

from datetime import date
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from leeward.people.rules.permissions import ROLES

ROLE_NAMES = {
    "administrator": _("Administrator: accounts, portals, settings"),
    "supervisor": _("Supervisor: appeals, disputes, colleagues"),
    "analyst": _("Analyst: looks at reports and decides"),
    "police_liaison": _("Police liaison: answers referrals"),
    "auditor": _("Auditor: reads the log, nothing else"),
}
DAYS = [
    ("1", _("Monday")),
    ("2", _("Tuesday")),
    ("3", _("Wednesday")),
    ("4", _("Thursday")),
    ("5", _("Friday")),
    ("6", _("Saturday")),
    ("7", _("Sunday")),
]


class AccountForm(forms.Form):
    """A new member of staff."""

    name = forms.CharField(label=_("Name"), max_length=80)
    email = forms.EmailField(label=_("E-mail address"))
    roles = forms.MultipleChoiceField(
        label=_("Roles"), choices=[(role, ROLE_NAMES[role]) for role in ROLES], widget=forms.CheckboxSelectMultiple
    )
    password = forms.CharField(
        label=_("First password"),
        help_text=_("At least 12 characters. They change it when they sign in."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )


class RolesForm(forms.Form):
    """What an account may do."""

    roles = forms.MultipleChoiceField(
        label=_("Roles"),
        choices=[(role, ROLE_NAMES[role]) for role in ROLES],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    is_active = forms.BooleanField(label=_("May sign in"), required=False)


class PortalForm(forms.Form):
    """The public face of a hotline for one country."""

    slug = forms.SlugField(
        label=_("Name in addresses"),
        max_length=31,
        help_text=_("Small letters: jm becomes /jm/. It can’t be changed later."),
    )
    name = forms.CharField(label=_("Name"), max_length=120, help_text=_("As reporters see it: Jamaica."))
    country = forms.CharField(label=_("Country"), min_length=2, max_length=2, help_text=_("Two letters: JM."))
    languages = forms.MultipleChoiceField(
        label=_("Languages"), choices=settings.LANGUAGES, widget=forms.CheckboxSelectMultiple
    )
    first_language = forms.ChoiceField(label=_("First language"), choices=settings.LANGUAGES)
    emergency_number = forms.CharField(
        label=_("Emergency number"), max_length=40, help_text=_("Shown at the top of every step.")
    )
    helpline_name = forms.CharField(label=_("Child helpline"), max_length=120, required=False)
    helpline_number = forms.CharField(label=_("Number of the child helpline"), max_length=40, required=False)
    police_name = forms.CharField(label=_("Police unit"), max_length=120, required=False)
    police_email = forms.EmailField(
        label=_("Where referrals go"), required=False, help_text=_("Without it the police can’t be told first.")
    )
    exit_url = forms.URLField(
        label=_("Where “Leave this page” leads"), assume_scheme="https", initial="https://worldweather.wmo.int/"
    )
    time_zone = forms.ChoiceField(
        label=_("Time zone"), choices=[(zone, zone) for zone in sorted(available_timezones())]
    )
    working_days = forms.MultipleChoiceField(
        label=_("Working days"), choices=DAYS, widget=forms.CheckboxSelectMultiple, initial=["1", "2", "3", "4", "5"]
    )
    holidays = forms.CharField(
        label=_("Holidays"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4, "dir": "ltr"}),
        help_text=_("One date a line: 2027-08-06."),
    )
    is_open = forms.BooleanField(label=_("Open to the public"), required=False, initial=True)

    def clean_country(self) -> str:
        """In capitals."""
        return str(self.cleaned_data["country"]).upper()

    def clean_working_days(self) -> list[int]:
        """As ISO numbers, Monday is 1."""
        return sorted(int(day) for day in self.cleaned_data["working_days"])

    def clean_holidays(self) -> list[str]:
        """As ISO dates."""
        days = str(self.cleaned_data["holidays"]).split()
        for day in days:
            try:
                date.fromisoformat(day)
            except ValueError as error:
                raise forms.ValidationError(
                    _("“%(day)s” is not a date like 2027-08-06."), params={"day": day}
                ) from error
        return sorted(set(days))

    def clean(self) -> dict[str, Any]:
        """The first language comes first."""
        values: dict[str, Any] = super().clean() or self.cleaned_data
        first, languages = values.pop("first_language", None), values.get("languages")
        if first and languages:
            values["languages"] = [first, *(tag for tag in languages if tag != first)]
        return values
