"""ThreatExchange's JSON: descriptors under `data`, as its API returns and its tools store them."""

import json
from collections.abc import Iterable, Iterator
from typing import IO, Any

from leeward.foundation.lazy_text import LazyText as _
from leeward.hashbank.formats.entries import Broken, Entry, Outgoing, Skipped, read_hashes
from leeward.hashbank.formats.vics import is_true, json_entries
from leeward.hashbank.rules.categories import SHARE_LEVELS
from leeward.hashbank.rules.kinds import BadHash

_KINDS = {
    "HASH_PDQ": "pdq",
    "HASH_MD5": "md5",
    "HASH_VIDEO_MD5": "md5",
    "HASH_SHA1": "sha1",
    "HASH_SHA256": "sha256",
    "HASH_SHA512": "sha512",
}
_TYPES = {"pdq": "HASH_PDQ", "md5": "HASH_MD5", "sha1": "HASH_SHA1", "sha256": "HASH_SHA256", "sha512": "HASH_SHA512"}


def read_threatexchange(stream: IO[bytes]) -> Iterator[Entry | Broken]:
    """Read descriptors; the owner is the source, `should_delete` withdraws, NON_MALICIOUS disputes."""
    for found in json_entries(stream, {b'"data"': "data.item", b"": "item"}):
        if isinstance(found, Broken):
            yield found
            continue
        number, row = found
        try:
            yield _entry(number, row)
        except BadHash as error:
            yield Broken(number, error.lazy_text)


def _entry(number: int, row: Any) -> Entry:
    if not isinstance(row, dict):
        raise BadHash("entry", _("it is not an object"))
    kind = str(row.get("type", ""))
    gone = is_true(row.get("should_delete"))
    text = str(row.get("raw_indicator") or row.get("indicator") or "")
    if kind not in _KINDS:
        raise BadHash("entry", _("its type %(kind)s is not a kind of hash that is kept here", kind=repr(kind[:30])))
    owner = row.get("owner")
    if isinstance(owner, dict):
        owner = owner.get("name") or owner.get("id")
    tags = row.get("tags")
    return Entry(
        place=number,
        hashes=() if gone and not text else read_hashes([(_KINDS[kind], text)]),
        media="video" if kind == "HASH_VIDEO_MD5" else "image",
        label=", ".join(map(str, tags))[:40] if isinstance(tags, list) else "",
        source=str(owner)[:60] if owner else "",
        category=str(row.get("status") or "UNKNOWN")[:40],
        share=_share(row.get("share_level")),
        foreign_id=str(row.get("id") or "")[:60],
        gone=gone,
    )


def _share(level: object) -> str:
    """Return how far a descriptor may be passed on; without a known level it stays here."""
    return SHARE_LEVELS.get(str(level).upper(), "red")


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
