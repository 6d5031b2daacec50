"""Cells of a list that a spreadsheet will open: none of them may be run as a formula. Pure."""

from leeward.foundation.patterns import Pattern

# What a spreadsheet takes for the start of a formula, also after blanks or in its wide form, and what would break a line.
_STARTS = Pattern(r"^[\s\ufeff]*[=+\-@\uff1d\uff0b\uff0d\uff20\t\r]")
_UNSEEN = Pattern(r"[\x00-\x1f\x7f\u2028\u2029]+")


def cell(value: object) -> str:
    """A value as it may stand in a cell: one line, and with an apostrophe before whatever could be a formula."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    text = _UNSEEN.sub(" ", str(value))
    return f"'{text}" if _STARTS.match(text) or _STARTS.match(str(value)) else text
