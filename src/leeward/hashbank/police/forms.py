"""The form with which an officer looks hashes up."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from leeward.hashbank.rules.lines import rows_of
from leeward.hashbank.rules.police import MOST_ROWS, Asker

PICTURES = (b"\xff\xd8\xff", b"\x89PNG", b"GIF8", b"RIFF", b"BM", b"\x00\x00\x00")


class LookUpForm(forms.Form):
    """The agency, its case, and hashes, pasted or as a file."""

    agency = forms.CharField(label=_("Your agency"), max_length=120)
    reference = forms.CharField(
        label=_("Your case"), max_length=80, help_text=_("Every look-up is stored under a case and logged.")
    )
    contact = forms.CharField(
        label=_("Whom may other agencies contact about it?"),
        max_length=200,
        required=False,
        help_text=_("An agency that asks about the same record is told this, and you are told of it."),
    )
    restriction = forms.CharField(
        label=_("Written order that forbids telling others"),
        max_length=120,
        required=False,
        help_text=_("Its number. Nobody is told that you ask, and you are not told who else does."),
    )
    hashes = forms.CharField(
        label=_("Hashes"),
        required=False,
        strip=True,
        widget=forms.Textarea(attrs={"rows": 6, "class": "mono", "spellcheck": "false", "autocomplete": "off"}),
        help_text=_("One a line: MD5, SHA-1, SHA-256 or PDQ, or what leeward hash --json prints."),
    )
    file = forms.FileField(
        label=_("Or a file of hashes"), required=False, help_text=_("Never a picture: they stay with you.")
    )

    def clean_file(self) -> Any:
        """Refuse a file that begins like a picture; it is discarded."""
        sent = self.cleaned_data.get("file")
        if sent is not None:
            start = sent.read(16)
            sent.seek(0)
            if start.startswith(PICTURES):
                raise forms.ValidationError(_("This is a picture. Hash it on your own machine: leeward bank ask FILE"))
        return sent

    def clean(self) -> dict[str, Any]:
        """Parse the rows of hashes."""
        values = super().clean() or {}
        sent = values.get("file")
        text = values.get("hashes", "") + "\n" + (sent.read().decode("utf-8", "replace") if sent else "")
        values["rows"] = list(rows_of(text.splitlines()))
        if not values["rows"] and "file" not in self.errors:
            self.add_error("hashes", _("Give at least one hash."))
        if len(values["rows"]) > MOST_ROWS:
            text = _("These are more than {most}. For a whole seizure use the command: leeward bank triage")
            self.add_error("hashes", str(text).format(most=MOST_ROWS))
        return values

    def asker(self) -> Asker:
        """Return who is asking, and for which case."""
        values = self.cleaned_data
        return Asker(values["agency"], values["reference"], values["contact"], values["restriction"])
