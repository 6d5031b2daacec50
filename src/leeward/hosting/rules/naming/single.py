"""What one word names by itself: a web or onion address, a link, a hash, an e-mail address, a newsgroup, a wallet."""

from dataclasses import dataclass, replace
from functools import cache
from typing import Literal

from publicsuffixlist import PublicSuffixList

from leeward.foundation.http.networks import address_of
from leeward.foundation.patterns import Pattern
from leeward.hosting.rules.mail_and_news import email, fediverse, newsgroup
from leeward.hosting.rules.naming.cues import cues_of
from leeward.hosting.rules.naming.service_links import linked
from leeward.hosting.rules.naming.spelling import plain
from leeward.hosting.rules.naming.words import FILE_ENDINGS, WORDS_AS_ENDINGS
from leeward.hosting.rules.peer_to_peer import Thing, ed2k, file_hash, magnet
from leeward.hosting.rules.sentences import NOTES, PROBLEMS
from leeward.hosting.rules.undoing import undone, unwrapped, visible
from leeward.hosting.rules.urls import BadAddress, canonical_url
from leeward.payments.rules.banks import upi
from leeward.payments.rules.coins import coin
from leeward.payments.rules.traces import NAMES

Kind = Literal[
    "url", "onion", "magnet", "ed2k", "file_hash", "account", "group", "game", "newsgroup", "phone", "wallet", "unknown"
]
_WEB = Pattern(r"^(?:https?|ftp):", ignore_case=True)
_OTHER_SCHEME = Pattern(r"^[a-z][a-z0-9+.-]*://", ignore_case=True)
_BARE_HOST = Pattern(r"^(?:[^\s/?#@]+@)?((?:[\w\pM-]+\.)+(?:\pL[\w\pM-]+))\.?(:\d{1,5})?([/?#]\S*)?$", ignore_case=True)
_MOST_LETTERS_OF_LABEL = 63
_BARE_IP = Pattern(r"^(\d{1,3}(?:\.\d{1,3}){3}|\[[0-9a-f:.]+\])(?::\d{1,5})?(?:[/?#]\S*)?$", ignore_case=True)
# Ends that no registry gives out: for examples, for networks inside networks.
_OTHER_ENDS = frozenset("example test invalid localhost onion i2p local internal lan home bit eth crypto".split())


@dataclass(frozen=True, slots=True)
class Recognised:
    """One thing recognised in a text.

    `display` is the form shown and stored, `comparable` decides whether two are the same thing (for web addresses it is
    `CanonicalUrl.key`), `service` is the service of an account, a group or a number, or the kind of a hash or wallet;
    `name` is the bare name of an account, a group or a game. `undone` lists the disguises removed. `problem` is a
    sentence about what is wrong; None means nothing. `notes` are sentences worth reading. `asks`: words that may be
    somebody's name, at a service that isn't said.
    """

    kind: Kind
    typed: str
    display: str
    comparable: str
    service: str = ""
    undone: tuple[str, ...] = ()
    problem: str | None = None
    notes: tuple[str, ...] = ()
    name: str = ""
    asks: bool = False


def one_word(typed: str) -> Recognised:
    """Return what a word names by itself, as kind `unknown` if nothing."""
    meant, forms = undone(unwrapped(typed.rpartition("](")[2]))
    lower = meant.lower()
    if lower.startswith("magnet:"):
        return _linked("magnet", typed, magnet(meant), forms)
    if lower.startswith("ed2k:") and not file_hash(meant):
        return _linked("ed2k", typed, ed2k(meant), forms)
    if _WEB.match(meant):
        return web(typed, meant, forms)
    if thing := _without_host(typed, meant):
        return replace(thing, undone=forms)
    if looks_like_host(meant):
        return web(typed, meant, forms)
    return not_known(typed, "other_scheme" if _OTHER_SCHEME.match(meant) else "not_recognised", forms)


def _without_host(typed: str, meant: str) -> Recognised | None:
    if group := newsgroup(meant):
        return of_thing("newsgroup", typed, group)
    if digest := file_hash(meant):
        return of_thing("file_hash", typed, digest)
    if address := email(meant) or fediverse(meant):
        return replace(of_thing("account", typed, address), name=address.display.partition(" (")[0])
    if (money := coin(meant)) and money.valid:
        return of_thing("wallet", typed, wallet(money.kind, money.value))
    if paid := upi(meant):
        return of_thing("wallet", typed, wallet("upi", paid))
    return None


