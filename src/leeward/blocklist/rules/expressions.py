"""The texts under which an address can be listed, as defined by Safe Browsing version 5.

An *expression* is a host suffix followed by a path prefix, without scheme or port: `b.example.com/1/`. Safe Browsing
does not distinguish between a host and its subdomains. Our entries do, so each carries its scope, and each scope
applies only to some expressions of an address.
"""

from collections.abc import Iterator
from hashlib import sha256

from leeward.blocklist.rules import sentences
from leeward.blocklist.rules.errors import NotExpressible
from leeward.blocklist.rules.scopes import ALL_SCOPES, Scope, Scopes
from leeward.blocklist.rules.suffixes import registrable
from leeward.foundation.lazy_text import LazyText

MAX_HOSTS = 5
MAX_FOLDERS = 3
MAX_EXPRESSIONS = 30

_EXACT = int(Scopes.URL)
_FOLDER = int(Scopes.PATH)
_WHOLE_HOST = int(Scopes.HOST | Scopes.DOMAIN)
_ABOVE = int(Scopes.DOMAIN)


def split_comparable(comparable: str) -> tuple[str, str, str]:
    """Split an address in its comparable form into host, path and query ("" for none)."""
    _, has_scheme, rest = comparable.partition("://")
    host, _, tail = (rest if has_scheme else comparable).partition("/")
    path, _, query = tail.partition("?")
    return host, "/" + path, query


def is_address(host: str) -> bool:
    """Return whether the host of a comparable form is an IPv4 or IPv6 address, which has no parent domains."""
    return host.startswith("[") or host.replace(".", "").isdigit()


def host_suffixes(host: str) -> list[str]:
    """Return the host and up to four of its parent domains, down to the registrable name, longest first."""
    if is_address(host):
        return [host]
    site = registrable(host)
    if site is None or site == host:
        return [host]
    names = [site]
    for label in reversed(host[: -len(site) - 1].rsplit(".", MAX_HOSTS - 2)):
        names.append(f"{label}.{names[-1]}")
    return names[::-1]


def path_prefixes(path: str, query: str) -> list[str]:
    """Return the path with its query, without it, and up to three folders and the root, longest first."""
    found = [f"{path}?{query}"] if query else []
    found.append(path)
    folders = folders_of(path)
    return found + [folder for folder in folders[::-1] if folder != path]


def folders_of(path: str) -> list[str]:
    """Return the root and up to three folders on the way to the path, shortest first."""
    folders = ["/"]
    end = 0
    for _ in range(MAX_FOLDERS):
        end = path.find("/", end + 1)
        if end < 0:
            break
        folders.append(path[: end + 1])
    return folders


def expressions(comparable: str) -> list[str]:
    """Return every expression of an address, at most 30, most exact first."""
    host, path, query = split_comparable(comparable)
    prefixes = path_prefixes(path, query)
    return [name + prefix for name in host_suffixes(host) for prefix in prefixes]


def candidates(comparable: str) -> list[tuple[str, int]]:
    """Return the expressions of entries that would block this address, each with the scopes that apply.

    For the host itself these are the page (scope url), its folders (path) and the root (host, domain); for its parent
    domains only the root (domain). At most ten; most exact first.
    """
    return list(each_candidate(comparable))


def each_candidate(comparable: str, among: int = ALL_SCOPES) -> Iterator[tuple[str, int]]:
    """Yield the same one after another: most look-ups need no more than the first, or all. `among` are the scopes that a list has at
    all: folders, host and domains above it are left out where none of its entries could block by them.
    """
    host, path, query = split_comparable(comparable)
    if query:
        yield f"{host}{path}?{query}", _EXACT
    if path == "/":
        yield f"{host}/", _EXACT | _WHOLE_HOST
    else:
        yield host + path, _EXACT | (_FOLDER if path[-1] == "/" else 0)
        if among & _FOLDER:
            for folder in folders_of(path)[:0:-1]:
                if folder != path:
                    yield host + folder, _FOLDER
        if among & _WHOLE_HOST:
            yield f"{host}/", _WHOLE_HOST
    if among & _ABOVE:
        for name in host_suffixes(host)[1:]:
            yield f"{name}/", _ABOVE


def entry_expression(scope: Scope, comparable: str) -> str:
    """Return the expression of an entry; raises NotExpressible if no address below it has that expression."""
    host, path, query = split_comparable(comparable)
    if scope is Scope.URL:
        return f"{host}{path}?{query}" if query else host + path
    if scope is Scope.PATH:
        _refuse_path(host, path, query)
        return host + path
    if path != "/" or query:
        raise NotExpressible(host + path, scope, LazyText(sentences.HAS_PATH))
    if scope is Scope.DOMAIN:
        _refuse_domain(host)
    return host + "/"


def _refuse_path(host: str, path: str, query: str) -> None:
    if query or not path.endswith("/"):
        raise NotExpressible(host + path, Scope.PATH, LazyText(sentences.NOT_A_FOLDER))
    if path == "/":
        raise NotExpressible(host + path, Scope.PATH, LazyText(sentences.ROOT))
    if path not in folders_of(path):
        raise NotExpressible(host + path, Scope.PATH, LazyText(sentences.DEEP_FOLDER, most=MAX_FOLDERS))


def _refuse_domain(host: str) -> None:
    if is_address(host):
        raise NotExpressible(host, Scope.DOMAIN, LazyText(sentences.NUMBER))
    site = registrable(host)
    if site is None:
        raise NotExpressible(host, Scope.DOMAIN, LazyText(sentences.MANY_OWNERS))
    if host.count(".") - site.count(".") > MAX_HOSTS - 2:
        raise NotExpressible(host, Scope.DOMAIN, LazyText(sentences.DEEP_NAME, most=MAX_HOSTS - 2, site=site))


def digest(expression: str) -> bytes:
    """Return the SHA-256 of an expression, as used in hashed lists."""
    return sha256(expression.encode()).digest()
