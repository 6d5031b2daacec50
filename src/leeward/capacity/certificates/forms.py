"""Forms about certificates."""

from django import forms
from django.utils.translation import gettext_lazy as _

from leeward.capacity.certificates.labels import REASONS
from leeward.capacity.rules.participation import MOST_NAME
from leeward.people.forms.voice import Voiced


class RevocationForm(Voiced):
    """Why a certificate is to be revoked."""

    reason = forms.ChoiceField(label=_("Reason"), choices=list(REASONS.items()))


class NumberForm(Voiced):
    """The number of a certificate, as it is printed on it."""

    number = forms.CharField(
        label=_("Number of the certificate"),
        help_text=_("Four groups of four letters and digits."),
        max_length=40,
        widget=forms.TextInput(attrs={"class": "short", "autocomplete": "off", "spellcheck": "false"}),
    )


class HolderForm(Voiced):
    """The name of whoever shows a certificate."""

    name = forms.CharField(
        label=_("Name of the person who shows it"),
        help_text=_("As it was put on record: all names, in the same order."),
        max_length=MOST_NAME,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
