"""What looks like content instead of a statement about it: a line that holds any is refused. Pure.

A provider states addresses, times, accounts and hashes. Pictures, films and encoded files are never taken, whatever the law lets
a provider send to others.
"""

from leeward.foundation.patterns import Pattern

LONGEST_WORD = 256
"""A run of so many letters and digits is no word of any language; a SHA-512 in hexadecimal digits has 128."""
_RUN = Pattern(rf"[A-Za-z0-9+/=_\-]{{{LONGEST_WORD}}}")
_EMBEDDED = Pattern(r"(?i)data:[a-z0-9.+\-]{0,60}/?[a-z0-9.+\-]{0,60}[;,]")
# How files of pictures and films begin, in base 64.
_BEGINNINGS = (
    "/9j/",
    "iVBORw0KGgo",
    "R0lGOD",
    "UklGR",
    "AAAAIGZ0eX",
    "AAAAHGZ0eX",
    "AAAAGGZ0eX",
    "GkXfo",
    "JVBERi0",
    "UEsDB",
)
NAMES = frozenset(
    {
        "content", "contents", "image", "images", "picture", "pictures", "photo", "photos", "video", "videos", "data", "file_content",
        "base64", "bytes", "body", "attachment", "attachments", "thumbnail", "thumbnails", "preview", "media",
    }
)  # fmt: skip
"""Fields under which programs send files."""


def is_content_name(name: str) -> bool:
    """Return whether a field of this name would hold a file."""
    return name.casefold() in NAMES


def is_content(text: str) -> bool:
    """Return whether a text looks like a file: embedded, encoded, or beginning like one."""
    if text.startswith(_BEGINNINGS) and " " not in text:
        return True
    return (len(text) >= LONGEST_WORD and _RUN.search(text) is not None) or has_embedded(text)


def has_embedded(text: str) -> bool:
    """Return whether a text holds an embedded file (`data:`); addresses are asked only this, since they may be long."""
    return ("ata:" in text and _EMBEDDED.search(text) is not None) or (
        "ATA:" in text and _EMBEDDED.search(text) is not None
    )
