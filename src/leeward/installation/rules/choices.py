"""The closed list of settings for the whole installation, in groups, with the values allowed. Pure."""

import ipaddress
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

from leeward.foundation.patterns import Pattern

type Value = str | int | bool | list[str]

GROUPS = ("mail", "mailbox", "names", "fetching", "times", "keeping")
# Ports that pages accept, so that nobody can probe the machine's own network with a test button.
MAIL_PORTS = (25, 465, 587, 2525)
MAILBOX_PORTS = (993,)
PROXY_PORTS = (1080, 9050, 9150)
MOST_LETTERS = 200
MOST_SERVERS = 5
_NAME = Pattern(r"[a-z0-9_]([a-z0-9_-]{0,62})(\.[a-z0-9_]([a-z0-9_-]{0,62}))*", ignore_case=True)
_MAIL = Pattern(r"[^@\s<>\"(),:;\\]{1,64}@[a-z0-9.-]{1,250}", ignore_case=True)


@dataclass(frozen=True, slots=True)
class Choice:
    """One setting: its name, its page, the type of its value and which values are allowed.

    `form` is `host`, `mail`, `port`, `servers`, `proxy`, `word` (no spaces) or "" for a number, a yes or no, or one of
    `options`; `field` is the corresponding field of the configuration, whose environment variable takes precedence.
    """

    name: str
    group: str
    kind: type
    form: str = ""
    least: int = 0
    most: int = 0
    options: tuple[str, ...] = ()
    is_secret: bool = False
    is_required: bool = False
    into: str = ""

    @property
    def field(self) -> str:
        """Return the field of the configuration."""
        return self.into or self.name


def _number(name: str, group: str, least: int, most: int) -> Choice:
    return Choice(name, group, int, least=least, most=most)


_LISTED = (
    Choice("smtp_host", "mail", str, "host"),
    Choice("smtp_port", "mail", int, "port"),
    Choice("smtp_security", "mail", str, options=("starttls", "tls", "none")),
    Choice("smtp_user", "mail", str, "word"),
    Choice("smtp_password", "mail", str, "word", is_secret=True),
    Choice("mail_from", "mail", str, "mail", is_required=True),
    Choice("mail_replies", "mail", str, "mail"),
    Choice("mail_bounces", "mail", str, "mail"),
    _number("bounces_most", "mail", 1, 20),
    Choice("mailbox_host", "mailbox", str, "host", into="mailbox"),
    Choice("mailbox_port", "mailbox", int, "port", into="mailbox"),
    Choice("mailbox_user", "mailbox", str, "word", into="mailbox"),
    Choice("mailbox_password", "mailbox", str, "word", is_secret=True, into="mailbox"),
    Choice("mailbox_folder", "mailbox", str, "word", into="mailbox"),
    Choice("dns_resolvers", "names", list, "servers"),
    _number("fetch_max_bytes", "fetching", 100_000, 500_000_000),
    _number("fetch_seconds", "fetching", 5, 120),
    _number("fetch_max_files", "fetching", 0, 2_000),
    Choice("fetch_proxy", "fetching", str, "proxy"),
    Choice("onion_proxy", "fetching", str, "proxy"),
    _number("police_wait_hours", "times", 1, 720),
    _number("hold_most_days", "times", 1, 365),
    _number("ladder_hours", "times", 1, 720),
    _number("ladder_owner_step", "times", 1, 30),
    _number("ladder_upstream_step", "times", 1, 30),
    Choice("notify_foreign_hosts", "times", bool),
    _number("undo_seconds", "times", 0, 60),
    _number("claim_minutes", "times", 5, 480),
    _number("known_sample_percent", "times", 0, 100),
    _number("check_first_days", "times", 1, 60),
    _number("check_misses", "times", 2, 10),
    _number("check_miss_minutes", "times", 1, 1440),
    _number("unreachable_days", "times", 1, 365),
    _number("contact_days", "keeping", 1, 3_650),
    _number("desk_days", "keeping", 31, 730),
    _number("draft_days", "keeping", 1, 365),
)
CHOICES: dict[str, Choice] = {choice.name: choice for choice in _LISTED}
# If one of these changes, a stored password is deleted: it must never be sent to another server.
PASSWORDS = {
    "smtp_password": ("smtp_host", "smtp_port", "smtp_security", "smtp_user"),
    "mailbox_password": ("mailbox_host", "mailbox_port", "mailbox_user"),
}
# Prefix of settings that have no field of their own in the configuration.
FIRST: dict[str, Value] = {
    "mailbox_host": "",
    "mailbox_port": 993,
    "mailbox_user": "",
    "mailbox_password": "",
    "mailbox_folder": "INBOX",
}
# If the environment sets one of these, it sets all: a password of the machine never goes to a server chosen on the
# desk.
TOGETHER = (frozenset({"smtp_host", "smtp_port", "smtp_security", "smtp_user", "smtp_password"}),)


