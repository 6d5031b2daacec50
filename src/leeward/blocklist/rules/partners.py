"""Parse a partner's list line by line: what each line lists, or why it can't be read. A bad line never stops the
others.

A bare name is a host, the narrowest meaning; `*.name` is a domain; an address with a path is one page.
"""

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import unquote_to_bytes

from leeward.blocklist.rules import sentences
from leeward.blocklist.rules.dns_names import MAX_LABEL_BYTES, MAX_NAME_LETTERS
from leeward.blocklist.rules.entries import ListEntry
from leeward.blocklist.rules.errors import NotExpressible
from leeward.blocklist.rules.expressions import is_address, split_comparable
from leeward.blocklist.rules.scopes import Scope
from leeward.foundation.lazy_text import LazyText
from leeward.hosting.rules.urls import BadAddress, canonical_url, shortened

Form = Literal["csv", "rpz", "plain"]
_SINKS = frozenset({"0.0.0.0", "127.0.0.1", "::", "::1"})  # noqa: S104 (addresses of a hosts file, not bound to)
_LOCAL = frozenset({"localhost", "localhost.localdomain", "local", "broadcasthost", "ip6-localhost", "ip6-loopback"})
_ENDS_HOST = frozenset("/?#:")
_IN_LITERAL = "0123456789ABCDEFabcdef:."
_NO_HOST = frozenset("|^<>")  # characters of filter rules; no browser requests a host with one of them
_ADDRESS_COLUMNS = ("address", "url", "domain", "host")
_NEVER = frozenset(map(chr, (*range(0x09), 0x0B, 0x0C, *range(0x0E, 0x20), 0x7F, *range(0xD800, 0xE000))))


@dataclass(frozen=True, slots=True)
class PartnerLine:
    """A readable line: its number, what it lists, and the partner's own note."""

    line: int
    entry: ListEntry
    note: str = ""


@dataclass(frozen=True, slots=True)
class BadLine:
    """An unreadable line: its number, its beginning, and the reason."""

    line: int
    text: str
    why: LazyText


@dataclass(slots=True)
class PartnerList:
    """The content of a partner's file: good lines without duplicate entries, bad lines, and the number of lines that
    were neither.
    """

    good: list[PartnerLine] = field(default_factory=list)
    bad: list[BadLine] = field(default_factory=list)
    repeated: int = 0

    @property
    def bad_share(self) -> float:
        """The share of bad lines among all that are neither blank nor comments."""
        return len(self.bad) / max(1, len(self.good) + len(self.bad) + self.repeated)


class LineRefused(ValueError):
    """The content of a line can't be listed, with the reason."""

    def __init__(self, why: LazyText) -> None:
        self.why = why
        super().__init__(str(why))


class FileRefused(LineRefused):
    """The file as a whole can't be read, with the reason."""


def collected(rows: Iterable[PartnerLine | BadLine]) -> PartnerList:
    """Sort lines into good and bad ones, without duplicate entries."""
    found, seen = PartnerList(), set()
    for row in rows:
        if isinstance(row, BadLine):
            found.bad.append(row)
        elif row.entry in seen:
            found.repeated += 1
        else:
            seen.add(row.entry)
            found.good.append(row)
    return found


def decoded_lines(content: bytes) -> list[str]:
    """Return the lines of a file; bytes that are not valid UTF-8 affect only their own line."""
    text = content.decode("utf-8-sig", "surrogateescape")
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")


def read_plain(content: bytes) -> PartnerList:
    """Parse a plain list: each line is a name, an address, `*.name`, a hosts line or `||name^`; `#` and `!` begin
    comments.
    """
    return collected(_plain_rows(decoded_lines(content)))


def _plain_rows(lines: Iterable[str]) -> Iterator[PartnerLine | BadLine]:
    for number, line in enumerate(lines, 1):
        text = line.strip()
        if not text or text.startswith(("#", "!")):
            continue
        text = text.split(" #", 1)[0].strip()
        first, _, rest = text.partition(" ")
        if first in _SINKS:
            if rest.strip() in _LOCAL:
                continue
            text = rest.strip()
        elif text.startswith("||") and text.endswith("^"):
            text = "*." + text[2:-1]
        try:
            yield PartnerLine(number, plain_entry(text))
        except LineRefused as error:
            yield BadLine(number, shortened(line), error.why)


def read_csv(content: bytes) -> PartnerList:
    """Parse CSV with a header: a column address (or url, domain, host), and optionally scope and note. `;` and tabs
    work too.

    Raises FileRefused if the header has no such column.
    """
    return collected(_csv_rows(decoded_lines(content)))


