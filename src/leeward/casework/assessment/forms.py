"""The forms of the case’s page: the facts of an assessment, and the outcome it comes to."""

from collections.abc import Mapping
from datetime import date
from typing import Any, TypedDict

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from leeward.casework import labels
from leeward.casework.assessment.labels import ANSWERS, FACT_NAMES
from leeward.casework.assessment.rules.second_assessment import CLOSING
from leeward.casework.rules.reasons import reasons_for
from leeward.laws.rules.acts import UNDETERMINED, acts_vocabulary
from leeward.people.forms.voice import DayField, WholeText

_LEVELS = ("uk_a", "uk_b", "uk_c", "none", UNDETERMINED)
_PILLS = ("real_person", "age_band", "sex", "medium", "level", "self_generated")
_MORE_PILLS = ("pubertal_stage", "presented_as_child", "exploitative", "commercial", "victim", "elsewhere")
_PLAIN = ("real_person", "age_band", "sex", "medium", "self_generated", "site_type", *_MORE_PILLS[:-1])


def _answers(name: str) -> list[tuple[str, Any]]:
    return list((labels.ELSEWHERE if name == "elsewhere" else ANSWERS[name]).items())


def _last_answer(name: str) -> str:
    """Return the answer that stands for “not answered”."""
    return UNDETERMINED if UNDETERMINED in ANSWERS[name] else "unknown"


def _pills(name: str) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=FACT_NAMES[name], choices=lambda: _answers(name), widget=forms.RadioSelect, required=False
    )


def _age(name: str) -> forms.IntegerField:
    widget = forms.NumberInput(attrs={"class": "short", "inputmode": "numeric"})
    return forms.IntegerField(label=FACT_NAMES[name], min_value=0, max_value=120, required=False, widget=widget)


