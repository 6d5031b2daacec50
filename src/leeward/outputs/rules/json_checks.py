"""JSON against a schema of ours, with the formats asserted: without that, a wrong e-mail address or time passes. Pure."""

import base64
import binascii
from collections.abc import Mapping
from datetime import datetime
from ipaddress import AddressValueError, IPv4Address, IPv6Address
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from jsonschema import Draft202012Validator, FormatChecker

from leeward.foundation.patterns import Pattern
from leeward.outputs.rules.refusals import Refusal

MOST_FAULTS = 20
_EMAIL = Pattern(r"[^\s@<>,;]+@([A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?\.)+[A-Za-z]{2,63}")
_HOSTNAME = Pattern(r"([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?)(\.[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*\.?")
_URI = Pattern(r"[A-Za-z][A-Za-z0-9+.-]*:[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=%]+")
_MOMENT = Pattern(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?([Zz]|[+-][0-9]{2}:[0-9]{2})")
_UUID = Pattern(r"[0-9a-fA-F]{8}-([0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}")


def is_email(text: str) -> bool:
    """Return whether a text is one plain e-mail address."""
    return len(text) <= 254 and bool(_EMAIL.fullmatch(text))


def is_moment(text: str) -> bool:
    """Return whether a text is a time with its zone (RFC 3339)."""
    if not _MOMENT.fullmatch(text):
        return False
    try:
        datetime.fromisoformat(text.upper())
    except ValueError:
        return False
    return True


def is_base64(text: str) -> bool:
    """Return whether a text is base64, with its padding."""
    try:
        base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return False
    return True


def faults(document: Any, schema: Mapping[str, Any]) -> tuple[Refusal, ...]:
    """Return where a document does not fit a schema, at most `MOST_FAULTS` times."""
    found = Draft202012Validator(schema, format_checker=_CHECKER).iter_errors(document)
    paths = [_path(error) for error, _number in zip(found, range(MOST_FAULTS), strict=False)]
    return tuple(Refusal("schema", path) for path in dict.fromkeys(paths))


def _path(error: Any) -> str:
    path = "/".join(str(part) for part in error.absolute_path)
    return path or str(error.message)[:80]


def _is_uri(text: str) -> bool:
    try:
        return bool(_URI.fullmatch(text)) and bool(urlsplit(text).scheme)
    except ValueError:
        return False


def _is_uuid(text: str) -> bool:
    return bool(_UUID.fullmatch(text)) and bool(UUID(text))


def _is_ipv4(text: str) -> bool:
    try:
        return bool(IPv4Address(text)) or True
    except AddressValueError:
        return False


def _is_ipv6(text: str) -> bool:
    try:
        return bool(IPv6Address(text)) or True
    except AddressValueError:
        return False


_CHECKS = {
    "email": is_email,
    "hostname": lambda text: len(text) <= 253 and bool(_HOSTNAME.fullmatch(text)),
    "uri": _is_uri,
    "uuid": _is_uuid,
    "date-time": is_moment,
    "ipv4": _is_ipv4,
    "ipv6": _is_ipv6,
}
_CHECKER = FormatChecker(formats=())
for _name, _check in _CHECKS.items():
    _CHECKER.checks(_name)(lambda value, check=_check: not isinstance(value, str) or check(value))
