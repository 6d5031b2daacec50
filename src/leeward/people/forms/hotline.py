"""The form of a portal."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.utils.translation import gettext_lazy as _

from leeward.foundation.patterns import Pattern
from leeward.people.forms.voice import Voiced, give_voice
from leeward.people.labels import DAYS, MODES, OWN_PICTURE_WAYS, OWN_REMOVAL_WAYS, PLACES, POLICE_MOMENTS
from leeward.people.models import SLUG
from leeward.people.rules.modes import ASSESS
from leeward.people.rules.own_picture import OFF, UNKNOWN
from leeward.people.rules.police_moments import AFTER_READING, AT_ONCE

MOST_HOLIDAYS = 400
_COUNTRY = Pattern(r"[A-Z]{2}")
_DAY = Pattern(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
LTR = {"dir": "ltr"}


def _zones() -> list[tuple[str, str]]:
    return [(zone, zone.replace("_", " ")) for zone in sorted(available_timezones()) if "/" in zone or zone == "UTC"]


class PortalForm(Voiced):
    """The public face of a hotline for one country. Languages are separate fields, so that their order is plain."""

    slug = forms.CharField(
        label=_("Name in addresses"),
        max_length=31,
        help_text=_("Lower-case letters, for example jm: the page is then /jm/. It can’t be changed later."),
        widget=forms.TextInput(attrs={"dir": "ltr", "autocapitalize": "none"}),
    )
    name = forms.CharField(label=_("Name"), max_length=120, help_text=_("As visitors see it, for example Jamaica."))
    country = forms.CharField(
        label=_("Country"), max_length=2, help_text=_("Two letters, for example JM."), widget=forms.TextInput(attrs=LTR)
    )
    mode = forms.ChoiceField(
        label=_("What happens to reports"), choices=MODES, widget=forms.RadioSelect, required=False, initial=ASSESS
    )
    run_by = forms.CharField(
        label=_("Who runs this hotline"),
        max_length=200,
        required=False,
        help_text=_("The organisation, as it is registered. The front page says it."),
    )
    accountable_to = forms.CharField(
        label=_("Whom it is accountable to"),
        max_length=200,
        required=False,
        help_text=_("A ministry, a board, a regulator: who answers when somebody complains about the hotline."),
    )
    reached_at = forms.CharField(
        label=_("How visitors reach you"),
        max_length=200,
        required=False,
        help_text=_("A postal address or a telephone number. The front page says it, beside the hotline’s e-mail."),
    )
    emergency_number = forms.CharField(
        label=_("Emergency number"),
        max_length=40,
        help_text=_("Shown at the top of every step of a report."),
        widget=forms.TextInput(attrs=LTR),
    )
    police_name = forms.CharField(label=_("Police unit"), max_length=120, required=False)
    police_email = forms.EmailField(
        label=_("Where referrals to the police go"),
        required=False,
        help_text=_("Without it, the police can’t be told by e-mail."),
        widget=forms.EmailInput(attrs=LTR),
    )
    police_for_hosts = forms.CharField(
        label=_("How hosts reach the police"),
        max_length=200,
        required=False,
        help_text=_(
            "Name and address or number, as notices to hosts in this country say it. Ask the police first; the address "
            "for referrals is never passed on."
        ),
    )
    police_on_danger = forms.ChoiceField(
        label=_("When the police are told that a child is in danger"),
        choices=POLICE_MOMENTS,
        widget=forms.RadioSelect,
        initial=AT_ONCE,
        help_text=_(
            "They get the reporter’s words and a link on which to confirm. Nobody has assessed the report by then, and the "
            "message says so. A hotline that only passes reports on always does so at once."
        ),
    )
    police_on_urgent = forms.ChoiceField(
        label=_("When the police are told of other urgent reports"),
        choices=POLICE_MOMENTS,
        widget=forms.RadioSelect,
        initial=AFTER_READING,
        help_text=_(
            "Somebody contacts or threatens a child, threatens to share a picture, or staff marked the report as urgent."
        ),
    )
    own_picture = forms.ChoiceField(
        label=_("Fingerprints of a person’s own picture"),
        choices=OWN_PICTURE_WAYS,
        widget=forms.RadioSelect,
        required=False,
        initial=OFF,
        help_text=_(
            "A page on which young people can have copies of a picture of themselves found, without showing it to anybody. "
            "Ask a lawyer which of the two answers is true in this country: the page tells them."
        ),
    )
    own_removal = forms.ChoiceField(
        label=_("Removal of a person’s own picture without the police"),
        choices=OWN_REMOVAL_WAYS,
        widget=forms.RadioSelect,
        required=False,
        initial=UNKNOWN,
        help_text=_(
            "For reports of a picture of oneself by its address. Ask a lawyer what is true in this country: the form tells "
            "the person. Danger and threats go to the police as set above, whatever is chosen here."
        ),
    )
    exit_url = forms.URLField(
        label=_("Where “Leave this page” leads"),
        assume_scheme="https",
        initial="https://worldweather.wmo.int/",
        help_text=_("An everyday page, such as a weather site."),
        widget=forms.URLInput(attrs=LTR),
    )
    time_zone = forms.ChoiceField(label=_("Time zone"), choices=_zones, initial="UTC")
    working_days = forms.MultipleChoiceField(
        label=_("Working days"), choices=DAYS, widget=forms.CheckboxSelectMultiple, initial=["1", "2", "3", "4", "5"]
    )
    holidays = forms.CharField(
        label=_("Holidays"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 5, "dir": "ltr"}),
        help_text=_(
            "One date a line: 2027-08-06. Clocks are paused on these days. The country’s holidays are "
            "under Settings, Time limits."
        ),
    )
    is_open = forms.BooleanField(
        label=_("Shown to the public"),
        required=False,
        initial=True,
        help_text=_("When hidden, its pages can’t be found; receipts work again when it is shown."),
    )

    def __init__(self, *args: Any, languages: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.places = [f"language_{number}" for number in range(1, min(len(languages), len(PLACES)) + 1)]
        for name, label in zip(self.places, PLACES, strict=False):
            is_first = name == "language_1"
            nothing = [] if is_first else [("", _("none"))]
            self.fields[name] = forms.ChoiceField(label=label, choices=[*nothing, *languages], required=is_first)
        self.order_fields(["slug", "name", "country", *self.places])
        give_voice(self)  # including those that were just added

    def clean_slug(self) -> str:
        """Return the slug in the form used in URLs."""
        slug = str(self.cleaned_data["slug"]).lower()
        if not SLUG.regex.fullmatch(slug):  # type: ignore[union-attr]  # it is compiled
            raise forms.ValidationError(
                _("Only lower-case letters, digits and hyphens, starting with a letter: jm or st-lucia."),
                code="invalid",
            )
        return slug

    def clean_mode(self) -> str:
        """Return what happens to reports; a form that doesn't say it leaves it as it is."""
        return str(self.cleaned_data["mode"] or self.get_initial_for_field(self.fields["mode"], "mode"))

    def clean_own_picture(self) -> str:
        """Return how they are taken; a form that doesn't say it switches them off."""
        return str(self.cleaned_data["own_picture"] or OFF)

    def clean_own_removal(self) -> str:
        """Return what the law lets; a form that doesn't say it says that nobody knows."""
        return str(self.cleaned_data["own_removal"] or UNKNOWN)

    def clean_country(self) -> str:
        """Return the code in capitals."""
        country = str(self.cleaned_data["country"]).upper()
        if not _COUNTRY.fullmatch(country):
            raise forms.ValidationError(_("Enter the country’s two-letter code, for example JM."), code="invalid")
        return country

    def clean_emergency_number(self) -> str:
        """Check that the number can be dialled."""
        number = " ".join(str(self.cleaned_data["emergency_number"]).split())
        if not any(letter.isdigit() for letter in number):
            raise forms.ValidationError(_("This contains no digit. Type the number, for example 119."))
        return number

    def clean_exit_url(self) -> str:
        """Check that the value is the address of a web page."""
        url = str(self.cleaned_data["exit_url"])
        if not url.startswith(("https://", "http://")):
            raise forms.ValidationError(_("It must be a web page and start with https://."), code="invalid")
        return url

    def clean_working_days(self) -> list[int]:
        """Return the days as ISO weekday numbers (Monday is 1)."""
        return sorted(int(day) for day in self.cleaned_data["working_days"])

    def clean_holidays(self) -> list[str]:
        """Return the days as ISO dates, sorted and without duplicates."""
        lines = [line.strip() for line in str(self.cleaned_data["holidays"]).splitlines() if line.strip()]
        if len(lines) > MOST_HOLIDAYS:
            raise forms.ValidationError(
                _("These are more than %(most)d days. Remove those in the past."), params={"most": MOST_HOLIDAYS}
            )
        for number, line in enumerate(lines, start=1):
            if not _DAY.fullmatch(line) or not _is_date(line):
                raise forms.ValidationError(
                    _("Line %(number)d, “%(day)s”, is not a date like 2027-08-06."),
                    params={"number": number, "day": line[:40]},
                )
        return sorted(set(lines))

    def clean(self) -> dict[str, Any]:
        """Collect the languages in one list and reject duplicates."""
        values: dict[str, Any] = super().clean() or self.cleaned_data
        languages: list[str] = []
        for place in self.places:
            tag = values.pop(place, "")
            if tag and tag in languages:
                self.add_error(place, _("This language was chosen above. Choose another, or none."))
            elif tag:
                languages.append(tag)
        return values | {"languages": languages}


def _is_date(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True
