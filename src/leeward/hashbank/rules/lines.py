"""Parse lists of hashes line by line: JSON, bare hashes, or the output of md5sum and similar tools. Pure."""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from leeward.foundation.patterns import Pattern

_BARE = Pattern(
    r"^(?:(?P<kind>[a-z0-9_]+)[:=\s]\s*)?\\?(?P<hash>[0-9A-Fa-f]{16,288}|[A-Za-z2-7]{32,39})(?:[\s,;]+\*?(?P<name>.*))?$"
)
_BY_LENGTH = {32: ("md5",), 40: ("sha1",), 64: ("sha256", "pdq"), 128: ("sha512",), 39: ("tth",)}
"""64 digits can be either kind, so both are looked up."""
_ASKED = frozenset(
    "path name pdq pdq_nn512 quality md5 sha1 sha256 sha512 ed2k ed2k_alt aich tth bt2 photodna frames error".split()
)


def row_of(line: str) -> dict[str, Any]:
    """Parse a line into a row of hashes; a line that can't be parsed has the key `unreadable` with the reason."""
    text = _bare(line)
    if text.startswith("{"):
        try:
            row = json.loads(text)
        except (ValueError, RecursionError):
            return {"unreadable": "it is not whole JSON"}
        return {name: value for name, value in row.items() if name in _ASKED and value not in (None, [], "")}
    match = _BARE.match(text)
    if match is None:
        return {"unreadable": "it is no hash"}
    row = dict.fromkeys(_kinds(match["kind"], match["hash"]), match["hash"])
    if not row:
        return {"unreadable": f"a hash of {len(match['hash'])} characters is of no kind that is known"}
    return ({"path": match["name"].lstrip()} if match["name"] else {}) | row


def rows_of(lines: Iterable[str]) -> Iterator[dict[str, Any]]:
    """Yield the row of every line that is neither blank nor a comment."""
    for line in lines:
        text = _bare(line)
        if text and not text.startswith("#"):
            yield row_of(text)


def _bare(line: str) -> str:
    return line.strip().removeprefix("\ufeff").lstrip()


def _kinds(named: str | None, text: str) -> tuple[str, ...]:
    if named is not None:
        return (named,) if named in _ASKED else ()
    return _BY_LENGTH.get(len(text), ())
