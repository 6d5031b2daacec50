"""The address of a PostgreSQL database, read in one place: Django and PostgreSQL's own programs are told the same.

What can't be passed on to both is refused, not left out: whoever asks for verified TLS must not get less. No message holds a piece of
the address, since any piece may be of the password.
"""

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import unquote_to_bytes

from leeward.foundation.errors import BadInput
from leeward.foundation.patterns import Pattern

_SCHEMES = ("postgresql", "postgres")
_ESCAPES = Pattern(r"(?:[^%]|%[0-9A-Fa-f]{2})*")
_UNPRINTABLE = Pattern(r"[\x00-\x20\x7f]")
_UNPRINTABLE_IN_VALUE = Pattern(r"[\x00-\x1f\x7f]")
_SECONDS = Pattern(r"[0-9]{1,4}")
_NAME = Pattern(r"[^\x00-\x1f\x7f]{1,63}")
_PATH = Pattern(r"[^\x00-\x1f\x7f]+")
# Nothing that changes what a statement means, or which tables and triggers it meets.
_OPTIONS = Pattern(
    r"(?: *-c *(?:statement_timeout|lock_timeout|idle_in_transaction_session_timeout|work_mem|jit)=[A-Za-z0-9]+)+ *"
)


def _one_of(*values: str) -> Callable[[str], bool]:
    return frozenset(values).__contains__


def _is(pattern: Pattern[str]) -> Callable[[str], bool]:
    return lambda value: pattern.fullmatch(value) is not None


# What libpq calls it -> the variable of PostgreSQL's programs, and what it may be.
_PARAMETERS: dict[str, tuple[str, Callable[[str], bool]]] = {
    "sslmode": ("PGSSLMODE", _one_of("disable", "allow", "prefer", "require", "verify-ca", "verify-full")),
    "sslrootcert": ("PGSSLROOTCERT", _is(_PATH)),
    "sslcert": ("PGSSLCERT", _is(_PATH)),
    "sslkey": ("PGSSLKEY", _is(_PATH)),
    "sslcrl": ("PGSSLCRL", _is(_PATH)),
    "ssl_min_protocol_version": ("PGSSLMINPROTOCOLVERSION", _one_of("TLSv1.2", "TLSv1.3")),
    "channel_binding": ("PGCHANNELBINDING", _one_of("disable", "prefer", "require")),
    "connect_timeout": ("PGCONNECT_TIMEOUT", _is(_SECONDS)),
    "application_name": ("PGAPPNAME", _is(_NAME)),
    "target_session_attrs": ("PGTARGETSESSIONATTRS", _one_of("any", "read-write", "primary")),
    "options": ("PGOPTIONS", _is(_OPTIONS)),
}
_ALSO = ("host", "port", "user")  # where they don't stand before the ?
HINT = (
    "Write it as postgresql://user:password@host:port/name?sslmode=verify-full, and each other character of its parts as %XX "
    "(docs/how-to/production.md)."
)


@dataclass(frozen=True, slots=True)
class DatabaseAddress:
    """Where a database is, who signs in there, and how; "" for what the address leaves to PostgreSQL's own defaults."""

    name: str = ""
    user: str = ""
    password: str = ""
    host: str = ""
    port: str = ""
    parameters: tuple[tuple[str, str], ...] = ()

    def for_programs(self) -> dict[str, str]:
        """Return the environment in which psql, pg_dump and pg_restore find it."""
        given = {
            "PGHOST": self.host,
            "PGPORT": self.port,
            "PGUSER": self.user,
            "PGPASSWORD": self.password,
            "PGDATABASE": self.name,
        }
        given |= {_PARAMETERS[name][0]: value for name, value in self.parameters}
        return {name: value for name, value in given.items() if value}


def read_address(url: str) -> DatabaseAddress:
    """Return the parts of an address; of none, an empty one. Raises BadInput without any piece of it."""
    if not url:
        return DatabaseAddress()
    scheme, _colon, rest = url.partition("://")
    if scheme.lower() not in _SCHEMES:
        raise _refused("it doesn’t begin with postgresql://")
    if _UNPRINTABLE.search(rest):
        raise _refused("it has a space or a control character (in a password, %20)")
    if "#" in rest:
        raise _refused("it has a # (in a password, %23)")
    if not _ESCAPES.fullmatch(rest):
        raise _refused("it has a % that two hexadecimal digits don’t follow (in a password, %25)")
    before, _mark, query = rest.partition("?")
    authority, _slash, name = before.partition("/")
    if "/" in name or "@" in name:
        raise _refused("it has a / too many (in a password or name, %2F)")
    account, _at, places = authority.rpartition("@")
    user, _colon, password = account.partition(":")
    host, port = _places(places)
    found = {"user": _decoded(user), "host": host, "port": port}
    parameters = _parameters(query, found)
    if not name:
        raise _refused("it names no database")
    return DatabaseAddress(_decoded(name), found["user"], _decoded(password), found["host"], found["port"], parameters)


def _places(text: str) -> tuple[str, str]:
    """Return the hosts and the ports of `host:port`, or of several with commas between, as libpq takes them."""
    hosts, ports = [], []
    for place in text.split(","):
        if place.startswith("["):
            host, closed, after = place[1:].partition("]")
            if not closed or (after and not after.startswith(":")):
                raise _refused("its host is none")
            port = after[1:]
        else:
            host, _colon, port = place.partition(":")
        hosts.append(_decoded(host))
        ports.append(_port(port))
    return ",".join(hosts), ",".join(ports) if any(ports) else ""


def _port(text: str) -> str:
    if text and not (text.isascii() and text.isdigit() and 0 < int(text[:6]) < 65536):
        raise _refused("its port is no number from 1 to 65535 (in a password, @ is %40, / %2F and ? %3F)")
    return text


def _parameters(query: str, found: dict[str, str]) -> tuple[tuple[str, str], ...]:
    """Return what stands after the ?; host, port and user are put where those before it are."""
    read: dict[str, str] = {}
    for part in query.split("&") if query else ():
        name, _equals, written = part.partition("=")
        value = _decoded(written)
        if name not in _PARAMETERS and name not in _ALSO:
            raise _refused(
                f"after the ? it has something other than {', '.join((*_PARAMETERS, *_ALSO))} (in a password, ? is %3F)"
            )
        if name in read or found.get(name):
            raise _refused(f"it has {name} twice")
        if name in _PARAMETERS and not _PARAMETERS[name][1](value):
            raise _refused(f"its {name} is none that is allowed")
        read[name] = value
    found |= {name: _port(value) if name == "port" else value for name, value in read.items() if name in _ALSO}
    return tuple((name, value) for name, value in read.items() if name in _PARAMETERS)


def _decoded(text: str) -> str:
    try:
        value = unquote_to_bytes(text).decode()
    except UnicodeDecodeError:
        raise _refused("what its %XX mean is no UTF-8") from None
    if _UNPRINTABLE_IN_VALUE.search(value):
        raise _refused("it has a control character")
    return value


def _refused(why: str) -> BadInput:
    return BadInput(HINT, what="LEEWARD_DATABASE_URL", why=why)
