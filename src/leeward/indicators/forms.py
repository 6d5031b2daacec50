"""The form for a figure that somebody types in."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from leeward.indicators.definitions import BY_NAME
from leeward.indicators.labels import HALVES
from leeward.indicators.rules.typed import FIRST_YEAR, MOST_NUMBER, MOST_SOURCE, SERIES
from leeward.people.forms.voice import DayField, Voiced


class SeriesForm(Voiced):
    """A yearly series of where material was hosted, as others publish it."""

    source = forms.CharField(
        label=_("Source"), help_text=_("Who published it, and where to read it."), max_length=MOST_SOURCE
    )
    source_date = DayField(
        label=_("Day of the source"), widget=forms.DateInput(attrs={"type": "date", "class": "short"})
    )
    file = forms.FileField(
        label=_("File"),
        help_text=_(
            "CSV with the columns year, country (two letters, or unknown for all the rest) and number. It replaces what "
            "the same source said before."
        ),
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv"}),
    )


class TypedForm(Voiced):
    """One figure of one year, with its source."""

    series = forms.ChoiceField(label=_("What"))
    year = forms.IntegerField(label=_("Year"), min_value=FIRST_YEAR, widget=forms.NumberInput(attrs={"class": "short"}))
    half = forms.ChoiceField(
        label=_("Half of the year"),
        help_text=_("Only for what is counted twice a year."),
        choices=[("0", _("the whole year")), *((name.removeprefix("h"), words) for name, words in HALVES.items())],
        required=False,
    )
    number = forms.IntegerField(label=_("Number"), min_value=0, max_value=MOST_NUMBER)
    source = forms.CharField(
        label=_("Source"), help_text=_("Who published it, and where to read it."), max_length=MOST_SOURCE
    )
    source_date = DayField(
        label=_("Day of the source"), widget=forms.DateInput(attrs={"type": "date", "class": "short"})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["series"].choices = [(name, str(BY_NAME[name].title)) for name in SERIES]  # type: ignore[attr-defined]

    def clean_half(self) -> int:
        """Return the half of the year as a number; 0: the whole year."""
        return int(self.cleaned_data["half"] or 0)

    @staticmethod
    def empty(today: date) -> "TypedForm":
        """Return a form for last year, the newest that most sources know."""
        return TypedForm(initial={"year": today.year - 1, "half": "0"})
