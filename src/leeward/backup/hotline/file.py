"""The file of one hotline: sealed pieces of lines of JSON, one after another; the last is signed over all before it.

The first line says whose it is and holds the secret by which its receipts open; a list is a row of the table that was last named.
"""

import hashlib
import json
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, BinaryIO, Literal

from pydantic import BaseModel, ValidationError

from leeward.audit.rules.signatures import is_signed
from leeward.backup.errors import HotlineNotMoved
from leeward.sealing.age import NotOpened, OtherKey, open_sealed, seal

if TYPE_CHECKING:
    from pyrage.x25519 import Recipient

    from leeward.sealing.age import Held

MAGIC = b"leeward hotline 1\n"
PIECE_BYTES = 1 << 20
_LENGTH_BYTES = 4
_CUT_OFF = "the file was cut off or changed"


class Opening(BaseModel):
    """The first line: the hotline, when it was exported, the steps of its tables, the public key of its log, and the secret."""

    format: Literal[1] = 1
    hotline_id: int
    slug: str
    made_at: str
    steps: list[str]
    log_key: str
    secret: str


class Ending(BaseModel):
    """The last line: how many lines there were before it, and the signature by the log's key."""

    lines: int
    signature: str


class Writer:
    """Writes lines; `signed_text` is what the ending signs."""

    def __init__(self, stream: BinaryIO, recipients: Sequence["Recipient"]) -> None:
        self._stream, self._recipients = stream, recipients
        self._waiting: list[bytes] = []
        self._size = self.lines = 0
        self._digest = hashlib.sha256()
        stream.write(MAGIC)

    def put(self, line: object) -> None:
        """Write a line."""
        raw = json.dumps(line, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
        self._digest.update(raw)
        self._waiting.append(raw)
        self._size += len(raw)
        self.lines += 1
        if self._size >= PIECE_BYTES:
            self.flush()

    def flush(self) -> None:
        """Seal what waits."""
        if self._waiting:
            sealed = seal(b"".join(self._waiting), self._recipients)
            self._stream.write(len(sealed).to_bytes(_LENGTH_BYTES) + sealed)
            self._waiting, self._size = [], 0

    def signed_text(self) -> bytes:
        """Return what is signed once all lines are written."""
        return _signed_text(self._digest.hexdigest())


class Reader:
    """Reads lines; after the last one it is known who signed them. Raises HotlineNotMoved for what isn't whole."""

    def __init__(self, stream: BinaryIO, key: "Held") -> None:
        self._stream, self._key = stream, key
        self._digest = hashlib.sha256()
        self.ending: Ending | None = None
        if stream.read(len(MAGIC)) != MAGIC:
            raise HotlineNotMoved(why="this is not the file of a hotline")
        self._lines = self._read()
        try:
            self.opening = Opening.model_validate(next(self._lines, None))
        except ValidationError:
            raise HotlineNotMoved(why=_CUT_OFF) from None

    def lines(self) -> Iterator[Any]:
        """Yield every line after the first and before the ending."""
        yield from self._lines
        if self.ending is None:
            raise HotlineNotMoved(why=_CUT_OFF)

    def require_signature(self, signed_by: str) -> None:
        """Raise HotlineNotMoved unless this key signed all that was read."""
        if signed_by != self.opening.log_key:
            raise HotlineNotMoved(why="it is signed by another key than the one you trust")
        if self.ending is None or not is_signed(
            _signed_text(self._digest.hexdigest()), self.ending.signature, signed_by
        ):
            raise HotlineNotMoved(why="its signature doesn’t hold")

    def _read(self) -> Iterator[Any]:
        for count, raw in enumerate(self._raw_lines()):
            try:
                line = json.loads(raw)
                ends = isinstance(line, dict) and "signature" in line
                self.ending = Ending.model_validate(line) if ends else None
            except ValueError:
                raise HotlineNotMoved(why=_CUT_OFF) from None
            if self.ending is not None:
                if self.ending.lines != count or self._stream.read(1):
                    raise HotlineNotMoved(why=_CUT_OFF)
                return
            self._digest.update(raw)
            yield line

    def _raw_lines(self) -> Iterator[bytes]:
        while length := self._stream.read(_LENGTH_BYTES):
            try:
                plain = open_sealed(self._stream.read(int.from_bytes(length)), self._key)
            except OtherKey:
                raise HotlineNotMoved(why="it is sealed to another key") from None
            except NotOpened:
                raise HotlineNotMoved(why=_CUT_OFF) from None
            yield from plain.splitlines(keepends=True)


def trusted(stream: BinaryIO, key: "Held", signed_by: str) -> Reader:
    """Return a reader of a file that was read to its end once and is signed by this key: until then not even its secret is used.
    Raises HotlineNotMoved."""
    start = stream.tell()
    first = Reader(stream, key)
    for _line in first.lines():
        pass
    first.require_signature(signed_by)
    stream.seek(start)
    return Reader(stream, key)


def _signed_text(digest: str) -> bytes:
    return f"leeward hotline file\n{digest}\n".encode()
