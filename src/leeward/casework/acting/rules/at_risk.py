"""What may be written to a child-protection office about a child: no address of material, no hash, nothing by which a reporter
could be found. Pure."""

from collections.abc import Collection
from typing import Literal
from unicodedata import category, decimal, normalize

from leeward.foundation.patterns import Pattern

Fault = Literal["", "missing", "long", "address", "hash", "reporter"]
MOST_WORDS = 3000
# A number is recognised by its digits, however it is written; shorter ones would be in any date.
LEAST_DIGITS = 6
# By these at its end, too: people leave out the country, or write 0 for it.
LOCAL_DIGITS = 7
_ADDRESS = Pattern(r"://|www\.|magnet:|ed2k:|\.onion", ignore_case=True)
_HASH = Pattern(r"[0-9A-Fa-f]{32}")
# A dot or a colon that somebody made harmless, as in pictures[.]example.
_DEFANGED = Pattern(r"[\[({]\s*([.:])\s*[\])}]")


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
    folded = _folded(text)
    if _ADDRESS.search(folded) or any(_folded(place) in folded for place in places if place):
        return "address"
    if _HASH.search(folded):
        return "hash"
    digits = _digits(folded)
    if any(_names(one, folded, digits) for one in reporters):
        return "reporter"
    return ""


def _folded(text: str) -> str:
    """Return a text as it is read: without signs that nobody sees, and in the plain form of letters and dots."""
    seen = "".join(one for one in normalize("NFKC", text) if category(one) != "Cf")
    return _DEFANGED.sub(lambda match: match[1], seen).casefold()


def _names(reporter: str, folded: str, digits: str) -> bool:
    """Return whether a text names how a reporter can be reached: all of it, an e-mail address in it, or its number."""
    whole = _folded(reporter).strip()
    pieces = whole.replace(",", " ").replace(";", " ").split()
    mails = [one.strip("<>()") for one in pieces if "@" in one]
    number = _digits("".join(one for one in pieces if "@" not in one))
    is_number = len(number) >= LEAST_DIGITS
    return bool(whole) and (
        whole in folded or any(one in folded for one in mails) or (is_number and number[-LOCAL_DIGITS:] in digits)
    )


def _digits(text: str) -> str:
    return "".join(str(decimal(one)) for one in text if one.isdecimal())
