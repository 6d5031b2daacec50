"""What a word says about its neighbours: a name follows, a group is meant, nothing at all."""

from functools import cache

from leeward.hosting.rules.naming import words
from leeward.hosting.rules.naming.spelling import plain, without_endings

NAME, IDENTITY, PHONE, GROUP, CHANNEL, GAME, LINK, UNLIKE, BETWEEN, AND, FILLER, NO_NAME, TORRENT, THEN, THING, USENET, DENIAL = (
    "name", "identity", "phone", "group", "channel", "game", "link", "unlike", "between", "and", "filler", "no_name", "torrent", "then",
    "thing", "usenet", "denial",
)  # fmt: skip
SOFT = frozenset({NAME, IDENTITY, BETWEEN, AND, FILLER, PHONE})
_LISTS = {
    NAME: words.NAME, IDENTITY: words.IDENTITY, PHONE: words.PHONE, GROUP: words.GROUP, CHANNEL: words.CHANNEL, GAME: words.GAME,
    LINK: words.LINK, UNLIKE: words.UNLIKE, BETWEEN: words.BETWEEN, AND: " ".join(words.AND), FILLER: words.FILLER,
    NO_NAME: words.NO_NAME, TORRENT: " ".join(words.TORRENT), THEN: words.THEN, THING: words.THING, USENET: " ".join(words.USENET),
    DENIAL: " ".join(words.DENIAL),
}  # fmt: skip


@cache
def _table() -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for cue, listed in _LISTS.items():
        for word in listed.split():
            found.setdefault(plain(word), set()).add(cue)
    return {word: frozenset(cues) for word, cues in found.items()}


def cues_of(spelt: str) -> frozenset[str]:
    """Return what a word (`spelling.plain`) says about its neighbours; empty for a word like any other."""
    found = _table().get(spelt)
    if found is None and "'" in spelt:
        found = next((_table()[bare] for bare in without_endings(spelt) if bare in _table()), None)
    return found or frozenset()


@cache
def same(listed: frozenset[str]) -> frozenset[str]:
    """Return a list of words in the spelling in which words are compared."""
    return frozenset(map(plain, listed))
