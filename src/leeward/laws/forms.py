"""The forms of the public pages: facts without a case, and the choices of a bill."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from leeward.laws.labels import ACTS, MEDIA
from leeward.laws.rules.bill_options import SOLICITATIONS, SPEEDS, TERMS, BillOptions, parse_options
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


_YES = [("yes", _("Yes")), ("no", _("No"))]


class BillChoices(forms.Form):
    """What the toolkit leaves to choose; each step of the page asks a part of it."""

    only_gaps = forms.ChoiceField(
        label=_("Which clauses?"),
        choices=[("yes", _("Those that close the gaps")), ("no", _("All"))],
        initial="yes",
        required=False,
        help_text=_("Where nothing is known of a criterion, its clauses are in."),
    )
    lawful_work = forms.ChoiceField(
        label=_("Except lawful work?"),
        choices=_YES,
        initial="yes",
        required=False,
        help_text=_("Beyond the toolkit: police, hotline and providers who remove the material."),
    )
    term = forms.ChoiceField(
        label=_("Term of the law"), choices=[(term, term) for term in TERMS], initial=TERMS[0], required=False
    )
    simulated_images = forms.ChoiceField(
        label=_("Realistic images without a child?"),
        choices=[("yes", _("In")), ("no", _("Out"))],
        initial="yes",
        required=False,
    )
    knowingly_possess = forms.ChoiceField(
        label=_("“Knowingly” on possession?"),
        choices=_YES,
        initial="no",
        required=False,
        help_text=_("The toolkit’s text has it on access only; criterion 4 speaks of knowing possession."),
    )
    reporting = forms.ChoiceField(
        label=_("Include a duty to report?"),
        choices=[("yes", _("Yes")), ("no", _("No, leave criterion 5 open"))],
        initial="yes",
        required=False,
    )
    speed = forms.ChoiceField(
        label=_("How fast"),
        choices=[(SPEEDS[0], _("Immediately")), (SPEEDS[1], _("As soon as practicable"))],
        initial=SPEEDS[0],
        required=False,
        help_text=_("The toolkit says “immediately”. Canada says “as soon as feasible”."),
    )
    reporting_entity = forms.CharField(
        label=_("Reporting entity"),
        max_length=200,
        required=False,
        help_text=_("Who receives reports. Empty leaves it to regulations, as in the toolkit."),
    )
    privilege = forms.ChoiceField(label=_("Except legal privilege?"), choices=_YES, initial="yes", required=False)
    preservation_days = forms.IntegerField(
        label=_("Keep the data for (days)"),
        min_value=1,
        max_value=3660,
        required=False,
        help_text=_("Beyond the toolkit. Empty leaves the clause out."),
    )
    solicitation = forms.ChoiceField(
        label=_("Solicitation of children"),
        choices=[
            (SOLICITATIONS[0], _("As in Appendix V: a meeting and an act towards it")),
            (SOLICITATIONS[1], _("Also sexual communication alone (beyond the toolkit)")),
            (SOLICITATIONS[2], _("Leave it out")),
        ],
        initial=SOLICITATIONS[0],
        required=False,
    )
    age_of_consent = forms.IntegerField(
        label=_("Age of consent"),
        min_value=10,
        max_value=21,
        required=False,
        help_text=_("Empty leaves a blank in the text."),
    )
    title = forms.CharField(label=_("Short title and year"), max_length=200, required=False)

    def options(self) -> BillOptions:
        """Return the choices of a valid form; raises BadOptions."""
        return parse_options({name: value for name, value in self.cleaned_data.items() if value not in ("", None)})
