"""What a link at a known service names: a person's page is that account, an invitation is that group."""

from dataclasses import dataclass
from functools import cache
from typing import Literal
from urllib.parse import parse_qs, unquote, urlsplit

from leeward.hosting.rules.naming.known_services import SERVICES, Service
from leeward.hosting.rules.naming.words import FILE_ENDINGS

_BEFORE_HOST = ("www.", "m.", "mobile.", "web.", "l.", "mbasic.", "touch.", "free.", "old.", "new.", "go.")
# The first part of a path that is the service's own, not somebody's name.
_NOT_NAMES = frozenset(
    "p reel reels tv stories explore watch video videos photo photos photo.php story.php groups pages events marketplace share login "
    "help about settings hashtag search i intent home shorts playlist results feed gaming business policies legal privacy terms safety "
    "download web s c joinchat addstickers add invite channel user u r discover live music tag permalink.php sharer sharer.php dialog "
    "login.php reg profile.php people index.html index.php messages notifications accounts directory spotlight lens tos blog press jobs "
    "careers foryou following t embed iv proxy socks share.php apps games catalog discover message qr posts media status id send".split()
)
# Where a person's page is only a person's page with the @.
_WITH_AT = frozenset({"TikTok", "YouTube", "Threads"})
_INVITES_BY_FRAGMENT = "signal.group"
_IN_QUERY = {
    ("facebook.com", "profile.php"): "id",
    ("api.whatsapp.com", "send"): "phone",
    ("whatsapp.com", "send"): "phone",
}


@dataclass(frozen=True, slots=True)
class Linked:
    """What a link names at a service: an account by its name, a telephone number, or a group by its invitation."""

    kind: Literal["account", "group", "phone"]
    service: Service
    value: str


@cache
def _patterns() -> dict[str, list[tuple[str, Service, list[str]]]]:
    found: dict[str, list[tuple[str, Service, list[str]]]] = {}
    for service in SERVICES:
        for kind, links in (("group", service.groups), ("account", service.people)):
            for link in links:
                host, _, path = link.partition("/")
                found.setdefault(host, []).append((kind, service, path.rstrip("/").split("/")))
    return found


def bare_host(host: str) -> str:
    """Return a host without the part before it that services use for phones and the like."""
    for before in _BEFORE_HOST:
        if host.startswith(before) and host.count(".") > 1:
            return host.removeprefix(before)
    return host


@cache
def _by_host() -> dict[str, Service]:
    return {host: rows[-1][1] for host, rows in _patterns().items() if len({row[1].name for row in rows}) == 1}


def service_of_host(host: str) -> Service | None:
    """Return the service that a host belongs to, or None."""
    return _by_host().get(bare_host(host.lower()))


def service_at(host: str) -> Service | None:
    """Return the service on whose host, or below it, something is: `vm.tiktok.com` is TikTok's too."""
    labels = host.lower().split(".")
    return next((found for at in range(len(labels) - 1) if (found := _by_host().get(".".join(labels[at:])))), None)


def linked(url: str, fragment: str = "") -> Linked | None:
    """Return what a canonical web address, with its `fragment`, names at a known service; None if it names a place like any
    other."""
    parts = urlsplit(url)
    host = bare_host((parts.hostname or "").lower())
    if host == _INVITES_BY_FRAGMENT and fragment:
        return Linked("group", _by_host()[host], f"https://{host}/#{fragment}")
    path = [unquote(part) for part in parts.path.split("/") if part]
    if host in ("t.me", "telegram.me") and path[:1] == ["s"] and len(path) == 2:
        path = path[1:]
    if host == "youtube.com" and len(path) == 2 and path[0].startswith("@"):
        path = path[:1]
    if len(path) == 1 and (key := _IN_QUERY.get((host, path[0]))):
        value = parse_qs(parts.query).get(key, [""])[0].strip()
        service = _by_host().get(host)
        return _number_or_name(service, value) if service and value.lstrip("+").isdigit() else None
    for kind, service, wanted in _patterns().get(host, ()):
        if len(wanted) != len(path):
            continue
        name = ""
        for want, part in zip(wanted, path, strict=True):
            if want == "{}":
                name = part
            elif want != part.lower():
                name = ""
                break
        if not _is_written(name) or (wanted[0] == "{}" and not _may_be_name(service, name, kind)):
            continue
        if kind == "group" or (service.name == "Telegram" and name.startswith("+")):
            return Linked("group", service, f"https://{parts.netloc}{parts.path.rstrip('/')}")
        return _number_or_name(service, name)
    return None


def _is_written(name: str) -> bool:
    """Return whether part of a path can stand for a person or a group: no file of the service's own, and nothing in it that
    people don't see, or see in another place.
    """
    is_file = name.rpartition(".")[2].lower() in FILE_ENDINGS and "." in name
    return bool(name) and name.isprintable() and "/" not in name and not is_file


def _may_be_name(service: Service, name: str, kind: str) -> bool:
    if kind == "group" or (service.name in _WITH_AT and name.startswith("@")):
        return True
    return service.name not in _WITH_AT and name.lower() not in _NOT_NAMES


def _number_or_name(service: Service, name: str) -> Linked | None:
    if service.name == "WhatsApp":
        digits = name.lstrip("+")
        return (
            Linked("phone", service, f"+{digits}")
            if digits.isascii() and digits.isdigit() and 7 <= len(digits) <= 15
            else None
        )
    bare = name.removeprefix("@").strip()
    return Linked("account", service, bare) if bare else None
