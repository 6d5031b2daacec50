"""A line of typed text as tokens: what names something by itself, names in quotes, handles, numbers, services, words."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import pairwise

from leeward.foundation.patterns import Pattern
from leeward.hosting.rules.mail_and_news import newsgroup
from leeward.hosting.rules.naming.cues import THING, TORRENT, USENET, cues_of
from leeward.hosting.rules.naming.known_services import Service
from leeward.hosting.rules.naming.phones import is_date_or_version, plain_digits
from leeward.hosting.rules.naming.service_links import service_of_host
from leeward.hosting.rules.naming.service_names import MOST_WORDS_OF_FORM, Named, service_meant
from leeward.hosting.rules.naming.single import Kind, Recognised, at_service, of_thing, one_word, wallet
from leeward.hosting.rules.naming.spelling import plain
from leeward.hosting.rules.naming.spelt_out import Spelt, spelt_out
from leeward.hosting.rules.naming.words import FILE_ENDINGS
from leeward.hosting.rules.peer_to_peer import Thing, file_hash
from leeward.hosting.rules.sentences import PROBLEMS
from leeward.hosting.rules.undoing import GLUE_BEGINS, GLUE_ENDS
from leeward.hosting.rules.urls import canonical_url
from leeward.payments.rules.banks import iban, starts_iban

ITEM, QUOTE, HANDLE, NUMBER, WORD, MARK, APP = "item", "quote", "handle", "number", "word", "mark", "app"
_QUOTES = {'"': '"', "“": "”", "«": "»", "„": "“", "‘": "’", "'": "'", "「": "」", "『": "』", "〝": "〞"}
_CLOSES_TOO = {"“": '"', "„": "”", "”": "”", "‘": "'"}
_FARTHEST_NAME = 4
_MOST_OF_QUOTE, _MOST_PARTS = 100, 40
_HASH_NAMES = frozenset("md5 sha1 sha-1 sha256 sha-256 sha512 sha-512 ed2k aich tth pdq".split())
_LEAST_OF_CODE = 26  # no hash or wallet is shorter
_NUMBER = Pattern(r"(?:(?:tel|phone|sms|smsto):\s?)?\+?\(?\+?\d[\d ().\-/\u00a0\u2010-\u2015]*\d\)?", ignore_case=True)
_BEFORE_NUMBER = frozenset("([{;,\"'~*|“‘«<>›")
_NOT_AFTER = ("_", "@", "%", "°", "#")
_AFTER_WORD = frozenset(":=/")
_IP = Pattern(r"^\d{1,3}(?:\.\d{1,3}){3}$")
_WORDS = Pattern(r"\S+")
_HANDLE = Pattern(r"^@[\w\pM][\w\pM.\-]{0,63}$")
_SPLIT = Pattern(r"[:=/,;|→>؛،]")
_EDGES = ".,;:!?…()[]{}<>\"'`*“”‘’„«»।॥۔،؛؟|~-–—/\\=→>#&$@"
_STARTS = "([{<\"'`*“‘„«‹|~>→-–—$"
_ENDS_OF_SCRIPTS = "।॥۔،؛؟"
_NEXT_ADDRESS = Pattern(r"[,;،](?:[a-z]{2,8}://|h..ps?://|magnet:|www\.)", ignore_case=True)
_AT_REDDIT = Pattern(r"^/?([ur])/([\w-]{2,32})$", ignore_case=True)
_TAGGED = Pattern(r"^[\w\pM.\-]{2,32}#\d{4}$")
_FILE = Pattern(r"^[^\s/@:]+\.([a-z0-9]{2,5})$", ignore_case=True)
_MEASURE = Pattern(r"^\d+[\pL°%]{1,4}$|^\d+[.,]\d+[\pL°%]{1,2}$|^\pL{1,2}\d{1,2}$|^mp[34]$")
_NAMELIKE = Pattern(r"^[\w\pM](?:[\w\pM.\-]*[\w\pM])?_*$")


@dataclass(slots=True)
class Token:
    """One part of a line. `text` is its words as they stand there without the marks around; `is_used`: it belongs to
    something recognised; `spelt` is a word in the spelling in which words are compared.
    """

    kind: str
    start: int
    end: int
    text: str
    item: Recognised | None = None
    named: Named | None = None
    cues: frozenset[str] = field(default_factory=frozenset)
    is_used: bool = False
    spelt: str = ""

    @property
    def service(self) -> Service:
        """Return the service that a token of kind APP means."""
        assert self.named is not None
        return self.named.service

    @property
    def is_weak(self) -> bool:
        """Return whether the service's form is an ordinary word too."""
        return self.named is not None and self.named.is_weak

    @property
    def is_bare_host(self) -> bool:
        """Return whether this is a host without scheme and path, as a user name with a dot also looks."""
        item, text = self.item, self.text.lower()
        if item is None or item.kind not in ("url", "onion") or item.undone:
            return False
        return not set("/:@?#[") & set(text) and not text.startswith("www.")


