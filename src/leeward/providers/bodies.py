"""The body of a request, line by line: never more than one line of it in memory, whatever its length."""

from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Iterator
from typing import Any, Protocol

from django.utils.translation import gettext as _

from leeward.foundation.errors import BadInput
from leeward.providers.errors import TooMuchInBatch
from leeward.providers.rules.line import MOST_LINE, LineRefused, parsed
from leeward.providers.rules.table import rows_of
from leeward.providers.services import MOST_BYTES, MOST_LINES

JSON_LINES = ("application/x-ndjson", "application/jsonl", "application/json-lines", "application/x-jsonlines")
_CHUNK = 65_536


class Stream(Protocol):
    """What a body is read from."""

    def read(self, size: int, /) -> bytes: ...


def lines_in(stream: Stream, kind: str, length: int) -> Iterator[tuple[int, Any]]:
    """Yield the lines of a body with their numbers from 1, each parsed or as why it can't be. `kind` is its media type: one report
    as JSON, JSON lines, or CSV; `length` is what its sender announced: a body that ends earlier was cut off, and none of it is
    taken. Raises BadInput, TooMuchInBatch."""
    stream = _Counted(stream, length)
    if kind == "application/json":
        yield 1, _read(_whole(stream, MOST_LINE + 1))
    elif kind in JSON_LINES:
        yield from _json_lines(stream)
    elif kind == "text/csv":
        yield from table_in(_whole(stream, MOST_BYTES + 1))
    else:
        kinds = f"application/json, {JSON_LINES[0]}, text/csv"
        raise BadInput(what=_("The body"), why=_("its Content-Type is none of %(kinds)s") % {"kinds": kinds})


class _Counted:
    """A stream that refuses a body which ends before its announced length."""

    def __init__(self, stream: Stream, length: int) -> None:
        self._stream, self._missing = stream, length

    def read(self, size: int, /) -> bytes:
        """Read a piece; raises BadInput at an early end."""
        piece = self._stream.read(size)
        self._missing -= len(piece)
        if not piece and self._missing > 0:
            raise BadInput(what=_("The body"), why=_("it was cut off on the way"))
        return piece


def table_in(raw: bytes) -> Iterator[tuple[int, Any]]:
    """Yield the rows of a CSV. Raises BadInput, TooMuchInBatch."""
    if len(raw) > MOST_BYTES:
        raise TooMuchInBatch(lines=MOST_LINES, bytes=MOST_BYTES)
    coding = (
        "utf-16" if raw.startswith((BOM_UTF16_LE, BOM_UTF16_BE)) else "utf-8"
    )  # spreadsheets save the first as “Unicode text”
    try:
        yield from rows_of(raw.decode(coding))
    except UnicodeDecodeError:
        why = _("it is not text (UTF-8): in a spreadsheet, save it as “CSV UTF-8”")
        raise BadInput(what=_("The table"), why=why) from None
    except ValueError as error:
        why = _("its heading or a row is wrong: %(why)s") % {"why": error}
        raise BadInput(what=_("The table"), why=why) from None


def _json_lines(stream: Stream) -> Iterator[tuple[int, Any]]:
    for number, raw in enumerate(_pieces(stream), 1):
        if number > MOST_LINES:
            raise TooMuchInBatch(lines=MOST_LINES, bytes=MOST_BYTES)
        yield number, _read(raw)


def _pieces(stream: Stream) -> Iterator[bytes]:
    """Yield the lines of a stream that aren't empty; of one that is too long its beginning, which is too long too. Servers differ in
    how they read a line, so it is done here."""
    kept, size = b"", 0
    while piece := stream.read(_CHUNK):
        size += len(piece)
        if size > MOST_BYTES:
            raise TooMuchInBatch(lines=MOST_LINES, bytes=MOST_BYTES)
        first, *others = piece.split(b"\n")
        kept = (kept + first)[: MOST_LINE + 1]
        for following in others:
            if kept.strip():
                yield kept
            kept = following[: MOST_LINE + 1]
    if kept.strip():
        yield kept


def _read(raw: bytes) -> Any:
    raw = raw.removeprefix(BOM_UTF8)
    if len(raw) > MOST_LINE:
        return LineRefused("too_long")
    try:
        return parsed(raw)
    except LineRefused as refused:
        return refused


def _whole(stream: Stream, most: int) -> bytes:
    pieces, size = [], 0
    while size < most and (piece := stream.read(min(_CHUNK, most - size))):
        pieces.append(piece)
        size += len(piece)
    return b"".join(pieces)
