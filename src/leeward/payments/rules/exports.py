"""What was found, for the financial coalition and other hotlines: as CSV, as JSON, as an event of MISP. Pure.

No address, no case and no report is in it; of a card, its brand and last four digits.
"""

import csv
import io
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from leeward.foundation.patterns import Pattern
from leeward.payments.rules.traces import FAMILIES, NAMES

FORMATS = {"csv": "text/csv; charset=utf-8", "json": "application/json", "misp": "application/json"}
COLUMNS = (
    "kind", "brand", "value", "weak", "asked", "names", "countries", "cases", "first_seen", "last_seen", "informed", "outcome",
)  # fmt: skip
JSON_FORMAT = "leeward-payees-1"
# Whatever a spreadsheet takes for the beginning of a formula, also behind blanks and in full width.
_FORMULA = Pattern(r"^[\s\ufeff]*[=+\-@\uff1d\uff0b\uff0d\uff20\t\r]")
_UNSEEN = Pattern(r"[\x00-\x1f\x7f\u2028\u2029]+")
_NUMBER = Pattern(r"^\+[0-9]{7,15}$")
# Names of coins as MISP's object template `coin-address` writes them.
_SYMBOLS = {
    "btc": "BTC", "lightning": "BTC", "eth": "ETH", "xmr": "XMR", "ltc": "LTC", "tron": "TRX", "sol": "SOL", "ton": "TON", "doge": "DOGE",
    "dash": "DASH",
}  # fmt: skip
# Each object template with its identifier, version and group, as MISP publishes them.
_COIN = ("coin-address", "d0e6997e-78da-4815-a6a1-cfc1c1cb8a46", "7", "financial")
_BANK = ("bank-account", "b4712203-95a8-4883-80e9-b566f5df11c9", "3", "financial")
_PHONE = ("phone", "d7e4fbdd-b551-4862-bddb-a0b470a38509", "6", "misc")
_USER = ("user-account", "49606b06-22f0-4ac8-8eee-2f12ad46f3d3", "6", "misc")
_FRAUD = frozenset(
    {"btc", "xmr", "iban", "bank-account-nr"}
)  # types of attributes that MISP files under financial fraud

type _Part = tuple[str, str, str]  # the part of an object, its type, its value


@dataclass(frozen=True, slots=True)
class ExportedPayee:
    """One payee as others may read it. `informed` are the firms that were told, `outcome` what the newest answered."""

    number: int
    kind: str
    brand: str
    value: str
    weak: bool
    asked: tuple[tuple[str, str], ...]
    names: tuple[str, ...]
    countries: tuple[str, ...]
    cases: int
    first_at: datetime
    last_at: datetime
    informed: tuple[str, ...] = ()
    outcome: str = ""


def as_csv(rows: Sequence[ExportedPayee]) -> bytes:
    """Return a table in which no cell is a formula."""
    out = io.StringIO()
    lines = csv.writer(out, lineterminator="\r\n")
    lines.writerow(COLUMNS)
    for one in rows:
        cells = _fields(one)
        lines.writerow([_cell("; ".join(cell) if isinstance(cell, list) else cell) for cell in cells.values()])
    return out.getvalue().encode()


def as_json(rows: Sequence[ExportedPayee], *, hotline: str, made_at: datetime) -> bytes:
    """Return the same as one JSON object."""
    content = {
        "format": JSON_FORMAT,
        "hotline": hotline,
        "made_at": moment(made_at),
        "payees": [_fields(one) for one in rows],
    }
    return _written(content)


