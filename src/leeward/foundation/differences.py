"""Two versions of a text, compared line by line."""

import difflib
from typing import Literal

Sign = Literal["same", "gone", "new"]
_SIGNS: dict[str, Sign] = {"  ": "same", "- ": "gone", "+ ": "new"}


def differences(before: str, after: str) -> list[tuple[Sign, str]]:
    """Return the lines of two texts, each marked as in both, removed, or new."""
    found = difflib.ndiff(before.splitlines(), after.splitlines())
    return [(_SIGNS[line[:2]], line[2:]) for line in found if line[:2] in _SIGNS]
