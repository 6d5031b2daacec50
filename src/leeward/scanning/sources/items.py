"""One file found by a scan, before anything of it is read."""

import hashlib
import os
from dataclasses import dataclass

from leeward.foundation.patterns import Pattern

_SCHEME = Pattern(r"[A-Za-z][A-Za-z0-9+.-]+://")
LINK = "it is a link; what it leads to is looked at where it lies, if that is part of the scan"


def without_password(url: str) -> str:
    """Return the address with each password in it hidden, and otherwise unchanged, even if a name isn't text."""
    first, *rest = url.split("://")
    return "://".join([first, *map(_hidden, rest)])


def _hidden(part: str) -> str:
    authority, slash, path = part.partition("/")
    who, at, host = authority.rpartition("@")
    name, colon, _password = who.partition(":")
    return f"{name}:***@{host}{slash}{path}" if at and colon else part


@dataclass(frozen=True, slots=True)
class Item:
    """A path or URL with what its listing says. `problem`: why there is nothing to read; `note`: why nothing needs to be.

    `name`: what a driver calls it, since not every name survives being written as an address.
    """

    path: str
    size: int | None = None
    modified: float | None = None
    version: str = ""
    is_url: bool = False
    problem: str | None = None
    note: str | None = None
    name: str = ""

    @property
    def shown(self) -> str:
        """Return the path for the output: without a password."""
        return without_password(self.path) if self.is_url else self.path

    @property
    def key(self) -> bytes:
        """Return sixteen bytes that differ if path, size, time or version do."""
        facts = f"{self.size}\0{self.modified}\0{self.version}\0{self.problem}\0{self.note}".encode("utf-8", "replace")
        return hashlib.blake2b(os.fsencode(self.path) + b"\0" + facts, digest_size=16).digest()


@dataclass(frozen=True, slots=True)
class Since:
    """Skips what was not changed since a moment (seconds since 1970); what has no time is examined."""

    moment: float | None = None

    def wants(self, item: Item) -> bool:
        """Return whether to examine this one."""
        return self.moment is None or item.modified is None or item.modified >= self.moment


def has_scheme(source: str) -> bool:
    """Return whether a source is an address (scheme://…) rather than a path of this machine."""
    return _SCHEME.match(source) is not None and not source.lower().startswith("file://")
