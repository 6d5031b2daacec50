"""Texts as people enter them: kept whole, or refused."""

from leeward.foundation.errors import TextTooLong


def whole(text: str, most: int) -> str:
    """Return an entered text as it is stored: all of it, without space around it and NUL, which no keyboard types and no
    database takes. The end of a line is one character, as in the browser's field. Raises TextTooLong."""
    kept = text.replace("\r\n", "\n").replace("\0", "").strip()
    if len(kept) > most:
        raise TextTooLong(kept, most)
    return kept
