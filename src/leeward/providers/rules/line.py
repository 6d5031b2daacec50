"""One line of a provider's report, strictly read: what it states, or the one reason why it is refused. Pure.

Nothing is guessed: a time without a zone, a hash of another length, a date in the future or a field that isn't known refuses the
line, and only the line. What is taken is kept as it was sent, but for numbers of cards, in its canonical form, whose SHA-256 the receipt names.
"""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from typing import Any, Literal

from leeward.foundation.patterns import Pattern
from leeward.hashbank.rules.kinds import KINDS
from leeward.payments.rules.masking import (
    account_without_card_numbers,
    address_without_card_numbers,
    values_without_card_numbers,
    without_card_numbers,
)
from leeward.providers.rules.content import has_embedded, is_content, is_content_name

Kind = Literal["first", "subsequent", "correction", "withdrawal"]
KINDS_OF_REPORT: tuple[Kind, ...] = ("first", "subsequent", "correction", "withdrawal")
PRIORITIES = ("P1", "P2", "P3")
CLASSES = ("A1", "A2", "B1", "B2")
HASHES = {name: 2 * KINDS[name].bytes for name in ("md5", "sha1", "sha256", "sha512", "pdq")}
"""Kinds of hashes with their length in hexadecimal digits."""
MOST_LINE = 64_000
MOST_WORDS, MOST_NAME, MOST_ADDRESS = 4000, 200, 2000
MOST_LISTED, MOST_COUNTRIES, MOST_SIZE = 100, 20, 1 << 53
KINDS_OF_EVENT = ("upload", "share", "login", "logout", "registration", "message", "view", "other")
REFERENCE, INCIDENT = r"^[A-Za-z0-9][A-Za-z0-9._:/#\-]{0,99}$", r"^P([0-9]{6,18})-([0-9]{5})$"
SKEW = timedelta(minutes=5)
_OLDEST = datetime(1990, 1, 1, tzinfo=UTC)
_ADDRESS = Pattern(r"(?i)^(https?://|ftp://|magnet:\?|ed2k://|gnutella:)[^\s\x00-\x1f\x7f]{2,}$")
_REFERENCE = Pattern(REFERENCE)
_INCIDENT = Pattern(INCIDENT)
_COUNTRY = Pattern(r"^[A-Z]{2}$")

type Problem = tuple[str, str]  # a code, and the field that it is about


class LineRefused(Exception):
    """A line isn't taken; `code` says why and `field` where."""

    def __init__(self, code: str, field: str = "") -> None:
        super().__init__(code)
        self.code, self.field = code, field


@dataclass(frozen=True, slots=True)
class Line:
    """What one line states, as far as the work depends on it; `canonical` is all of it."""

    kind: Kind
    of: str
    reference: str
    priority: str
    known_at: datetime | None
    is_danger: bool
    addresses: tuple[str, ...]
    hashes: tuple[tuple[str, str], ...]
    accounts: tuple[tuple[str, str], ...]
    is_kept: bool
    canonical: str

    @property
    def digest(self) -> str:
        """Return the SHA-256 of the line in its canonical form, in hexadecimal digits."""
        return digest_of(self.canonical)


