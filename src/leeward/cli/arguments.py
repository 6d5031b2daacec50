"""Parses common arguments: codes, days, text and JSON files; any error is one sentence."""

import gzip
import json
import sys
import zlib
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from leeward.foundation.errors import BadInput

if TYPE_CHECKING:
    from leeward.audit.rules.notes import Note
    from leeward.audit.rules.policy import Policy


def codes(given: Iterable[str]) -> list[str]:
    """Parse codes, possibly several in one argument with commas: in capitals, without duplicates."""
    return list(dict.fromkeys(code.strip().upper() for entry in given for code in entry.split(",") if code.strip()))


def day(text: str | None, option: str = "--on") -> date:
    """Parse a day; today if there is none."""
    if text is None:
        return datetime.now(UTC).date()
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise BadInput(what=option, why=f"{text[:20]!r} is not a day written as YYYY-MM-DD") from None


def text(path: Path) -> str:
    """Read a text file."""
    try:
        return content(path).decode("utf-8")
    except UnicodeDecodeError:
        raise BadInput(what=str(path), why="it is not text (UTF-8)") from None


def content(path: Path) -> bytes:
    """Read a file."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise BadInput(what=str(path), why=error.strerror or "it can’t be read") from None


def policy(path: Path) -> "Policy":
    """Read the file that says whom one trusts."""
    from leeward.audit.rules.notes import NoteRefused
    from leeward.audit.rules.policy import Policy

    try:
        return Policy.read(text(path))
    except NoteRefused as refused:
        raise BadInput(what=str(path), why=str(refused)) from refused


def note(path: Path) -> "Note":
    """Read a signed note."""
    from leeward.audit.rules.notes import Note, NoteRefused

    try:
        return Note.read(text(path))
    except NoteRefused as refused:
        raise BadInput(what=str(path), why=str(refused)) from refused


def lines_of_logs(paths: Iterable[Path]) -> Iterator[str]:
    """Yield the lines of log files, one after the other; those that end in .gz are unpacked on the way."""
    for path in paths:
        try:
            with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as file:
                for line in file:
                    yield str(line, "utf-8", "replace")
        except (OSError, EOFError, zlib.error) as error:
            raise BadInput(what=str(path), why=getattr(error, "strerror", None) or "it can’t be read") from None


def json_content(path: Path) -> Any:
    """Read a JSON file; - is standard input."""
    name = "standard input" if str(path) == "-" else str(path)
    try:
        return json.loads(sys.stdin.read() if str(path) == "-" else text(path))
    except json.JSONDecodeError as error:
        raise BadInput(what=f"{name}, line {error.lineno}", why=f"it is not JSON ({error.msg})") from None
    except RecursionError:
        raise BadInput(what=name, why="it is nested too deeply") from None
