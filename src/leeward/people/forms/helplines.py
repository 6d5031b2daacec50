"""The form of a helpline."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from leeward.people.forms.voice import Voiced, give_voice
from leeward.people.labels import ACCESS_NAMES, CHARGE_NAMES, HELPLINE_NAMES, WHOM_NAMES
from leeward.people.rules.helplines import FIELDS

LTR = {"dir": "ltr"}
_IN = "name_"


class HelplineForm(Voiced):
    """What is said of a helpline. Its name in each other language of the portal is a field of its own."""

    whom = forms.ChoiceField(label=HELPLINE_NAMES["whom"], choices=list(WHOM_NAMES.items()), widget=forms.RadioSelect)
    name = forms.CharField(label=HELPLINE_NAMES["name"], max_length=120, help_text=_("As it calls itself."))
    number = forms.CharField(
        label=HELPLINE_NAMES["number"], max_length=40, required=False, widget=forms.TextInput(attrs=LTR)
    )
    text_number = forms.CharField(
        label=HELPLINE_NAMES["text_number"], max_length=40, required=False, widget=forms.TextInput(attrs=LTR)
    )
    whatsapp = forms.CharField(
        label=HELPLINE_NAMES["whatsapp"], max_length=40, required=False, widget=forms.TextInput(attrs=LTR)
    )
    chat_url = forms.URLField(
        label=HELPLINE_NAMES["chat_url"], required=False, assume_scheme="https", widget=forms.URLInput(attrs=LTR)
    )
    url = forms.URLField(
        label=HELPLINE_NAMES["url"], required=False, assume_scheme="https", widget=forms.URLInput(attrs=LTR)
    )
    hours = forms.CharField(
        label=HELPLINE_NAMES["hours"],
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs=LTR),
        help_text=_(
            "24/7, or days (1 is Monday) and times: 1-5 08:30-16:30; 6 09:00-12:00. Leave it empty if you don’t know: then "
            "no page says that it is open or closed."
        ),
    )
    zone = forms.CharField(
        label=HELPLINE_NAMES["zone"],
        max_length=60,
        required=False,
        widget=forms.TextInput(attrs=LTR),
        help_text=_("Empty: the portal’s own."),
    )
    charge = forms.ChoiceField(
        label=HELPLINE_NAMES["charge"], choices=list(CHARGE_NAMES.items()), required=False, widget=forms.RadioSelect
    )
    languages = forms.CharField(
        label=HELPLINE_NAMES["languages"],
        max_length=200,
        required=False,
        help_text=_("With commas between: en, sm, Tok Pisin."),
    )
    access = forms.MultipleChoiceField(
        label=HELPLINE_NAMES["access"],
        choices=list(ACCESS_NAMES.items()),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    source = forms.CharField(label=HELPLINE_NAMES["source"], max_length=300, required=False)
    is_confirmed = forms.BooleanField(
        label=_("I have called it or written to it today, and all of this is right"),
        required=False,
        help_text=_(
            "Only then do visitors see it. It is recorded with your name and the day, and we ask again in a year."
        ),
    )

    def __init__(self, *args: Any, languages: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for tag, title in languages:
            label = _("Its name in this language: %(language)s") % {"language": title}
            self.fields[f"{_IN}{tag}"] = forms.CharField(
                label=label, max_length=120, required=False, widget=forms.TextInput(attrs={"dir": "auto", "lang": tag})
            )
        self.order_fields(["whom", "name", *(f"{_IN}{tag}" for tag, _title in languages)])
        give_voice(self)  # including those that were just added

    @property
    def values(self) -> dict[str, Any]:
        """Return what is said of the helpline, by field."""
        names = {
            name.removeprefix(_IN): text for name, text in self.cleaned_data.items() if name.startswith(_IN) and text
        }
        return {name: self.cleaned_data[name] for name in FIELDS if name != "names"} | {"names": names}

    @staticmethod
    def initial_of(values: dict[str, Any]) -> dict[str, Any]:
        """Return the first values of the form for what is known of a helpline."""
        return {**values, **{f"{_IN}{tag}": text for tag, text in values["names"].items()}}
