"""The forms of the hotline as a whole, and of a group of the installation's settings, generated from their definitions."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from leeward.installation.labels import CHOICES as WORDS
from leeward.installation.labels import OPTIONS, fault_sentence
from leeward.installation.queries import Standing
from leeward.installation.rules.choices import CHOICES, Choice, Value, fault_of, tidy
from leeward.people.forms.voice import Voiced, give_voice
from leeward.people.labels import DESK_PARTS

LTR = {"dir": "ltr", "autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}


class HotlineForm(Voiced):
    """The settings of the hotline as a whole."""

    name = forms.CharField(
        label=_("Name"), max_length=120, help_text=_("As shown in messages to the police and to hosts.")
    )
    email = forms.EmailField(
        label=_("E-mail address"),
        help_text=_("Where hosts and the police can answer a person."),
        widget=forms.EmailInput(attrs={"dir": "ltr"}),
    )
    notify_foreign_hosts = forms.BooleanField(
        label=_("Tell hosts abroad directly"),
        required=False,
        help_text=_("Beside the hotline or the police of their country. Without it, only these are told."),
    )
    commercial_first = forms.BooleanField(
        label=_("Cases that ask for money go first"),
        required=False,
        help_text=_("In the queue, behind urgent ones and known images: those whose page says where money goes."),
    )
    unused_parts = forms.MultipleChoiceField(
        label=_("What you don’t use"),
        choices=DESK_PARTS,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Left out of the desk’s navigation. Existing data stays, and whatever is running continues."),
    )


class SettingsForm(Voiced):
    """The settings of a group that can be changed on the desk, and the reason for the change."""

    reason = forms.CharField(
        label=_("Why it is changed"),
        max_length=300,
        help_text=_("In a few words; shown below, beside your name."),
        widget=forms.TextInput(attrs={"dir": "auto", "autocomplete": "off"}),
    )

    def __init__(self, *args: Any, standings: Sequence[Standing], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.standings = {one.choice.name: one for one in standings if not one.variables}
        for name, one in self.standings.items():
            self.fields[name] = _field(one)
        self.order_fields([*self.standings, "reason"])
        give_voice(self)

    def clean(self) -> dict[str, Any]:
        """Convert each value as its setting requires."""
        for name in self.standings:
            if name in self.cleaned_data and not self._is_left_alone(name):
                value = tidy(CHOICES[name], _plain(CHOICES[name], self.cleaned_data[name]))
                if fault := fault_of(CHOICES[name], value):
                    self.add_error(name, fault_sentence(fault, CHOICES[name]))
                else:
                    self.cleaned_data[name] = value
        return self.cleaned_data

    def _is_left_alone(self, name: str) -> bool:
        """Return whether a value is unchanged: an existing value isn't validated against newer rules."""
        return bool(_plain(CHOICES[name], self.cleaned_data[name]) == self.standings[name].value)

    @property
    def values(self) -> dict[str, Value]:
        """Return the submitted values by the names of the settings."""
        return {name: _plain(CHOICES[name], self.cleaned_data[name]) for name in self.standings}


def _plain(choice: Choice, value: Any) -> Any:
    return value.splitlines() if choice.kind is list and isinstance(value, str) else value


def _field(one: Standing) -> forms.Field:
    choice = one.choice
    label, hint = WORDS[choice.name]
    arguments: dict[str, Any] = {"label": label, "help_text": hint, "required": False, "initial": one.value}
    if choice.options:
        choices = [(option, OPTIONS[option]) for option in choice.options]
        return forms.ChoiceField(**arguments | {"required": True}, choices=choices, widget=forms.RadioSelect)
    if choice.kind is bool:
        return forms.BooleanField(**arguments)
    if choice.kind is int:
        if choice.most:
            facts = {"hint": hint, "default": one.default, "least": choice.least, "most": choice.most}
            arguments["help_text"] = _("%(hint)s Default %(default)s. Allowed: %(least)s to %(most)s.") % facts
        widget = forms.NumberInput(attrs={"class": "short", "inputmode": "numeric"})
        invalid = {"invalid": _("This is not a whole number. Type digits only.")}
        return forms.IntegerField(**arguments | {"required": True}, widget=widget, error_messages=invalid)
    if choice.kind is list:
        assert isinstance(one.value, list)
        widget_of_lines = forms.Textarea(attrs=LTR | {"rows": 3})
        return forms.CharField(**arguments | {"initial": "\n".join(one.value)}, widget=widget_of_lines)
    if choice.is_secret:
        if one.is_kept:
            arguments["help_text"] = _(
                "A value is stored. Leave this empty to keep it, or type a new one to replace it."
            )
        secret = forms.PasswordInput(render_value=True, attrs=LTR | {"autocomplete": "new-password"})
        return forms.CharField(**arguments, strip=False, widget=secret)
    return forms.CharField(**arguments, widget=forms.TextInput(attrs=LTR))
