"""Forms for acts on a case: a correction, a text, a block."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class CorrectionForm(forms.Form):
    """A correction to what was found out about a location."""

    kind = forms.ChoiceField(
        label=_("What"),
        choices=[
            ("country", _("Country")),
            ("abuse_email", _("Abuse desk")),
            ("network", _("Network")),
            ("registrar", _("Registrar")),
            ("owner_email", _("Owner’s address")),
        ],
    )
    value = forms.CharField(label=_("Correct value"), max_length=250)
    reason = forms.CharField(label=_("How you know"), max_length=500)


class TextForm(forms.Form):
    """A single text: a note, a question or reasons."""

    text = forms.CharField(max_length=10_000)


class BlockForm(forms.Form):
    """A proposal to block: which list, how wide (`scope address`), the reason, who confirms it, and when to review it."""

    list_id = forms.IntegerField(min_value=1, error_messages={"required": _("Choose a list.")})
    way = forms.CharField(max_length=10_000, error_messages={"required": _("Choose what is blocked.")})
    reason = forms.CharField(max_length=500, required=False)
    confirmed_by = forms.CharField(max_length=500, required=False)
    review_on = forms.DateField(required=False, error_messages={"invalid": _("Enter a day.")})

    def clean_way(self) -> tuple[str, str]:
        """Return the scope and the address."""
        scope, _space, target = str(self.cleaned_data["way"]).partition(" ")
        return scope, target

    def clean_confirmed_by(self) -> list[str]:
        """Return the names separated by commas."""
        return [name.strip() for name in self.cleaned_data["confirmed_by"].split(",") if name.strip()]

    @property
    def typed(self) -> dict[str, Any]:
        """Return what was typed, for showing the form again."""
        return {name: self.data.get(name, "") for name in self.fields}
