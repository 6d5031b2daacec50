"""What stops a publication: each gate looks at the whole draft and names what is wrong with it. Pure; the words are said above."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal

from leeward.blocklist.rules.dns_names import is_under
from leeward.blocklist.rules.entries import ListEntry
from leeward.blocklist.rules.overblocking import Platforms, names_above
from leeward.blocklist.rules.scopes import Scope

Gate = Literal[
    "size_jump", "emptied", "own_names", "government_names", "popular_names", "too_wide", "test_entries", "canaries"
]
_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Draft:
    """What is about to be published, and what was last; canaries are names."""

    entries: Sequence[ListEntry]
    previous: Collection[ListEntry]
    test_entries: Collection[ListEntry]
    canaries: Collection[str]
    wanted_canaries: Collection[str]


@dataclass(frozen=True, slots=True)
class Limits:
    """Which names are never listed, and how much a list may change at once: by this share, but always by this many."""

    own_names: frozenset[str] = frozenset()
    government_names: frozenset[str] = frozenset()
    popular_names: frozenset[str] = frozenset()
    platforms: Platforms = field(default_factory=lambda: Platforms(()))
    change_share: float = 0.25
    change_always: int = 50


@dataclass(frozen=True, slots=True)
class Failure:
    """A gate that stops: how many things are wrong, the first few of them, and for sizes what was allowed."""

    gate: Gate
    count: int
    examples: tuple[str, ...] = ()
    allowed: int | None = None


def failures(draft: Draft, limits: Limits) -> list[Failure]:
    """Return every gate that stops this draft; none means that it may be published."""
    return [
        *_size(draft, limits),
        *_named("own_names", _touching(draft.entries, limits.own_names)),
        *_named("government_names", _touching(draft.entries, limits.government_names)),
        *_named("popular_names", _popular(draft.entries, limits.popular_names)),
        *_named("too_wide", (_too_wide(entry, limits.platforms) for entry in draft.entries)),
        *_named("test_entries", (entry.comparable for entry in set(draft.test_entries) - set(draft.entries))),
        *_named("canaries", iter(set(draft.wanted_canaries) - set(draft.canaries))),
    ]


def _named(gate: Gate, wrong: Iterable[str]) -> list[Failure]:
    names = sorted({name for name in wrong if name})
    return [Failure(gate, len(names), tuple(names[:_SHOWN]))] if names else []


def _size(draft: Draft, limits: Limits) -> list[Failure]:
    old, new = set(draft.previous), set(draft.entries)
    if not new and old:
        return [Failure("emptied", len(old), allowed=0)]
    if not old:
        return []
    allowed = max(limits.change_always, int(len(old) * limits.change_share))
    change = max(len(new - old), len(old - new))
    return [Failure("size_jump", change, allowed=allowed)] if change > allowed else []


def _touching(entries: Iterable[ListEntry], names: frozenset[str]) -> Iterator[str]:
    """Entries of any scope on one of these names or below, and domains above one."""
    above = _above(names)
    for entry in entries:
        host = entry.host
        if is_under(host, names) or (entry.scope is Scope.DOMAIN and host in above):
            yield entry.comparable


def _popular(entries: Iterable[ListEntry], popular: frozenset[str]) -> Iterator[str]:
    """Entries that block a popular site as a whole; a page on one is what the scope url is for."""
    above = _above(popular)
    for entry in entries:
        if entry.scope in (Scope.HOST, Scope.DOMAIN):
            host = entry.host
            is_site = host in popular or host.removeprefix("www.") in popular
            if is_site or (entry.scope is Scope.DOMAIN and host in above):
                yield entry.comparable


def _above(names: Iterable[str]) -> set[str]:
    return {parent for name in names for parent in names_above(name)}


def _too_wide(entry: ListEntry, platforms: Platforms) -> str:
    return entry.comparable if platforms.refusal(entry.scope, entry.host) else ""


def read_popular(lines: Iterable[str]) -> frozenset[str]:
    """Read a top list: a name a line, alone or as the last column after its rank; comments and headings are left out."""
    names = (line.split("#", 1)[0].strip().rsplit(",", 1)[-1].strip().strip(".").lower() for line in lines)
    return frozenset(name for name in names if "." in name and " " not in name)
