"""The body of a request, line by line: never more than one line of it in memory, whatever its length."""

from collections.abc import Iterator
from typing import Any, Protocol

from leeward.foundation.errors import BadInput
from leeward.providers.errors import TooMuchInBatch
from leeward.providers.rules.line import MOST_LINE, LineRefused, parsed
from leeward.providers.rules.table import rows_of
from leeward.providers.services import MOST_BYTES, MOST_LINES

JSON_LINES = ("application/x-ndjson", "application/jsonl", "application/json-lines", "application/x-jsonlines")
_CHUNK = 65_536


class Stream(Protocol):
    """What a body is read from."""

    def readline(self, limit: int, /) -> bytes: ...

    def read(self, size: int, /) -> bytes: ...


def lines_in(stream: Stream, kind: str) -> Iterator[tuple[int, Any]]:
    """Yield the lines of a body with their numbers from 1, each parsed or as why it can't be. `kind` is its media type: one report
    as JSON, JSON lines, or CSV. Raises BadInput, TooMuchInBatch."""
    if kind == "application/json":
        yield 1, _read(_whole(stream, MOST_LINE + 1))
    elif kind in JSON_LINES:
        yield from _json_lines(stream)
    elif kind == "text/csv":
        yield from table_in(_whole(stream, MOST_BYTES + 1))
    else:
        raise BadInput(what="The body", why=f"its Content-Type is none of application/json, {JSON_LINES[0]}, text/csv")


def table_in(raw: bytes) -> Iterator[tuple[int, Any]]:
    """Yield the rows of a CSV. Raises BadInput, TooMuchInBatch."""
    if len(raw) > MOST_BYTES:
        raise TooMuchInBatch(lines=MOST_LINES, bytes=MOST_BYTES)
    try:
        yield from rows_of(raw.decode("utf-8"))
    except UnicodeDecodeError:
        raise BadInput(what="The table", why="it is not text (UTF-8)") from None
    except ValueError as error:
        raise BadInput(what="The table", why=f"its heading or a row is wrong: {error}") from None


def _json_lines(stream: Stream) -> Iterator[tuple[int, Any]]:
    number = size = 0
    while raw := stream.readline(MOST_LINE + 1):
        size += len(raw)
        is_long = len(raw) > MOST_LINE
        while is_long and not raw.endswith(b"\n"):  # the rest of a line that is too long is passed over
            raw = stream.readline(_CHUNK)
            size += len(raw)
            if not raw or size > MOST_BYTES:
                break
        if size > MOST_BYTES or number > MOST_LINES:
            raise TooMuchInBatch(lines=MOST_LINES, bytes=MOST_BYTES)
        if not is_long and not raw.strip():
            continue
        number += 1
        yield number, LineRefused("too_long") if is_long else _read(raw)


def _read(raw: bytes) -> Any:
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
