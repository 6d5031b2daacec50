"""Words for values of a spread, and why there is no number; translated where they are shown."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.utils.dates import MONTHS
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from leeward.blocklist.labels import ENDINGS
from leeward.casework.assessment.labels import ANSWERS
from leeward.casework.labels import OUTCOMES, REPORT_KINDS
from leeward.casework.quality.labels import ENDS
from leeward.indicators.definitions import DEFINITIONS
from leeward.indicators.rules.cells import TABLES
from leeward.indicators.rules.formulas import (
    COUNT,
    HIDDEN,
    NO_DATA,
    NOTHING_TO_DIVIDE,
    ROUNDED,
    SPREAD,
    TOO_FEW,
    TOO_FEW_WATCHED,
    Definition,
    Figure,
)
from leeward.intake.labels import SOURCES
from leeward.people.queries import country_names, own_name

WHY = {
    HIDDEN: _("not shown"),
    NO_DATA: _("no data"),
    NOTHING_TO_DIVIDE: _("nothing to divide by"),
    TOO_FEW: _("too few for a median"),
    TOO_FEW_WATCHED: _("too few were watched so long"),
}
# A sign that every language knows, before a rounded number.
ABOUT = "≈"
ROUNDED_NOTE = _("A number after “≈” is rounded to a multiple of 5, up or down: the true one is at most 4 away.")
UNITS = {
    "reports": _("reports"),
    "cases": _("cases"),
    "%": _("%"),
    "hours": _("hours"),
    "people": _("people"),
    "subscribers": _("subscribers"),
    "appeals": _("requests"),
    "addresses": _("addresses"),
}
HOURS = {
    "24": _("less than 24 hours"),
    "48": _("24 to 48 hours"),
    "72": _("48 to 72 hours"),
    "168": _("3 to 7 days"),
    "longer": _("7 days or longer"),
    "never": _("not until now"),
}
_NEVER = HOURS["never"]
URGENT = {
    "1": _("less than an hour"),
    "4": _("1 to 4 hours"),
    "24": _("4 to 24 hours"),
    "longer": _("24 hours or longer"),
    "never": _NEVER,
}
LISTED = {
    "168": _("less than 7 days"),
    "720": _("7 to 30 days"),
    "2160": _("30 to 90 days"),
    "longer": _("90 days or longer"),
    "never": _NEVER,
}
STILL_UP = {
    "24": _("after 24 hours"),
    "48": _("after 48 hours"),
    "72": _("after 72 hours"),
    "168": _("after 7 days"),
}
BLOCKED = {"approved": _("Still blocked"), "suspended": _("Suspended"), "removed": _("Taken off"), **ENDINGS}
LAW_BANDS = {
    "0": _("no criterion met"),
    "1-3": _("1 to 3 of 5 met"),
    "4-5": _("4 or 5 of 5 met"),
    "unknown": _("law not known"),
}
FAULTS = {
    "series": _("nobody counts this here"),
    "year": _("the year must be from 1990 to this one"),
    "half": _("say which half of the year it is, where halves are counted, and no half elsewhere"),
    "number": _("the number must be from 0 to 10,000,000,000"),
    "source": _("say in up to 300 characters where it comes from"),
    "source_date": _("the day of the source must be in that year or later, and not after today"),
}
MOST_NAMES = 20
HALVES = {"h1": _("January to June"), "h2": _("July to December")}
_WORDS: dict[str, Mapping[str, object]] = {
    "reports_by_channel": SOURCES,
    "reports_by_kind": REPORT_KINDS,
    "cases_by_outcome": {**OUTCOMES, "open": _("Not decided yet")},
    "illegal_by_site": ANSWERS["site_type"],
    "illegal_by_age": ANSWERS["age_band"],
    "illegal_by_sex": ANSWERS["sex"],
    "illegal_by_medium": ANSWERS["medium"],
    "illegal_by_victim": ANSWERS["victim"],
    "still_up": STILL_UP,
    "still_up_at_least": STILL_UP,
    "still_up_at_most": STILL_UP,
    "urgent_passed_times": URGENT,
    "blocked_times": LISTED,
    "appeals_by_outcome": ENDS,
    "provider_reports_by_priority": {"unknown": _("None given")},
    "blocked_by_state": BLOCKED,
    "ncmec_referrals": HALVES,
    "illegal_by_host": {"unknown": _("Unknown")},
    "illegal_by_registrar": {"unknown": _("Unknown")},
}

# The chapters of a year on its public page, by name; each drawn indicator stands in one.
CHAPTERS: dict[str, tuple[object, tuple[str, ...]]] = {
    "reported": (
        _("What was reported"),
        ("reports_by_month", "reports_by_channel", "reports_by_kind", "reports_by_language", "cases_by_month"),
    ),
    "illegal": (
        _("Illegal cases"),
        (
            *("cases_by_outcome", "illegal_by_country", "illegal_by_site", "illegal_by_age", "illegal_by_sex"),
            *("illegal_by_medium", "illegal_by_victim"),
        ),
    ),
    "times": (
        _("Times"),
        (
            *("first_assessment_times", "police_told_times", "host_told_times", "removal_times", "still_up"),
            *("removal_times_by_law", "urgent_passed_times", "peers_answered_times"),
        ),
    ),
    "reviews": (_("Requests for review"), ("appeals_by_outcome", "appeals_answered_times")),
    "providers": (_("Reports of providers"), ("provider_reports_by_priority",)),
    "blocking": (_("Blocking"), ("blocked_by_state", "blocked_times")),
}


def value_label(name: str, of: str) -> str:
    """Return the label of a value of a spread, in the reader's language."""
    if name.endswith("_by_month"):
        return str(MONTHS[int(of)])
    if name == "removal_times_by_law":
        band, _colon, end = of.partition(":")
        return f"{LAW_BANDS.get(band, band)}: {HOURS.get(end, end)}"
    if name.endswith("_times") and name not in _WORDS:
        return str(HOURS.get(of, of))
    if name == "reports_by_language":
        return own_name(of)
    if name == "illegal_by_country":
        return country_names().get(of) or (str(_("Unknown")) if of == "unknown" else of)
    words = str(_WORDS.get(name, {}).get(of, of))
    return capfirst(words) if name == "blocked_by_state" else words


