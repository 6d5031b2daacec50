"""One web address: what a browser makes of it (`url`), and the form in which it is compared (`comparable`).

`comparable` is the Safe Browsing canonical form as published, with the scheme and without the port. To decide whether two
addresses are one case, `key` is used: host, path and query in that form, without the scheme (a page is the same page by http and
https), but with a port that is not the scheme's own, because another port is another server.
"""

from dataclasses import dataclass, replace

import ada_url

from leeward.foundation.errors import LeewardError
from leeward.foundation.http.networks import address_of
from leeward.foundation.lazy_text import LazyText as _
from leeward.foundation.patterns import Pattern
from leeward.hosting.rules.comparable import comparable_host, comparable_path, comparable_query, unescaped
from leeward.hosting.rules.lookalikes import host_note
from leeward.hosting.rules.onion import is_onion_host, onion_note
from leeward.hosting.rules.sentences import PROBLEMS

PORTS = {"http": 80, "https": 443, "ftp": 21}
MOST_LETTERS = 8192
_SCHEME = Pattern(r"^([a-z][a-z0-9+.-]*):", ignore_case=True)
_HOST_AND_PORT = Pattern(r"^[^\s/?#:@]+:\d{1,5}(?:[/?#]|$)")
_LOGIN_FIRST = Pattern(r"^[^\s/?#]+@[^\s/?#]+")
_RAW_HOST = Pattern(r"^([a-z]+://(?:[^/?#\\]*@)?)([^/?#\\:@]+)", ignore_case=True)
_STAND_IN = "host.invalid"
_NEVER_IN_HOST = frozenset(b"\x7f #%/<>?@\\^`{|}")
_IGNORED = {ord(letter): None for letter in "\t\r\n"}  # and inside
_AROUND = "".join(map(chr, range(0x21)))  # what WHATWG takes away at both ends


class BadAddress(LeewardError):
    """A text that isn't a web address; `problem` is a code of `sentences.PROBLEMS`."""

    code = "bad_address"
    sentence = _("{address} is not a web address. {why}")
    hint = _("Write it as in a browser, for example https://name.example/page.")

    def __init__(self, address: str, problem: str) -> None:
        self.problem = problem
        super().__init__(address=f"“{shortened(address)}”", why=_(PROBLEMS[problem]))


@dataclass(frozen=True, slots=True)
class CanonicalUrl:
    """A web address in its two forms.

    `url` is the WHATWG form without credentials and fragment; it is '' for a host that no browser can open but that has a
    comparable form all the same. `host` is in comparable form, IPv6 without brackets. `notes` are codes of `sentences.NOTES`.
    """

    input: str
    url: str
    comparable: str
    key: str
    scheme: str
    host: str
    port: int
    is_ip: bool
    is_onion: bool
    notes: tuple[str, ...] = ()


def shortened(text: str, most: int = 80) -> str:
    """Return a text for the middle of a sentence: one line, only printable characters, at most `most` of them."""
    line = " ".join("".join(letter if letter.isprintable() else " " for letter in text[: most * 2]).split())
    return line if len(line) <= most else f"{line[: most - 1]}…"


def in_letters(url: str) -> str:
    """Return a canonical address as people read it: its host in the letters of its own script, all else unchanged."""
    parts = url.split("/", 3)
    if len(parts) < 3 or "xn--" not in parts[2]:
        return url
    host, mark, port = parts[2].partition(":")
    return "/".join([*parts[:2], f"{ada_url.idna_to_unicode(host)}{mark}{port}", *parts[3:]])


def canonical_url(text: str) -> CanonicalUrl:
    """Parse a web address (http, https, ftp; http is assumed without a scheme); raises BadAddress, and nothing else."""
    if len(text) > MOST_LETTERS:
        raise BadAddress(text, "too_long")
    text = text.removeprefix("\ufeff")  # a byte order mark is not part of what was typed
    full, notes = _with_scheme(text)
    try:
        parsed = ada_url.URL(full)
    except ValueError:  # also for invalid Unicode (lone surrogates)
        return _unopenable(text, full)
    scheme = parsed.protocol.removesuffix(":")
    if _has_two_schemes(full):
        raise BadAddress(text, "two_schemes")
    if _has_no_host_typed(full) and "." not in parsed.hostname:
        raise BadAddress(text, "no_host")
    notes += _cleaned(parsed)
    return _forms(text, parsed, scheme, notes)


