"""Things that have no host: magnet and ed2k links, hashes of files."""

import base64
import binascii
import re
from dataclasses import dataclass
from urllib.parse import parse_qsl, unquote

_HASHES = {32: "md5", 40: "sha1", 64: "sha256", 128: "sha512"}
_HEX = re.compile(r"^[0-9a-f]+$", re.IGNORECASE)
_NAMED_HASH = re.compile(r"^(md5|sha-?1|sha-?256|sha-?512)\s*[:=]\s*([0-9a-f]+)$", re.IGNORECASE)
_ED2K = re.compile(r"^ed2k://\|file\|([^|]*)\|(\d{1,19})\|([0-9a-f]{32})\|", re.IGNORECASE)
_BTIH = re.compile(r"^urn:(btih):([0-9a-f]{40}|[a-z2-7]{32})$", re.IGNORECASE)
_BTMH = re.compile(r"^urn:(btmh):(1220[0-9a-f]{64})$", re.IGNORECASE)
_OTHER = re.compile(r"^urn:(sha1|md5|ed2k):([0-9a-f]{40}|[0-9a-z]{32})$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Thing:
    """What a link or a hash names: the form shown, the form compared, and a second word (the hash's kind)."""

    display: str
    comparable: str
    service: str = ""


def magnet(text: str) -> Thing | None:
    """The torrent or file that a magnet link names, by info hash (hex or base32, version 1 or 2); None if it names none."""
    topics = [value for key, value in parse_qsl(text.partition("?")[2]) if key.partition(".")[0].lower() == "xt"]
    for pattern in (_BTIH, _BTMH, _OTHER):
        for found in filter(None, map(pattern.match, topics)):
            name, digest = found[1].lower(), _hex(found[1].lower(), found[2])
            if digest:
                return Thing(f"magnet:?xt=urn:{name}:{digest}", f"{name}:{digest}")
    return None


def ed2k(text: str) -> Thing | None:
    """The file that an ed2k link names, by hash and size; None if the link is not complete."""
    found = _ED2K.match(unquote(text) if "%7c" in text.lower() else text)
    if not found:
        return None
    name, size, digest = found[1], str(int(found[2])), found[3].lower()
    return Thing(f"ed2k://|file|{name}|{size}|{digest}|/", f"ed2k:{digest}:{size}")


def file_hash(text: str) -> Thing | None:
    """The hash that a text is, with its kind told by name or by length; None for anything else."""
    named = _NAMED_HASH.match(text)
    digest = named[2] if named else text
    kind = _HASHES.get(len(digest))
    if kind is None or not _HEX.match(digest) or (named and named[1].lower().replace("-", "") != kind):
        return None
    return Thing(digest.lower(), f"{kind}:{digest.lower()}", kind)


def _hex(kind: str, value: str) -> str:
    """A topic's digest in hex: 32 letters are base32 for SHA-1 digests and hex for the others; '' if they are neither."""
    if len(value) != 32 or kind in ("md5", "ed2k"):
        return value.lower() if _HEX.match(value) else ""
    try:
        return base64.b32decode(value.upper()).hex()
    except (binascii.Error, ValueError):
        return ""