def tokens_of(line: str) -> list[Token]:
    """Return the tokens of a line in order. Takes time proportional to its length."""
    digits = plain_digits(line)
    taken = bytearray(len(line))
    found: list[Token] = []

    def take(token: Token) -> None:
        if not any(taken[token.start : token.end]):
            taken[token.start : token.end] = b"\1" * (token.end - token.start)
            found.append(token)

    words = [match.span() for match in _WORDS.finditer(line)]
    for spelt in spelt_out(line, words):
        take(_of_spelt(spelt, line))
    for token in (*_accounts_of_banks(line, words), *_quotes(line), *_numbers(digits)):
        take(token)
    for start, end in _glued(line, _free(line, taken)):
        found += _of_word(line, start, end)
    found.sort(key=lambda token: token.start)
    for token in found:
        if token.kind == WORD:
            token.spelt = plain(token.text)
            token.cues = cues_of(token.spelt) if not token.text.startswith("#") else frozenset({THING})
    return _with_services(_with_torrents(_with_names_of_hashes(line, found)))


def _of_spelt(spelt: Spelt, line: str) -> Token:
    typed = line[spelt.start : spelt.end]
    item = one_word(spelt.meant)
    return Token(
        ITEM, spelt.start, spelt.end, spelt.meant, replace(item, typed=typed, undone=(*item.undone, *spelt.forms))
    )


def _accounts_of_banks(line: str, words: list[tuple[int, int]]) -> Iterator[Token]:
    for place, (start, _) in enumerate(words):
        if starts_iban(line[start : start + 4]):
            texts = [line[a:b].strip(_EDGES) for a, b in words[place : place + 12]]
            if (found := iban(texts)) and found[2]:
                count, number, _ = found
                begin = line.index(texts[0], start)
                end = (
                    words[place + count - 1][0]
                    + line[words[place + count - 1][0] :].index(texts[count - 1])
                    + len(texts[count - 1])
                )
                yield Token(ITEM, begin, end, number, of_thing("wallet", line[begin:end], wallet("iban", number)))


def _quotes(line: str) -> Iterator[Token]:
    at = 0
    while at < len(line):
        close = _QUOTES.get(line[at])
        is_apostrophe = line[at] in "'‘"
        if close is None or (is_apostrophe and at and not line[at - 1].isspace() and line[at - 1] not in "(:,-"):
            at += 1
            continue
        ends = [close, _CLOSES_TOO.get(line[at], close)]
        end = next(
            (
                place
                for place in range(at + 1, min(len(line), at + _MOST_OF_QUOTE))
                if line[place] in ends
                and not (
                    is_apostrophe and place + 1 < len(line) and (line[place + 1].isalpha() or line[place - 1].isspace())
                )
            ),
            -1,
        )
        content = line[at + 1 : end].strip() if end > 0 else ""
        if content and (" " in content or (one_word(content).kind == "unknown" and not _HANDLE.match(content))):
            yield Token(QUOTE, at, end + 1, content)
            at = end
        at += 1


def _numbers(digits: str) -> Iterator[Token]:
    for match in _NUMBER.finditer(digits):
        start, end = match.span()
        text = match[0]
        while (text and text[-1] in " (.-/\u00a0") or (text.endswith(")") and "(" not in text):
            text = text[:-1]
        end = start + len(text)
        after = digits[end : end + 1]
        follows = digits[end + 1 : end + 2]
        goes_on = after in (".", ":", "/", "-") and (follows.isalnum() or follows == "/")
        if not _may_begin(digits, start) or _IP.match(text) or after.isalpha() or after in _NOT_AFTER or goes_on:
            continue
        yield Token(NUMBER, start, end, text.rpartition(":")[2])


