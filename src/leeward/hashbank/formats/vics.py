"""Project VIC's VICS as JSON: 2.0 (`value` is a list of media) and case files of 1.3 and 2.0 (`value[].Media[]`).

Files can be several gigabytes, so they are read and written as a stream, one entry at a time. Hexadecimal is in
capitals, PhotoDNA is base 64 of 144 bytes, and booleans are the text "true" or "false" or a JSON value.
"""

import json
from base64 import b64encode
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import IO, Any

import ijson

from leeward.foundation.lazy_text import LazyText as _
from leeward.foundation.patterns import Pattern
from leeward.hashbank.formats.entries import (
    Bounded,
    Broken,
    Entry,
    ListUnreadable,
    Outgoing,
    Shallow,
    Skipped,
    moment,
    parts,
    read_hashes,
)
from leeward.hashbank.rules.kinds import BadHash

BOM = b"\xef\xbb\xbf"
CONTEXT = "http://github.com/ICMEC/ProjectVic/DataModels/2.0.xml/US/$metadata#Media"
ILLEGAL, HARMLESS = 1, 5
_KINDS = {"MD5": "md5", "SHA1": "sha1", "SHA256": "sha256", "PhotoDNA": "photodna"}
_START_BYTES = 8192
_MOST_EVENTS_BEFORE = 2_000
_NOT_CATEGORISED = "0"
_COUNTRY = Pattern(rb"\.xml/([A-Za-z-]{2,20})/\$metadata")


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
    start = stream.read(_START_BYTES)
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


def country_of(start: bytes) -> str:
    """Return the country whose categories a file declares, as it writes it, or "" where it names none."""
    found = _COUNTRY.search(start[:_START_BYTES])
    return found[1].decode() if found else ""


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


def is_true(value: Any) -> bool:
    """Return whether a flag is set: JSON's true, or the text "true" in any case."""
    return value is True or (isinstance(value, str) and value.strip().lower() == "true")


def _media(mime: str) -> str:
    first = mime.lower().partition("/")[0]
    return first if first in ("image", "video") else "image" if not first else "other"


def write_vics(rows: Iterable[Outgoing], out: IO[bytes], skipped: Skipped) -> None:
    """Write a VICS 2.0 file. The format requires an MD5; records without one are skipped and counted."""
    out.write(f'{{"@odata.context":{json.dumps(CONTEXT)},"value":['.encode())
    first = True
    for row in rows:
        media = _outgoing(row)
        if media is None:
            skipped.add("VICS asks for an MD5, and can't say that a record is gone")
            continue
        out.write((b"" if first else b",\n") + json.dumps(media, ensure_ascii=False, separators=(",", ":")).encode())
        first = False
    out.write(b"]}\n")


def _outgoing(row: Outgoing) -> dict[str, Any] | None:
    values = {one.kind: one.value for one in row.hashes}
    if row.gone or "md5" not in values:
        return None
    found: dict[str, Any] = {
        "MediaID": row.record_id,
        "Category": HARMLESS if row.is_harmless else ILLEGAL,
        "MD5": values["md5"].hex().upper(),
    }
    for name, kind in (("SHA1", "sha1"), ("SHA256", "sha256")):
        if kind in values:
            found[name] = values[kind].hex().upper()
    if "photodna" in values:
        found["PhotoDNA"] = b64encode(values["photodna"]).decode()
    found |= {
        "VictimIdentified": _flag(row.victim_status != "unknown"),
        "OffenderIdentified": _flag(row.offender_status != "unknown"),
        "IsPrecategorized": "true",
        "DateUpdated": _date(row.last_seen),
    }
    return found | ({"Series": row.series} if row.series else {})


def _flag(value: bool) -> str:  # noqa: FBT001 - a flag is a flag
    return "true" if value else "false"


def _date(at: datetime) -> str:
    return at.isoformat(timespec="seconds")
