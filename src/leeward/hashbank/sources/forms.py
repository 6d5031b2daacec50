"""The form with which an agreement with a source is recorded."""

from django import forms
from django.utils.translation import gettext_lazy as _

from leeward.people.forms.voice import DayField


class AgreementForm(forms.Form):
    """The document and its date of effect."""

    terms = forms.CharField(
        label=_("Agreement with the operator"),
        max_length=200,
        min_length=3,
        help_text=_("The name of the document and where it is kept."),
    )
    agreed_on = DayField(label=_("In force since"), widget=forms.DateInput(attrs={"type": "date"}))
