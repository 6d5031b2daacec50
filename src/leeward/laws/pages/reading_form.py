"""The form for one reading of a statute, in plain words, for readers of the law who don't write YAML."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from leeward.laws.labels import SEEN, SOURCE_KINDS, STATUSES, TOPICS, VALUES
from leeward.laws.rules.sheet import MOST_LETTERS

_AGES = [(age, _("under %(age)s") % {"age": age}) for age in ("16", "17", "18")]
_SEEN = [("yes", _("I read the passage itself")), ("heading", _("I saw its heading only")), ("no", SEEN["no"])]
_CONFIDENCE = [("high", _("high")), ("medium", _("medium")), ("low", _("low"))]


class ReadingForm(forms.Form):
    """One place of an instrument, and what it says on one topic."""

    instrument = forms.CharField(
        label=_("Which law?"),
        max_length=300,
        help_text=_("Its title with the year, as it cites itself. If it is not in the list yet, it is added."),
    )
    section = forms.CharField(label=_("Where in it?"), max_length=200, required=False, help_text=_("Such as s 10(2)."))
    topic = forms.ChoiceField(label=_("Which topic?"), choices=list(TOPICS.items()))
    value = forms.ChoiceField(
        label=_("Does the law cover it?"),
        choices=[*VALUES.items(), *_AGES],
        help_text=_("“No” means that you read the law and found nothing. An age is for the age of a child only."),
    )
    reports = forms.BooleanField(
        label=_("It is a duty to report to somebody"), required=False, help_text=_("For duties of providers.")
    )
    says = forms.CharField(
        label=_("What does it say, in plain words?"), max_length=MOST_LETTERS, widget=forms.Textarea(attrs={"rows": 3})
    )
    penalty = forms.CharField(label=_("Penalty"), max_length=300, required=False)
    status = forms.ChoiceField(label=_("Is it in force?"), choices=list(STATUSES.items()))
    commenced = forms.CharField(
        label=_("In force since"), max_length=10, required=False, help_text=_("YYYY-MM-DD. Empty: not known.")
    )
    source = forms.CharField(
        label=_("From which source?"),
        max_length=500,
        help_text=_("Where you read it: the official print, a law report, a site."),
    )
    source_kind = forms.ChoiceField(label=_("What kind of source is that?"), choices=list(SOURCE_KINDS.items()))
    source_url = forms.CharField(label=_("Web address of the source"), max_length=1000, required=False)
    seen = forms.ChoiceField(label=_("How do you know?"), choices=_SEEN)
    confidence = forms.ChoiceField(label=_("How sure are you?"), choices=_CONFIDENCE)
    reviewed = forms.BooleanField(label=_("A lawyer of this country has checked this row"), required=False)
    note = forms.CharField(label=_("Note"), max_length=MOST_LETTERS, required=False)

    def clean_seen(self) -> str:
        """Refuse to mark as read what was entered from memory."""
        seen = str(self.cleaned_data["seen"])
        if seen != "no" and self.cleaned_data.get("source_kind") == "own_knowledge":
            raise forms.ValidationError(_("Whoever says it from memory has not read it."))
        return seen

    def row(self, code: str) -> dict[str, str]:
        """Return the input as a row of the spreadsheet with the kind of its source."""
        given = {name: " ".join(str(value).split()) for name, value in self.cleaned_data.items()}
        given["reviewed"] = "yes" if self.cleaned_data["reviewed"] else "no"
        del given["reports"]
        return {"jurisdiction": code, **given}


def initial_of(row: Mapping[str, str], reading: Mapping[str, Any]) -> dict[str, Any]:
    """Return the form's initial values for an existing row."""
    more = {"reports": reading.get("reports", False), "source_kind": reading["source_kind"]}
    return {**row, "reviewed": row["reviewed"] == "yes", **more}
