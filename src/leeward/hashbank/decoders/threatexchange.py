"""ThreatExchange's JSON: descriptors under `data`, as its API returns and its tools store them. Runs in a child."""

from collections.abc import Iterator
from typing import IO, Any

from leeward.foundation.lazy_text import LazyText as _
from leeward.hashbank.decoders.vics import json_entries
from leeward.hashbank.formats.entries import Broken, Entry, read_hashes
from leeward.hashbank.formats.vics import is_true
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