def table_title(name: str) -> str:
    """Return what a table, or a cell that stands alone, is called: as the indicator that shows it, else as one that is about it, or
    about what it is a part of."""
    about = [one.title for one in DEFINITIONS if name in {of.strip("-").partition(":")[0] for of in one.of}]
    whole = [one.title for one in DEFINITIONS if one.of == (name,) and one.how in (SPREAD, COUNT)]
    above = [table_title(table.whole.partition(":")[0]) for table in TABLES if table.name == name and not about]
    return str(next(iter((*whole, *about, *above)), name))


def number_in_words(one: Figure) -> float | str | None:
    """Return a figure’s number as pages show it."""
    return f"{ABOUT} {one.number}" if one.why == ROUNDED else one.number


def in_words(definition: Definition, figures: Iterable[Figure]) -> dict[str, Any]:
    """Return an indicator in words for a page: with each figure’s label, number, and why there is none. Of hosts and registrars, the
    largest; how many more there are is `more`. `rounded`: what to know where some are."""
    found = list(figures)
    more = 0 if definition.is_public else max(0, len(found) - MOST_NAMES)
    found = found[: len(found) - more]
    return {
        "one": definition,
        "unit": UNITS[definition.unit],
        "is_spread": definition.is_drawn,
        "more": more,
        "rows": [
            (value_label(one.name, one.of) if one.of else "", number_in_words(one), WHY.get(one.why, ""))
            for one in found
        ],
        "rounded": ROUNDED_NOTE if any(one.why == ROUNDED for one in found) else "",
        "sources": [
            *dict.fromkeys((one.source, date.fromisoformat(one.source_date)) for one in found if one.source_date)
        ],
    }
