"""Forms about facilities, equipment and contacts."""

from datetime import UTC, date, datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from leeward.capacity.facilities.labels import EQUIPMENT, KINDS
from leeward.capacity.facilities.models import MOST_NAME
from leeward.capacity.facilities.services import ContactDetails, FacilityDetails
from leeward.capacity.rules.participation import EARLIEST
from leeward.people.forms.voice import DayField, Voiced
from leeward.people.queries import country_names
from leeward.people.rules.names import tidy_name

_SHORT = {"class": "short", "inputmode": "numeric"}
_DAY = {"type": "date", "class": "short"}
MOST = 1_000_000


def _number(label: Any) -> forms.IntegerField:
    widget = forms.NumberInput(attrs=_SHORT)
    return forms.IntegerField(label=label, min_value=0, max_value=MOST, required=False, widget=widget)


class _Tidy(Voiced):
    """A form whose texts are kept as they can be seen."""

    def clean(self) -> dict[str, Any]:
        """Without control characters; what is left of a required text must be something."""
        values = super().clean() or {}
        for name, value in list(values.items()):
            if isinstance(value, str):
                values[name] = tidy_name(value)
                if value and not values[name]:
                    self.add_error(name, _("This is empty. Fill it in."))
        return values


class FacilityForm(_Tidy):
    """A facility."""

    name = forms.CharField(label=_("Name"), max_length=MOST_NAME)
    kind = forms.ChoiceField(label=_("Kind"), choices=list(KINDS.items()))
    country = forms.ChoiceField(label=_("Country"), choices=lambda: list(country_names().items()))
    place = forms.CharField(label=_("Place"), max_length=MOST_NAME, required=False)
    per_month = _number(_("Devices examined in a month"))
    waiting = _number(_("Devices that wait"))
    counted_on = DayField(label=_("Counted on"), required=False, widget=forms.DateInput(attrs=_DAY))

    def clean_counted_on(self) -> date | None:
        """Not in the future: such a count would never be called old."""
        day: date | None = self.cleaned_data["counted_on"]
        if day and not EARLIEST <= day <= datetime.now(UTC).date():
            first = {"first": EARLIEST.year}
            raise forms.ValidationError(_("the day is before %(first)s or in the future"), params=first)
        return day

    @property
    def details(self) -> FacilityDetails:
        """Return what was typed, after validation."""
        return FacilityDetails(**{name: self.cleaned_data[name] for name in self.fields})


class EquipmentForm(_Tidy):
    """What a facility has."""

    kind = forms.ChoiceField(label=_("Kind"), choices=list(EQUIPMENT.items()))
    name = forms.CharField(label=_("Name"), max_length=MOST_NAME)
    count = forms.IntegerField(
        label=_("How many"), min_value=1, max_value=MOST, initial=1, widget=forms.NumberInput(attrs=_SHORT)
    )
    ends_on = DayField(label=_("Last day of the licence"), required=False, widget=forms.DateInput(attrs=_DAY))


class ContactForm(_Tidy):
    """Whom to ask."""

    name = forms.CharField(label=_("Name"), max_length=MOST_NAME)
    region = forms.CharField(label=_("Region"), max_length=MOST_NAME, required=False)
    purpose = forms.CharField(label=_("What for"), max_length=300, required=False)
    address = forms.CharField(label=_("Website"), max_length=300, required=False)
    telephone = forms.CharField(label=_("Telephone"), max_length=60, required=False)
    email = forms.EmailField(label=_("E-mail"), max_length=200, required=False)
    is_checked = forms.BooleanField(label=_("I have checked today that all of this is right"), required=False)

    @property
    def details(self) -> ContactDetails:
        """Return what was typed, after validation."""
        names = (name for name in self.fields if name != "is_checked")
        return ContactDetails(**{name: self.cleaned_data[name] for name in names})