def _may_begin(digits: str, start: int) -> bool:
    """Return whether a number can begin here: after a blank or a mark, or after a word and a mark (`tel:`)."""
    before = digits[start - 1 : start]
    if not before or before.isspace() or before in _BEFORE_NUMBER:
        return True
    if before not in _AFTER_WORD:
        return False
    word = digits[max(0, start - 24) : start - 1].split()[-1:]
    return word == [] or all(part.isalpha() for part in word[0].replace(";", "=").split("=") if part)


def _free(line: str, taken: bytearray) -> list[tuple[int, int]]:
    """Return the words of what is left of the line."""
    return [
        match.span()
        for match in _WORDS.finditer("".join(" " if used else letter for letter, used in zip(line, taken, strict=True)))
    ]


def _glued(line: str, words: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Join `name [dot] example` to one word."""
    start = end = -1
    for word_start, word_end in words:
        last = line[max(start, end - 12) : end] if start >= 0 else ""
        is_joined = bool(last) and (GLUE_BEGINS.match(line[word_start:word_end]) or GLUE_ENDS.search(last))
        if is_joined and line[end:word_start].isspace():
            end = word_end
            continue
        if start >= 0:
            yield start, end
        start, end = word_start, word_end
    if start >= 0:
        yield start, end


def _of_word(line: str, start: int, end: int) -> list[Token]:
    """Return the tokens of one word between blanks: an item, or its marks and parts."""
    text = line[start:end]
    if text.isalpha() and len(text) < _LEAST_OF_CODE:
        return [Token(WORD, start, end, text)]
    if next_address := _NEXT_ADDRESS.search(text, 1):
        cut = start + next_address.start()
        return [*_of_word(line, start, cut), Token(MARK, cut, cut + 1, line[cut]), *_of_word(line, cut + 1, end)]
    ending = len(text) - len(text.rstrip(_ENDS_OF_SCRIPTS))
    item = one_word(text[: len(text) - ending] if ending else text)
    if item.kind != "unknown":
        return [_of_item(item, start, end - ending)]
    if item.problem and _is_broken(item):
        return [Token(ITEM, start, end, text, item)]
    head = len(text) - len(text.lstrip(_STARTS))
    inner = text[head:].rstrip(_EDGES)
    parts: list[Token] = [Token(MARK, start + at, start + at + 1, text[at]) for at in range(head)]
    if inner:
        parts += _of_inner(line, start + head, start + head + len(inner))
    parts += [Token(MARK, start + at, start + at + 1, text[at]) for at in range(head + len(inner), len(text))]
    return parts


def _of_item(item: Recognised, start: int, end: int) -> Token:
    text = item.typed.strip("<>()[]{}\"'`*“”‘’„«».,;:!?…")
    return Token(ITEM, start, end, text, item)


def _is_broken(item: Recognised) -> bool:
    """Return whether a word is meant as an address and can't be one."""
    return item.problem != PROBLEMS["not_recognised"]


def _of_inner(line: str, start: int, end: int) -> list[Token]:
    text = line[start:end]
    if at_reddit := _AT_REDDIT.match(text):
        kind: Kind = "account" if at_reddit[1].lower() == "u" else "group"
        return [Token(ITEM, start, end, text, at_service(kind, text, "Reddit", at_reddit[2]))]
    marks = [match.start() for match in _SPLIT.finditer(text)] if not text.startswith("@") or "," in text else []
    if marks and len(marks) < _MOST_PARTS and text[: marks[0]].lower() not in _HASH_NAMES:
        parts: list[Token] = []
        for left, right in pairwise([-1, *marks, len(text)]):
            if left >= 0:
                parts.append(Token(MARK, start + left, start + left + 1, text[left]))
            if right > left + 1:
                parts += _of_word(line, start + left + 1, start + right)
        return parts
    if _HANDLE.match(text):
        return [Token(HANDLE, start, end, text[1:].rstrip("."))]
    before, dash, after = text.partition("-")
    if dash and is_name_like(after) and service_meant([plain(before)]):
        cut = start + len(before)
        return [Token(WORD, start, cut, before), Token(MARK, cut, cut + 1, dash), Token(WORD, cut + 1, end, after)]
    if not any(letter.isalnum() for letter in text):
        return [Token(MARK, start, end, text)]
    return [Token(WORD, start, end, text)]


def is_tagged(text: str) -> bool:
    """Return whether a word is a name with a number, as Discord had them: `name#1234`."""
    return _TAGGED.match(text) is not None


def is_name_like(text: str) -> bool:
    """Return whether a word looks like a user name rather than a word: digits, a line or a dot within, capitals inside."""
    if _TAGGED.match(text):
        return True
    if not _NAMELIKE.match(text) or _MEASURE.match(text) or is_date_or_version(plain_digits(text)) or is_file(text):
        return False
    inside = text.strip("_.-")
    return (
        "_" in text
        or ("." in inside and any(letter.isalpha() for letter in inside))
        or (any(letter.isdigit() for letter in text) and any(letter.isalpha() for letter in text))
    )


def is_mixed_case(text: str) -> bool:
    """Return whether a word has capitals inside, as many user names do."""
    return text.isalpha() and any(letter.isupper() and before.islower() for before, letter in pairwise(text))


def is_file(text: str) -> bool:
    """Return whether a word is a file's name."""
    found = _FILE.match(text)
    return found is not None and found[1].lower() in FILE_ENDINGS


def _with_names_of_hashes(line: str, tokens: list[Token]) -> list[Token]:
    """Join the name of a hash to the hash: "sha256 0f…", "PDQ: 0f…", "the md5 hash is 0f…"."""
    found: list[Token] = []
    for token in tokens:
        before = found[-_FARTHEST_NAME:] if len(token.text) >= _LEAST_OF_CODE else []
        at = next((at for at in range(len(before) - 1, -1, -1) if before[at].text.lower() in _HASH_NAMES), None)
        digest = file_hash(f"{before[at].text}:{token.text}") if at is not None else None
        if at is None or digest is None or not all(one.kind == MARK or one.cues for one in before[at + 1 :]):
            found.append(token)
            continue
        start = before[at].start
        del found[len(found) - len(before) + at :]
        found.append(Token(ITEM, start, token.end, token.text, of_thing("file_hash", line[start : token.end], digest)))
    return found


def _with_torrents(tokens: list[Token]) -> list[Token]:
    """Forty letters and digits beside the word torrent are its name, and no SHA-1; a name beside "usenet" is a newsgroup."""
    is_torrent = any(TORRENT in token.cues for token in tokens)
    is_usenet = any(USENET in token.cues for token in tokens)
    for token in tokens:
        item = token.item
        if is_torrent and item and item.kind == "file_hash" and item.service == "sha1" and ":" not in item.typed:
            thing = Thing(f"magnet:?xt=urn:btih:{item.display}", f"btih:{item.display}")
            token.item = of_thing("magnet", item.typed, thing)
        elif is_usenet and item and item.kind == "url" and (group := newsgroup(f"news:{token.text}")):
            token.item = of_thing("newsgroup", item.typed, group)
    return tokens


def _with_services(tokens: list[Token]) -> list[Token]:
    """Join the words that mean a service, and a service's own host, to tokens of kind APP."""
    found: list[Token] = []
    place = 0
    while place < len(tokens):
        token = tokens[place]
        service = _whose_host(token)
        if service is not None:
            token.kind, token.named = APP, Named(service)
        for count in range(min(MOST_WORDS_OF_FORM, len(tokens) - place), 0, -1):
            run = tokens[place : place + count]
            if all(one.kind == WORD for one in run) and (named := service_meant([one.spelt for one in run])):
                token = Token(APP, run[0].start, run[-1].end, " ".join(one.text for one in run), named=named)
                place += count - 1
                break
        found.append(token)
        place += 1
    return found


def _whose_host(token: Token) -> Service | None:
    """Return the service whose own host this is, without a path."""
    if token.item is None or token.item.kind != "url" or not token.is_bare_host:
        return None
    return service_of_host(canonical_url(token.item.display).host)
