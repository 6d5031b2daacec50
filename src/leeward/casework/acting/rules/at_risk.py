"""What may be written to a child-protection office about a child: no address of material, no hash, nothing by which a reporter
could be found. Pure."""

from collections.abc import Collection
from typing import Literal

from leeward.foundation.patterns import Pattern

Fault = Literal["", "missing", "long", "address", "hash", "reporter"]
MOST_WORDS = 3000
# A number is recognised by its digits, however it is written; shorter ones would be in any date.
LEAST_DIGITS = 6
_ADDRESS = Pattern(r"://|www\.|magnet:|ed2k:|\.onion", ignore_case=True)
_HASH = Pattern(r"[0-9A-Fa-f]{32}")


def fault_of(child: str, place: str, *, places: Collection[str], reporters: Collection[str]) -> Fault:
    """Return why this can't be sent, or "". `places`: where the material is; `reporters`: how those who reported it said that
    they can be reached."""
    if not child.strip():
        return "missing"
    for text in (child, place):
        found = _fault_in(text, places, reporters)
        if found:
            return found
    return ""


def _fault_in(text: str, places: Collection[str], reporters: Collection[str]) -> Fault:
    if len(text) > MOST_WORDS:
        return "long"
    folded = text.casefold()
    if _ADDRESS.search(text) or any(place.casefold() in folded for place in places if place):
        return "address"
    if _HASH.search(text):
        return "hash"
    digits = _digits(text)
    if any(_names(one, folded, digits) for one in reporters):
        return "reporter"
    return ""


def _names(reporter: str, folded: str, digits: str) -> bool:
    number = _digits(reporter)
    is_number = len(number) >= LEAST_DIGITS and "@" not in reporter
    return bool(reporter.strip()) and (reporter.strip().casefold() in folded or (is_number and number in digits))


def _digits(text: str) -> str:
    return "".join(one for one in text if one.isdecimal())
