"""The form of the "what if" page: facts without a case."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from leeward.laws.labels import ACTS, MEDIA
from leeward.laws.rules.facts import Facts, parse_facts

_KNOWN = [("unknown", _("not known")), ("yes", _("yes")), ("no", _("no"))]


class WhatIf(forms.Form):
    """A set of facts; whatever is left out is not known."""

    medium = forms.ChoiceField(
        label=_("What is it?"), choices=[("undetermined", _("not known")), *MEDIA.items()], required=False
    )
    real_person = forms.ChoiceField(label=_("Is a real person shown?"), choices=_KNOWN, required=False)
    known_age = forms.IntegerField(label=_("True age, where it is proved"), min_value=0, max_value=120, required=False)
    apparent_age = forms.IntegerField(label=_("How old the person looks"), min_value=0, max_value=120, required=False)
    act = forms.ChoiceField(
        label=_("Level of the act"), choices=lambda: list(ACTS.items()), initial="undetermined", required=False
    )
    exploitative = forms.ChoiceField(
        label=_("Is the relationship or context exploitative?"), choices=_KNOWN, required=False
    )
    presented_as_child = forms.ChoiceField(
        label=_("Does the material itself present the person as under 18?"), choices=_KNOWN, required=False
    )

    def facts(self) -> Facts:
        """Return the facts of a valid form; raises BadFacts where they contradict each other."""
        values: dict[str, Any] = {name: value for name, value in self.cleaned_data.items() if value not in ("", None)}
        return parse_facts(values)
