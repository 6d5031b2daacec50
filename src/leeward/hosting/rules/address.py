"""What somebody pasted, sorted: web and onion addresses, magnet and ed2k links, hashes, user names, newsgroups, phone numbers. Pure."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from leeward.hosting.rules import shared_files
from leeward.hosting.rules.undone import undo
from leeward.hosting.rules.urls import BadAddress, canonical_url, is_onion_name, mixes_scripts, shortened

Kind = Literal["url", "onion", "magnet", "ed2k", "file_hash", "account", "newsgroup", "phone", "unknown"]
MOST_ITEMS = 2000
_MOST_NAME = 200


@dataclass(frozen=True, slots=True)
class Recognised:
    """One thing of a text.

    `display` is how it is shown, `comparable` what two reports of the same thing have in common, `service` where a user name is used,
    `undone` what was put right (`hxxp`, `[.]`), `notes` what to mind, `problem` why it isn't understood (kind `unknown` only).
    `undone`, `notes` and `problem` are codes of the vocabulary in `words.py`.
    """

    kind: Kind
    typed: str
    display: str
    comparable: str
    service: str = ""
    undone: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    problem: str | None = None


_LOOKS_WEB = re.compile(r"^(?:[a-z][a-z0-9+.-]*://|www\.)", re.IGNORECASE)
_DOMAIN = re.compile(r"^(?:[^\s@/:.]+\.)+[^\s@/:.\d][^\s@/:.]+(?::\d{1,5})?(?:[/?#].*)?$")
_IP = re.compile(r"^(?:\d{1,3}(?:\.\d{1,3}){3}|\[[0-9a-f:.]+\])(?::\d{1,5})?(?:[/?#].*)?$", re.IGNORECASE)
_HASH = re.compile(
    r"^(?:(md5|sha-?1|sha-?256|sha-?512)\s*[:=]\s*)?([0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{64}|[0-9a-f]{128})$",
    re.IGNORECASE,
)
_HASH_NAMES = {32: "md5", 40: "sha1", 64: "sha256", 128: "sha512"}
_NEWS = re.compile(
    r"^(?:news:)?((?:alt|comp|misc|rec|sci|soc|talk|news|free|de|fr|uk|it|nl)(?:\.[a-z0-9_+-]+)+)$", re.IGNORECASE
)
_NEWS_SCHEME = re.compile(r"^(?:news|nntp):(?://[^/\s]+/)?([a-z0-9_+.-]+)$", re.IGNORECASE)
_PHONE = re.compile(r"^(?:tel:|phone:?|whatsapp:?)?\s*(\+?[\d\s().\-/–]{6,30})$", re.IGNORECASE)
_ON = re.compile(r"^@?(\S.{0,198}?)\s+(?:on|at|in|sur|auf|na|di|پر)\s+(\S.{0,98})$", re.IGNORECASE)
_SERVICE_FIRST = re.compile(r"^([\w.\- ]{2,40})\s*:\s*@?([^\s/:][^\s/]{0,98})$")
_AT_SERVICE = re.compile(r"^@([^\s@]{1,99})\s+([\w.\-]{2,60})$")
_FEDIVERSE = re.compile(r"^@?([\w.\-+]{1,99})@((?:[\w\-]+\.)+[\w\-]{2,})$")


def recognise(text: str) -> list[Recognised]:
    """Return everything that a text names, in its order, each thing once; at most 2,000. Never raises."""
    found: list[Recognised] = []
    seen: set[tuple[str, str]] = set()
    for piece in pieces(text):
        item = recognise_one(piece)
        if (item.kind, item.comparable) not in seen:
            seen.add((item.kind, item.comparable))
            found.append(item)
        if len(found) >= MOST_ITEMS:
            break
    return found


def pieces(text: str) -> list[str]:
    """Cut a text into what may each be one thing: by lines; a line of several links by its spaces and commas."""
    cut: list[str] = []
    for whole in re.split(r"[\r\n\v\f\x85\u2028\u2029]+", text):
        line = whole.strip().strip("<>").strip()
        words = [word.strip("<>\"'()") for word in re.split(r"[\s,;]+", line) if word]
        links = [word for word in words if _is_link(word)]
        if len(words) > 1 and len(links) >= max(2, len(words) - 1):
            cut += words
        elif links and len(words) > 1 and not _is_name_on_service(line):
            cut += links  # words around a link: what is meant is the link
        elif line:
            cut.append(line)
    return cut


def _is_name_on_service(line: str) -> bool:
    match = _ON.match(line)
    return match is not None and " " not in match[1]


def _is_link(word: str) -> bool:
    undone = undo(word)[0]
    return bool(_LOOKS_WEB.match(undone) or undone.lower().startswith(("magnet:", "ed2k:")))


def recognise_one(typed: str) -> Recognised:
    """Return what one piece is; `unknown` with a problem where nothing fits. Never raises."""
    plain, undone = undo(typed)
    for sort in _SORTS:
        item = sort(typed, plain, undone)
        if item is not None:
            return item
    return Recognised(
        "unknown", typed, shortened(plain, 200), shortened(plain, 500).casefold(), undone=undone, problem="no_place"
    )


def _magnet(typed: str, plain: str, undone: tuple[str, ...]) -> Recognised | None:
    if not plain.lower().startswith("magnet:"):
        return None
    urn = shared_files.magnet_urn(plain)
    if urn is None:
        return Recognised(
            "unknown", typed, shortened(plain, 200), plain.casefold()[:500], undone=undone, problem="no_hash_in_magnet"
        )
    return Recognised("magnet", typed, urn, urn, undone=undone, notes=("shared_download",))


def _ed2k(typed: str, plain: str, undone: tuple[str, ...]) -> Recognised | None:
    if not plain.lower().startswith("ed2k:"):
        return None
    link = shared_files.ed2k_link(plain)
    if link is None:
        return Recognised(
            "unknown", typed, shortened(plain, 200), plain.casefold()[:500], undone=undone, problem="no_hash_in_ed2k"
        )
    return Recognised("ed2k", typed, link, link, undone=undone, notes=("shared_download",))


def _file_hash(typed: str, plain: str, undone: tuple[str, ...]) -> Recognised | None:
    match = _HASH.match(plain)
    if not match:
        return None
    digits = match[2].lower()
    name = _HASH_NAMES[len(digits)]
    if match[1] and match[1].lower().replace("-", "") != name:
        return Recognised(
            "unknown", typed, shortened(plain, 200), plain.casefold(), undone=undone, problem="wrong_hash_length"
        )
    return Recognised("file_hash", typed, f"{name}:{digits}", f"{name}:{digits}", undone=undone)


def _web(typed: str, plain: str, undone: tuple[str, ...]) -> Recognised | None:
    if not (_LOOKS_WEB.match(plain) or _DOMAIN.match(plain) or _IP.match(plain)) or _FEDIVERSE.match(plain):
        return None
    if _NEWS.match(plain):
        return None
    try:
        url = canonical_url(plain)
    except BadAddress:
        if "://" not in plain:
            return None
        return Recognised(
            "unknown", typed, shortened(plain, 200), plain.casefold()[:500], undone=undone, problem="not_a_web_address"
        )
    notes = []
    if mixes_scripts(url.host):
        notes.append("looks_like_another")
    if url.is_onion:
        notes.append("special_browser" if is_onion_name(url.host) else "onion_mistyped")
    return Recognised("onion" if url.is_onion else "url", typed, url.url, url.key, undone=undone, notes=tuple(notes))


def _newsgroup(typed: str, plain: str, undone: tuple[str, ...]) -> Recognised | None:
    match = _NEWS_SCHEME.match(plain) or _NEWS.match(plain)
    if not match or "." not in match[1]:
        return None
    name = match[1].lower()
    return Recognised("newsgroup", typed, name, name, undone=undone)


def _phone(typed: str, plain: str, undone: tuple[str, ...]) -> Recognised | None:
    match = _PHONE.match(plain)
    if not match:
        return None
    digits = re.sub(r"\D", "", match[1])
    if not 6 <= len(digits) <= 15:
        return None
    number = f"+{digits}" if match[1].strip().startswith("+") else digits
    return Recognised("phone", typed, number, number, undone=undone)


def _account(typed: str, plain: str, undone: tuple[str, ...]) -> Recognised | None:
    match = _FEDIVERSE.match(plain) or _AT_SERVICE.match(plain) or _ON.match(plain)
    name, service = (match[1], match[2]) if match else ("", "")
    if not match:
        first = _SERVICE_FIRST.match(plain)
        if not first or first[1].strip().lower() in {"http", "https", "ftp", "mailto"}:
            return None
        service, name = first[1], first[2]
    return account(name, service, typed=typed, undone=undone)


def account(name: str, service: str, *, typed: str = "", undone: tuple[str, ...] = ()) -> Recognised:
    """Return a user name on a service as one thing; for what a person answered to "which app is this on?"."""
    name, service = name.strip().lstrip("@")[:_MOST_NAME], " ".join(service.split())[:100]
    comparable = f"{name.casefold()}@{service.casefold()}"
    return Recognised("account", typed or name, name, comparable, service=service, undone=undone)


_SORTS: tuple[Callable[[str, str, tuple[str, ...]], Recognised | None], ...] = (
    _magnet,
    _ed2k,
    _file_hash,
    _phone,
    _web,
    _newsgroup,
    _account,
)
