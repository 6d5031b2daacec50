"""HTTP with only the standard library, for programs that send a key to a hotline: https only, and no redirects."""

import urllib.request
from ipaddress import ip_address
from typing import Any, override
from urllib.parse import urlsplit


def is_loopback(host: str) -> bool:
    """Return whether a host is this machine."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def keeps_secrets(url: str) -> bool:
    """Return whether a key may be sent to this address: over https, or over http to this machine; never where it can't be
    read."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and is_loopback(parts.hostname or ""))


def opener() -> urllib.request.OpenerDirector:
    """Return an opener that doesn't follow redirects."""
    return urllib.request.build_opener(_NoRedirects)


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    """Treat redirects as errors like any other status, since one could take the key elsewhere."""

    @override
    def redirect_request(self, *arguments: Any, **named: Any) -> None:
        return None
