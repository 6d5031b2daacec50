"""The desk's forms for publishing."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from leeward.blocklist.publishing import labels
from leeward.people.forms.voice import DayField, Voiced

LATIN = {"dir": "ltr", "autocomplete": "off", "spellcheck": "false"}


def _lines(text: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in text.splitlines() if line.strip())


class ContractForm(Voiced):
    """The contract with a subscriber."""

    name = forms.CharField(label=_("Name"), max_length=120, widget=forms.TextInput(attrs={"dir": "auto"}))
    kind = forms.ChoiceField(label=_("Kind"), choices=list(labels.KINDS.items()), widget=forms.RadioSelect)
    contact = forms.CharField(
        label=_("Whom to call if something is wrong"),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"dir": "auto"}),
    )
    lists = forms.MultipleChoiceField(label=_("Lists"), widget=forms.CheckboxSelectMultiple)
    formats = forms.MultipleChoiceField(
        label=_("Formats"),
        choices=list(labels.FORMATS.items()),
        help_text=_("Give the least revealing one that works: hashed before keyed, keyed before plain."),
        widget=forms.CheckboxSelectMultiple,
    )
    is_trusted = forms.BooleanField(
        label=_("May have lists in clear text"),
        required=False,
        help_text=_("Anyone who reads such a file knows where the material is."),
    )
    takes_plain_addresses = forms.BooleanField(
        label=_("Takes exact addresses unencrypted"),
        required=False,
        help_text=_("Only where the contract says so. Otherwise they are encrypted to the certificate below."),
    )
    certificate = forms.CharField(
        label=_("OpenPGP certificate"),
        required=False,
        max_length=200_000,
        widget=forms.Textarea(attrs={"rows": 4, "class": "mono", **LATIN}),
    )
    dns_action = forms.ChoiceField(
        label=_("What resolvers answer"), choices=list(labels.DNS_ACTIONS.items()), widget=forms.RadioSelect
    )
    notify = forms.CharField(
        label=_("Name servers to tell at once"),
        required=False,
        max_length=2000,
        help_text=_("Address and port, one a line, for example 192.0.2.7:53."),
        widget=forms.Textarea(attrs={"rows": 2, "class": "mono", **LATIN}),
    )

    def __init__(self, *args: Any, lists: list[tuple[int, str]], **named: Any) -> None:
        super().__init__(*args, **named)
        field = self.fields["lists"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [(str(pk), title) for pk, title in lists]

    def values(self) -> dict[str, Any]:
        """Return the fields as a Contract takes them."""
        cleaned = dict(self.cleaned_data)
        cleaned["lists"] = [int(pk) for pk in cleaned["lists"]]
        cleaned["notify"] = _lines(cleaned["notify"])
        cleaned.pop("slug", None)
        return cleaned


class NewSubscriberForm(ContractForm):
    """The contract with the short name, which can be chosen only once."""

    slug = forms.CharField(
        label=_("Short name"),
        max_length=40,
        help_text=_("Lower-case letters, digits and hyphens. It never changes: canaries are made from it."),
        widget=forms.TextInput(attrs=LATIN),
    )
    field_order = ("name", "slug", "kind")


class SettingsForm(Voiced):
    """The settings for all lists of the hotline."""

    test_domain = forms.CharField(
        label=_("Name for test entries"),
        required=False,
        max_length=200,
        help_text=_(
            "A name that you own. Each list blocks one harmless name below it, so that anybody can check that it works."
        ),
        widget=forms.TextInput(attrs=LATIN),
    )
    canary_domains = forms.CharField(
        label=_("Names for canaries"),
        required=False,
        max_length=2000,
        help_text=_("One a line. Each subscriber’s copy holds harmless names below them that no other copy holds."),
        widget=forms.Textarea(attrs={"rows": 3, "class": "mono", **LATIN}),
    )
    zone_suffix = forms.CharField(
        label=_("Name of the zones"),
        required=False,
        max_length=200,
        help_text=_(
            "A list’s zone is called by the list’s name and this one, for example national.rpz.hotline.example."
        ),
        widget=forms.TextInput(attrs=LATIN),
    )
    primary_name = forms.CharField(
        label=_("Name of the name server"), required=False, max_length=200, widget=forms.TextInput(attrs=LATIN)
    )
    mailbox_name = forms.CharField(
        label=_("Mail address in the zones"), required=False, max_length=200, widget=forms.TextInput(attrs=LATIN)
    )
    stop_name = forms.CharField(
        label=_("Host of the stop page"), required=False, max_length=200, widget=forms.TextInput(attrs=LATIN)
    )
    stop_addresses = forms.CharField(
        label=_("Addresses of the stop page"),
        required=False,
        max_length=1000,
        help_text=_("IPv4 and IPv6, one a line."),
        widget=forms.Textarea(attrs={"rows": 2, "class": "mono", **LATIN}),
    )
    gives_networks = forms.BooleanField(
        label=_("Give out IP addresses"),
        required=False,
        help_text=_(
            "Not recommended: everything else at the address is blocked too. Shared addresses "
            "and content networks are left out."
        ),
    )

    def values(self) -> dict[str, Any]:
        """Return the fields as the settings take them."""
        cleaned = dict(self.cleaned_data)
        for name in ("canary_domains", "stop_addresses"):
            cleaned[name] = _lines(cleaned[name])
        return cleaned


class EvidenceForm(Voiced):
    """A dated record that a commitment is kept."""

    commitment = forms.ChoiceField(
        label=_("Commitment"), choices=list(labels.COMMITMENTS.items()), widget=forms.RadioSelect
    )
    on = DayField(label=_("Day"), widget=forms.DateInput(attrs={"type": "date", "class": "short"}))
    seen = forms.CharField(
        label=_("Evidence seen"), max_length=500, widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"})
    )
    source = forms.CharField(
        label=_("Where it can be checked"),
        max_length=300,
        required=False,
        widget=forms.TextInput(attrs={"dir": "auto"}),
    )
