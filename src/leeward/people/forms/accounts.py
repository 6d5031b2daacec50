"""Forms for accounts."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from leeward.people.forms.voice import DayField, Voiced
from leeward.people.labels import LEAVE_ENDS, ROLE_NAMES
from leeward.people.rules.names import tidy_name
from leeward.people.rules.permissions import ROLES

NAME_LETTERS = 80


class _Languages(Voiced):
    languages = forms.MultipleChoiceField(
        label=_("Languages they read"),
        help_text=_("Languages of reports that they can work on."),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )

    def __init__(self, *args: Any, languages: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["languages"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = languages


class _NameAndLanguages(_Languages):
    """Fields that everybody may change about themselves."""

    name = forms.CharField(
        label=_("Name"),
        max_length=NAME_LETTERS,
        help_text=_("As colleagues see it."),
        widget=forms.TextInput(attrs={"dir": "auto", "autocomplete": "name"}),
    )
    field_order: tuple[str, ...] = ("name", "languages")

    def clean_name(self) -> str:
        """Return the name on one line, without bidirectional control characters."""
        name = tidy_name(str(self.cleaned_data["name"]))
        if not name:
            raise forms.ValidationError(_("This contains no letter. Type the name."), code="required")
        return name


class _Roles(Voiced):
    roles = forms.MultipleChoiceField(
        label=_("Roles"),
        choices=[(role, ROLE_NAMES[role]) for role in ROLES],
        widget=forms.CheckboxSelectMultiple,
    )


class _Countries(Voiced):
    countries = forms.MultipleChoiceField(
        label=_("Countries they work on"),
        help_text=_("Cases of these countries come to them first. None chosen: of every country."),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )

    def __init__(self, *args: Any, countries: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["countries"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = countries
        if len(countries) < 2:  # a single country leaves nothing to choose
            del self.fields["countries"]


class _Password(Voiced):
    password = forms.CharField(
        label=_("First password"),
        min_length=12,
        max_length=128,
        strip=False,
        help_text=_(
            "We generated this one; you can change it. Give it to them by telephone or on paper, not by "
            "e-mail. They choose their own when they sign in."
        ),
        widget=forms.TextInput(
            attrs={
                "autocomplete": "off",
                "autocapitalize": "none",
                "spellcheck": "false",
                "dir": "ltr",
                "class": "mono",
            }
        ),
    )


class AccountForm(_NameAndLanguages, _Countries, _Roles, _Password):
    """A new member of staff."""

    email = forms.EmailField(
        label=_("E-mail address"), help_text=_("They sign in with it."), widget=forms.EmailInput(attrs={"dir": "ltr"})
    )
    field_order = ("name", "email", "roles", "languages", "countries", "password")


class _Leave(Voiced):
    away_from = DayField(
        label=_("Away from"),
        required=False,
        help_text=_("The first day away. Empty: from today."),
        widget=forms.DateInput(attrs={"type": "date"}),
    )
    away_until = DayField(
        label=_("Away until"),
        required=False,
        help_text=_("The first day back. Until then cases in their languages go to others. Empty: they are not away."),
        widget=forms.DateInput(attrs={"type": "date"}),
    )

    def clean(self) -> dict[str, Any]:
        """Check that a leave with a start also has an end, and a later one."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        start, until = given.get("away_from"), given.get("away_until")
        if start and "away_until" not in self.errors and (until is None or start >= until):
            self.add_error("away_until", LEAVE_ENDS)
        return given


class ChangeAccountForm(_NameAndLanguages, _Countries, _Roles, _Leave):
    """The fields of an account that an administrator can change."""

    field_order = ("name", "roles", "languages", "countries", "away_from", "away_until")


class WorkForm(_Languages, _Countries, _Leave):
    """What a supervisor can change about a colleague: which cases they get, and when they are on leave."""

    field_order = ("languages", "countries", "away_from", "away_until")


class OwnAccountForm(_NameAndLanguages):
    """What people can change about their own account."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["languages"].label = _("Languages you read")
        self.fields["languages"].help_text = _("Languages of reports that you can work on.")


class FirstPasswordForm(_Password):
    """A new first password for somebody who has lost theirs."""


class LostFactorForm(Voiced):
    """The account whose second factor is lost."""

    email = forms.EmailField(
        label=_("E-mail address of the account"), widget=forms.EmailInput(attrs={"dir": "ltr", "autocomplete": "off"})
    )
