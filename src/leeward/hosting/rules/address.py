"""Recognises what typed text names: web and onion addresses, links and hashes, accounts, groups and games, newsgroups,
telephone numbers, wallets."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

from leeward.foundation.patterns import Match, Pattern
from leeward.hosting.rules.naming.accounts import find_accounts
from leeward.hosting.rules.naming.canonical import canonical
from leeward.hosting.rules.naming.cues import NO_NAME, UNLIKE
from leeward.hosting.rules.naming.groups import find_groups
from leeward.hosting.rules.naming.line import Line, Place, unplaced_names
from leeward.hosting.rules.naming.numbers import find_phones
from leeward.hosting.rules.naming.service_links import bare_host
from leeward.hosting.rules.naming.single import Kind, Recognised, not_known, one_word
from leeward.hosting.rules.naming.tokens import APP, ITEM, MARK, WORD, Token, tokens_of
from leeward.hosting.rules.naming.words import FAMOUS, UNLIKE_AFTER
from leeward.hosting.rules.sentences import NOTES
from leeward.hosting.rules.undoing import visible
from leeward.hosting.rules.urls import BadAddress, CanonicalUrl, canonical_url

__all__ = ["KINDS", "BadAddress", "CanonicalUrl", "Kind", "Recognised", "canonical", "canonical_url", "recognise"]

KINDS: tuple[Kind, ...] = (
    "url", "onion", "magnet", "ed2k", "file_hash", "account", "group", "game", "newsgroup", "phone", "wallet", "unknown",
)  # fmt: skip
# The limit on the words read: each costs a little time, and a text may be long.
MOST_WORDS = 1500
_MOST_WORDS_OF_NAME = 3
_MOST_OF_SHORT_LINE = 100
_LINES = Pattern(r"[\r\n\v\f\u2028\u2029]+")
_WITH_BARS = Pattern(r"(ed2k://\|file\|[^|\r\n]{0,500}\|\d{1,19}\|[0-9a-f]{32}\|\S*)", ignore_case=True)
_BARS = Pattern(r"\s\|\s*|\|\s+|\|([a-z]{1,20}://)", ignore_case=True)
_TAG = Pattern(
    r"</?(?:a|abbr|b|blockquote|body|br|center|code|div|em|font|form|h[1-6]|head|hr|html|i|iframe|img|li|meta|ol|p|pre|script|small|"
    r"source|span|strong|style|table|tbody|td|th|title|tr|u|ul|video)(?:\s[^<>]*)?/?>",
    ignore_case=True,
)
_LINK_IN_TAG = Pattern(r"(?:href|src)\s*=\s*(\"[^\"]*\"|'[^']*'|[^\s>\"']+)", ignore_case=True)
_AS_SPACES = str.maketrans(dict.fromkeys(",;،|", " "))


def recognise(text: str, *, country: str = "", language: str = "") -> list[Recognised]:
    """Return everything that a text names, in order; words that name nothing are joined into one `unknown`. Never raises.

    `country` (ISO) is where local telephone numbers are from, `language` the tag of the page it was typed into. What comes
    after the first `MOST_WORDS` words is not read: it is the last `unknown`, as typed.
    """
    read, rest = _within_reach(text)
    found: list[Recognised] = []
    for part in _WITH_BARS.split(_without_tags(read)):
        if _WITH_BARS.match(part):
            found.append(one_word(part))
            continue
        lines = [piece for line in _LINES.split(part) for piece in _at_bars(line)]
        for line in _together(lines):
            found += _in_line(line, country, language.partition("-")[0])
    return [*found, not_known(rest, "not_recognised")] if rest else found


def _within_reach(text: str) -> tuple[str, str]:
    """Return the part of a text that is read, and the rest; no word is cut in two."""
    words = text.translate(_AS_SPACES).split(maxsplit=MOST_WORDS)
    if len(words) <= MOST_WORDS:
        return text, ""
    read = text[: len(text) - len(words[-1])]
    if not read[-1].isspace():
        read = read[: len(read) - len(read.split()[-1])]
    return read, text[len(read) :].strip()


def _without_tags(text: str) -> str:
    """Put the address that an HTML tag links to in the tag's place, a blank in that of any other."""
    if "<" not in text:
        return text
    return _TAG.sub(_links_in, text)


def _links_in(tag: Match[str]) -> str:
    return " ".join(["", *(link.strip("\"'") for link in _LINK_IN_TAG.findall(tag[0])), ""])


def _at_bars(line: str) -> Iterator[str]:
    """Split at bars beside a blank or before an address; others may belong to an address."""
    end = 0
    for bar in _BARS.finditer(line):
        yield line[end : bar.start()]
        end = bar.end() - len(bar[1] or "")
    yield line[end:]


