"""What the categories of other organisations' lists mean here: one table for each kind of list, with no guesses. Pure.

A category that no table maps stops the import until a person says what it means.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from leeward.foundation.errors import BadInput
from leeward.foundation.lazy_text import LazyText as _
from leeward.hashbank.rules.labels import facts_of_label
from leeward.hashbank.rules.standing import CONFIRM, DISPUTE, HARMLESS, NOT_ILLEGAL

LEAVE_OUT = "leave_out"
MEANINGS = (CONFIRM, NOT_ILLEGAL, HARMLESS, DISPUTE, LEAVE_OUT)
"""What a category can mean: a verdict, or that its entries are left out."""
NAMES = {
    "illegal": CONFIRM,
    "not-illegal": NOT_ILLEGAL,
    "harmless": HARMLESS,
    "disputed": DISPUTE,
    "leave-out": LEAVE_OUT,
}
"""The same, as typed in a command."""
KEPT_HERE = frozenset({"red", "amber"})
"""Sharing levels of which nothing may leave this hotline."""
STRICTER = ("", "amber", "red")
"""Sharing levels, from the least to the most restrictive."""
SHARE_LEVELS = {"WHITE": "", "GREEN": "", "AMBER": "amber", "RED": "red"}
MOST_CATEGORIES = 200


@dataclass(frozen=True, slots=True)
class Meaning:
    """The meaning of a category: a verdict or LEAVE_OUT, and the facts it states."""

    what: str
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Profile:
    """A kind of list: its categories and their meaning. `reads_labels`: its table has the category in the column
    `label`.
    """

    name: str
    categories: Mapping[str, Meaning]
    reads_labels: bool = False

    def meaning(self, category: str) -> Meaning | None:
        """Return the meaning of a category; None where nobody has said."""
        return self.categories.get(category)


def _industry(label: str) -> Meaning:
    return Meaning(CONFIRM, facts_of_label("industry", label))


def _british(label: str) -> Meaning:
    return Meaning(CONFIRM, facts_of_label("uk", label))


WITHOUT_TABLE = "vics-other"
_OUT = Meaning(LEAVE_OUT)
_ALL = (
    Profile("own", {}),
    Profile(
        "vics",
        {
            "0": _OUT,  # not categorised
            "1": Meaning(CONFIRM),  # child abuse material
            "2": _OUT,  # exploitive but no child abuse material, or the age is hard to tell
            "3": Meaning(CONFIRM, {"medium": "drawing"}),  # computer-generated or animated
            "4": _OUT,  # for comparison
            "5": Meaning(NOT_ILLEGAL),  # not pertinent
        },
    ),
    Profile("vics-gb", {"0": _OUT, "1": _british("A"), "2": _british("B"), "3": _british("C")}),
    Profile(WITHOUT_TABLE, {"0": _OUT}),
    Profile(
        "interpol",  # the scale of INTERPOL's baseline; chosen by a person, since no format names it
        {
            "1": Meaning(CONFIRM, {"pubertal_stage": "prepubescent"}),  # baseline
            "2": Meaning(CONFIRM),  # illegal by the law of the country that made the list
            "3": _OUT,  # belongs to a series, not illegal in itself
            "4": Meaning(NOT_ILLEGAL),  # any other lawful material
        },
    ),
    Profile("ncmec", {label: _industry(label) for label in ("A1", "A2", "B1", "B2")}),
    Profile(
        "threatexchange",
        {
            "MALICIOUS": Meaning(CONFIRM),
            "NON_MALICIOUS": Meaning(NOT_ILLEGAL),
            "SUSPICIOUS": _OUT,
            "UNKNOWN": _OUT,
        },
    ),
    Profile(
        "threatexchange-csv",
        {
            "POSITIVE_CLASS": Meaning(CONFIRM),
            "NEGATIVE_CLASS": Meaning(NOT_ILLEGAL),
            "INVESTIGATION_SEED": _OUT,
            "DISPUTED": Meaning(DISPUTE),
        },
    ),
    Profile("iwf", {label: _british(label) for label in ("A", "B", "C")}, reads_labels=True),
)
PROFILES = {one.name: one for one in _ALL}
_VICS_COUNTRIES = {"US": "vics", "GB": "vics-gb", "UK": "vics-gb"}


def vics_profile(country: str) -> str:
    """Return the profile of a VICS file that names this country. A file that names none, or one without a table, gets
    one with no mappings.
    """
    return _VICS_COUNTRIES.get(country.upper(), WITHOUT_TABLE)


def profile_with(name: str, meanings: Mapping[str, str]) -> Profile:
    """Return a profile extended by a person's mappings; raises BadInput."""
    if name not in PROFILES:
        raise BadInput(
            what=_("The profile %(name)s", name=repr(name[:30])),
            why=_("it is not one of %(known)s", known=", ".join(PROFILES)),
        )
    for category, what in meanings.items():
        if what not in MEANINGS:
            raise BadInput(
                what=_("The category %(name)s", name=repr(category[:30])),
                why=_("its meaning is not one of %(known)s", known=", ".join(NAMES)),
            )
    own = PROFILES[name]
    stated = {category: Meaning(what, _facts(own, category, what)) for category, what in meanings.items()}
    return Profile(name, {**own.categories, **stated}, own.reads_labels)


def _facts(profile: Profile, category: str, what: str) -> Mapping[str, Any]:
    known = profile.categories.get(category)
    return known.facts if known is not None and known.what == what else {}


def categories_with_meanings(counts: Counter[str], profile: Profile) -> dict[str, dict[str, Any]]:
    """Return every category with its number of entries and its meaning ("" for unmapped)."""
    return {
        category: {"count": count, "means": meaning.what if (meaning := profile.meaning(category)) else ""}
        for category, count in sorted(counts.items())
    }


def unmapped(counts: Iterable[str], profile: Profile) -> list[str]:
    """Return the categories that nobody has mapped."""
    return sorted(category for category in counts if profile.meaning(category) is None)
