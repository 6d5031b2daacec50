"""File names: they may contain any bytes, and may be malicious. Pure."""

import json
from collections.abc import Callable, Mapping
from typing import Any


def shown(text: str) -> str:
    """Return text that is safe for a terminal: a name can't move its cursor, colour its lines or reverse them.
    Unprintable characters and bytes that aren't text are escaped."""
    return "".join(letter if letter.isprintable() else _written_out(letter) for letter in text)


def _written_out(letter: str) -> str:
    byte = ord(letter) - 0xDC00  # how Python represents bytes that aren't text
    return f"\\x{byte:02x}" if 0x80 <= byte <= 0xFF else letter.encode("unicode_escape").decode()


def json_row(row: Mapping[str, Any], default: Callable[[object], object] | None = None) -> str:
    """Return a row as JSON that can be written as UTF-8; a name that isn't text keeps its bytes as `\\udcNN`, as Python
    reads them back."""
    line = json.dumps(row, ensure_ascii=False, default=default)
    return line if _is_text(line) else json.dumps(row, default=default)


def _is_text(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
