"""Accounts: whose name stands beside which service."""

from leeward.hosting.rules.naming.cues import (
    AND,
    BETWEEN,
    CHANNEL,
    FILLER,
    GROUP,
    IDENTITY,
    LINK,
    NAME,
    NO_NAME,
    PHONE,
    SOFT,
    THEN,
    THING,
    same,
)
from leeward.hosting.rules.naming.line import ENDS_SENTENCE, FARTHEST, SAYS, Line, Run
from leeward.hosting.rules.naming.numbers import belongs_to, phone
from leeward.hosting.rules.naming.phones import in_full, local
from leeward.hosting.rules.naming.service_names import is_form
from leeward.hosting.rules.naming.single import at_service
from leeward.hosting.rules.naming.tokens import (
    HANDLE,
    ITEM,
    MARK,
    NUMBER,
    QUOTE,
    WORD,
    Token,
    is_file,
    is_mixed_case,
    is_name_like,
    is_tagged,
)
from leeward.hosting.rules.naming.words import IS

_FARTHEST_HANDLE = 30
_MOST_WORDS_ALONE = 4
_MOST_WEIGHT = 2
_ON = frozenset("on at in sur à no em kwenye di پر पर".split())


def find_accounts(line: Line) -> None:
    """Add the account, player or number that belongs to each service. Services that share one name stand together."""
    waiting: list[int] = []
    for number, at in enumerate(line.apps):
        stop = line.apps[number - 1] if number else -1
        end = line.apps[number + 1] if number + 1 < len(line.apps) else len(line.tokens)
        run = _right_before(line, at, stop) or _After(line, at).find(end) or _before(line, at, stop)
        if run is not None:
            for app in (*waiting, at):
                _add(line, app, run)
            waiting = []
        elif end < len(line.tokens) and all(line.is_soft(token) for token in line.tokens[at + 1 : end]):
            waiting.append(at)
        else:
            waiting = []
    _add_lone_handle(line)
    _add_elsewhere(line)
    for place, token in enumerate(line.tokens):
        if token.kind == WORD and not token.is_used and is_tagged(token.text):
            line.add((place, place), at_service("account", "", "Discord", token.text))


def _add_elsewhere(line: Line) -> None:
    """Add an account at a site or at a service that we don't know, where the line is only that: "@anna on chatter"."""
    if len(line.tokens) != 3 or line.apps:
        return
    name, between, where = line.tokens
    is_named = name.kind == HANDLE or (name.kind == WORD and not name.cues and where.is_bare_host)
    if is_named and between.text.casefold() in _ON and (where.kind == WORD or where.is_bare_host):
        service = where.text.lower() if where.is_bare_host else where.text
        line.add((0, 2), at_service("account", "", service, name.text))


def _add(line: Line, app: int, run: Run) -> None:
    service, token = line.tokens[app].service, line.tokens[run[0]]
    if token.kind == NUMBER:
        number = "" if service.number == "player" else in_full(token.text, line.country, is_said=True)
        if not number and service.number == "phone":
            number = local(token.text)
        name = " ".join(token.text.split())
        item = phone(number, service.name) if number else at_service("account", "", service.name, name)
        line.add(run, item, app=app)
    elif service.is_game and token.is_bare_host and (token.text.count(".") > 1 or line.has(GROUP, app, run[0])):
        line.add(run, at_service("game", "", service.name, token.text.lower()), app=app)
    else:
        line.add(run, at_service("account", "", service.name, line.text(run).lstrip("@#")), app=app)


