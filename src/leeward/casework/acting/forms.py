"""Forms for acts on a case: a correction, a text, a block."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from leeward.casework.acting.rules.at_risk import MOST_WORDS
from leeward.notices.queries import Office
from leeward.notices.queries.labels import SERVICES
from leeward.people.forms.voice import DayField, Voiced, WholeText


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
    value = WholeText(label=_("Correct value"), most=250)
    reason = WholeText(label=_("How you know"), most=300)


class TextForm(forms.Form):
    """A single text: a note, a question or reasons."""

    text = WholeText(most=10_000)


class AtRiskForm(Voiced):
    """What a child-protection office is told about a child."""

    office = forms.TypedChoiceField(label=_("To"), coerce=int)
    child = forms.CharField(
        label=_("What is known of the child"),
        max_length=MOST_WORDS,
        help_text=_("Only what helps to find and protect the child."),
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    place = forms.CharField(
        label=_("Where the child may be"),
        max_length=MOST_WORDS,
        required=False,
        help_text=_("For example the town, the school or the family. Leave it empty if nothing is known."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, offices: Sequence[Office], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["office"]
        assert isinstance(field, forms.TypedChoiceField)
        field.choices = [(one.id, _label(one)) for one in offices]


def _label(office: Office) -> str:
    return f"{office.name} ({SERVICES[office.service]})" if office.service else office.name


class BlockForm(Voiced):
    """A proposal to block: which list, how wide (`scope address`), the reason, who confirms it, and when to review it."""

    list_id = forms.IntegerField(min_value=1, error_messages={"required": _("Choose a list.")})
    way = forms.CharField(max_length=10_000, error_messages={"required": _("Choose what is blocked.")})
    reason = forms.CharField(max_length=500, required=False)
    confirmed_by = forms.CharField(max_length=500, required=False)
    review_on = DayField(required=False)

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
