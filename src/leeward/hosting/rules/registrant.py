"""What can be said about the data of a registrant, from the data alone. Pure.

Each statement is about the data: well formed, odd, or not to be verified from here. None says why, and none is about a person:
redaction is the rule since 2018, and typing errors are common.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from leeward.foundation.patterns import Pattern
from leeward.hosting.rules.jcard import country_code
from leeward.hosting.rules.rdap import UNSAID, is_mailbox
from leeward.hosting.rules.registration import Registration

Standing = Literal["sound", "odd", "unverifiable"]
# For what a registrant's data may be read.
REASONS = ("recipient", "links", "police", "accuracy")
YOUNG = timedelta(days=30)
FIRST_NAME = date(1985, 1, 1)  # the first names of the domain name system are from that year
_PHONE = Pattern(r"^\+?[0-9][0-9 ().\-]{5,24}(?:;ext=[0-9]{1,6})?$")
_WITHHELD = Pattern(r"redact|withheld|disclos", ignore_case=True)
_PRIVACY = Pattern(r"privacy|proxy|proxies|protect|whois ?guard|anonym|mask", ignore_case=True)
# How postcodes are written where that is fixed (Universal Postal Union); a country that is not here says nothing.
_POSTCODES = {
    "AU": r"[0-9]{4}", "BD": r"[0-9]{4}", "BB": r"BB[0-9]{5}", "CA": r"[A-Z][0-9][A-Z] ?[0-9][A-Z][0-9]", "CY": r"[0-9]{4}",
    "DE": r"[0-9]{5}", "FR": r"[0-9]{5}", "GB": r"[A-Z]{1,2}[0-9][A-Z0-9]? ?[0-9][A-Z]{2}", "IN": r"[0-9]{3} ?[0-9]{3}",
    "KE": r"[0-9]{5}", "LK": r"[0-9]{5}", "MT": r"[A-Z]{3} ?[0-9]{4}", "MY": r"[0-9]{5}", "NG": r"[0-9]{6}", "NL": r"[0-9]{4} ?[A-Z]{2}",
    "NZ": r"[0-9]{4}", "PK": r"[0-9]{5}", "SG": r"[0-9]{6}", "US": r"[0-9]{5}(?:-[0-9]{4})?", "ZA": r"[0-9]{4}",
}  # fmt: skip
_BY_COUNTRY = {code: Pattern(f"^(?:{pattern})$", ignore_case=True) for code, pattern in _POSTCODES.items()}


@dataclass(frozen=True, slots=True)
class Statement:
    """One thing that can be said: a code of `labels.STATEMENTS`, and how it stands. `more` fills the sentence."""

    code: str
    standing: Standing
    more: str = ""


def statements(
    registration: Registration, today: date, *, elsewhere: int = 0, countries: Mapping[str, str] | None = None
) -> tuple[Statement, ...]:
    """Return what can be said about the registrant's data of a name. `elsewhere` is how many other names of ours have the same
    registrant."""
    found = [
        *_withheld(registration),
        *_mailbox(registration),
        *_phone(registration),
        *_postcode(registration, countries or {}),
    ]
    if (age := _age(registration.created, today)) is not None:
        found.append(Statement("young" if age < YOUNG else "old", "odd" if age < YOUNG else "sound", str(age.days)))
    if elsewhere:
        found.append(Statement("elsewhere", "odd", str(elsewhere)))
    return tuple(found)


def _withheld(registration: Registration) -> list[Statement]:
    holder = registration.holder
    stated = f"{holder.name} {holder.organisation}"
    if _PRIVACY.search(stated) and not _WITHHELD.search(stated):
        return [Statement("privacy_service", "unverifiable")]
    if registration.redacted or UNSAID.search(stated) or not holder.shown:
        return [Statement("redacted", "unverifiable")]
    return []


def _mailbox(registration: Registration) -> list[Statement]:
    if not registration.holder.mailboxes:
        return [Statement("no_mailbox", "unverifiable")]
    is_good = all(map(is_mailbox, registration.holder.mailboxes))
    return [Statement("mailbox", "sound") if is_good else Statement("odd_mailbox", "odd")]


def _phone(registration: Registration) -> list[Statement]:
    phone = registration.holder.phone
    if not phone or UNSAID.search(phone):
        return [Statement("no_phone", "unverifiable")]
    digits = {letter for letter in phone if letter.isdigit()}
    is_good = bool(_PHONE.match(phone)) and len(digits) > 1
    return [Statement("phone", "sound") if is_good else Statement("odd_phone", "odd")]


def _postcode(registration: Registration, countries: Mapping[str, str]) -> list[Statement]:
    postal = registration.holder.postal
    code = country_code(postal.country, countries)
    pattern = _BY_COUNTRY.get(code)
    if not postal.postcode or UNSAID.search(postal.postcode) or pattern is None:
        return [Statement("no_postcode", "unverifiable")]
    is_good = bool(pattern.match(postal.postcode.strip()))
    return [Statement("postcode", "sound", code) if is_good else Statement("odd_postcode", "odd", code)]


def _age(created: str, today: date) -> timedelta | None:
    """Return how old a name is; None for a day before there were names."""
    try:
        day = date.fromisoformat(created)
    except ValueError:
        return None
    return max(today - day, timedelta(0)) if day >= FIRST_NAME else None
