"""One line of Squid's external ACL helper protocol: a question with a channel number, and its answer.

The list's ACL is of the type `external_acl_type ... concurrency=N %METHOD %URI`. OK means listed, ERR not listed, BH
that the line could not be parsed. Squid does not change the escapes in an address.
"""

from typing import Protocol


class Answers(Protocol):
    """Something that knows whether an address or the host of a tunnel is listed."""

    def is_listed(self, url: str) -> bool:
        """Return whether an address is listed."""

    def is_host_listed(self, host: str) -> bool:
        """Return whether a host is listed as a whole."""


def answer(line: str, listed: Answers) -> str:
    """Return the answer to one line, without its end."""
    channel, _, rest = line.strip("\r\n").partition(" ")
    parts = rest.split(" ")
    if not channel.isdecimal() or len(parts) < 2 or not parts[1]:
        return f"{channel if channel.isdecimal() else 0} BH message=unreadable"
    method, target = parts[0], parts[1]
    is_tunnel = method.upper() == "CONNECT"
    found = listed.is_host_listed(_without_port(target)) if is_tunnel else listed.is_listed(target)
    return f"{channel} {'OK' if found else 'ERR'}"


def _without_port(target: str) -> str:
    host, colon, port = target.rpartition(":")
    return host if colon and port.isdecimal() else target
