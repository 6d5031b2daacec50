"""Project VIC's VICS as JSON, version 2.0: how it is written, and what a file says of its country (`decoders/vics.py` reads it).

Files can be several gigabytes, so they are read and written as a stream, one entry at a time. Hexadecimal is in
capitals, PhotoDNA is base 64 of 144 bytes, and booleans are the text "true" or "false" or a JSON value.
"""

import json
from base64 import b64encode
from collections.abc import Iterable
from datetime import datetime
from typing import IO, Any

from leeward.foundation.patterns import Pattern
from leeward.hashbank.formats.entries import Outgoing, Skipped

BOM = b"\xef\xbb\xbf"
CONTEXT = "http://github.com/ICMEC/ProjectVic/DataModels/2.0.xml/US/$metadata#Media"
ILLEGAL, HARMLESS = 1, 5
START_BYTES = 8192
_COUNTRY = Pattern(rb"\.xml/([A-Za-z-]{2,20})/\$metadata")


def country_of(start: bytes) -> str:
    """Return the country whose categories a file declares, as it writes it, or "" where it names none."""
    found = _COUNTRY.search(start[:START_BYTES])
    return found[1].decode() if found else ""


def is_true(value: Any) -> bool:
    """Return whether a flag is set: JSON's true, or the text "true" in any case."""
    return value is True or (isinstance(value, str) and value.strip().lower() == "true")


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
