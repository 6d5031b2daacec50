"""ThreatExchange's JSON: descriptors under `data`, as its tools store them (`decoders/threatexchange.py` reads them)."""

import json
from collections.abc import Iterable
from typing import IO

from leeward.hashbank.formats.entries import Outgoing, Skipped

_TYPES = {"pdq": "HASH_PDQ", "md5": "HASH_MD5", "sha1": "HASH_SHA1", "sha256": "HASH_SHA256", "sha512": "HASH_SHA512"}


def write_threatexchange(rows: Iterable[Outgoing], out: IO[bytes], skipped: Skipped) -> None:
    """Write a descriptor for each hash that ThreatExchange has a type for."""
    out.write(b'{"data":[')
    first = True
    for row in rows:
        for one in row.hashes:
            if one.kind not in _TYPES:
                continue
            kind = "HASH_VIDEO_MD5" if one.kind == "md5" and row.media == "video" else _TYPES[one.kind]
            found = {
                "id": f"{row.record_id}-{one.kind}",
                "raw_indicator": one.text,
                "type": kind,
                "status": "NON_MALICIOUS" if row.is_harmless else "MALICIOUS",
                "share_level": "GREEN",  # records that must stay here were left out before
                "tags": [row.bank],
                "should_delete": row.gone,
            }
            out.write((b"" if first else b",\n") + json.dumps(found, ensure_ascii=False).encode())
            first = False
        if not any(one.kind in _TYPES for one in row.hashes):
            skipped.add("ThreatExchange has no type for their hashes")
    out.write(b"]}\n")
