"""HTTP with nothing but the standard library, for programs that carry a key to a hotline: https only, and no redirects."""

import urllib.request
from ipaddress import ip_address
from typing import Any, override
from urllib.parse import urlsplit


def is_loopback(host: str) -> bool:
    """Whether a host is this machine."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def keeps_secrets(url: str) -> bool:
    """Whether a key may be sent to this address: over https, or over http to this machine."""
    parts = urlsplit(url)
    return parts.scheme == "https" or (parts.scheme == "http" and is_loopback(parts.hostname or ""))


def opener() -> urllib.request.OpenerDirector:
    """Return what opens requests without following redirects."""
    return urllib.request.build_opener(_NoRedirects)


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    """A redirect could carry the key elsewhere; it is an error like any other status."""

    @override
    def redirect_request(self, *arguments: Any, **named: Any) -> None:
        return None
