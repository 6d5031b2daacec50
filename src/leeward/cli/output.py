"""Output of commands: rows as JSON lines or as text, one clear line for an error."""

import sys
from collections.abc import Iterable, Mapping
from dataclasses import fields, is_dataclass
from typing import Any, Self

from leeward.foundation.errors import LeewardError
from leeward.foundation.names import json_row, shown


class NotWritten(LeewardError):
    """A file that a command was to make can't be written: there is one already, the folder is another user's, or the disk is full."""

    code = "not_written"
    sentence = "{path} can't be written: {why}."
    hint = "It needs room on the disk, a name that is free or may be overwritten, and a folder in which the user that runs this may write."

    @classmethod
    def of(cls, path: object, error: OSError) -> Self:
        """Return the error for this file."""
        return cls(path=path, why=(error.strerror or str(error)).lower())


def plain(row: Any) -> dict[str, Any]:
    """Return a row (mapping or dataclass) as a dictionary."""
    if isinstance(row, Mapping):
        return dict(row)
    if is_dataclass(row) and not isinstance(row, type):
        return {field.name: getattr(row, field.name) for field in fields(row)}
    raise TypeError(f"not a row: {type(row).__name__}")


def show(
    rows: Iterable[Any], *, as_json: bool, columns: Iterable[str] | None = None, with_heading: bool = False
) -> int:
    """Print rows, one JSON object a line or tab-separated columns, `with_heading` under their names; return how many."""
    count = 0
    wanted = list(columns) if columns else None
    if with_heading and wanted and not as_json:
        print("\t".join(wanted))
    for row in rows:
        values = plain(row)
        if as_json:
            print(json_row(values, _readable))
        else:
            print("\t".join(_text(values.get(name)) for name in (wanted or values)))
        count += 1
    return count


def complain(sentence: str, hint: str = "") -> None:
    """Print what is wrong on standard error, in one line."""
    print(shown(" ".join(f"leeward: {sentence} {hint}".split())), file=sys.stderr)


def _text(value: object) -> str:
    if isinstance(value, (list, tuple, set, frozenset)):
        return ", ".join(map(_text, value))
    return "" if value is None else shown(" ".join(str(value).split()))


def _readable(value: object) -> object:
    if isinstance(value, (set, frozenset, tuple)):
        return sorted(value, key=str)
    if isinstance(value, Mapping) or is_dataclass(value):
        return plain(value)
    return str(value)
