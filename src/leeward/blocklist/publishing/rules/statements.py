"""The texts that are signed: a few short lines that anybody can reproduce and check.

Each text has six lines, each with a line break. A publication's states what was decided; a copy's states which bytes
belong to it.
"""

from datetime import datetime

ALGORITHM = "Ed25519"


def publication_text(*, list_name: str, serial: int, at: datetime, entries: int, sha256: str) -> bytes:
    """Return the text that is signed for a publication; `sha256` is that of its entries."""
    return _lines("leeward-list-publication 1", list_name, serial, at.isoformat(), entries, sha256)


def copy_text(*, list_name: str, form: str, serial: int, since: int | None, sha256: str) -> bytes:
    """Return the text that is signed for a subscriber's copy; `sha256` is that of its bytes, `since` is 0 for a whole
    list.
    """
    return _lines("leeward-list-copy 1", list_name, form, serial, since or 0, sha256)


def _lines(*values: object) -> bytes:
    return "".join(f"{value}\n" for value in values).encode()
