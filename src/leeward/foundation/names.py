"""Names of files: any bytes may stand in them, and whoever gave them may wish the reader ill. Pure."""

import json
from collections.abc import Callable, Mapping
from typing import Any


def shown(text: str) -> str:
    """Text for a terminal: a name must not move its cursor, colour its lines or turn them round. What can't be printed, and bytes
    that are no text, are written out."""
    return "".join(letter if letter.isprintable() else _written_out(letter) for letter in text)


def _written_out(letter: str) -> str:
    byte = ord(letter) - 0xDC00  # how Python carries bytes that are no text
    return f"\\x{byte:02x}" if 0x80 <= byte <= 0xFF else letter.encode("unicode_escape").decode()


def json_row(row: Mapping[str, Any], default: Callable[[object], object] | None = None) -> str:
    """A row as JSON that can be written as UTF-8; a name that is no text keeps its bytes as `\\udcNN`, as Python reads them back."""
    line = json.dumps(row, ensure_ascii=False, default=default)
    return line if _is_text(line) else json.dumps(row, default=default)


def _is_text(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
