"""Forms for inviting somebody and for accepting an invitation."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from leeward.people.forms.accounts import NAME_LETTERS, _NameAndLanguages, _Roles
from leeward.people.forms.voice import Voiced
from leeward.people.rules.names import tidy_name

_SECRET = {"autocomplete": "new-password", "dir": "ltr"}


class InviteForm(_NameAndLanguages, _Roles):
    """Invite somebody to join."""

    email = forms.EmailField(
        label=_("E-mail address"),
        help_text=_("The link goes there, and they sign in with it. It works once, for seven days."),
        widget=forms.EmailInput(attrs={"dir": "ltr"}),
    )
    field_order = ("name", "email", "roles", "languages")


class AcceptForm(Voiced):
    """The form behind the link of an invitation."""

    name = forms.CharField(
        label=_("Your name"),
        max_length=NAME_LETTERS,
        help_text=_("As colleagues see it."),
        widget=forms.TextInput(attrs={"dir": "auto", "autocomplete": "name"}),
    )
    password = forms.CharField(
        label=_("A password"),
        min_length=12,
        max_length=128,
        strip=False,
        help_text=_("At least 12 characters. A few words that don’t belong together are best."),
        widget=forms.PasswordInput(attrs=_SECRET),
    )
    again = forms.CharField(
        label=_("The password again"), max_length=128, strip=False, widget=forms.PasswordInput(attrs=_SECRET)
    )

    def clean_name(self) -> str:
        """Return the name on one line."""
        name = tidy_name(str(self.cleaned_data["name"]))
        if not name:
            raise forms.ValidationError(_("This contains no letter. Type the name."), code="required")
        return name

    def clean(self) -> dict[str, Any]:
        """Check that both passwords are the same."""
        values: dict[str, Any] = super().clean() or self.cleaned_data
        first, second = values.get("password"), values.pop("again", None)
        if first and second and first != second:
            self.add_error("again", _("The two are not the same. Type the password again."))
        return values
