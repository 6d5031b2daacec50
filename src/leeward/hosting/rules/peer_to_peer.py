"""Things without a host: magnet and ed2k links, hashes of files."""

import base64
import binascii
from dataclasses import dataclass
from urllib.parse import parse_qsl, unquote

from leeward.foundation.patterns import Pattern

_HASHES = {32: "md5", 40: "sha1", 64: "sha256", 128: "sha512"}
_HEX_OF_PDQ = 64
_HEX = Pattern(r"^[0-9a-f]+$", ignore_case=True)
_NAMED_HASH = Pattern(r"^(md5|sha-?1|sha-?256|sha-?512|ed2k|pdq)\s*[:=]\s*([0-9a-f]+)$", ignore_case=True)
_NAMED_TREE = Pattern(r"^(tth|aich)\s*[:=]\s*([a-z2-7]{32}|[a-z2-7]{39}|[0-9a-f]{40}|[0-9a-f]{48})$", ignore_case=True)
_ED2K = Pattern(
    r"^ed2k://\|file\|([^|]*)\|(\d{1,19})\|([0-9a-f]{32})\|(?:[^h][^|]*\|)*(?:h=([a-z2-7]{32})\|)?", ignore_case=True
)
_BTIH = Pattern(r"^urn:(btih):([0-9a-f]{40}|[a-z2-7]{32})$", ignore_case=True)
_BTMH = Pattern(r"^urn:(btmh):(1220[0-9a-f]{64})$", ignore_case=True)
_OTHER = Pattern(r"^urn:(sha1|md5|ed2k):([0-9a-f]{40}|[0-9a-z]{32})$", ignore_case=True)
_TREE = Pattern(r"^urn:(?:(tree:tiger:/?)|(aich:))([a-z2-7]{39}|[a-z2-7]{32})$", ignore_case=True)
_BITPRINT = Pattern(r"^urn:bitprint:([a-z2-7]{32})\.([a-z2-7]{39})$", ignore_case=True)
_ORDER = ("btih", "btmh")
_URN = {"tth": "tree:tiger"}
_BYTES = {"md5": 16, "ed2k": 16, "sha1": 20, "aich": 20, "tth": 24, "sha256": 32, "sha512": 64}
_SAME_LENGTH = {
    16: ("md5", "ed2k", "ed2k_alt"), 20: ("sha1", "btih", "aich"), 24: ("tth",), 32: ("sha256", "btmh", "bt2"), 64: ("sha512",),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Thing:
    """What a link or a hash names: the form shown, the form compared, and the hash's kind."""

    display: str
    comparable: str
    service: str = ""


def magnet(text: str) -> Thing | None:
    """Return the torrent or file that a magnet link names, by its first info hash (hex or base32, version 1 or 2); None
    if it names none. The form shown keeps every hash of the link: a torrent can have one of each version."""
    topics = [value for key, value in parse_qsl(text.partition("?")[2]) if key.partition(".")[0].lower() == "xt"]
    named = list(dict.fromkeys(one for topic in topics for one in _topic(topic)))
    if not named:
        return None
    first = min(named, key=lambda one: _ORDER.index(one[0]) if one[0] in _ORDER else len(_ORDER))
    others = [one for one in named if one != first]
    shown = "&".join(f"xt=urn:{_URN.get(name, name)}:{digest}" for name, digest in (first, *others))
    return Thing(f"magnet:?{shown}", f"{first[0]}:{first[1]}")


def _topic(topic: str) -> list[tuple[str, str]]:
    """Return the hashes that one topic of a magnet link names: kind, and hexadecimal digits (base 32 for TTH and AICH)."""
    for pattern in (_BTIH, _BTMH, _OTHER):
        if found := pattern.match(topic):
            name = found[1].lower()
            digest = _hex(name, found[2])
            return [(name, digest)] if digest else []
    if found := _TREE.match(topic):
        name = "tth" if found[1] else "aich"
        return [(name, found[3].upper())] if _tree(name, found[3]) else []
    if found := _BITPRINT.match(topic):
        return [("sha1", _hex("sha1", found[1])), ("tth", found[2].upper())]
    return []


def ed2k(text: str) -> Thing | None:
    """Return the file that an ed2k link names, by hash and size; None if the link is incomplete."""
    found = _ED2K.match(unquote(text) if "%7c" in text.lower() else text)
    if not found:
        return None
    name, size, digest = found[1], str(int(found[2])), found[3].lower()
    root = f"h={found[4].upper()}|" if found[4] else ""
    return Thing(f"ed2k://|file|{name}|{size}|{digest}|{root}/", f"ed2k:{digest}:{size}")


def file_hash(text: str) -> Thing | None:
    """Return the text as a hash, with its kind told by name or by length; None for anything else."""
    if tree := _NAMED_TREE.match(text):
        kind, value = tree[1].lower(), _tree(tree[1].lower(), tree[2])
        return Thing(_base32(value), f"{kind}:{value}", kind) if value else None
    named = _NAMED_HASH.match(text)
    if named and named[1].lower() == "ed2k":
        value = named[2].lower()
        return Thing(value, f"ed2k:{value}", "ed2k") if len(value) == 32 else None
    if named and named[1].lower() == "pdq":
        value = named[2].lower()
        return Thing(value, f"pdq:{value}", "pdq") if len(value) == _HEX_OF_PDQ else None
    digest = named[2] if named else text
    kind = _HASHES.get(len(digest))
    if kind is None or not _HEX.match(digest) or (named and named[1].lower().replace("-", "") != kind):
        return None
    return Thing(digest.lower(), f"{kind}:{digest.lower()}", kind)


def hashes_named(kind: str, display: str, service: str = "", *, as_typed: bool = False) -> tuple[tuple[str, str], ...]:
    """Return the hashes by which a thing is named, each with its kind, as text; nothing is fetched. A bare digest is
    returned for every kind of its length: equal digests of so many bits are no accident, whatever they were called.
    `as_typed`: only for the stated kind, or the one its length implies."""
    if kind == "magnet":
        topics = [value for key, value in parse_qsl(display.partition("?")[2]) if key == "xt"]
        found = [one for topic in topics for one in _topic(topic)]
        return tuple((name, digest[4:] if name == "btmh" else digest) for name, digest in found)
    if kind == "ed2k" and (link := _ED2K.match(display)):
        root = (("aich", link[4]),) if link[4] else ()
        return (("ed2k", link[3]), *(() if as_typed else (("ed2k_alt", link[3]),)), *root)
    if kind == "file_hash" and service in _BYTES:
        value = _tree(service, display) if service in ("tth", "aich") else display
        kinds = (service,) if as_typed else _SAME_LENGTH[_BYTES[service]]
        return tuple((name, value) for name in kinds) if value else ()
    return ()


def _tree(kind: str, value: str) -> str:
    """Return a TTH or AICH root in hexadecimal, "" if it is none."""
    digits = 2 * _BYTES[kind]
    if len(value) == digits and _HEX.match(value):
        return value.lower()
    try:
        read = base64.b32decode(value.upper() + "=" * (-len(value) % 8)).hex()
    except (binascii.Error, ValueError):
        return ""
    return read if len(read) == digits else ""


def _base32(value: str) -> str:
    return base64.b32encode(bytes.fromhex(value)).decode().rstrip("=")


def _hex(kind: str, value: str) -> str:
    """Return a topic's digest in hex: 32 letters are base32 for SHA-1 digests and hex for the others; "" if they are
    neither."""
    if len(value) != 32 or kind in ("md5", "ed2k"):
        return value.lower() if _HEX.match(value) else ""
    try:
        return base64.b32decode(value.upper()).hex()
    except (binascii.Error, ValueError):
        return ""
