"""Form input: answers to notices and referrals, and contacts."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext_lazy as _

from leeward.foundation.days import read_day
from leeward.installation.queries import config_now
from leeward.notices.errors import DayUnclear
from leeward.notices.models import CONTACT_KINDS
from leeward.notices.queries.labels import CONTACT_KINDS as KIND_WORDS
from leeward.notices.queries.labels import SERVICES
from leeward.notices.rules.answers import last_whole_day, needs_detail
from leeward.notices.rules.name_acts import answers_for
from leeward.notices.services import Given
from leeward.notices.services.answers import MOST_DETAIL
from leeward.people.forms.voice import month_names

CHOICES = [
    ("acknowledged", _("We have this message")),
    ("removed", _("It is removed")),
    ("moved", _("It has moved")),
    ("disputed", _("We disagree")),
    ("wrong_contact", _("Somebody else is in charge")),
]
ABOUT_NAMES = {
    "acknowledged": _("We have this message"),
    "suspended": _("The name is suspended"),
    "provided": _("The data were asked for and provided"),
    "corrected": _("The data were confirmed or corrected"),
    "declined": _("We will not act on it"),
}


def choices_for(kind: str) -> list[tuple[str, object]]:
    """Return the answers that the page of a notice of this kind offers."""
    return [(answer, ABOUT_NAMES[answer]) for answer in answers_for(kind)] or [*CHOICES]


@dataclass(frozen=True, slots=True)
class Filled:
    """The submitted values for one address, kept so that the form can be shown again if something is missing."""

    item_id: int
    answer: str
    detail: str
    error: str = ""


def read_answers(sent: Mapping[str, str], item_ids: list[int], *, allowed: Collection[str]) -> list[Filled]:
    """Return the answer for each address of a page; the answer for all applies to addresses without one of their own."""
    for_all = sent.get("all", "")
    filled = []
    for item_id in item_ids:
        answer = sent.get(f"answer-{item_id}", "") or for_all
        answer = answer if answer in allowed else ""
        detail = sent.get(f"detail-{item_id}", "")
        missing = needs_detail(answer) and not detail.strip()
        error = str(_("Write where it moved to, or why you disagree.")) if missing else ""
        filled.append(Filled(item_id, answer, detail, too_long(detail, MOST_DETAIL) or error))
    return filled


def too_long(text: str, most: int) -> str:
    """Return a message about a text that is longer than can be stored, else ""; nothing is ever cut off. The end of a line is one character,
    as in the browser's field."""
    length = len(text.replace("\r\n", "\n"))
    sentence = _("This is %(number)s characters long, and %(most)s is the most we can take. Shorten it.")
    return str(sentence) % {"number": length, "most": most} if length > most else ""


def answered_ids(sent: Mapping[str, str], most: int) -> list[int]:
    """Return the addresses that a form was submitted for, up to a limit."""
    found = (name.removeprefix("answer-") for name in sent if name.startswith("answer-"))
    return [int(one) for one in found if one.isascii() and one.isdecimal() and len(one) <= 18][:most]


def given(filled: list[Filled]) -> list[Given]:
    """Return the answers that were chosen."""
    return [Given(one.item_id, one.answer, one.detail) for one in filled if one.answer]


def end_of_day(typed: str, zone: str) -> datetime | None:
    """Return the end of a day in a portal's time zone, as a browser sends it or, where that has no calendar, as somebody typed it; None
    where nothing is or no time is that late. Raises DayUnclear."""
    if not typed.strip():
        return None
    day = read_day(typed, month_names())
    if day is None:
        raise DayUnclear(day=typed.strip()[:40])
    try:
        return datetime.combine(day, time(23, 59, 59), tzinfo=ZoneInfo(zone)).astimezone(UTC)
    except OverflowError:
        return None


def last_day(now: datetime, held_since: datetime | None, zone: str) -> date:
    """Return the last day until which a hold can be placed now."""
    return last_whole_day((held_since or now) + timedelta(days=config_now().hold_most_days), ZoneInfo(zone))


OF_A_COUNTRY = ("police", "protection", "hotline", "fiu", "registry")


class ContactForm(forms.Form):
    """A contact in the directory."""

    kind = forms.ChoiceField(label=_("Task"), choices=[(kind, KIND_WORDS[kind]) for kind in CONTACT_KINDS])
    service = forms.ChoiceField(
        label=_("What kind of office"),
        choices=[("", _("Not known")), *SERVICES.items()],
        help_text=_("Only for child protection."),
        required=False,
    )
    country = forms.RegexField(
        r"^[A-Za-z]{2}$",
        label=_("Country"),
        help_text=_("Two letters, for example JM. Police, child protection and hotlines need it."),
        required=False,
        max_length=2,
    )
    name = forms.CharField(label=_("Name"), required=False, max_length=120)
    email = forms.CharField(label=_("E-mail"), max_length=254)
    languages = forms.CharField(
        label=_("Languages"),
        help_text=_("Language tags, the preferred one first: “fr en”."),
        required=False,
        max_length=60,
    )
    retired = forms.BooleanField(
        label=_("No longer in use"),
        help_text=_("Nothing is sent there, unless a portal has this address for its police."),
        required=False,
    )

    wants_xarf = forms.BooleanField(
        label=_("Wants X-ARF reports"),
        help_text=_(
            "For abuse desks that ask for it: each notice covers one address and carries, beside the "
            "text, a report that programs can read. The report names the class of the material if that "
            "is certain; it holds no evidence."
        ),
        required=False,
    )

    def clean(self) -> dict[str, object]:
        """Require a country for police, child protection and hotlines, since they are looked up by country."""
        values = super().clean() or {}
        if values.get("kind") in OF_A_COUNTRY and not values.get("country"):
            self.add_error("country", _("Write the two letters of the country."))
        elif values.get("kind") not in OF_A_COUNTRY:
            values["country"] = ""
        return values

    def clean_languages(self) -> tuple[str, ...]:
        """Return the language tags as entered, without duplicates."""
        return tuple(dict.fromkeys(self.cleaned_data["languages"].replace(",", " ").split()))[:5]
