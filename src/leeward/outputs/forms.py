"""The form with which the agreement with a receiver of reports is recorded."""

from django import forms
from django.utils.translation import gettext_lazy as _

from leeward.people.forms.voice import DayField, Voiced


class AgreementForm(forms.Form):
    """The document, its day, the address and the credentials."""

    terms = forms.CharField(label=_("Agreement or membership"), min_length=3, max_length=200)
    agreed_on = DayField(label=_("In force since"), widget=forms.DateInput(attrs={"type": "date"}))
    url = forms.CharField(label=_("Address"), max_length=300, widget=forms.URLInput(attrs={"dir": "ltr"}))
    user = forms.CharField(label=_("User name"), max_length=100)
    password = forms.CharField(
        label=_("Password"), max_length=200, widget=forms.PasswordInput(attrs={"autocomplete": "off"})
    )
    certificate = forms.CharField(
        label=_("Certificate and key"),
        required=False,
        max_length=30_000,
        help_text=_(
            "Only if the receiver gave you one: both as text (PEM), the certificate first. They are stored encrypted."
        ),
        widget=forms.Textarea(attrs={"rows": 4, "dir": "ltr", "autocomplete": "off", "spellcheck": "false"}),
    )
    is_test = forms.BooleanField(label=_("It is the address for tests"), required=False)


class FiuForm(Voiced):
    """What the financial intelligence unit has said, and its schema."""

    entity_id = forms.CharField(
        label=_("Our number with it"),
        required=False,
        max_length=20,
        help_text=_("Empty if the hotline is not registered."),
        widget=forms.TextInput(attrs={"dir": "ltr"}),
    )
    report_code = forms.CharField(
        label=_("Its code for an activity report"),
        required=False,
        max_length=20,
        help_text=_("For example SAR. A code of a transaction is refused: there is none in the report."),
        widget=forms.TextInput(attrs={"dir": "ltr"}),
    )
    currency = forms.CharField(
        label=_("Currency of the country"),
        required=False,
        max_length=3,
        help_text=_("Three letters, for example JMD."),
        widget=forms.TextInput(attrs={"dir": "ltr"}),
    )
    live_streamed = forms.CharField(
        label=_("Its code for live-streamed abuse"),
        required=False,
        max_length=20,
        widget=forms.TextInput(attrs={"dir": "ltr"}),
    )
    extortion = forms.CharField(
        label=_("Its code for financial extortion"),
        required=False,
        max_length=20,
        widget=forms.TextInput(attrs={"dir": "ltr"}),
    )
    schema = forms.FileField(
        label=_("Its schema (XSD)"),
        required=False,
        help_text=_("One whole file of at most 2 MB that reads no other. It replaces the one that is loaded."),
    )
