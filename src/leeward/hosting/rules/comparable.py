"""The Safe Browsing canonical form, which identifies different spellings of one address.

Rules: "URLs and hashing", developers.google.com/safe-browsing (canonicalisation). They are applied to the output of the
WHATWG parser, so host, path and query are already separate. Where WHATWG and these rules differ, WHATWG decides what is
the host.
"""

from urllib.parse import unquote_to_bytes

from leeward.foundation.patterns import Pattern

_HEX = frozenset(b"0123456789abcdefABCDEF")
_PERCENT, _HASH = 0x25, 0x23
_AS_THEY_ARE = bytes(byte for byte in range(0x21, 0x7F) if byte not in (_PERCENT, _HASH))
_DOTS = Pattern(r"\.{2,}")
_SLASHES = Pattern(rb"/{2,}")


def unescaped(raw: bytes) -> bytes:
    """Undo percent escapes until none is left, in one pass: escapes never overlap, so their order doesn't matter."""
    once = unquote_to_bytes(raw)
    if _PERCENT not in once:
        return once
    out = bytearray()
    for byte in raw:
        out.append(byte)
        while len(out) >= 3 and out[-3] == _PERCENT and out[-2] in _HEX and out[-1] in _HEX:
            out[-3:] = bytes((int(out[-2:], 16),))
    return bytes(out)


def escaped(raw: bytes) -> str:
    """Escape what the canonical form escapes: up to and including the space, from 127 on, `#` and `%`."""
    if not raw.translate(None, _AS_THEY_ARE):
        return raw.decode()
    return "".join(chr(byte) if byte in _AS_THEY_ARE else f"%{byte:02X}" for byte in raw)


def comparable_path(path: str) -> str:
    """Return the canonical path: unescaped, `.` and `..` resolved, repeated slashes merged, escaped again."""
    kept: list[bytes] = []
    segments = unescaped(path.encode()).split(b"/")[1:]
    for segment in segments:
        if segment == b"..":
            del kept[-1:]
        elif segment != b".":
            kept.append(segment)
    if segments and segments[-1] in (b".", b".."):
        kept.append(b"")
    return escaped(_SLASHES.sub(b"/", b"/" + b"/".join(kept)))


def comparable_query(query: str) -> str:
    """Return the canonical query: unescaped and escaped again, nothing else."""
    return escaped(unescaped(query.encode()))


def comparable_host(host: str) -> str:
    """Return the canonical form of an ASCII host name: lower case, no dots at the ends, repeated dots merged; "" if
    nothing is left."""
    bare = unescaped(host.encode()).strip(b".").lower()
    return _DOTS.sub(".", escaped(bare))
