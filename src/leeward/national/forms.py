"""The forms: a self-assessment is begun, a question is answered, a framework is uploaded."""

from typing import Any

from django import forms
from django.utils.dateformat import format as format_date
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from leeward.national.labels import FAULTS
from leeward.national.queries import Whole, countries_of, framework_choices
from leeward.national.rules.framework import NOT_KNOWN, PHASES
from leeward.national.rules.standing import MOST_EVIDENCE, MOST_REASON, MOST_RESPONSIBLE, AnswerDetails, Standing
from leeward.people.forms.voice import DayField, Voiced


class BeginForm(Voiced):
    """Which country, which year, by which framework."""

    framework = forms.ChoiceField(label=_("Framework"))
    country = forms.ChoiceField(label=_("Country"))
    year = forms.IntegerField(label=_("Year"), widget=forms.NumberInput(attrs={"class": "short"}))

    def __init__(self, *args: Any, hotline_id: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["framework"].choices = framework_choices()  # type: ignore[attr-defined]
        self.fields["country"].choices = countries_of(hotline_id)  # type: ignore[attr-defined]

    def clean_framework(self) -> int | None:
        """Return the framework's number; None for the shipped one."""
        chosen = self.cleaned_data["framework"]
        return None if chosen == "shipped" else int(chosen)


class AnswerForm(Voiced):
    """What somebody says to one question."""

    phase = forms.ChoiceField(label=_("Phase"), widget=forms.RadioSelect, required=False)
    evidence = forms.CharField(
        label=_("Evidence"), max_length=MOST_EVIDENCE, required=False, widget=forms.Textarea(attrs={"rows": 4})
    )
    reason = forms.CharField(
        label=_("Why it differs from what was measured"),
        max_length=MOST_REASON,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    responsible = forms.CharField(label=_("Who acts next"), max_length=MOST_RESPONSIBLE, required=False)
    target_on = DayField(
        label=_("By when"), required=False, widget=forms.DateInput(attrs={"type": "date", "class": "short"})
    )

    def __init__(self, *args: Any, whole: Whole, standing: Standing, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        asked, framework = standing.question, whole.framework
        phases = [
            (str(phase), f"{phase}. {framework.phases[phase - 1].name}: {framework.meaning(asked, phase)}")
            for phase in PHASES
        ]
        first = [("", gettext("As measured"))] if standing.measured else []
        self.fields["phase"].choices = [*first, *phases, (str(NOT_KNOWN), gettext("Not known"))]  # type: ignore[attr-defined]
        if not standing.measured:
            del self.fields["reason"]
        for name, suggested in (("evidence", asked.evidence), ("responsible", asked.responsible)):
            if suggested:
                self.fields[name].help_text = gettext("The framework suggests: %(words)s") % {"words": suggested}
        if asked.target_months:
            months = gettext("Months that the framework suggests: %(number)s") % {"number": asked.target_months}
            self.fields["target_on"].help_text = months

    @property
    def details(self) -> AnswerDetails:
        """Return what was said, once the form is valid."""
        values = self.cleaned_data
        phase = int(values["phase"]) if values["phase"] else None
        return AnswerDetails(
            phase, values["evidence"], values["responsible"], values["target_on"], values.get("reason", "")
        )

    def show(self, faults: dict[str, str]) -> None:
        """Show what is wrong with the answer beside its fields."""
        for name, fault in faults.items():
            self.add_error(name if name in self.fields else None, str(FAULTS[fault]))

    @staticmethod
    def values_of(standing: Standing) -> dict[str, Any]:
        """Return the newest answer as a form holds it."""
        if standing.answer is None:
            return {"phase": "" if standing.measured else None}
        details = standing.answer.details
        return {
            "phase": "" if details.phase is None else str(details.phase),
            "evidence": details.evidence,
            "reason": details.reason,
            "responsible": details.responsible,
            "target_on": format_date(details.target_on, "Y-m-d") if details.target_on else "",
        }


class FrameworkForm(Voiced):
    """A framework as a file."""

    file = forms.FileField(label=_("File"), help_text=_("YAML or JSON in UTF-8, as in the example below."))
