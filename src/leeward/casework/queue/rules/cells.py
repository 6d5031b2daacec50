"""Cells of a list that a spreadsheet will open, made safe from running as formulas. Pure."""

from leeward.foundation.patterns import Pattern

# Whatever a spreadsheet reads as the start of a formula, also after white space or in full-width form, and whatever
# would break a line.
_STARTS = Pattern(r"^[\s\ufeff]*[=+\-@\uff1d\uff0b\uff0d\uff20\t\r]")
_UNSEEN = Pattern(r"[\x00-\x1f\x7f\u2028\u2029]+")


def cell(value: object) -> str:
    """Return a value safe for a cell: on one line, with an apostrophe before anything that could be a formula."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    text = _UNSEEN.sub(" ", str(value))
    return f"'{text}" if _STARTS.match(text) or _STARTS.match(str(value)) else text
