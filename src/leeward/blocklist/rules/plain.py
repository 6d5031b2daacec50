"""Lists in clear text for trusted recipients such as school and family filters: hosts, domains, adblock, e2guardian.

No format blocks more than an entry does: an entry that it could only express too widely is left out and counted. One
that it can only express too narrowly (a hosts file has no subdomains) is included, and counted too.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from leeward.blocklist.rules.dns_names import NotADnsName, owner_name
from leeward.blocklist.rules.entries import ListEntry
from leeward.blocklist.rules.expressions import split_comparable
from leeward.blocklist.rules.scopes import Scope

_ADBLOCK_SIGNS = frozenset("*^|$ ")
_SPACE = frozenset(" \t")


@dataclass(slots=True)
class Export:
    """The sorted lines of a file, and how many entries it leaves out (by reason) or narrows."""

    lines: list[str]
    left_out: Counter[str] = field(default_factory=Counter)
    narrower: int = 0

    def text(self, heading: Iterable[str] = (), mark: str = "#") -> str:
        """Return the file with a heading of comments."""
        return "".join([f"{mark} {line}\n" for line in heading] + [f"{line}\n" for line in self.lines])


class _LeftOut(Exception):
    """The format can't express an entry; the argument is the reason."""


def hosts(entries: Iterable[ListEntry]) -> Export:
    """Return a hosts file: each name for both IPv4 and IPv6, otherwise the other kind would still be looked up in the
    DNS.
    """
    listed = tuple(entries)
    export = _export(listed, _hosts_lines)
    names = {line.partition(" ")[2] for line in export.lines}
    export.narrower = sum(entry.scope is Scope.DOMAIN and entry.host in names for entry in listed)
    return export


def domains(entries: Iterable[ListEntry]) -> Export:
    """Return whole domains, one per line."""
    return _export(entries, lambda entry: [_name(_only(entry, Scope.DOMAIN))])


def adblock(entries: Iterable[ListEntry]) -> Export:
    """Return rules in the syntax shared by browser filters; its comments begin with `!`.

    Each entry has two rules: without options it blocks pictures, scripts and frames, with `$document` the page itself.
    """
    return _export(entries, _adblock_lines)


def e2guardian_sites(entries: Iterable[ListEntry]) -> Export:
    """Return a bannedsitelist of e2guardian: whole domains."""
    return _export(entries, lambda entry: [_without_www(_name(_only(entry, Scope.DOMAIN)), refuse=True)])


def e2guardian_urls(entries: Iterable[ListEntry]) -> Export:
    """Return a bannedurllist of e2guardian: pages and folders, without scheme and `www.`.

    Each also blocks what continues it with one of `/ ? & =`.
    """
    return _export(entries, _e2guardian_url)


def _export(entries: Iterable[ListEntry], say: Callable[[ListEntry], list[str]]) -> Export:
    export = Export([])
    lines: set[str] = set()
    for entry in entries:
        try:
            lines.update(say(entry))
        except _LeftOut as reason:
            export.left_out[str(reason)] += 1
    export.lines = sorted(lines)
    return export


def _only(entry: ListEntry, *scopes: Scope) -> ListEntry:
    if entry.scope not in scopes:
        raise _LeftOut(entry.scope.value)
    return entry


def _name(entry: ListEntry) -> str:
    try:
        name = owner_name(entry.host)
    except NotADnsName as error:
        raise _LeftOut(error.why) from error
    if "\\" in name:
        raise _LeftOut("odd_name")
    return name


def _hosts_lines(entry: ListEntry) -> list[str]:
    name = _name(_only(entry, Scope.HOST, Scope.DOMAIN))
    return [f"0.0.0.0 {name}", f":: {name}"]


def _adblock_lines(entry: ListEntry) -> list[str]:
    return [f"{rule}{options}" for rule in _adblock_rules(entry) for options in ("", "$document")]


def _adblock_rules(entry: ListEntry) -> list[str]:
    if entry.scope is Scope.DOMAIN:
        return [f"||{_name(entry)}^"]
    bare = (entry.address or entry.comparable).partition("://")[2]
    if _ADBLOCK_SIGNS & set(bare) or not bare.isascii():
        raise _LeftOut("special_sign")
    if entry.scope is Scope.HOST:
        endings = [bare.partition("/")[0] + "^"]
    elif entry.scope is Scope.PATH:
        endings = [bare]
    else:
        endings = [f"{bare}|"] if "?" in bare else [f"{bare}|", f"{bare}?"]
    return [f"|{scheme}://{ending}" for scheme in ("http", "https") for ending in endings]


def _e2guardian_url(entry: ListEntry) -> list[str]:
    _only(entry, Scope.URL, Scope.PATH)
    host, path, query = split_comparable(entry.comparable)
    if entry.scope is Scope.URL and path.endswith("/"):
        raise _LeftOut("folder_page")
    line = _without_www(host) + path + (f"?{query}" if query else "")
    if _SPACE & set(line):
        raise _LeftOut("special_sign")
    return [line]


def _without_www(name: str, *, refuse: bool = False) -> str:
    if refuse and name.startswith("www."):
        raise _LeftOut("www")
    return name.removeprefix("www.")
