"""The form for a key of the API."""

from django import forms
from django.utils.translation import gettext_lazy as _

from leeward.people.forms.voice import DayField, Voiced
from leeward.people.labels import SCOPE_NAMES
from leeward.people.rules.tokens import SCOPES


class TokenForm(Voiced):
    """The holder of a key, its scopes and its expiry date."""

    name = forms.CharField(
        label=_("Whose key it is"),
        max_length=80,
        help_text=_("A name you will recognise: the company and what the key is for."),
        widget=forms.TextInput(attrs={"dir": "auto"}),
    )
    scopes = forms.MultipleChoiceField(
        label=_("Scopes"),
        choices=[(scope, SCOPE_NAMES[scope]) for scope in SCOPES],
        widget=forms.CheckboxSelectMultiple,
    )
    agency = forms.CharField(
        label=_("Agency"),
        max_length=120,
        required=False,
        help_text=_(
            "For the police: other agencies see this name when they ask about the same picture. For a program that adds or checks known "
            "images: once a second person has confirmed it, it counts under this name, as do all keys of the same agency; without "
            "it, under the name above."
        ),
        widget=forms.TextInput(attrs={"dir": "auto"}),
    )
    expires_on = DayField(
        label=_("Good until"),
        required=False,
        help_text=_("The first day on which it no longer works. Empty: until you revoke it."),
        widget=forms.DateInput(attrs={"type": "date"}),
    )