def choices_of(group: str) -> list[Choice]:
    """Return the settings on one page, in order."""
    return [choice for choice in CHOICES.values() if choice.group == group]


def locks_of(choice: Choice) -> frozenset[str]:
    """Return the fields of the configuration any of which, if set in the environment, takes this setting off the desk."""
    for fields in TOGETHER:
        if choice.field in fields:
            return fields
    return frozenset({choice.field})


def tidy(choice: Choice, value: Value) -> Value:
    """Return a value without surrounding spaces and duplicates."""
    if isinstance(value, list):
        return list(dict.fromkeys(one.strip() for one in value if one.strip()))
    return value if choice.is_secret or not isinstance(value, str) else value.strip()


def fault_of(choice: Choice, value: Value) -> str:
    """Return what is wrong with a tidy value, as a word of a closed list; "" if nothing is."""
    if type(value) is not choice.kind:
        return "kind"
    if choice.options:
        return "" if value in choice.options else "option"
    if isinstance(value, str):
        return _fault_of_text(choice, value)
    if isinstance(value, list):
        return _fault_of_servers(value)
    return "" if isinstance(value, bool) else _fault_of_number(choice, value)


def ports_of(choice: Choice) -> tuple[int, ...]:
    """Return the ports that a page accepts for it."""
    return MAILBOX_PORTS if choice.group == "mailbox" else MAIL_PORTS


def _fault_of_number(choice: Choice, value: int) -> str:
    if choice.form == "port":
        return "" if value in ports_of(choice) else "port"
    return "" if choice.least <= value <= choice.most else "range"


def _fault_of_servers(value: Sequence[object]) -> str:
    if len(value) > MOST_SERVERS:
        return "too_many"
    return "" if all(isinstance(one, str) and is_address(one) for one in value) else "servers"


def _fault_of_text(choice: Choice, value: str) -> str:
    if not value:
        return "missing" if choice.is_required else ""
    if len(value) > MOST_LETTERS or not value.isprintable():
        return "letters"
    if choice.form == "host":
        return "" if _is_host(value) else "host"
    if choice.form == "mail":
        return "" if _MAIL.fullmatch(value) and value.isascii() else "mail"
    return _fault_of_proxy(value) if choice.form == "proxy" else ""


def _is_host(text: str) -> bool:
    return (len(text) <= 253 and bool(_NAME.fullmatch(text))) or is_address(text)


def _fault_of_proxy(value: str) -> str:
    parts = urlsplit(value)
    try:
        port = parts.port
    except ValueError:
        return "proxy"
    bare = parts.scheme in ("socks5", "socks5h") and value == f"{parts.scheme}://{parts.netloc}" and "@" not in value
    if not bare or port is None or not _is_host(parts.hostname or ""):
        return "proxy"
    return "" if port in PROXY_PORTS else "proxy_port"


def is_address(text: str) -> bool:
    """Return whether this is an IP address."""
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


def is_public(address: str) -> bool:
    """Return whether an IP address is globally unique."""
    return is_address(address) and ipaddress.ip_address(address).is_global


def mailbox_setting(values: Mapping[str, Value]) -> str:
    """Return the mailbox as the configuration writes it; "" if none is chosen."""
    host = str(values["mailbox_host"])
    if not host:
        return ""
    host = f"[{host}]" if ":" in host else host
    user, password = (quote(str(values[name]), safe="") for name in ("mailbox_user", "mailbox_password"))
    folder = quote(str(values["mailbox_folder"]) or "INBOX", safe="")
    return f"imaps://{user}:{password}@{host}:{values['mailbox_port']}/{folder}"
