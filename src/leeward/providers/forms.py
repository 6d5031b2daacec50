"""Forms: a provider that registers, a plain report, a designated entity."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from leeward.people.forms.voice import DayField, Voiced
from leeward.providers.labels import KINDS, LINE_KINDS, PERSONS
from leeward.providers.rules.line import PRIORITIES
from leeward.providers.services import Asking, persons_of

_AUTO = {"dir": "auto"}


class ProviderForm(Voiced):
    """What a provider says of itself."""

    legal_name = forms.CharField(label=_("Legal name"), max_length=200, widget=forms.TextInput(attrs=_AUTO))
    kind = forms.ChoiceField(label=_("What it is"), choices=list(KINDS.items()))
    countries = forms.CharField(
        label=_("Countries in which it works"),
        max_length=400,
        help_text=_(
            "Two capital letters each, with spaces between them, for example: JM BB CA. Their law is asked too."
        ),
    )
    security_email = forms.EmailField(
        label=_("Security contact: e-mail address"), max_length=254, help_text=_("Reminders go there.")
    )
    security_phone = forms.CharField(
        label=_("Security contact: telephone, day and night"), max_length=40, required=False
    )
    administrator_name = forms.CharField(
        label=_("Who is responsible for its reports"), max_length=100, widget=forms.TextInput(attrs=_AUTO)
    )
    administrator_email = forms.EmailField(label=_("Their e-mail address"), max_length=254)
    replacement_name = forms.CharField(
        label=_("Their replacement"), max_length=100, required=False, widget=forms.TextInput(attrs=_AUTO)
    )
    replacement_email = forms.EmailField(label=_("The replacement’s e-mail address"), max_length=254, required=False)

    def asking(self) -> Asking:
        """Return what the filled form says."""
        given = self.cleaned_data
        persons = [(given[f"{role}_name"], given[f"{role}_email"], role) for role in ("administrator", "replacement")]
        return Asking(
            " ".join(given["legal_name"].split()),
            given["kind"],
            tuple(dict.fromkeys(given["countries"].upper().replace(",", " ").split())),
            given["security_email"],
            given["security_phone"],
            persons_of(persons),
        )


class PersonForm(Voiced):
    """One more person of a provider."""

    name = forms.CharField(label=_("Name"), max_length=100, widget=forms.TextInput(attrs=_AUTO))
    email = forms.EmailField(label=_("E-mail address"), max_length=254)
    role = forms.ChoiceField(label=_("What they do"), choices=list(PERSONS.items()))


class EntityForm(Voiced):
    """To whom a regulation says that it is reported."""

    country = forms.CharField(label=_("Country"), max_length=2, help_text=_("Two capital letters, for example JM."))
    name = forms.CharField(label=_("To whom it is reported"), max_length=200, widget=forms.TextInput(attrs=_AUTO))
    for_whom = forms.CharField(label=_("Who must report to it"), max_length=200, widget=forms.TextInput(attrs=_AUTO))
    instrument = forms.CharField(label=_("By which regulation"), max_length=200, widget=forms.TextInput(attrs=_AUTO))
    since = DayField(label=_("From which day"), widget=forms.DateInput(attrs={"type": "date"}))
    source = forms.CharField(label=_("Where that can be read"), max_length=300)


class HoldForm(Voiced):
    """A legal hold by an order of the police."""

    until = DayField(label=_("Until which day"), widget=forms.DateInput(attrs={"type": "date"}))
    order = forms.CharField(
        label=_("Which order"),
        max_length=2000,
        help_text=_("Who made it, when, under which number."),
        widget=forms.TextInput(attrs=_AUTO),
    )


class ReportForm(Voiced):
    """A plain report: the fields of a row of the table, for whoever has no program."""

    kind = forms.ChoiceField(label=_("What it is"), choices=list(LINE_KINDS.items()))
    of = forms.CharField(
        label=_("Which report it is about"),
        max_length=30,
        required=False,
        help_text=_("Its incident number; empty for a first report."),
    )
    known_at = forms.DateTimeField(
        label=_("When you came to know of it"),
        required=False,
        help_text=_("In UTC."),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}),
    )
    reference = forms.CharField(label=_("Your own number for it"), max_length=100, required=False)
    priority = forms.ChoiceField(
        label=_("Your own class"),
        required=False,
        choices=[("", _("None")), *((code, code) for code in PRIORITIES)],
        help_text=_("P1 is the most urgent."),
    )
    danger = forms.BooleanField(
        label=_("A child is in danger now"), required=False, help_text=_("Call the police too, and don’t wait for us.")
    )
    addresses = forms.CharField(
        label=_("Addresses"),
        max_length=20_000,
        required=False,
        help_text=_("One a line."),
        widget=forms.Textarea(attrs={"rows": 3, "dir": "ltr"}),
    )
    service = forms.CharField(label=_("Service of the account"), max_length=100, required=False)
    account = forms.CharField(label=_("Account"), max_length=200, required=False)
    happened_at = forms.DateTimeField(
        label=_("When it happened"),
        required=False,
        help_text=_("In UTC."),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}),
    )
    ip = forms.CharField(label=_("IP address"), max_length=45, required=False)
    sha256 = forms.CharField(
        label=_("Hash of the file (SHA-256)"), max_length=64, required=False, help_text=_("Never the file itself.")
    )
    words = forms.CharField(
        label=_("In words"),
        max_length=4000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"}),
    )
    cybertip = forms.CharField(
        label=_("Number of the CyberTip"), max_length=100, required=False, help_text=_("If you reported it there too.")
    )
    kept = forms.BooleanField(label=_("We keep the evidence"), required=False)
    privileged = forms.BooleanField(
        label=_("It is covered by legal privilege"),
        required=False,
        help_text=_("Then it is not taken, and the page says why."),
    )

    def cells(self) -> dict[str, str]:
        """Return the cells of the row that the form stands for."""
        made: dict[str, str] = {}
        for name, value in self.cleaned_data.items():
            made[name] = _cell(value)
        return made


def _cell(value: Any) -> str:
    if value is True:
        return "yes"
    if value in (False, None):
        return ""
    return value.isoformat() if hasattr(value, "isoformat") else str(value)