def as_misp(rows: Sequence[ExportedPayee], *, hotline: str, namespace: UUID, made_at: datetime) -> bytes:
    """Return an event of MISP: an object for each wallet, account, telephone number or handle, a plain attribute for what
    has no template that does without the whole number of a card. Identifiers stay the same from export to export."""
    objects = [made for one in rows if (made := _object(one, namespace))]
    has_object = {made["uuid"] for made in objects}
    attributes = [
        _attribute("other", f"{one.kind}: {one.value}", _comment(one), identifier)
        for one in rows
        if str(identifier := uuid5(namespace, f"payee {one.number}")) not in has_object
    ]
    event = {
        "uuid": str(uuid5(namespace, f"payees {moment(made_at)}")),
        "info": f"Payments for child sexual abuse material, by {hotline}",
        "date": f"{made_at:%Y-%m-%d}",
        "threat_level_id": "4",
        "analysis": "2",
        "distribution": "0",
        "published": False,
        "Tag": [{"name": "tlp:amber"}],
        "Attribute": attributes,
        "Object": objects,
    }
    return _written({"Event": event})


def moment(at: datetime) -> str:
    """Return a time in UTC to the second."""
    return at.isoformat(timespec="seconds").replace("+00:00", "Z")


def _fields(one: ExportedPayee) -> dict[str, Any]:
    return {
        "kind": one.kind,
        "brand": one.brand,
        "value": one.value,
        "weak": one.weak,
        "asked": [f"{amount} {currency}".strip() for amount, currency in one.asked],
        "names": list(one.names),
        "countries": list(one.countries),
        "cases": one.cases,
        "first_seen": moment(one.first_at),
        "last_seen": moment(one.last_at),
        "informed": list(one.informed),
        "outcome": one.outcome,
    }


def _cell(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    text = _UNSEEN.sub(" ", str(value))
    return f"'{text}" if _FORMULA.match(text) else text


def _object(one: ExportedPayee, namespace: UUID) -> dict[str, Any] | None:
    family, value = FAMILIES[one.kind], one.value
    if family == "coin":
        address = {"btc": ("address", "btc"), "xmr": ("address-xmr", "xmr")}.get(one.kind, ("address-crypto", "text"))
        return _made(_COIN, [(*address, value), ("symbol", "text", _SYMBOLS[one.kind])], one, namespace)
    if family == "bank":
        iban: list[_Part] = [("iban", "iban", value)] if one.kind == "iban" else []
        return _made(_BANK, [("account", "bank-account-nr", value), *iban], one, namespace)
    if family == "mobile" and _NUMBER.match(value):
        return _made(_PHONE, [("msisdn", "text", value), ("brand", "text", one.brand)], one, namespace)
    if family == "handle":
        return _made(_USER, [("username", "text", value), ("account-type", "text", NAMES[one.kind])], one, namespace)
    return None


def _made(
    template: tuple[str, str, str, str], parts: list[_Part], one: ExportedPayee, namespace: UUID
) -> dict[str, Any]:
    name, template_id, version, group = template
    return {
        "uuid": str(uuid5(namespace, f"payee {one.number}")),
        "name": name,
        "meta-category": group,
        "template_uuid": template_id,
        "template_version": version,
        "first_seen": moment(one.first_at),
        "last_seen": moment(one.last_at),
        "comment": _comment(one),
        "Attribute": [
            _attribute(kind, value, "", uuid5(namespace, f"payee {one.number} {relation}"))
            | {"object_relation": relation}
            for relation, kind, value in parts
        ],
    }


def _attribute(kind: str, value: str, comment: str, identifier: UUID) -> dict[str, Any]:
    category = "Financial fraud" if kind in _FRAUD else "Other"
    return {
        "uuid": str(identifier),
        "type": kind,
        "category": category,
        "value": value,
        "comment": comment,
        "to_ids": False,
    }


def _comment(one: ExportedPayee) -> str:
    parts = [one.brand, f"cases: {one.cases}", *(f"{amount} {currency}" for amount, currency in one.asked)]
    return ", ".join(part for part in [*parts, "weak" if one.weak else ""] if part)


def _written(content: dict[str, Any]) -> bytes:
    return (json.dumps(content, ensure_ascii=False, indent=2) + "\n").encode()
