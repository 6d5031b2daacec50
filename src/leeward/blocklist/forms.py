"""The desk's forms about entries."""

from django import forms
from django.utils.translation import gettext_lazy as _

from leeward.people.forms.voice import DayField, WholeText


class WordsForm(forms.Form):
    """A reason, or an answer."""

    text = WholeText(most=5000)


class ReviewForm(forms.Form):
    """The day of the next review; empty uses the list's own interval."""

    review_on = DayField(label=_("Next review"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