def canonical_of(found: Mapping[str, Any]) -> str:
    """Return a line in the form whose digest the receipt names: JSON with sorted keys and without spaces. Numbers of cards are
    masked in it, for whoever has a digest of the rest could find a number by trying."""
    return json.dumps(_without_cards(found), sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def _without_cards(found: Any) -> Any:
    """Return a line, checked or not, without numbers of cards in its words, addresses, names of files, and accounts. Its
    own numbers stay."""
    if not isinstance(found, dict):
        return found
    made = dict(found)
    for name, masked in _MASKED.items():
        if name in made:
            made[name] = masked(made[name])
    return made


def _addresses_masked(found: Any) -> Any:
    if not isinstance(found, list):
        return found
    return [address_without_card_numbers(one) if isinstance(one, str) else one for one in found]


def _names_masked(found: Any) -> Any:
    """Return accounts, files or events without numbers of cards in what they are called by."""
    if not isinstance(found, list):
        return found
    return [_named_masked(one) if isinstance(one, dict) else one for one in found]


def _named_masked(one: dict[str, Any]) -> dict[str, Any]:
    service = one.get("service")
    of = service if isinstance(service, str) else ""
    return {
        name: account_without_card_numbers(value, of) if name in _NAMING and isinstance(value, str) else value
        for name, value in one.items()
    }


_NAMING = ("service", "id", "name", "email", "phone", "account")
_MASKED: dict[str, Callable[[Any], Any]] = {
    "words": values_without_card_numbers,
    "addresses": _addresses_masked,
    "accounts": _names_masked,
    "events": _names_masked,
    "files": _names_masked,
}


def digest_of(canonical: str) -> str:
    """Return the digest of a line in its canonical form."""
    return hashlib.sha256(canonical.encode()).hexdigest()


def incident_of(batch: int, number: int) -> str:
    """Return the incident number of a line: of its batch, and of the line in it."""
    return f"P{batch:06}-{number:05}"


def place_of_incident(text: str) -> tuple[int, int] | None:
    """Return the batch and the line that an incident number names, or None."""
    found = _INCIDENT.match(text)
    return (int(found[1]), int(found[2])) if found else None


def parsed(raw: bytes) -> Any:
    """Return the JSON of a line. Raises LineRefused: not text, not JSON, a field twice, a fraction."""
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        raise LineRefused("not_utf8") from None
    try:
        found = json.loads(text, object_pairs_hook=_once, parse_float=_no_number, parse_constant=_no_number)
    except (ValueError, RecursionError):
        raise LineRefused("not_json") from None
    try:
        canonical_of(found).encode()
    except (UnicodeEncodeError, RecursionError):
        raise LineRefused("not_utf8") from None
    return found


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        raise LineRefused("field_twice")
    return made


def _no_number(text: str) -> Any:
    raise LineRefused("not_a_number", text[:20])


def read_line(found: Any, now: datetime) -> Line:
    """Return what a line states. Raises LineRefused with the first reason why it isn't taken."""
    if not isinstance(found, dict):
        raise LineRefused("not_object")
    _check_fields(found, _FIELDS, "")
    for name, value in found.items():
        _FIELDS[name](value, name, now)
    if found.get("privileged") is True:
        raise LineRefused("privileged", "privileged")
    kind: Kind = found.get("kind", "first")
    of = found.get("of", "")
    if kind == "first" and of:
        raise LineRefused("of_first", "of")
    if kind != "first" and not of:
        raise LineRefused("of_missing", "of")
    if kind == "first" and "known_at" not in found:
        raise LineRefused("missing", "known_at")
    if kind != "withdrawal" and not any(
        found.get(name) for name in ("addresses", "accounts", "events", "files", "words")
    ):
        raise LineRefused("nothing_reported")
    found = _without_cards(found)
    return Line(
        kind=kind,
        of=of,
        reference=found.get("reference", ""),
        priority=found.get("priority", ""),
        known_at=moment(found["known_at"]) if "known_at" in found else None,
        is_danger=found.get("danger") is True,
        addresses=tuple(dict.fromkeys(found.get("addresses", ()))),
        hashes=tuple(dict.fromkeys(pair for one in found.get("files", ()) for pair in one["hashes"].items())),
        accounts=tuple((one.get("service", ""), _account_name(one)) for one in found.get("accounts", ())),
        is_kept=found.get("kept") is True,
        canonical=canonical_of(found),
    )


def _account_name(found: Mapping[str, Any]) -> str:
    return str(found.get("name") or found.get("id") or found.get("email") or found.get("phone") or "")


def moment(text: str) -> datetime:
    """Return a time in UTC that was read before."""
    return datetime.fromisoformat(text).astimezone(UTC)


def _check_fields(found: Mapping[str, Any], known: Mapping[str, object], where: str) -> None:
    for name in found:
        if name not in known:
            shown = without_card_numbers(f"{where}{name}".replace("\0", " "))  # stored, and PostgreSQL keeps no NUL
            raise LineRefused("content" if is_content_name(name) else "unknown_field", shown[:60])


type _Check = Callable[[Any, str, datetime], None]


@dataclass(frozen=True, slots=True)
class _Words:
    most: int

    def __call__(self, value: Any, field: str, _now: datetime) -> None:
        if not isinstance(value, str):
            raise LineRefused("not_text", field)
        if is_content(value):
            raise LineRefused("content", field)
        if len(value) > self.most:
            raise LineRefused("too_long", field)
        if "\0" in value:
            raise LineRefused("not_utf8", field)


@dataclass(frozen=True, slots=True)
class _OneOf:
    allowed: tuple[str, ...]

    def __call__(self, value: Any, field: str, _now: datetime) -> None:
        if not isinstance(value, str) or value not in self.allowed:
            raise LineRefused("not_listed", field)


@dataclass(frozen=True, slots=True)
class _Shaped:
    pattern: Pattern[str]
    code: str

    def __call__(self, value: Any, field: str, _now: datetime) -> None:
        if not isinstance(value, str) or not self.pattern.match(value):
            raise LineRefused(self.code, field)


def _yes_or_no(value: Any, field: str, _now: datetime) -> None:
    if not isinstance(value, bool):
        raise LineRefused("not_yes_or_no", field)


def _time(value: Any, field: str, now: datetime) -> None:
    try:
        found = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        raise LineRefused("bad_time", field) from None
    if found.tzinfo is None:
        raise LineRefused("no_zone", field)
    if found > now + SKEW:
        raise LineRefused("in_future", field)
    if found < _OLDEST:
        raise LineRefused("bad_time", field)


def _address(value: Any, field: str, _now: datetime) -> None:
    if not isinstance(value, str) or len(value) > MOST_ADDRESS or not _ADDRESS.match(value):
        raise LineRefused("content" if isinstance(value, str) and has_embedded(value) else "bad_address", field)
    if has_embedded(value):
        raise LineRefused("content", field)


def _ip(value: Any, field: str, _now: datetime) -> None:
    try:
        found = ip_address(value if isinstance(value, str) else "")
    except ValueError:
        raise LineRefused("bad_ip", field) from None
    if getattr(found, "scope_id", None) is not None:  # of any length, it would hold whatever is put there
        raise LineRefused("bad_ip", field)


@dataclass(frozen=True, slots=True)
class _Number:
    most: int

    def __call__(self, value: Any, field: str, _now: datetime) -> None:
        if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= self.most:
            raise LineRefused("not_a_number", field)


def _hashes(value: Any, field: str, _now: datetime) -> None:
    if not isinstance(value, dict) or not value:
        raise LineRefused("not_object", field)
    for name, text in value.items():
        length = HASHES.get(name)
        if length is None:
            raise LineRefused("content" if is_content_name(name) else "hash_kind", field)
        if not isinstance(text, str) or len(text) != length:
            raise LineRefused("hash_length", f"{field}.{name}")
        try:
            bytes.fromhex(text)
        except ValueError:
            raise LineRefused("hash_digits", f"{field}.{name}") from None
        if not text.isalnum():  # `fromhex` passes over every kind of space
            raise LineRefused("hash_digits", f"{field}.{name}")


@dataclass(frozen=True, slots=True)
class _Listed:
    check: _Check
    most: int = MOST_LISTED

    def __call__(self, value: Any, field: str, now: datetime) -> None:
        if not isinstance(value, list):
            raise LineRefused("not_a_list", field)
        if len(value) > self.most:
            raise LineRefused("too_many", field)
        for number, one in enumerate(value):
            self.check(one, f"{field}[{number}]", now)


@dataclass(frozen=True, slots=True)
class _Record:
    fields: Mapping[str, _Check]
    needed: tuple[str, ...] = ()

    def __call__(self, value: Any, field: str, now: datetime) -> None:
        if not isinstance(value, dict):
            raise LineRefused("not_object", field)
        _check_fields(value, self.fields, f"{field}.")
        for name in self.needed:
            if name not in value:
                raise LineRefused("missing", f"{field}.{name}")
        for name, one in value.items():
            self.fields[name](one, f"{field}.{name}", now)


_ACCOUNT: dict[str, _Check] = {
    "service": _Words(100),
    "id": _Words(MOST_NAME),
    "name": _Words(MOST_NAME),
    "email": _Words(254),
    "phone": _Words(40),
}
_EVENT: dict[str, _Check] = {
    "at": _time,
    "kind": _OneOf(KINDS_OF_EVENT),
    "ip": _ip,
    "port": _Number(65_535),
    "account": _Words(MOST_NAME),
}
_FILE: dict[str, _Check] = {
    "name": _Words(MOST_NAME),
    "hashes": _hashes,
    "viewed": _yes_or_no,
    "classification": _OneOf(CLASSES),
    "size": _Number(MOST_SIZE),
}
_FIELDS: dict[str, _Check] = {
    "kind": _OneOf(KINDS_OF_REPORT),
    "of": _Shaped(_INCIDENT, "bad_incident"),
    "reference": _Shaped(_REFERENCE, "bad_reference"),
    "known_at": _time,
    "priority": _OneOf(PRIORITIES),
    "danger": _yes_or_no,
    "countries": _Listed(_Shaped(_COUNTRY, "bad_country"), most=MOST_COUNTRIES),
    "addresses": _Listed(_address),
    "accounts": _Listed(_Record(_ACCOUNT)),
    "events": _Listed(_Record(_EVENT, ("at",))),
    "files": _Listed(_Record(_FILE, ("hashes",))),
    "words": _Words(MOST_WORDS),
    "cybertip": _Shaped(_REFERENCE, "bad_reference"),
    "kept": _yes_or_no,
    "user_told": _yes_or_no,
    "privileged": _yes_or_no,
}
FIELDS = tuple(_FIELDS)
"""The fields of a line."""
