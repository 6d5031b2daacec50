"""The scopes available for an address, narrowest first, each with what prevents it. Pure."""

from dataclasses import dataclass

from leeward.blocklist.rules import sentences
from leeward.blocklist.rules.entries import ListEntry
from leeward.blocklist.rules.expressions import candidates, folders_of, host_suffixes, split_comparable
from leeward.blocklist.rules.gates import Fence, Gate
from leeward.blocklist.rules.partners import LineRefused, entry_of
from leeward.blocklist.rules.scopes import Scope
from leeward.foundation.lazy_text import LazyText
from leeward.hosting.rules.urls import CanonicalUrl, canonical_url


@dataclass(frozen=True, slots=True)
class Choice:
    """One way to block an address. `entry` is None if `refused` says why there is none; `stopped` are the limits it
    breaks.
    """

    scope: Scope
    target: str
    entry: ListEntry | None
    refused: LazyText | None = None
    stopped: tuple[Gate, ...] = ()

    @property
    def is_open(self) -> bool:
        """Whether it can be chosen."""
        return self.entry is not None and not self.stopped


def choices(address: str, fence: Fence) -> list[Choice]:
    """Return every way to block an address; raises BadAddress if it is not a web address."""
    url = canonical_url(address)
    host, path, _query = split_comparable(url.comparable)
    found = [choice(Scope.URL, url.url or url.comparable, url, fence)]
    found += [choice(Scope.PATH, f"{url.scheme}://{host}{folder}", url, fence) for folder in folders_of(path)[:0:-1]]
    found.append(choice(Scope.HOST, f"{url.scheme}://{host}/", url, fence))
    found += [choice(Scope.DOMAIN, f"{url.scheme}://{name}/", url, fence) for name in host_suffixes(host)]
    return found


def choice(scope: Scope, target: str, url: CanonicalUrl, fence: Fence) -> Choice:
    """Return one way to block an address, and what prevents it."""
    try:
        entry = entry_of(scope, target)
        covers = _covers(entry, url.comparable)
    except LineRefused as error:
        return Choice(scope, target, None, refused=error.why)
    if not covers:
        return Choice(scope, target, None, refused=LazyText(sentences.ELSEWHERE))
    return Choice(scope, target, entry, stopped=fence.stops(entry))


def _covers(entry: ListEntry, comparable: str) -> bool:
    """Return whether an entry blocks an address."""
    wanted = entry.expression
    return any(found == wanted and scopes & entry.scope.bit for found, scopes in candidates(comparable))