def _right_before(line: Line, at: int, stop: int) -> Run | None:
    """Return a name that stands right before a service with a word or a bracket between: "anna_9 on kik", "@anna_9 (kik)"."""
    place = at - 1
    while place > stop and line.tokens[place].kind == MARK and line.tokens[place].text in "(\"'":
        place -= 1
    has_word = place > stop and line.tokens[place].kind == WORD and BETWEEN in line.tokens[place].cues
    place -= has_word
    if place <= stop or place == at - 1:
        return None
    if place > stop + 1 and line.tokens[place].cues & {BETWEEN, FILLER} and line.tokens[place - 1].kind == HANDLE:
        place -= 1
    token = line.tokens[place]
    if token.is_used or line.is_denied(place):
        return None
    if line.is_sure_name(token) or token.kind == QUOTE or (token.kind == NUMBER and line.tokens[at].service.number):
        return place, place
    if token.kind != WORD or token.cues or is_file(token.text):
        return None
    first = place
    while first - 1 > stop and _may_begin_name(line.tokens[first - 1]):
        first -= 1
    is_first = place == stop + 1 or next(one for one in reversed(line.tokens[:place]) if one.kind != MARK).kind == ITEM
    is_alone = has_word and is_first and at + 1 == len(line.tokens) and token.text.isascii()
    return (first, place) if is_alone or (first < place and _may_begin_name(token)) else None


def _may_begin_name(token: Token) -> bool:
    return token.kind == WORD and token.text[:1].isupper() and not token.cues


class _After:
    """Looks for a name after a service: at once, or after words that say that it follows."""

    def __init__(self, line: Line, at: int) -> None:
        self.line, self.at, self.service = line, at, line.tokens[at].service
        self.says = line.is_said_before(at)  # something says that a name follows
        self.weight = 0
        self.is_near = self.is_soft = True  # nothing but short words, or words of no weight, so far
        self.is_link = False  # the word "site" or "link" was there

    def find(self, stop: int) -> Run | None:
        """Return the name before the token `stop`, or None."""
        for place in range(self.at + 1, min(stop, self.at + FARTHEST)):
            token = self.line.tokens[place]
            if token.is_used or (token.kind == WORD and GROUP in token.cues and not self.service.is_game):
                return None
            if self._passes(token):
                self._weigh(token)
                continue
            if not self.line.is_denied(place) and (run := self._name_at(place)):
                return run
            self.is_soft = self.is_near = False
            self.weight = _MOST_WEIGHT + 1
            self.says = self.says and token.kind != WORD
        return None

    def _weigh(self, token: Token) -> None:
        """Take in whether a host that follows can still be a user name with a dot: after few words, none of them "then"."""
        is_light = token.kind == MARK or bool({NAME, IDENTITY} & token.cues) or token.spelt in same(IS)
        self.weight += 0 if is_light else _MOST_WEIGHT + 1 if token.cues & {AND, THEN} else 1

    def _passes(self, token: Token) -> bool:
        """Take in what a mark or a word says about what follows; False for everything that may be a name."""
        if token.kind == MARK:
            self.says = self.says or token.text in SAYS
            ends = token.text in ENDS_SENTENCE
            self.is_near, self.is_soft = self.is_near and not ends, self.is_soft and not ends
        elif token.kind != WORD or not token.cues & (SOFT | {LINK, GROUP, CHANNEL}):
            return False
        elif GROUP in token.cues:
            self.is_link, self.is_soft, self.is_near = True, False, False
        elif {NAME, IDENTITY} & token.cues or (CHANNEL in token.cues and self.service.name == "YouTube"):
            self.says = True
        elif LINK in token.cues:
            self.is_link = True
        elif not token.cues & {BETWEEN, PHONE} and token.spelt not in same(IS):
            self.is_near = False
        return True

    def _name_at(self, place: int) -> Run | None:
        token = self.line.tokens[place]
        if token.text.startswith("#"):  # a hashtag, or a player's mark in a game
            return (place, place) if self.service.is_game else None
        if token.kind == WORD and not (is_name_like(token.text) and not token.cues):
            return self._plain_name(place)
        if token.kind == NUMBER:
            is_name = belongs_to(self.line, self.service, token, is_said=self.says or self.is_soft)
        elif token.kind == ITEM:
            is_name = (
                token.is_bare_host and (self.weight <= _MOST_WEIGHT or self._is_at_once(place)) and not self.is_link
            )
        else:
            is_name = token.kind in (HANDLE, WORD) or self.is_soft or self.says
        return (place, place) if is_name else None

    def _is_at_once(self, place: int) -> bool:
        """Return whether the word before says that a name follows."""
        before = self.line.tokens[place - 1]
        is_cue = bool(before.cues & {NAME, IDENTITY, CHANNEL}) or before.spelt in same(IS)
        return self.says and (before.text in SAYS or is_cue)

    def _plain_name(self, place: int) -> Run | None:
        """Return a name made of ordinary words, if the line leaves no doubt that it is one."""
        tokens = self.line.tokens
        run = self.line.run(place, is_free=self.says)
        follows = tokens[run[1] + 1 : run[1] + 2]
        if (
            THING in tokens[place].cues
            or is_file(tokens[place].text)
            or self.line.has(NO_NAME, place, place + 4)
            or any(one.text in SAYS for one in follows)
        ):
            return None
        begin = tokens[place].text[:1]
        before_name = not tokens[place].text.isascii() and self._is_before_name(run)
        if self.says and self.is_soft:
            return run if self._is_at_once(place) or not begin.islower() else None
        if before_name and self.is_near:
            return run
        is_alone = all(self.line.is_soft(token) or token.cues for token in tokens[: self.at])
        is_next = place - self.at <= 2 or all(token.spelt in same(IS) for token in tokens[self.at + 1 : place])
        if not self.is_near or not is_alone or not is_next:
            return None
        if begin.isupper() or is_mixed_case(tokens[place].text):
            return self.line.run(place, is_free=False)
        is_rest = all(token.kind == MARK for token in (*tokens[self.at + 1 : place], *tokens[run[1] + 1 :]))
        most = 1 if begin.islower() else _MOST_WORDS_ALONE
        return run if is_rest and not self._is_place() and run[1] - run[0] < most else None

    def _is_before_name(self, run: Run) -> bool:
        """Return whether "name" follows a name, or follows one of several words after "of": "सबुज केतली के नाम से"."""
        first, second = ([*self.line.tokens[run[1] + 1 : run[1] + 3], None, None])[:2]
        if first is None or NAME in first.cues:
            return first is not None
        is_of = FILLER in first.cues and second is not None and NAME in second.cues and run[0] < run[1]
        return is_of and not self.line.has(NO_NAME, run[0])

    def _is_place(self) -> bool:
        """Return whether the service is only where something was: "on tiktok", "ফেসবুকে"."""
        tokens, at = self.line.tokens, self.at
        return (at > 0 and BETWEEN in tokens[at - 1].cues) or not is_form(tokens[at].text)


