"""DNS lookups (dnspython) with the configured resolvers."""

import ipaddress
import time

import dns.exception
import dns.nameserver
import dns.resolver
from django.utils.translation import gettext as _

from leeward.foundation.errors import BadInput
from leeward.foundation.http import NameProblem, Resolution
from leeward.installation.queries import config_now

SECONDS = 5.0


def resolver() -> dns.resolver.Resolver:
    """Return a resolver for the servers of LEEWARD_DNS_RESOLVERS, or the system's; without a cache, since answers change."""
    wanted = config_now().dns_resolvers
    found = dns.resolver.Resolver(configure=not wanted)
    if wanted:
        servers = [_server(text) for text in wanted]
        found.nameservers = [dns.nameserver.Do53Nameserver(address, port) for address, port in servers]
    return found


def _server(text: str) -> tuple[str, int]:
    host, mark, port = text.rpartition(":")
    try:
        if mark and port.isdecimal() and (host.startswith("[") or ":" not in host):
            return str(ipaddress.ip_address(host.strip("[]"))), int(port)
        return str(ipaddress.ip_address(text)), 53
    except ValueError as error:
        raise BadInput(
            what=f"LEEWARD_DNS_RESOLVERS {text!r}", why=_("it must be an address, or address:port")
        ) from error


def resolve(name: str, seconds: float = SECONDS) -> Resolution:
    """Return the addresses of a name, IPv4 first, or why there are none, within so many seconds in all; never raises for what a name
    server does."""
    addresses: list[str] = []
    ends = time.monotonic() + min(seconds, SECONDS)
    problem: NameProblem | None = None
    try:
        name_servers = resolver()
    except dns.resolver.NoResolverConfiguration:
        return Resolution(problem="name_failed")
    for kind in ("A", "AAAA"):
        try:
            answer = name_servers.resolve(name, kind, lifetime=max(ends - time.monotonic(), 0.0), search=False)
            addresses += [record.address for record in answer]
        except dns.resolver.NXDOMAIN:
            problem = problem or "no_such_name"
            break
        except dns.resolver.NoAnswer:
            problem = problem or "no_address"
        except dns.exception.Timeout:
            problem = "name_timed_out"
            break
        except (dns.exception.DNSException, UnicodeError, ValueError):
            problem = "name_failed"
    return Resolution(tuple(addresses)) if addresses else Resolution(problem=problem or "no_address")
