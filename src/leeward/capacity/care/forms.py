"""Forms about care."""

from datetime import date

from django import forms
from django.utils.translation import gettext_lazy as _

from leeward.capacity.care.rules.notes import MOST_NOTE
from leeward.people.forms.voice import DayField, Voiced
from leeward.people.rules.names import tidy_name


class NoteForm(Voiced):
    """A note to the counsellor."""

    text = forms.CharField(
        label=_("Your note"),
        help_text=_("How you are, what weighs on you, and how you can be reached, if you want to be."),
        max_length=MOST_NOTE,
        widget=forms.Textarea(attrs={"rows": 8, "autocomplete": "off"}),
    )


class CodeForm(Voiced):
    """The code of a note."""

    code = forms.CharField(
        label=_("Code of your note"), max_length=100, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )


class DateForm(Voiced):
    """A date that the counsellor offers."""

    on = DayField(label=_("Day"), widget=forms.DateInput(attrs={"type": "date", "class": "short"}))
    at = forms.TimeField(label=_("Time"), widget=forms.TimeInput(attrs={"type": "time", "class": "short"}))
    place = forms.CharField(label=_("Place or number"), max_length=120)

    def __init__(self, *args: object, today: date, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self._today = today

    def clean_on(self) -> date:
        """Not one that nobody could take any more."""
        day: date = self.cleaned_data["on"]
        if day < self._today:
            raise forms.ValidationError(_("This day is over. Choose a later one."))
        return day

    def clean_place(self) -> str:
        """What can be seen of it."""
        return tidy_name(self.cleaned_data["place"])


class KeyForm(Voiced):
    """The counsellor's public key."""

    public_key = forms.CharField(
        label=_("Your public key"), help_text=_("It begins with age1."), max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )  # fmt: skip


class AppointForm(Voiced):
    """Who is the counsellor."""

    account = forms.TypedChoiceField(label=_("Account"), coerce=int)

    def __init__(self, *args: object, accounts: list[tuple[int, str]], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["account"].choices = accounts  # type: ignore[attr-defined]