def _before(line: Line, at: int, stop: int) -> Run | None:
    """Return a name before a service, where nothing after it is one."""
    is_soft = True
    for place in range(at - 1, max(stop, at - FARTHEST), -1):
        token = line.tokens[place]
        if token.is_used:
            return None
        if line.is_soft(token) or line.is_denied(place):
            continue
        is_name = token.kind == HANDLE or (token.kind == WORD and not token.cues and is_name_like(token.text))
        if not is_name and is_soft:
            is_name = (
                (token.kind == QUOTE and line.has(NAME, stop + 1, at))
                or (token.kind == NUMBER and belongs_to(line, line.tokens[at].service, token, is_said=True))
                or (token.is_bare_host and place == at - 1)
            )
        if is_name:
            return place, place
        is_soft = False
    return None


def _add_lone_handle(line: Line) -> None:
    """Give a handle that nothing took to the only service of the line."""
    services = {line.tokens[at].service.name for at in line.apps}
    if len(services) != 1 or any(place.item.kind == "account" for place in line.places):
        return
    app = line.apps[0]
    near = range(max(0, app - _FARTHEST_HANDLE), min(len(line.tokens), app + _FARTHEST_HANDLE))
    found = next((at for at in near if not line.tokens[at].is_used and _stands_for_itself(line, at)), None)
    if found is not None:
        line.add((found, found), at_service("account", "", services.pop(), line.tokens[found].text))


def _stands_for_itself(line: Line, at: int) -> bool:
    """Return whether a token is a name wherever it stands: with its @, or after "name is"."""
    token = line.tokens[at]
    is_name = token.kind == WORD and not token.cues and is_name_like(token.text)
    if line.is_denied(at):
        return False
    return token.kind == HANDLE or (is_name and line.is_said_before(at))
