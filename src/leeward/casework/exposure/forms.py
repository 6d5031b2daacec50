"""The form of a preview."""

from django import forms
from django.utils.translation import gettext_lazy as _

from leeward.casework import labels
from leeward.casework.exposure.rules.reveal import FIRST, WISH, Glimpse, glimpse_of


class PreviewForm(forms.Form):
    """Which picture, the reason, and how much of it (`rules/reveal.py`)."""

    file = forms.IntegerField(min_value=1)
    reason = forms.ChoiceField(choices=lambda: list(labels.VIEW_REASONS.items()))
    wish = forms.CharField(max_length=20, required=False)

    def clean_wish(self) -> str:
        """Return the wish in the notation of `rules/reveal.py`, or ""."""
        wish = str(self.cleaned_data["wish"])
        if wish and not WISH.fullmatch(wish):
            raise forms.ValidationError(_("Choose how much to show."))
        return wish

    @property
    def glimpse(self) -> Glimpse:
        """Return how much is wanted; only after `is_valid`."""
        return glimpse_of(self.cleaned_data["wish"] or str(FIRST))
