"""Forms of the desk: an entry, its review, a card."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from leeward.awareness.labels import AUDIENCES, CRITERIA_WORDS, FORMS, SIZES, TOPICS
from leeward.awareness.queries import languages
from leeward.awareness.rules.cards import MOST_CODE
from leeward.awareness.rules.entries import (
    MOST_ADDRESS,
    MOST_LICENCE,
    MOST_PUBLISHER,
    MOST_SOURCE,
    MOST_TITLE,
    EntryDetails,
    read_entry,
)
from leeward.awareness.rules.sheet import COLUMNS
from leeward.awareness.rules.vocabulary import CRITERIA, OLDEST, YOUNGEST
from leeward.people.forms.voice import Voiced

_AGE = {"class": "short", "inputmode": "numeric"}


class EntryForm(Voiced):
    """An entry of the catalogue."""

    title = forms.CharField(label=_("Title"), max_length=MOST_TITLE)
    publisher = forms.CharField(label=_("Publisher"), max_length=MOST_PUBLISHER, required=False)
    address = forms.CharField(
        label=_("Web address"),
        max_length=MOST_ADDRESS,
        widget=forms.URLInput(attrs={"dir": "ltr", "autocomplete": "off"}),
    )
    audiences = forms.MultipleChoiceField(
        label=_("For whom"),
        help_text=_("None chosen: for everybody."),
        choices=list(AUDIENCES.items()),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    age_from = forms.IntegerField(
        label=_("From age"),
        min_value=YOUNGEST,
        max_value=OLDEST,
        required=False,
        widget=forms.NumberInput(attrs=_AGE),
    )
    age_to = forms.IntegerField(
        label=_("To age"), min_value=YOUNGEST, max_value=OLDEST, required=False, widget=forms.NumberInput(attrs=_AGE)
    )
    topics = forms.MultipleChoiceField(
        label=_("About what"), choices=list(TOPICS.items()), widget=forms.CheckboxSelectMultiple, required=False
    )
    languages = forms.CharField(
        label=_("Languages"), help_text=_("Their codes, for example: en fr"), max_length=300, required=False
    )
    form = forms.ChoiceField(label=_("Kind"), choices=list(FORMS.items()))
    licence = forms.CharField(label=_("Licence"), max_length=MOST_LICENCE, required=False)
    source = forms.CharField(label=_("Where you read of it"), max_length=MOST_SOURCE, required=False)

    def clean(self) -> dict[str, Any]:
        """Read it as an import would; what that refuses stands above the form."""
        values = super().clean() or {}
        if not self.errors:
            cells = {name: _cell(values.get(name)) for name in COLUMNS}
            values["details"], faults = read_entry(cells, languages())
            for fault in faults:
                self.add_error(None, str(fault))
        return values

    @staticmethod
    def of(details: EntryDetails) -> dict[str, Any]:
        """Return the values of an entry for the fields."""
        found = {name: getattr(details, name) for name in COLUMNS}
        return found | {"languages": " ".join(details.languages)}


def _cell(value: object) -> str:
    if isinstance(value, list):
        return " ".join(value)
    return "" if value is None else str(value)


class ReviewForm(Voiced):
    """Each criterion, answered with yes or no."""

    note = forms.CharField(
        label=_("Note"),
        help_text=_("Needed if you refuse it. Visitors don’t see it."),
        max_length=400,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in CRITERIA:
            self.fields[name] = forms.ChoiceField(
                label=CRITERIA_WORDS[name], choices=[("yes", _("Yes")), ("no", _("No"))], widget=forms.RadioSelect
            )
        self.order_fields([*CRITERIA, "note"])

    @property
    def answers(self) -> dict[str, bool]:
        """Return the answers, after validation."""
        return {name: self.cleaned_data[name] == "yes" for name in CRITERIA}


class PartnerForm(Voiced):
    """Another's catalogue that is to be read."""

    name = forms.CharField(label=_("Name"), max_length=MOST_PUBLISHER)
    address = forms.CharField(
        label=_("Web address"),
        max_length=MOST_ADDRESS,
        widget=forms.URLInput(attrs={"dir": "ltr", "autocomplete": "off"}),
    )
    form = forms.ChoiceField(
        label=_("Kind"), choices=[("feed", _("JSON feed or JSON-LD")), ("oai", _("OAI-PMH repository"))]
    )


class CardForm(Voiced):
    """A card, leaflet or poster of a portal."""

    portal = forms.ChoiceField(label=_("Portal"))
    language = forms.ChoiceField(label=_("Language"))
    size = forms.ChoiceField(label=_("Size"), choices=list(SIZES.items()))
    code = forms.CharField(
        label=_("Address in the code"),
        help_text=_("Empty: the portal’s own. At most %(most)s characters, so that a phone can read it from paper.")
        % {"most": MOST_CODE},
        required=False,
        widget=forms.TextInput(attrs={"dir": "ltr", "autocomplete": "off"}),
    )

    def __init__(self, *args: Any, portals: list[tuple[str, str]], tags: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["portal"].choices = portals  # type: ignore[attr-defined]
        self.fields["language"].choices = tags  # type: ignore[attr-defined]
