"""A list of reports as CSV: its columns, and what is wrong in which line. Pure."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from leeward.intake.rules import typed
from leeward.intake.rules.draft import KINDS, WHEN, ReportDraft
from leeward.intake.rules.urgency import MOST_REASON, THREATS
from leeward.intake.rules.where import item_drafts, read_pieces

COLUMNS = (
    "where", "words", "kind", "threat", "when", "language", "urgent", "urgent_because", "under_18", "contact", "received_at",
    "needs_login", "password", "referrer",
)  # fmt: skip
MOST_ROWS = 1000
MOST_LIST_CHARACTERS = 1_000_000
_YES = frozenset({"1", "yes", "y", "true", "x"})
_NO = frozenset({"", "0", "no", "n", "false"})


class Unreadable(ValueError):
    """The text is not a readable list; the message is a code of `intake/labels.py`."""


@dataclass(frozen=True, slots=True)
class Line:
    """One report of a list: its line in the file, its content, and the codes of its problems, by column."""

    number: int
    draft: ReportDraft
    language: str
    received_at: datetime | None
    problems: tuple[tuple[str, str], ...]

    @property
    def is_good(self) -> bool:
        """Return whether it can be taken as it is."""
        return not self.problems


def read_list(text: str, *, country: str = "") -> list[Line]:
    """Read a list separated by commas, semicolons or tabs; raises Unreadable if none of it can be used. `country` is the
    portal's, for local telephone numbers.
    """
    if len(text) > MOST_LIST_CHARACTERS:
        raise Unreadable("list_too_long")
    lines = list(_rows(text.removeprefix("\ufeff"), country))
    if not lines:
        raise Unreadable("list_empty")
    if len(lines) > MOST_ROWS:
        raise Unreadable("list_too_many_rows")
    return lines


def _rows(text: str, country: str) -> Iterator[Line]:
    first = text.lstrip("\r\n").replace("\r", "\n").partition("\n")[0]
    separator = max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    header: list[str] | None = None
    end = 0
    try:
        for row in reader:
            start, end = end + 1, reader.line_num
            if not any(cell.strip() for cell in row):
                continue
            if header is None:
                header = _header(row)
            else:
                yield _line(start, header, row, country)
    except csv.Error as error:
        raise Unreadable("list_torn") from error


def _header(row: list[str]) -> list[str]:
    names = [name.strip().lower() for name in row]
    if not {"where", "words"} & set(names):
        raise Unreadable("list_without_columns")
    if any(name not in COLUMNS for name in names) or len(set(names)) != len(names):
        raise Unreadable("list_with_other_columns")
    return names


def _line(number: int, header: list[str], row: list[str], country: str) -> Line:
    problems = [("row", "row_too_long")] if len(row) > len(header) else []
    cells = {name: typed.clean(cell) for name, cell in zip(header, row, strict=False)}
    flags = {}
    for name in ("urgent", "under_18", "needs_login"):
        value = cells.get(name, "").lower()
        flags[name] = value in _YES
        if value not in _YES | _NO:
            problems.append((name, "not_yes_or_no"))
    kind, when = cells.get("kind") or "page", cells.get("when") or "unknown"
    language = cells.get("language") or "en"
    received_at = _moment(cells.get("received_at", ""), problems)
    problems += _unknown(kind, when, language) + _limits(cells)
    if cells.get("threat", "").lower() not in ("", *THREATS):
        problems.append(("threat", "threat_unknown"))
    draft = ReportDraft(
        kind=kind,
        items=item_drafts(cells.get("where", ""), {}, country=country, language=language),
        where=cells.get("where", ""),
        text=cells.get("words", ""),
        when_seen=when,
        under_18=flags["under_18"],
        threat=cells.get("threat", "").lower(),
        is_marked=flags["urgent"],
        marked_because=typed.clean_line(cells.get("urgent_because", "")),
        contact=cells.get("contact", ""),
        needs_login=flags["needs_login"],
        password=typed.clean_line(cells.get("password", "")),
        referrer=typed.clean_line(cells.get("referrer", "")),
    )
    return Line(number, draft, language, received_at, tuple(problems))


def _unknown(kind: str, when: str, language: str) -> list[tuple[str, str]]:
    wrong = [("kind", "kind_unknown")] if kind not in KINDS else []
    wrong += [("when", "when_unknown")] if when not in WHEN else []
    parts = language.split("-")
    is_tag = len(language) <= 20 and all(part.isascii() and part.isalnum() and len(part) <= 8 for part in parts)
    return wrong + ([] if is_tag else [("language", "language_unknown")])


def _limits(cells: dict[str, str]) -> list[tuple[str, str]]:
    problems = [("row", "row_says_nothing")] if not (cells.get("where") or cells.get("words")) else []
    most = {
        "where": typed.MOST_WHERE_CHARACTERS, "words": typed.MOST_CHARACTERS, "password": typed.MOST_LINE, "referrer": typed.MOST_REFERRER,
        "urgent_because": MOST_REASON,
    }  # fmt: skip
    problems += [(name, "cell_too_long") for name, limit in most.items() if len(cells.get(name, "")) > limit]
    if len(read_pieces(cells.get("where", ""), {})) > typed.MOST_ADDRESSES:
        problems.append(("where", "cell_too_many_addresses"))
    if cells.get("contact") and typed.mail_problem(cells["contact"]):
        problems.append(("contact", "contact_unreadable"))
    return problems


def _moment(text: str, problems: list[tuple[str, str]]) -> datetime | None:
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        problems.append(("received_at", "moment_unreadable"))
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        problems.append(("received_at", "moment_unreadable"))
        return None


def ranges(numbers: list[int]) -> str:
    """Return row numbers as short text: `17-20 22`."""
    parts: list[list[int]] = []
    for number in sorted(numbers):
        if parts and number == parts[-1][1] + 1:
            parts[-1][1] = number
        else:
            parts.append([number, number])
    return " ".join(str(first) if first == last else f"{first}-{last}" for first, last in parts)
