"""Recognises what a pasted text names: web and onion addresses, links and hashes, accounts, newsgroups, telephone numbers."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Literal

from leeward.foundation.http.networks import address_of
from leeward.foundation.patterns import Pattern
from leeward.hosting.rules.peer_to_peer import Thing, ed2k, file_hash, magnet
from leeward.hosting.rules.people_and_groups import account, newsgroup, phone
from leeward.hosting.rules.sentences import NOTES, PROBLEMS
from leeward.hosting.rules.undoing import GLUE_BEGINS, GLUE_ENDS, undone, unwrapped, visible
from leeward.hosting.rules.urls import BadAddress, CanonicalUrl, canonical_url

__all__ = ["KINDS", "BadAddress", "CanonicalUrl", "Kind", "Recognised", "canonical_url", "recognise"]

Kind = Literal["url", "onion", "magnet", "ed2k", "file_hash", "account", "newsgroup", "phone", "unknown"]
KINDS: tuple[Kind, ...] = (
    "url",
    "onion",
    "magnet",
    "ed2k",
    "file_hash",
    "account",
    "newsgroup",
    "phone",
    "unknown",
)
_BETWEEN = Pattern(r"[\r\n\t\v\f]+|[,;،]\s+|\|")
_SCHEME_NEXT = Pattern(r"\s|[a-z]{1,20}://", ignore_case=True)
_WITH_BARS = Pattern(r"(ed2k://\|file\|[^|\r\n]{0,500}\|\d{1,19}\|[0-9a-f]{32}\|\S*)", ignore_case=True)
_WEB = Pattern(r"^(?:https?|ftp):", ignore_case=True)
_OTHER_SCHEME = Pattern(r"^[a-z][a-z0-9+.-]*://", ignore_case=True)
_BARE_HOST = Pattern(
    r"^(?:[^\s/?#@]+@)?((?:[\w-]+\.)+(?:[\pL\p{Nl}\p{No}]{2,}|xn--[a-z0-9-]+))\.?(?::\d{1,5})?(?:[/?#]\S*)?$",
    ignore_case=True,
)
_MOST_OF_LABEL = 63
_BARE_IP = Pattern(r"^(\d{1,3}(?:\.\d{1,3}){3}|\[[0-9a-f:.]+\])(?::\d{1,5})?(?:[/?#]\S*)?$", ignore_case=True)
type Readers = tuple[tuple[Kind, Callable[[str], Thing | None]], ...]
_COMMAS = str.maketrans(";،", ",,")
# Limits on the words read, and on the parts of one word with commas: each costs a little time, and a text may be long.
MOST_WORDS, MOST_PARTS = 1500, 250
_AS_SPACES = str.maketrans(dict.fromkeys(",;،|", " "))
_STARTS_NEW = Pattern(r"^(?:[a-z][a-z0-9+.-]*://|magnet:|www\.)", ignore_case=True)


@dataclass(frozen=True, slots=True)
class Recognised:
    """One thing recognised in a text.

    `display` is the form shown and stored, `comparable` decides whether two are the same thing (for web addresses it is
    `CanonicalUrl.key`), `service` is the service of an account or the kind of a hash, `undone` lists the disguises
    removed. `problem` is a sentence about what is wrong; None means nothing. `notes` are sentences worth reading.
    """

    kind: Kind
    typed: str
    display: str
    comparable: str
    service: str = ""
    undone: tuple[str, ...] = ()
    problem: str | None = None
    notes: tuple[str, ...] = ()


def recognise(text: str) -> list[Recognised]:
    """Return everything that a text names, in order; words that name nothing are joined into one `unknown`. Never raises.

    What comes after the first `MOST_WORDS` words is not read: it is the last `unknown`, as typed.
    """
    found: list[Recognised] = []
    read, rest = _within_reach(text)
    for part in _WITH_BARS.split(read):
        if _WITH_BARS.match(part):
            found.append(_one(part))
        else:
            found += [item for piece in _pieces(part) if piece.strip() for item in _in_piece(piece.strip())]
    return [*found, _unknown(rest, "not_recognised", ())] if rest else found


def _within_reach(text: str) -> tuple[str, str]:
    """Return the part of a text that is read, and the rest; no word is cut in two."""
    words = text.translate(_AS_SPACES).split(maxsplit=MOST_WORDS)
    if len(words) <= MOST_WORDS:
        return text, ""
    read = text[: len(text) - len(words[-1])]
    if not read[-1].isspace():
        read = read[: len(read) - len(read.split()[-1])]
    return read, text[len(read) :].strip()


def _pieces(text: str) -> Iterator[str]:
    """Split at line ends, at commas before a space, and at bars beside a space or before an address."""
    end = 0
    for found in _BETWEEN.finditer(text):
        start, after = found.span()
        is_bar = text[start] == "|"
        if is_bar and not text[start - 1 : start].isspace() and not _SCHEME_NEXT.match(text[after : after + 24]):
            continue
        yield text[end:start]
        end = after
    yield text[end:]


def _in_piece(piece: str) -> list[Recognised]:
    shown, had_hidden = visible(piece)
    whole = _whole(piece, unwrapped(shown.strip()))
    found = [whole] if whole else list(_joined(map(_one, _tokens(shown))))
    if had_hidden:
        found = [_with_note(item, "hidden_letters") for item in found]
    return found


def _whole(typed: str, shown: str) -> Recognised | None:
    """Recognise what makes sense only with its spaces: an account, a telephone number, a hash after its name."""
    if " " not in shown and ":" not in shown:
        return None
    meant, forms = undone(shown)
    return _by_first((("phone", phone), ("account", account), ("file_hash", file_hash)), typed, meant, forms)


def _tokens(text: str) -> Iterator[str]:
    """Return words, where `name [dot] example` is one word, and `a.example,b.example` two."""
    waiting: list[str] = []
    for word in text.split():
        if waiting and not (GLUE_BEGINS.match(word) or GLUE_ENDS.search(waiting[-1][-12:])):
            yield from _at_commas(" ".join(waiting))
            waiting = []
        waiting.append(word)
    if waiting:
        yield from _at_commas(" ".join(waiting))


def _at_commas(word: str) -> Iterator[str]:
    """Split at a comma only if both sides can stand alone; a comma may also belong to an address."""
    parts = [part for part in word.translate(_COMMAS).split(",") if part]
    if len(parts) > 1 and (
        all(_STARTS_NEW.match(undone(part)[0]) for part in parts[:MOST_PARTS])
        or all("/" not in part and _one(part).kind != "unknown" for part in parts[:MOST_PARTS])
    ):
        yield from parts
    else:
        yield word


def _one(typed: str) -> Recognised:
    meant, forms = undone(unwrapped(typed.rpartition("](")[2]))
    lower = meant.lower()
    if lower.startswith("magnet:"):
        return _linked("magnet", typed, magnet(meant), forms)
    if lower.startswith("ed2k:"):
        return _linked("ed2k", typed, ed2k(meant), forms)
    if _WEB.match(meant):
        return _web(typed, meant, forms)
    thing = _by_first((("newsgroup", newsgroup), ("file_hash", file_hash), ("account", account)), typed, meant, forms)
    if thing:
        return thing
    if _looks_like_host(meant):
        return _web(typed, meant, forms)
    problem = "other_scheme" if _OTHER_SCHEME.match(meant) else "not_recognised"
    return _by_first((("phone", phone),), typed, meant, forms) or _unknown(typed, problem, forms)


def _by_first(readers: Readers, typed: str, meant: str, forms: tuple[str, ...]) -> Recognised | None:
    """Return the result of the first reader that recognises the text."""
    for kind, reader in readers:
        thing = reader(meant)
        if thing:
            return _of_thing(kind, typed, thing, forms)
    return None


def _looks_like_host(meant: str) -> bool:
    literal = _BARE_IP.match(meant)
    if literal:
        return address_of(literal[1]) is not None
    bare = _BARE_HOST.match(meant)
    is_host = bare is not None and all(len(label) <= _MOST_OF_LABEL for label in bare[1].split("."))
    return is_host or meant.startswith("//")


def _web(typed: str, meant: str, forms: tuple[str, ...]) -> Recognised:
    try:
        url = canonical_url(meant)
    except BadAddress as bad:
        return _unknown(typed, bad.problem, forms)
    if not url.url:
        return _unknown(typed, "bad_host", forms)
    notes = tuple(NOTES[note] for note in url.notes)
    return Recognised("onion" if url.is_onion else "url", typed, url.url, url.key, undone=forms, notes=notes)


def _linked(kind: Kind, typed: str, thing: Thing | None, forms: tuple[str, ...]) -> Recognised:
    return _of_thing(kind, typed, thing, forms) if thing else _unknown(typed, f"bad_{kind}", forms)


def _of_thing(kind: Kind, typed: str, thing: Thing, forms: tuple[str, ...]) -> Recognised:
    notes: tuple[str, ...] = ()
    if kind == "phone" and not thing.display.startswith("+"):
        notes = (NOTES["no_country_code"],)
    elif thing.service == "sha1" and ":" not in typed and "=" not in typed:
        notes = (NOTES["sha1_or_torrent"],)
    return Recognised(kind, typed, thing.display, thing.comparable, thing.service, forms, notes=notes)


def _unknown(typed: str, problem: str, forms: tuple[str, ...]) -> Recognised:
    shown = visible(typed.encode("utf-8", "replace").decode())[0] or typed
    return Recognised("unknown", typed, shown, shown, undone=forms, problem=PROBLEMS[problem])


def _with_note(item: Recognised, code: str) -> Recognised:
    return replace(item, notes=(*item.notes, NOTES[code]))


def _joined(items: Iterator[Recognised]) -> Iterator[Recognised]:
    """Join consecutive words that name nothing."""
    plain = PROBLEMS["not_recognised"]
    for is_plain, run in groupby(items, key=lambda item: item.problem == plain):
        waiting = list(run)
        if is_plain:
            yield replace(
                waiting[0],
                typed=" ".join(item.typed for item in waiting),
                display=" ".join(item.display for item in waiting),
                comparable=" ".join(item.comparable for item in waiting),
                undone=tuple(form for item in waiting for form in item.undone),
            )
        else:
            yield from waiting
