"""One web address, parsed as browsers do (WHATWG, by ada-url), and its form for comparing. Pure."""

import base64
import hashlib
import ipaddress
import re
from dataclasses import dataclass

import ada_url

from leeward.ground.errors import LeewardError
from leeward.hosting.rules import safe_browsing

MOST_LETTERS = 60_000
_DEFAULT_PORTS = {"http": 80, "https": 443}
_SCHEME = re.compile(r"^[a-zA-Z][a-zA-Z0-9+.-]*:")
_HOST_PORT = re.compile(r"^[^/?#@:\s]+:\d{1,5}(?:[/?#]|$)")


class BadAddress(LeewardError):
    """A text that no browser would take for a web address."""

    code = "bad_address"
    sentence = "“{text}” is not a web address."
    hint = "A web address looks like https://name.example/page."


@dataclass(frozen=True, slots=True)
class CanonicalUrl:
    """A web address: as typed, as a browser opens it (without credentials and fragment), and for comparing.

    `comparable` is Safe Browsing's canonical form.
    """

    input: str
    url: str
    comparable: str
    scheme: str
    host: str
    port: int
    is_ip: bool
    is_onion: bool

    @property
    def key(self) -> str:
        """What two reports of one thing have in common: `comparable` without its scheme, with the port where it isn't the usual
        one, for two servers on one machine are two things."""
        bare = self.comparable.split("://", 1)[1]
        if self.port in _DEFAULT_PORTS.values():
            return bare
        host, mark, rest = bare.partition("/")
        return f"{host}:{self.port}{mark}{rest}"


def canonical_url(text: str) -> CanonicalUrl:
    """Parse one address; raises BadAddress. Without a scheme it is taken for http."""
    typed = text.strip()
    if not typed or len(typed) > MOST_LETTERS or "\x00" in typed:
        raise BadAddress(text=shortened(typed))
    candidate = typed if _SCHEME.match(typed) and not _HOST_PORT.match(typed) else f"http://{typed}"
    try:
        parsed = ada_url.URL(candidate)
    except (ValueError, UnicodeError) as error:
        raise BadAddress(text=shortened(typed)) from error
    scheme = parsed.protocol.rstrip(":")
    if scheme not in _DEFAULT_PORTS or not parsed.hostname:
        raise BadAddress(text=shortened(typed))
    parsed.username, parsed.password, parsed.hash = "", "", ""
    host = parsed.hostname.rstrip(".") or parsed.hostname
    comparable = safe_browsing.canonical(parsed.href)
    if comparable is None:
        raise BadAddress(text=shortened(typed))
    return CanonicalUrl(
        input=text,
        url=parsed.href,
        comparable=comparable,
        scheme=scheme,
        host=host.strip("[]"),
        port=int(parsed.port) if parsed.port else _DEFAULT_PORTS[scheme],
        is_ip=is_ip(host.strip("[]")),
        is_onion=host.endswith(".onion"),
    )


def is_ip(host: str) -> bool:
    """Whether a host is an IP address."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def is_onion_name(host: str) -> bool:
    """Whether a host's last but one label is a version 3 onion address whose checksum is right (rend-spec-v3, 6)."""
    labels = host.lower().rstrip(".").split(".")
    if len(labels) < 2 or labels[-1] != "onion" or len(labels[-2]) != 56:
        return False
    try:
        raw = base64.b32decode(labels[-2].upper())
    except ValueError:
        return False
    key, checksum, version = raw[:32], raw[32:34], raw[34:]
    right = hashlib.sha3_256(b".onion checksum" + key + version).digest()[:2]
    return version == b"\x03" and checksum == right


def mixes_scripts(host: str) -> bool:
    """Whether a label of an IDN host mixes scripts that look alike (Latin with Cyrillic or Greek), as imitations do."""
    for label in host.split("."):
        try:
            shown = label.encode("ascii").decode("idna") if label.startswith("xn--") else label
        except UnicodeError:
            continue
        if len({_script(letter) for letter in shown if letter.isalpha()} & {"latin", "cyrillic", "greek"}) > 1:
            return True
        if label.startswith("xn--") and shown and all(_looks_latin(letter) for letter in shown if letter.isalpha()):
            return True
    return False


_LOOK_LATIN = frozenset("аеорсухіјѕһԁԛԝӏսոցհ")


def _looks_latin(letter: str) -> bool:
    return letter in _LOOK_LATIN


def _script(letter: str) -> str:
    code = ord(letter)
    if code < 0x250:
        return "latin"
    if 0x370 <= code < 0x400:
        return "greek"
    return "cyrillic" if 0x400 <= code < 0x530 else "other"


def shortened(text: str, most: int = 80) -> str:
    """A text for an error sentence: one line, not too long, no control characters."""
    line = "".join(letter if letter.isprintable() else " " for letter in text[: most * 2])
    line = " ".join(line.split())
    return line if len(line) <= most else line[: most - 1] + "…"