def _together(lines: list[str]) -> Iterator[str]:
    """Join a line that is only a service's name to the next one, if that is short and names no service."""
    if len(lines) == 1:
        yield lines[0]
        return
    waiting = ""
    for line in lines:
        is_short = 0 < len(line.split()) <= _MOST_WORDS_OF_NAME + 1 and len(line) < _MOST_OF_SHORT_LINE
        tokens = tokens_of(line) if is_short else []
        has_service = any(token.kind == APP for token in tokens)
        if waiting and is_short and not has_service:
            yield f"{waiting} {line}"
            waiting = ""
            continue
        if waiting:
            yield waiting
        waiting = line if has_service and all(token.kind in (APP, MARK) or token.cues for token in tokens) else ""
        if not waiting:
            yield line
    if waiting:
        yield waiting


def _in_line(line: str, country: str, language: str) -> list[Recognised]:
    shown, had_hidden = visible(line)
    tokens = tokens_of(shown)
    _leave_out_what_is_only_compared(tokens)
    named = Line(shown, tokens, country, language)
    find_groups(named)
    find_accounts(named)
    find_phones(named)
    places = named.places
    for at, token in enumerate(tokens):
        if token.kind == ITEM and token.item is not None and not token.is_used:
            places.append(Place(at, at, token.item))
    found = list(_in_order(shown, tokens, places))
    return [replace(item, notes=(*item.notes, NOTES["hidden_letters"])) for item in found] if had_hidden else found


def _leave_out_what_is_only_compared(tokens: list[Token]) -> None:
    """Make words of sites named only for comparison ("not the real x, it is y"), if the line has another address."""
    hosts = [
        at
        for at, token in enumerate(tokens)
        if (token.kind == ITEM and token.item and token.item.kind == "url") or _is_site(token)
    ]
    if len(hosts) < 2 or not any(UNLIKE in token.cues for token in tokens):
        return
    bare = [at for at in hosts if tokens[at].is_bare_host or _is_site(tokens[at])]
    famous = [at for at in bare if bare_host(tokens[at].text.lower()) in FAMOUS]
    left_out = famous if len(famous) < len(hosts) else famous[:-1]
    if not famous:
        left_out = [at for at in bare if _is_compared(tokens, at)][: len(hosts) - 1]
    for at in left_out:
        tokens[at].kind, tokens[at].item, tokens[at].cues = WORD, None, frozenset({UNLIKE})


def _is_url(token: Token) -> bool:
    return token.kind == ITEM and token.item is not None and token.item.kind == "url"


def _is_site(token: Token) -> bool:
    return token.kind == APP and "." in token.text and token.item is not None


def _is_compared(tokens: list[Token], at: int) -> bool:
    before = [token for token in tokens[max(0, at - 4) : at] if token.kind == WORD]
    after = [token for token in tokens[at + 1 : at + 4] if token.kind == WORD]
    return any(UNLIKE in token.cues and token.text not in UNLIKE_AFTER for token in before) or any(
        token.text in UNLIKE_AFTER for token in after
    )


def _in_order(line: str, tokens: list[Token], places: list[Place]) -> Iterator[Recognised]:
    """Yield what was found where it stands, and between it the words that name nothing."""
    names = frozenset(unplaced_names(tokens))
    waiting = 0
    for place in sorted(places, key=lambda place: (place.first, place.last)):
        yield from _words(line, tokens, names, (waiting, place.first), is_all=False)
        yield _typed(line, tokens, place)
        waiting = max(waiting, place.last + 1)
    yield from _words(line, tokens, names, (waiting, len(tokens)), is_all=not places)


def _typed(line: str, tokens: list[Token], place: Place) -> Recognised:
    if place.item.typed:
        return place.item
    return replace(place.item, typed=line[tokens[place.first].start : tokens[place.last].end])


def _words(
    line: str, tokens: list[Token], names: frozenset[int], span: tuple[int, int], *, is_all: bool
) -> Iterator[Recognised]:
    """Yield the words between two things as one `unknown`; a name whose service isn't said stands by itself. `is_all`: the
    line names nothing, so a few words alone in it may be a name.
    """
    first, end = span
    for left, right in pairwise([first - 1, *(at for at in range(first, end) if at in names), end]):
        if left >= first:
            yield replace(_plain(line, tokens[left : left + 1]), asks=True)
        between = tokens[left + 1 : right]
        words = [token for token in between if token.kind != MARK]
        if words:
            is_few = is_all and right - left - 1 == len(tokens) and len(words) <= _MOST_WORDS_OF_NAME
            is_filler = all(token.cues or token.kind == APP for token in words) or any(
                NO_NAME in token.cues for token in words
            )
            yield replace(_plain(line, between), asks=is_few and not is_filler)


def _plain(line: str, tokens: list[Token]) -> Recognised:
    typed = " ".join(line[tokens[0].start : tokens[-1].end].split())
    return not_known(typed, "not_recognised")
