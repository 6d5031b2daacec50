"""Forms for time rules and for a portal's holidays."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from leeward.clocks.labels import PAUSES as PAUSE_WORDS
from leeward.clocks.labels import UNITS as UNIT_WORDS
from leeward.clocks.rules.due import ACTS, PAUSES, UNITS, Rule, Step
from leeward.clocks.rules.recommended import CAN_BE_GIVEN, MOST_URGENT_HOURS
from leeward.foundation.patterns import Pattern
from leeward.people.forms.voice import Voiced

MOST_DAYS_ADDED = 100
_DAY_FIRST = Pattern(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?:\s.*)?")
STEP_LABELS = {
    "remind": _("Remind the holder, hours before"),
    "reassign": _("Reassign it, hours before"),
    "page": _("Page the supervisors, hours before"),
}
_PAGE_URGENT = _("0: when it is due. Somebody is always paged about what is urgent.")
NUMBER = {"class": "short", "inputmode": "decimal", "step": "any"}


class RuleForm(Voiced):
    """A rule as numbers."""

    amount = forms.FloatField(
        label=_("How long it may take"), min_value=0, max_value=1000, widget=forms.NumberInput(attrs=NUMBER)
    )
    unit = forms.ChoiceField(label=_("Counted in"), choices=[(unit, UNIT_WORDS[unit]) for unit in UNITS])
    pauses = forms.MultipleChoiceField(
        label=_("The clock is paused while"),
        choices=[(name, PAUSE_WORDS[name]) for name in PAUSES],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )

    def __init__(self, *args: Any, kind: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        is_urgent = kind in MOST_URGENT_HOURS
        if is_urgent or kind in ("first_assessment", "appeal"):  # neither a hold nor an appeal can interrupt these
            del self.fields["pauses"]
        if is_urgent:
            del self.fields["unit"]
            self.fields["amount"].help_text = _("In hours, day and night; at most %(most)d.") % {
                "most": MOST_URGENT_HOURS[kind]
            }
        for act in ACTS:
            if act == "reassign" and kind not in CAN_BE_GIVEN:
                continue
            self.fields[act] = forms.FloatField(
                label=STEP_LABELS[act],
                required=False,
                min_value=-1000,
                max_value=1000,
                help_text=_PAGE_URGENT
                if is_urgent and act == "page"
                else _("0: when it is due. Below zero: after. Empty: never."),
                widget=forms.NumberInput(attrs=NUMBER),
            )

    def rule(self) -> Rule:
        """Return the rule that the form describes."""
        given: Mapping[str, Any] = self.cleaned_data
        steps = tuple(Step(act, given[act]) for act in ACTS if given.get(act) is not None)
        return Rule(given["amount"], given.get("unit", "hours"), tuple(given.get("pauses", ())), steps)


def values_of(rule: Rule) -> dict[str, Any]:
    """Return a rule as the form shows it."""
    plain = {"amount": f"{rule.amount:g}", "unit": rule.unit, "pauses": list(rule.pauses)}
    return plain | {step.act: f"{step.hours_before:g}" for step in rule.steps}


class CalendarForm(Voiced):
    """The holidays that a portal observes. Those of its country are ticked one by one."""

    follows = forms.BooleanField(
        label=_("Observe the country’s public holidays"),
        required=False,
        help_text=_("From a list that ships and is updated with Leeward."),
    )
    worked = forms.MultipleChoiceField(
        label=_("Holidays on which you work"), widget=forms.CheckboxSelectMultiple, required=False
    )
    added = forms.CharField(
        label=_("More days off"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4, "dir": "ltr"}),
        help_text=_("One date a line: 2027-08-06. Text after a date is not stored."),
    )
    on_call = forms.EmailField(
        label=_("Pages go to"),
        required=False,
        help_text=_("An address that somebody reads around the clock. Empty: every supervisor who is not away."),
        widget=forms.EmailInput(attrs={"dir": "ltr"}),
    )

    def __init__(self, *args: Any, known: Mapping[date, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["worked"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [(day.isoformat(), f"{day.isoformat()} {name}".strip()) for day, name in known.items()]
        if not known:
            del self.fields["worked"]

    def clean_added(self) -> list[date]:
        """Return the dates, each once."""
        lines = [line.strip() for line in str(self.cleaned_data["added"]).splitlines() if line.strip()]
        if len(lines) > MOST_DAYS_ADDED:
            raise forms.ValidationError(
                _("These are more than %(most)d days. Remove those in the past."), params={"most": MOST_DAYS_ADDED}
            )
        return sorted({_day(number, line) for number, line in enumerate(lines, start=1)})


def _day(number: int, line: str) -> date:
    try:
        if _DAY_FIRST.fullmatch(line[:11]):
            return date.fromisoformat(line[:10])
    except ValueError:
        pass
    raise forms.ValidationError(
        _("Line %(number)d, “%(day)s”, is not a date like 2027-08-06."), params={"number": number, "day": line[:40]}
    )
