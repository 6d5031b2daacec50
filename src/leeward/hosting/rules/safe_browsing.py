"""The canonical form of an address by which addresses are compared, as Safe Browsing documents it (v4 and v5). Pure.

Bytes in Latin-1 text, so that `%80` stays `%80`. Source: "URLs and Hashing" of the Safe Browsing documentation.
"""

import ipaddress
import re
from urllib.parse import unquote_to_bytes

_SCHEME = re.compile(rb"([A-Za-z][A-Za-z0-9+.\-]*):/*")
_IPV4 = re.compile(rb"(?:0[xX][0-9a-fA-F]*|[0-9]+)(?:\.(?:0[xX][0-9a-fA-F]*|[0-9]+)){0,3}")
_PORT = re.compile(rb":\d*$")
MOST_ROUNDS = 1024


def canonical(text: str) -> str | None:
    """Return `scheme://host/path?query` in canonical form, or None when there is no host.

    Port, user name, password and fragment are dropped; escapes are undone until nothing changes and redone once; the path is
    resolved; any notation of an IPv4 address becomes the dotted one; IDN labels become A-labels.
    """
    raw = re.sub(rb"[\t\r\n]", b"", text.encode("utf-8", "surrogateescape").strip(b" ")).split(b"#", 1)[0]
    match = _SCHEME.match(raw)
    scheme, rest = (match[1].lower(), raw[match.end() :]) if match and b"//" in match[0] else (b"http", raw)
    if match and match[0].endswith(b"///"):
        return None
    cut = min([place for place in (rest.find(b"/"), rest.find(b"?")) if place >= 0] or [len(rest)])
    path, mark, query = rest[cut:].partition(b"?")
    host = _host(rest[:cut].rsplit(b"@", 1)[-1])
    if not host:
        return None
    return b"".join((scheme, b"://", host, _path(path), mark, query)).decode("latin-1")


def unescaped(raw: bytes) -> bytes:
    """Undo percent escapes until nothing changes."""
    for _ in range(MOST_ROUNDS):
        undone = unquote_to_bytes(raw)
        if undone == raw:
            break
        raw = undone
    return raw


def _escaped(raw: bytes) -> bytes:
    return b"".join(b"%%%02X" % byte if byte <= 32 or byte >= 127 or byte in b"#%" else bytes((byte,)) for byte in raw)


def _host(raw: bytes) -> bytes:
    if raw.startswith(b"["):
        inside = raw[1:].partition(b"]")[0]
        try:
            return b"[%s]" % str(ipaddress.IPv6Address(inside.decode("ascii"))).encode()
        except ValueError:
            return b""
    host = unescaped(_PORT.sub(b"", raw))
    host = _a_labels(host)
    host = re.sub(rb"\.+", b".", host.strip(b".")).lower()
    return dotted_ipv4(host) or _escaped(host)


def _a_labels(host: bytes) -> bytes:
    """IDN labels in the form that goes to the DNS; what can't be read stays as it is."""
    try:
        text = host.decode("utf-8")
        return host if text.isascii() else text.encode("idna")
    except UnicodeError:
        return host


def dotted_ipv4(host: bytes) -> bytes | None:
    """Return the dotted form of an IPv4 address in decimal, octal, hexadecimal or shortened notation, else None."""
    if not _IPV4.fullmatch(host):
        return None
    parts = host.split(b".")
    try:
        numbers = [_number(part) for part in parts]
    except ValueError:
        return None
    *firsts, last = numbers
    if any(number > 255 for number in firsts) or last >= 256 ** (5 - len(numbers)):
        return None
    whole = last + sum(number << (8 * (3 - place)) for place, number in enumerate(firsts))
    return str(ipaddress.IPv4Address(whole)).encode()


def _number(part: bytes) -> int:
    if len(part) > 20:
        raise ValueError
    if part[:2].lower() == b"0x":
        return int(part[2:] or b"0", 16)
    return int(part, 8) if len(part) > 1 and part.startswith(b"0") else int(part)


def _path(raw: bytes) -> bytes:
    path = unescaped(raw or b"/")
    ends_open = path.endswith((b"/", b"/.", b"/.."))
    kept: list[bytes] = []
    for part in path.split(b"/"):
        if part == b"..":
            del kept[-1:]
        elif part not in (b"", b"."):
            kept.append(part)
    return _escaped(b"/" + b"/".join(kept) + (b"/" if ends_open and kept else b""))
