"""One line of typed text: its tokens, and what is found among them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from leeward.hosting.rules.naming.cues import (
    AND,
    BETWEEN,
    CHANNEL,
    DENIAL,
    FILLER,
    GAME,
    GROUP,
    IDENTITY,
    LINK,
    NAME,
    SOFT,
    same,
)
from leeward.hosting.rules.naming.single import Recognised
from leeward.hosting.rules.naming.tokens import (
    APP,
    HANDLE,
    ITEM,
    MARK,
    NUMBER,
    QUOTE,
    WORD,
    Token,
    is_mixed_case,
    is_name_like,
)
from leeward.hosting.rules.naming.words import IS, ORDINARY, PARTICLES

SAYS = frozenset(":=→>")
ENDS_SENTENCE = frozenset(".!?।॥۔؟;؛")
FARTHEST = 12
_MOST_WORDS_OF_NAME = 6
_OF_GROUPS = frozenset({CHANNEL, GAME, GROUP})
_MOST_DIGITS_IN_NAME = 4

type Run = tuple[int, int]  # the first and the last token of a name


@dataclass(frozen=True, slots=True)
class Place:
    """Something named in a line: the tokens it was read from, first and last, and what it is."""

    first: int
    last: int
    item: Recognised


class Line:
    """The tokens of one line, and what was found among them. `country` is the portal's, for local numbers; `language` is
    that of the page, in which some short names of services are ordinary words. `apps` are the services that are meant.
    """

    def __init__(self, line: str, tokens: list[Token], country: str, language: str) -> None:
        self.line, self.tokens, self.country = line, tokens, country
        self.places: list[Place] = []
        self._ordinary = ORDINARY.get(language, frozenset())
        self.apps = [at for at, token in enumerate(tokens) if token.kind == APP and self._is_meant(at)]

    def has(self, cue: str, start: int = 0, end: int | None = None) -> bool:
        """Return whether a word of this part of the line says so."""
        return any(cue in token.cues for token in self.tokens[start:end])

    def is_soft(self, token: Token) -> bool:
        """Return whether a token may stand between a service and a name without meaning anything of its own."""
        if token.kind == MARK:
            return token.text not in ENDS_SENTENCE
        return token.kind == WORD and bool(token.cues & SOFT)

    def is_sure_name(self, token: Token) -> bool:
        """Return whether a token can hardly be anything but a user name."""
        if token.kind == HANDLE or token.is_bare_host:
            return True
        return token.kind == WORD and not token.cues and (is_name_like(token.text) or is_mixed_case(token.text))

    def is_denied(self, at: int) -> bool:
        """Return whether this word, or the one before it, says that this is not the name that is meant: "not anna_1", "não é
        anna_1". Written as names are inside a line ("ʻIkai"), the word is part of one.
        """
        before = at - 2 if at > 1 and self.tokens[at - 1].spelt in same(IS) else at - 1
        return any(
            DENIAL in self.tokens[place].cues
            and (
                place == 0
                or self.tokens[place].text in (self.tokens[place].text.lower(), self.tokens[place].text.upper())
            )
            for place in (max(before, 0), at)
        )

    def is_said_before(self, at: int) -> bool:
        """Return whether the words before a service say that a name follows: "the name on kik is …"."""
        for token in reversed(self.tokens[max(0, at - 4) : at]):
            if token.kind == WORD and {NAME, IDENTITY, CHANNEL} & token.cues:
                return True
            if not self.is_soft(token):
                return False
        return False

    def _is_meant(self, at: int) -> bool:
        """Return whether a service is meant; a form that is an ordinary word too counts only beside a name."""
        token, before = self.tokens[at], self.tokens[at - 1] if at else None
        follows = self.tokens[at + 1 : at + 2]
        is_said = any(one.text in SAYS for one in follows)
        if token.text.casefold() in self._ordinary:
            return is_said or any(one.kind in (HANDLE, NUMBER) or {NAME, IDENTITY} & one.cues for one in follows)
        if not token.is_weak:
            return True
        near = [one for one in self.tokens[at + 1 : at + 5] if one.kind != MARK or one.text in ENDS_SENTENCE]
        first = next((one for one in near if not {NAME, IDENTITY, FILLER} & one.cues), None)
        is_named = first is not None and (self.is_sure_name(first) or first.kind in (NUMBER, QUOTE))
        is_cued = any({NAME, IDENTITY, GROUP} & one.cues for one in near[:1]) or self.is_said_before(at)
        is_next = before is not None and (before.kind in (ITEM, QUOTE, NUMBER) or self.is_sure_name(before))
        if before is None or is_next or (before.kind == MARK and before.text != "@") or before.cues & {BETWEEN, AND}:
            is_after_name = at > 1 and before is not None and self.is_sure_name(self.tokens[at - 2])
            return is_named or is_said or is_cued or is_after_name or len(self.tokens) == 2
        return is_named and bool(before.cues) and (len(token.text) > 2 or not token.text.isascii())

    def run(self, first: int, *, is_free: bool) -> Run:
        """Return how far a name of several words goes: over words with a capital, or (`is_free`) over all to a mark or a
        word that can't belong to it.
        """
        last = first
        while self.tokens[first].text[:1].isupper() and self._is_article(first - 1):
            first -= 1
        while (
            last + 1 < len(self.tokens)
            and last - first + 1 < _MOST_WORDS_OF_NAME
            and self._goes_on(first, last + 1, is_free=is_free)
        ):
            last += 1
        return first, last

    def _is_article(self, at: int) -> bool:
        """Return whether a word is a short one with a capital, as a name of several words begins: "La Lampe"."""
        token = self.tokens[at] if at >= 0 else None
        return (
            token is not None
            and token.kind == WORD
            and FILLER in token.cues
            and token.text[:1].isupper()
            and len(token.text) > 1
        )

    def _goes_on(self, first: int, at: int, *, is_free: bool) -> bool:
        begin, token = self.tokens[first].text[:1], self.tokens[at]
        if token.kind == NUMBER:
            return sum(letter.isdigit() for letter in token.text) <= _MOST_DIGITS_IN_NAME
        if token.kind != WORD or token.is_used:
            return False
        if begin.isupper():
            after = self.tokens[at + 1] if at + 1 < len(self.tokens) else None
            joins = token.text.lower() in PARTICLES and after is not None and after.text[:1].isupper()
            return not is_name_like(token.text) and (token.text[:1].isupper() or token.text.isdigit() or joins)
        if begin.islower():
            return is_free and not token.cues
        return not token.cues & (SOFT | {GROUP, LINK}) or not self._ends_here(at)

    def _ends_here(self, at: int) -> bool:
        """Return whether only words without a meaning of their own follow in the line, so that a name ended before them."""
        return all(self.is_soft(token) or {GROUP, LINK} & token.cues for token in self.tokens[at:])

    def text(self, run: Run) -> str:
        """Return a name as it was typed, without the marks around it."""
        first, last = run
        if first == last:
            return self.tokens[first].text
        return " ".join(self.line[self.tokens[first].start : self.tokens[last].end].split())

    def add(self, run: Run, item: Recognised, *, app: int | None = None) -> None:
        """Keep what was found. It takes the words from the service to the name, too, if nothing but words without a
        meaning of their own stands between them.
        """
        first, last = run
        if app is not None:
            between = self.tokens[last + 1 : app] if app > last else self.tokens[app + 1 : first]
            if all(token.kind == APP or self.is_soft(token) or token.cues & _OF_GROUPS for token in between):
                first, last = min(app, first), max(app, last)
        for token in self.tokens[run[0] : run[1] + 1]:
            token.is_used = True
        self.places.append(Place(first, last, item))


def unplaced_names(tokens: Sequence[Token]) -> Iterator[int]:
    """Yield the tokens that look like somebody's name and were not recognised as anything."""
    for at, token in enumerate(tokens):
        is_name = token.kind == HANDLE or (token.kind == WORD and not token.cues and is_name_like(token.text))
        if is_name and not token.is_used:
            yield at
