"""The gates of a publication: each checks the whole draft and names the problems. Pure; the wording is in another
layer.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Literal

from leeward.blocklist.rules.dns_names import is_under
from leeward.blocklist.rules.entries import ListEntry
from leeward.blocklist.rules.overblocking import Platforms, is_everybodys, names_above
from leeward.blocklist.rules.scopes import Scope

Gate = Literal[
    "size_jump",
    "emptied",
    "own_names",
    "government_names",
    "popular_names",
    "too_wide",
    "test_entries",
    "canaries",
    "not_expressible",
    "syntax",
]
_SHOWN = 20
_FRONT = 3  # slashes in an address without a path


@dataclass(frozen=True, slots=True)
class Draft:
    """The draft of a publication, and the last publication; canaries are names."""

    entries: Sequence[ListEntry]
    previous: Collection[ListEntry]
    test_entries: Collection[ListEntry]
    canaries: Collection[str]
    wanted_canaries: Collection[str]


@dataclass(frozen=True, slots=True)
class Limits:
    """Names that are never listed, and how much a list may change at once: by this share, but always by this number."""

    own_names: frozenset[str] = frozenset()
    government_names: frozenset[str] = frozenset()
    popular_names: frozenset[str] = frozenset()
    platforms: Platforms = field(default_factory=lambda: Platforms(()))
    change_share: float = 0.25
    change_always: int = 50


@dataclass(frozen=True, slots=True)
class Failure:
    """A gate that stops a publication: the number of problems, the first few, and for sizes what was allowed."""

    gate: Gate
    count: int
    examples: tuple[str, ...] = ()
    allowed: int | None = None


class Fence:
    """The limits, prepared for checking many entries."""

    def __init__(self, limits: Limits) -> None:
        self._never = {"own_names": limits.own_names, "government_names": limits.government_names}
        self._above_never = {gate: _above(names) for gate, names in self._never.items()}
        self._popular, self._above_popular = limits.popular_names, _above(limits.popular_names)
        self._platforms = limits.platforms

    def stops(self, entry: ListEntry) -> tuple[Gate, ...]:
        """Return the limits that an entry breaks, in the order of the gates; none means that it may be listed."""
        host, found = entry.host, list[Gate]()
        if self._is_near("own_names", entry, host):
            found.append("own_names")
        if self._is_near("government_names", entry, host):
            found.append("government_names")
        scope = _scope_in_effect(entry)
        if self._is_popular(scope, host):
            found.append("popular_names")
        if self._platforms.refusal(scope, host) or is_everybodys(host):
            found.append("too_wide")
        return tuple(found)

    def _is_near(self, gate: Gate, entry: ListEntry, host: str) -> bool:
        """Return whether an entry of any scope is on or below one of these names, or is a domain above one."""
        below = is_under(host, self._never[gate])
        return bool(below) or (entry.scope is Scope.DOMAIN and host in self._above_never[gate])

    def _is_popular(self, scope: Scope, host: str) -> bool:
        """Return whether an entry blocks a popular site as a whole; single pages are allowed with the scope url."""
        if scope not in (Scope.HOST, Scope.DOMAIN):
            return False
        is_site = host in self._popular or host.removeprefix("www.") in self._popular
        return is_site or (scope is Scope.DOMAIN and host in self._above_popular)


def _scope_in_effect(entry: ListEntry) -> Scope:
    """Return the effective scope; a front page counts as its host, because every visitor comes through it."""
    is_front = entry.scope is Scope.URL and entry.comparable.endswith("/") and entry.comparable.count("/") == _FRONT
    return Scope.HOST if is_front else entry.scope


def failures(draft: Draft, limits: Limits) -> list[Failure]:
    """Return every gate that stops this draft; none means that it may be published."""
    fence = Fence(limits)
    wrong: dict[Gate, list[str]] = {gate: [] for gate in ("own_names", "government_names", "popular_names", "too_wide")}
    for entry in draft.entries:
        for gate in fence.stops(entry):
            wrong[gate].append(entry.comparable)
    return [
        *_size(draft, limits),
        *(failure for gate, names in wrong.items() for failure in _named(gate, names)),
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


def _above(names: Iterable[str]) -> set[str]:
    return {parent for name in names for parent in names_above(name)}


def read_popular(lines: Iterable[str]) -> frozenset[str]:
    """Read a list of popular sites: one name per line, alone or in the last column after its rank; comments and
    headings are ignored.
    """
    names = (line.split("#", 1)[0].strip().rsplit(",", 1)[-1].strip().strip(".").lower() for line in lines)
    return frozenset(name for name in names if "." in name and " " not in name)