def _cleaned(parsed: ada_url.URL) -> list[str]:
    """Remove credentials and fragment, and note that."""
    notes = []
    if parsed.username or parsed.password:
        parsed.username = parsed.password = ""
        notes.append("credentials_removed")
    if parsed.hash:
        notes.append("fragment_dropped")
    parsed.hash = ""
    return notes


def _forms(text: str, parsed: ada_url.URL, scheme: str, notes: list[str]) -> CanonicalUrl:
    host = _settled_host(parsed.hostname)
    if not host:
        raise BadAddress(text, "no_host")
    port = int(parsed.port or PORTS[scheme])
    tail = _tail(parsed.href)
    is_onion = is_onion_host(host)
    notes += [note for note in (host_note(host), onion_note(host) if is_onion else "") if note]
    return CanonicalUrl(
        input=text,
        url=parsed.href,
        comparable=f"{scheme}://{host}{tail}",
        key=f"{host}{'' if port == PORTS[scheme] else f':{port}'}{tail}",
        scheme=scheme,
        host=host.strip("[]"),
        port=port,
        is_ip=address_of(host) is not None,
        is_onion=is_onion,
        notes=tuple(notes),
    )


def _tail(href: str) -> str:
    """Return path and query of a WHATWG address in comparable form; an empty query keeps its question mark."""
    after_host = href.split("//", 1)[1]
    path, mark, query = after_host[after_host.index("/") :].partition("?")
    return comparable_path(path) + mark + comparable_query(query)


def _settled_host(hostname: str) -> str:
    """Return the host in comparable form; dots at its end can hide an IPv4 address, so the rest is parsed once more."""
    if hostname.startswith("["):
        return hostname
    host = comparable_host(hostname)
    if host == hostname:
        return host
    try:
        return str(ada_url.URL(f"http://{host}/").hostname) if host else ""
    except ValueError:
        return host


def _with_scheme(text: str) -> tuple[str, list[str]]:
    bare = text.strip(_AROUND).translate(_IGNORED)
    if bare.startswith("//") and bare[2:3] not in ("", "/"):
        return f"http:{bare}", ["scheme_assumed"]
    if not bare or bare[0] in "/?#\\":
        raise BadAddress(text, "no_host")
    found = _SCHEME.match(bare)
    if not found or _HOST_AND_PORT.match(bare):
        return f"http://{bare}", ["scheme_assumed"]
    if found[1].lower() in PORTS:
        return bare, []
    if _LOGIN_FIRST.match(bare) and not bare.lower().startswith(("mailto:", "sip:", "sips:", "xmpp:", "data:")):
        return f"http://{bare}", ["scheme_assumed"]
    raise BadAddress(text, "other_scheme")


def _has_no_host_typed(full: str) -> bool:
    """Return whether the host is empty (`http:///page`): a browser takes what follows as the host, we only if it has a
    dot."""
    return full.split(":", 1)[1][:3].replace("\\", "/") == "///"


def _has_two_schemes(full: str) -> bool:
    """Return whether there is a scheme in the place of the host (`http://http://name.example`): a browser would go to
    the host `http`."""
    second = full.split(":", 1)[1].lstrip("/\\").lower()
    return second.startswith(tuple(f"{scheme}:/" for scheme in PORTS))


def _unopenable(text: str, full: str) -> CanonicalUrl:
    """Return the comparable form of an address whose host has characters that no browser accepts
    (`http://%20name.example/`).

    Only that may be wrong with it: everything else must be valid when the host is replaced by another.
    """
    found = _RAW_HOST.match(full)
    if not found:
        raise BadAddress(text, "bad_url" if full.split(":", 1)[1].strip("/") else "no_host")
    try:
        parsed = ada_url.URL(f"{found[1]}{_STAND_IN}{full[found.end() :]}")
        raw = full[found.start(2) : found.end(2)].encode()
    except ValueError:
        raise BadAddress(text, "bad_url") from None
    host = comparable_host(found[2])
    plain = unescaped(raw)
    if not host or not any(byte in _NEVER_IN_HOST or byte <= 0x20 for byte in plain):
        raise BadAddress(text, "bad_host")
    _cleaned(parsed)
    stand_in = _forms(text, parsed, parsed.protocol.removesuffix(":"), [])
    return replace(
        stand_in,
        url="",
        comparable=stand_in.comparable.replace(_STAND_IN, host, 1),
        key=stand_in.key.replace(_STAND_IN, host, 1),
        host=host,
    )
