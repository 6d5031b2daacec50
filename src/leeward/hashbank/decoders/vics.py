"""Project VIC's VICS: 2.0 (`value` is a list of media) and case files of 1.3 and 2.0 (`value[].Media[]`). Runs in a child."""

from collections.abc import Iterator
from typing import IO, Any

import ijson

from leeward.foundation.lazy_text import LazyText as _
from leeward.hashbank.formats.entries import (
    Bounded,
    Broken,
    Entry,
    ListUnreadable,
    Shallow,
    moment,
    parts,
    read_hashes,
)
from leeward.hashbank.formats.vics import BOM, START_BYTES, is_true
from leeward.hashbank.rules.kinds import BadHash

_KINDS = {"MD5": "md5", "SHA1": "sha1", "SHA256": "sha256", "PhotoDNA": "photodna"}
_NOT_CATEGORISED = "0"


class _WithStart:
    """A stream whose first bytes have already been read."""

    def __init__(self, start: bytes, stream: IO[bytes]) -> None:
        self._start, self._stream = start, stream

    def read(self, size: int = -1) -> bytes:
        if self._start:
            piece, self._start = (self._start[:size], self._start[size:]) if size >= 0 else (self._start, b"")
            return piece
        return self._stream.read(size)


def json_entries(stream: IO[bytes], prefix_of: "dict[bytes, str] | str") -> Iterator[tuple[int, Any] | Broken]:
    """Yield the objects under a prefix with their number; a file that breaks off ends with a Broken.

    `prefix_of`: the prefix, or a mapping from texts that the start of the file may contain to prefixes (the first match
    wins; b"" is the default).
    """
    start = stream.read(START_BYTES)
    if start.startswith(BOM):
        start = start[len(BOM) :]
    if not start.strip():
        raise ListUnreadable(_("it is empty"))
    prefix = (
        prefix_of if isinstance(prefix_of, str) else next(path for text, path in prefix_of.items() if text in start)
    )
    bounded = Bounded(Shallow(_WithStart(start, stream)))
    number = 0
    try:
        for found in ijson.items(bounded, prefix):
            number += 1
            bounded.entry()
            yield number, found
    except ijson.IncompleteJSONError as error:  # also raised for errors in the middle of the file
        is_cut = any(word in str(error).lower() for word in ("premature", "incomplete"))
        why = _("the file is cut off in the middle") if is_cut else _no_json(error)
        yield Broken(number + 1, why, is_end=True)
    except (ijson.JSONError, UnicodeDecodeError, ValueError, ArithmeticError) as error:  # a number that is none
        yield Broken(number + 1, _no_json(error), is_end=True)


def _no_json(error: Exception) -> _:
    return _("from here on it is not JSON (%(error)s)", error=" ".join(str(error)[:1000].split())[:80])


def read_vics(stream: IO[bytes]) -> Iterator[Entry | Broken]:
    """Read a VICS file. The meaning of its categories differs by country and comes from the import's profile."""
    prefixes = {b"#Cases": "value.item.Media.item", b'"Media"': "value.item.Media.item", b"": "value.item"}
    for found in json_entries(stream, prefixes):
        if isinstance(found, Broken):
            yield found
            continue
        number, media = found
        damaged: list[BadHash] = []
        try:
            entry = _entry(number, media, damaged)
        except BadHash as error:
            yield Broken(number, error.lazy_text)
            continue
        yield from parts(number, damaged)
        yield entry


def _entry(number: int, media: Any, damaged: list[BadHash]) -> Entry:
    if not isinstance(media, dict):
        raise BadHash("entry", _("it is not an object"))
    given = [(kind, _text(media.get(name))) for name, kind in _KINDS.items()]
    others = media.get("AlternativeHashes")
    for other in others if isinstance(others, list) else ():
        if isinstance(other, dict) and other.get("HashName") in _KINDS:
            given.append((_KINDS[str(other["HashName"])], _text(other.get("HashValue"))))
    category = _text(media.get("Category"))
    return Entry(
        place=number,
        hashes=read_hashes(given, damaged=damaged),
        media=_media(_text(media.get("MimeType"))),
        label=f"VICS {category}"[:40] if category else "",
        series=_text(media.get("Series"))[:120],
        victim_status="identified" if is_true(media.get("VictimIdentified")) else "",
        offender_status="identified" if is_true(media.get("OffenderIdentified")) else "",
        category=category[:40] or _NOT_CATEGORISED,
        foreign_id=_text(media.get("MediaID"))[:60],
        at=moment(media.get("DateUpdated")),
    )


def _text(value: Any) -> str:
    if type(value) is str:  # the usual case
        return value.strip()
    return "" if value is None or isinstance(value, (dict, list)) else str(value).strip()


def _media(mime: str) -> str:
    first = mime.lower().partition("/")[0]
    return first if first in ("image", "video") else "image" if not first else "other"
