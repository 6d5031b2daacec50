"""The form with which the agreement with a receiver of reports is recorded."""

from django import forms
from django.utils.translation import gettext_lazy as _


class AgreementForm(forms.Form):
    """The document, its day, the address and the credentials."""

    terms = forms.CharField(label=_("Agreement or membership"), min_length=3, max_length=200)
    agreed_on = forms.DateField(label=_("In force since"), widget=forms.DateInput(attrs={"type": "date"}))
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