def wallet(kind: str, value: str) -> Thing:
    """Return a place to which money can be sent, of a kind of `payments`."""
    return Thing(value, f"wallet:{value}", NAMES[kind])


def looks_like_host(meant: str) -> bool:
    """Return whether a word without a scheme is a host, with a path or without: its end exists, and it is no file's name."""
    if literal := _BARE_IP.match(meant):
        return address_of(literal[1]) is not None
    bare = _BARE_HOST.match(meant)
    if bare is None:
        return meant.startswith("//")
    labels = bare[1].split(".")
    if any(len(label) > _MOST_LETTERS_OF_LABEL for label in labels) or not has_known_end(labels[-1]):
        return False
    if bare[3] or bare[2] or labels[0].lower() == "www":
        return True
    end = labels[-1].lower()
    return end not in FILE_ENDINGS and not (end in WORDS_AS_ENDINGS and len(labels) == 2 and _is_word(labels[0]))


def has_known_end(label: str) -> bool:
    """Return whether a domain can end with this label: one of the root zone, or one for examples and inner networks."""
    try:
        ascii_label = label.lower().encode("idna").decode() if not label.isascii() else label.lower()
    except UnicodeError:
        return False
    return (
        ascii_label in _OTHER_ENDS or ascii_label in _TEST_ENDS or _ends().publicsuffix(f"a.{ascii_label}") is not None
    )


# What the root zone's tests of other scripts used.
_TEST_ENDS = frozenset(
    f"xn--{end}" for end in "kgbechtv 0zwm56d g6w251d 80akhbyknj4f 11b5bs3a9aj6g hgbk6aj7f53bba hlcj6aya9esc7a 9t4b11yi5a "
    "deba0ad jxalpdlp zckzah".split()
)  # fmt: skip


@cache
def _ends() -> PublicSuffixList:
    return PublicSuffixList(accept_unknown=False)


def _is_word(label: str) -> bool:
    return label.isalpha() and (bool(cues_of(plain(label))) or len(label) <= 2)


def web(typed: str, meant: str, forms: tuple[str, ...]) -> Recognised:
    """Return a web or onion address; an account or a group if it links to one at a known service."""
    try:
        url = canonical_url(meant)
    except BadAddress as bad:
        return not_known(typed, bad.problem, forms)
    if not url.url:
        return not_known(typed, "bad_host", forms)
    if there := linked(url.url, meant.partition("#")[2]):
        if there.kind == "phone":
            return Recognised("phone", typed, there.value, there.value, there.service.name, forms)
        return at_service(there.kind, typed, there.service.name, there.value, forms)
    notes = tuple(NOTES[note] for note in url.notes)
    return Recognised("onion" if url.is_onion else "url", typed, url.url, url.key, undone=forms, notes=notes)


def at_service(kind: Kind, typed: str, service: str, name: str, forms: tuple[str, ...] = ()) -> Recognised:
    """Return an account, a group or a game at a service ("" if it isn't said)."""
    mark = "" if kind == "account" else f"{kind}:"
    comparable = name if name.startswith("https://") else name.casefold()
    display = f"{name} ({service})" if service else name
    return Recognised(kind, typed, display, f"{mark}{service.casefold()}:{comparable}", service, forms, name=name)


def of_thing(kind: Kind, typed: str, thing: Thing, forms: tuple[str, ...] = ()) -> Recognised:
    """Return a thing that one of the readers found."""
    is_doubtful = thing.service == "sha1" and ":" not in typed and "=" not in typed
    notes = (NOTES["sha1_or_torrent"],) if is_doubtful else ()
    return Recognised(kind, typed, thing.display, thing.comparable, thing.service, forms, notes=notes)


def not_known(typed: str, problem: str, forms: tuple[str, ...] = ()) -> Recognised:
    """Return words that name nothing, with the code of the sentence that says why."""
    shown = visible(typed.encode("utf-8", "replace").decode())[0] or typed
    return Recognised("unknown", typed, shown, shown, undone=forms, problem=PROBLEMS[problem])


def _linked(kind: Kind, typed: str, thing: Thing | None, forms: tuple[str, ...]) -> Recognised:
    return of_thing(kind, typed, thing, forms) if thing else not_known(typed, f"bad_{kind}", forms)
