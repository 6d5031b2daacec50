"""Addresses split by the WHATWG parser, so that no second parser can read them differently."""

from dataclasses import dataclass

import ada_url
import httpcore2

_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class Target:
    """An address in its parts."""

    url: str
    scheme: str
    host: str
    host_header: str
    port: int
    path: str

    @property
    def wire(self) -> httpcore2.URL:
        """Return the form that the HTTP library takes."""
        return httpcore2.URL(scheme=self.scheme, host=self.host, port=self.port, target=self.path)


def target_of(url: str) -> Target | None:
    """Return the parts of an address without credentials; None if it isn't one."""
    try:
        parsed = ada_url.URL(url)
        if parsed.username or parsed.password:
            parsed.username = parsed.password = ""
    except ValueError:
        return None
    scheme = parsed.protocol.rstrip(":")
    if scheme not in _PORTS:
        return Target(parsed.href, scheme, "", "", 0, "")
    return Target(
        url=parsed.href,
        scheme=scheme,
        host=parsed.hostname.strip("[]"),
        host_header=parsed.host,
        port=int(parsed.port or _PORTS[scheme]),
        path=parsed.pathname + parsed.search,
    )


def joined(base: str, location: str) -> str:
    """Return the absolute address in a Location header; "" if it is invalid."""
    try:
        return str(ada_url.URL(location, base).href)
    except ValueError:
        return ""