def _csv_rows(lines: list[str]) -> Iterator[PartnerLine | BadLine]:
    delimiter = max(",;\t", key=lines[0].count)
    names = [name.strip().lower() for name in lines[0].replace('"', "").split(delimiter)]
    column = next((names.index(name) for name in _ADDRESS_COLUMNS if name in names), None)
    if column is None:
        raise FileRefused(LazyText(sentences.NO_COLUMN, names=", ".join(_ADDRESS_COLUMNS)))
    for number, line in enumerate(lines[1:], 2):
        if line.strip(delimiter + " "):
            try:
                yield _csv_row(number, _cells(line, delimiter), names, column)
            except LineRefused as error:
                yield BadLine(number, shortened(line), error.why)
            except csv.Error:
                yield BadLine(number, shortened(line), LazyText(sentences.WRONG_QUOTES))


def _cells(line: str, delimiter: str) -> list[str]:
    """Parse a line by itself, so that an open quotation mark can't swallow the following lines."""
    return next(csv.reader([line], delimiter=delimiter, strict=True))


def _csv_row(number: int, row: list[str], names: list[str], column: int) -> PartnerLine:
    cells = dict(zip(names, row, strict=False))
    if len(row) <= column:
        raise LineRefused(LazyText(sentences.NO_ADDRESS))
    return PartnerLine(number, _csv_entry(row[column].strip(), cells.get("scope", "")), cells.get("note", ""))


def _csv_entry(text: str, scope: str) -> ListEntry:
    word = scope.strip().lower()
    if not word:
        return plain_entry(text)
    if word not in set(Scope):
        raise LineRefused(LazyText(sentences.NO_SCOPE, word=repr(shortened(word, 20)), scopes=", ".join(Scope)))
    return entry_of(Scope(word), text.removeprefix("*.") if word == Scope.DOMAIN else text)


def plain_entry(text: str) -> ListEntry:
    """Return the entry for a name or address, judging by its form; raises LineRefused."""
    if text.startswith("*."):
        return entry_of(Scope.DOMAIN, text[2:])
    return entry_of(Scope.HOST if _is_bare(text) else Scope.URL, text)


def _is_bare(text: str) -> bool:
    is_literal = text[:1] + text[-1:] == "[]" and not text[1:-1].strip(_IN_LITERAL)
    return is_literal or (text.split() == [text] and _ENDS_HOST.isdisjoint(text))


def entry_of(scope: Scope, text: str) -> ListEntry:
    """Return the entry for an address with a scope; raises LineRefused."""
    if not text.isprintable() and not _NEVER.isdisjoint(text):
        raise LineRefused(LazyText(sentences.NO_TEXT))
    if " " in text:
        raise LineRefused(LazyText(sentences.A_SPACE))
    try:
        url = canonical_url(text)
    except BadAddress as error:
        raise LineRefused(LazyText(sentences.NO_WEB_ADDRESS)) from error
    entry = ListEntry(scope, url.comparable, url.url if scope is Scope.URL else "")
    host = split_comparable(url.comparable)[0]
    _refuse_labels(split_comparable(url.url)[0], host)
    if "." not in host and not is_address(host):
        raise LineRefused(LazyText(sentences.NO_DOT))
    try:
        entry.expression  # noqa: B018 (asked for what it refuses)
    except NotExpressible as error:
        raise LineRefused(error.why) from error
    return entry


def _refuse_labels(opened: str, host: str) -> None:
    """Refuse a name that can't be looked up: it would block nothing, or something else, since comparing drops empty
    labels.
    """
    if ".." in opened or opened.startswith("."):
        raise LineRefused(LazyText(sentences.EMPTY_LABEL))
    of_labels = [len(unquote_to_bytes(label)) for label in host.split(".")]
    if max(of_labels) > MAX_LABEL_BYTES:
        raise LineRefused(LazyText(sentences.LONG_LABEL, most=MAX_LABEL_BYTES))
    if sum(of_labels) + len(of_labels) - 1 > MAX_NAME_LETTERS:
        raise LineRefused(LazyText(sentences.LONG_NAME, most=MAX_NAME_LETTERS))
    if "*" in host:
        raise LineRefused(LazyText(sentences.A_STAR))
    if not _NO_HOST.isdisjoint(host):
        raise LineRefused(LazyText(sentences.NO_WEB_ADDRESS))
