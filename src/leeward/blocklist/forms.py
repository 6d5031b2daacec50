"""The desk's forms about entries."""

from django import forms
from django.utils.translation import gettext_lazy as _


class WordsForm(forms.Form):
    """A reason, or an answer."""

    text = forms.CharField(max_length=5000)


class ReviewForm(forms.Form):
    """The day of the next review; empty uses the list's own interval."""

    review_on = forms.DateField(label=_("Next review"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