class FactsForm(forms.Form):
    """The facts that somebody states about content: the questions asked in every case first, the rarer ones under “more
    facts”.
    """

    real_person = _pills("real_person")
    age_band = _pills("age_band")
    sex = _pills("sex")
    medium = _pills("medium")
    level = _pills("level")
    self_generated = _pills("self_generated")
    site_type = forms.ChoiceField(label=FACT_NAMES["site_type"], choices=lambda: _answers("site_type"), required=False)
    act = forms.ChoiceField(label=FACT_NAMES["act"], required=False)
    pubertal_stage = _pills("pubertal_stage")
    known_age = _age("known_age")
    apparent_low = _age("apparent_low")
    apparent_high = _age("apparent_high")
    presented_as_child = _pills("presented_as_child")
    exploitative = _pills("exploitative")
    commercial = _pills("commercial")
    payments = forms.MultipleChoiceField(
        label=FACT_NAMES["payments"],
        choices=lambda: _answers("payments"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    victim = _pills("victim")
    elsewhere = _pills("elsewhere")

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, facts: Mapping[str, Any] | None = None, elsewhere: str = ""
    ) -> None:
        super().__init__(data, initial=_initial(facts or {}, elsewhere), auto_id="f-%s")
        finer = [(code, gettext(act.label)) for code, act in acts_vocabulary().acts.items()]
        act = self.fields["act"]
        assert isinstance(act, forms.ChoiceField)
        act.choices = [("", _("The level is enough")), *finer]
        for field in self.fields.values():
            field.widget.attrs["form"] = "facts"

    @property
    def main(self) -> list[forms.BoundField]:
        """Return the questions asked in every case."""
        return [self[name] for name in _PILLS]

    @property
    def more_pills(self) -> list[forms.BoundField]:
        """Return the rarer questions that are answered with pills."""
        return [self[name] for name in _MORE_PILLS if name in self.fields]

    def stated(self) -> dict[str, Any]:
        """Return the facts in the form that the law's reader expects; only after `is_valid`."""
        given = self.cleaned_data
        facts: dict[str, Any] = {name: given[name] or _last_answer(name) for name in _PLAIN}
        facts["act"] = given["act"] or given["level"] or UNDETERMINED
        facts["payments"] = given["payments"]
        facts["known_age"] = given["known_age"]
        low, high = given["apparent_low"], given["apparent_high"]
        facts["apparent_age"] = None if low is None and high is None else [low or 0, 120 if high is None else high]
        return facts

    def clean(self) -> dict[str, Any]:
        """Check that the finer act is one of those that the level covers."""
        given = super().clean() or self.cleaned_data
        act, level = given.get("act"), given.get("level") or UNDETERMINED
        if act and act not in acts_vocabulary().stands_for[level]:
            self.add_error("act", _("This belongs to another level than the one above."))
        return given


class FactsOnlyForm(FactsForm):
    """The same form without the question where somebody saw the content: for a proposal by two people who saw it, or
    for a training pattern.
    """

    elsewhere = None  # type: ignore[assignment]  # Django's way to remove a field


def _initial(facts: Mapping[str, Any], elsewhere: str) -> dict[str, Any]:
    start = {name: facts[name] for name in _PLAIN if name in facts}
    act = str(facts.get("act", ""))
    start["level"] = act if act in _LEVELS else _level_of(act)
    start["act"] = act if act in acts_vocabulary().acts and act != "none" else ""
    start["payments"] = list(facts.get("payments") or ())
    start["known_age"] = facts.get("known_age")
    ages = facts.get("apparent_age")
    start["apparent_low"], start["apparent_high"] = ages or (None, None)
    kept = {name: value for name, value in start.items() if value not in (None, "")}
    return kept | {"elsewhere": elsewhere if elsewhere in labels.ELSEWHERE else ""}


def _level_of(act: str) -> str:
    known = acts_vocabulary().acts.get(act)
    level = known.levels["uk"] if known else None
    return f"uk_{level.lower()}" if level in ("A", "B", "C") else "none" if level == "none" else ""


def ending_choices() -> list[tuple[Promise | str, list[tuple[str, Promise]]]]:
    """Return every outcome that closes a case with the reasons that fit it, as option groups: `not_illegal:14`."""
    return [
        (
            labels.OUTCOMES[outcome],
            [(f"{outcome}:{reason.number}", labels.REASONS[reason.number]) for reason in reasons_for(outcome)],
        )
        for outcome in CLOSING
    ]


class OutcomeForm(forms.Form):
    """The result of an assessment: the outcome of a button, or one of the endings with its reason."""

    outcome = forms.ChoiceField(choices=[("illegal", ""), ("unsure", ""), ("other", "")])
    ending = forms.CharField(required=False)
    comment = WholeText(required=False, most=2000)

    def end(self) -> tuple[str, int | None]:
        """Return outcome and reason; an ending that can't be parsed counts as an outcome without a reason."""
        outcome = self.cleaned_data["outcome"]
        if outcome != "other":
            return outcome, None
        name, _colon, number = self.cleaned_data["ending"].partition(":")
        return (name if name in CLOSING else CLOSING[0]), int(number) if number.isdecimal() else None


class Statement(TypedDict):
    """What an assessment states in addition to its facts."""

    outcome: str
    reason: int | None
    comment: str
    elsewhere: str


def read_assessment(sent: Mapping[str, Any]) -> tuple[FactsForm, Statement | None]:
    """Return the submitted facts, and the rest; None for the rest if something is invalid, which the facts form then
    reports.
    """
    form, end = FactsForm(sent), OutcomeForm(sent)
    if not (form.is_valid() and end.is_valid()):
        return form, None
    outcome, reason = end.end()
    comment, elsewhere = end.cleaned_data["comment"], form.cleaned_data["elsewhere"]
    return form, Statement(outcome=outcome, reason=reason, comment=comment, elsewhere=elsewhere)


_DRAFT_YES_NO = [("", _("As the model has it")), ("yes", _("Yes")), ("no", _("No"))]


class TrialForm(forms.Form):
    """Since when decisions are tested, limited to choices that the facts of content can distinguish."""

    since = DayField(label=_("Decisions made since"), widget=forms.DateInput(attrs={"type": "date"}))
    clauses = forms.ChoiceField(
        label=_("Which draft?"),
        choices=[("", _("What closes the country’s gaps")), ("all", _("All clauses of the model"))],
        required=False,
    )
    simulated_images = forms.ChoiceField(
        label=_("Realistic images without a child?"), choices=_DRAFT_YES_NO, required=False
    )
    proven_adult = forms.ChoiceField(
        label=_("Exempt pictures of a person proved to have been an adult?"), choices=_DRAFT_YES_NO, required=False
    )
    text_audio = forms.ChoiceField(label=_("Text and audio too?"), choices=_DRAFT_YES_NO, required=False)
    own_images = forms.ChoiceField(
        label=_("A child’s own picture"),
        choices=[
            ("", _("As the model has it")),
            ("own", _("Exempt only the child")),
            ("peers", _("Also exempt consenting children of similar age")),
            ("none", _("No exemption")),
        ],
        required=False,
    )

    def clean_since(self) -> date:
        """The first day of the month: two days that lie close together would tell one decision by their difference."""
        since: date = self.cleaned_data["since"]
        return since.replace(day=1)
