"""The forms for a list sent from the desk."""

from django import forms
from django.utils.translation import gettext_lazy as _

from leeward.foundation.errors import BadInput
from leeward.hashbank import labels
from leeward.hashbank.formats import FORMATS
from leeward.hashbank.lists.services.importing import refuse_own_name
from leeward.hashbank.records.services.banks import GENERAL

FORM_WORDS = {
    "csv": _("CSV with a heading"),
    "vics": _("VICS 2.0 (Project VIC, JSON)"),
    "ncmec": _("NCMEC hash sharing (XML)"),
    "threatexchange": _("ThreatExchange (JSON)"),
    "threatexchange-csv": _("ThreatExchange (CSV)"),
    "plain": _("Plain: one hash a line"),
}


class FileForm(forms.Form):
    """The file."""

    file = forms.FileField(
        label=_("File"), help_text=_("A list of hashes, of any size. Never pictures."), allow_empty_file=True
    )


class ListForm(forms.Form):
    """Whose list it is, where it goes and how it is read."""

    source = forms.CharField(
        label=_("Whose list is it?"),
        max_length=80,
        help_text=_("Its votes are kept under this name. Use the same name each time."),
    )
    bank = forms.CharField(
        label=_("Bank"),
        max_length=60,
        initial=GENERAL,
        help_text=_("A new name creates a new bank."),
        widget=forms.TextInput(attrs={"list": "banks", "autocomplete": "off"}),
    )
    harmless = forms.BooleanField(label=_("A new bank holds known look-alikes that are harmless"), required=False)
    format_name = forms.ChoiceField(
        label=_("Format"),
        required=False,
        choices=[("", _("Detect from the file")), *((name, FORM_WORDS[name]) for name in FORMATS)],
    )

    profile = forms.ChoiceField(
        label=_("What its categories mean"),
        required=False,
        choices=labels.PROFILES.items(),
        help_text=_("The preview shows each category with its number of entries and the meaning assumed."),
    )

    def clean_source(self) -> str:
        """Refuse this hotline's own name."""
        source: str = self.cleaned_data["source"].strip()
        try:
            refuse_own_name(source)
        except BadInput:
            raise forms.ValidationError(
                _("Give the name of whoever made the list, not that of this hotline.")
            ) from None
        return source
