"""What goes to the coalition: no cell is a formula, no card is whole, and each object fits the template that MISP publishes."""

import csv
import io
import json
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid5

from leeward.payments.rules.exports import ExportedPayee, as_csv, as_json, as_misp
from tests.payments.rules.test_coins import GOOD

SEEN = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
SPACE = UUID(int=15)


def payee(number: int, kind: str, value: str, brand: str = "", **more: Any) -> ExportedPayee:
    values = {"weak": False, "asked": (), "names": (), "countries": (), "cases": 1, "first_at": SEEN, "last_at": SEEN}
    return ExportedPayee(number, kind, brand, value, **(values | more))


def event(*rows: ExportedPayee) -> dict[str, Any]:
    made = json.loads(as_misp(rows, hotline="Hotline of Jamaica", namespace=SPACE, made_at=SEEN))
    return dict(made["Event"])


def parts(one: dict[str, Any]) -> list[tuple[str, str, str, str]]:
    return [(part["object_relation"], part["type"], part["category"], part["value"]) for part in one["Attribute"]]


def test_a_table_holds_every_field_and_no_formula() -> None:
    rows = [
        payee(
            1, "paypal", "@kite", asked=(("20", "USD"), ("5", "EUR")), names=("=1+1", "RIVER"), countries=("CA", "JM")
        ),
        payee(2, "card", "visa *1234", "visa", weak=True, informed=("Firm",), outcome="closed", cases=3),
        payee(3, "cashapp", "\uff1d2+2"),
        payee(4, "btc", "two\nlines"),
    ]
    text = as_csv(rows).decode()
    assert text.count("\r\n") == 5
    first, second, third, fourth = csv.DictReader(io.StringIO(text))
    assert (first["value"], first["asked"], first["names"]) == ("'@kite", "20 USD; 5 EUR", "'=1+1; RIVER")
    assert (first["countries"], first["weak"], first["cases"], first["informed"]) == ("CA; JM", "no", "1", "")
    assert (second["brand"], second["weak"], second["informed"], second["outcome"]) == ("visa", "yes", "Firm", "closed")
    assert (third["value"], fourth["value"]) == ("'\uff1d2+2", "two lines")
    assert (first["first_seen"], first["last_seen"]) == ("2026-11-24T12:00:00Z", "2026-11-24T12:00:00Z")


def test_a_payee_as_json_to_the_letter() -> None:
    row = payee(
        7,
        "card",
        "visa *1234",
        "visa",
        weak=True,
        asked=(("9", "USD"),),
        names=("RIVER",),
        countries=("JM",),
        informed=("Firm",),
    )
    text = as_json([row], hotline="Hôtel", made_at=SEEN).decode()
    assert text.startswith('{\n  "format": "leeward-payees-1",\n  "hotline": "Hôtel",\n')
    assert json.loads(text)["payees"] == [
        {
            "kind": "card", "brand": "visa", "value": "visa *1234", "weak": True, "asked": ["9 USD"], "names": ["RIVER"], "countries": ["JM"],
            "cases": 1, "first_seen": "2026-11-24T12:00:00Z", "last_seen": "2026-11-24T12:00:00Z", "informed": ["Firm"], "outcome": "",
        }
    ]  # fmt: skip


def test_the_same_is_there_as_json() -> None:
    made = json.loads(
        as_json([payee(7, "iban", "GB82WEST12345698765432", asked=(("9", ""),))], hotline="H", made_at=SEEN)
    )
    assert (made["format"], made["hotline"], made["made_at"]) == ("leeward-payees-1", "H", "2026-11-24T12:00:00Z")
    (one,) = made["payees"]
    assert (one["kind"], one["value"], one["asked"], one["outcome"]) == ("iban", "GB82WEST12345698765432", ["9"], "")


def test_each_coin_is_an_object_whose_part_says_which() -> None:
    found = event(*(payee(number, kind, value) for number, (kind, value) in enumerate(GOOD)))
    assert found["Attribute"] == []
    by_value = {one["Attribute"][0]["value"]: one for one in found["Object"]}
    symbols = {"btc": "BTC", "xmr": "XMR", "tron": "TRX", "lightning": "BTC", "ton": "TON", "eth": "ETH"}
    for kind, value in GOOD:
        one = by_value[value]
        relation, misp_type = {"btc": ("address", "btc"), "xmr": ("address-xmr", "xmr")}.get(
            kind, ("address-crypto", "text")
        )
        (address, symbol) = parts(one)
        assert address == (relation, misp_type, "Financial fraud" if misp_type != "text" else "Other", value)
        assert symbol[:3] == ("symbol", "text", "Other")
        assert {part["comment"] for part in one["Attribute"]} == {""}
        assert symbol[3] == symbols.get(kind, kind.upper())
        assert (one["name"], one["meta-category"], one["template_version"]) == ("coin-address", "financial", "7")
        assert one["template_uuid"] == "d0e6997e-78da-4815-a6a1-cfc1c1cb8a46"


def test_accounts_numbers_and_handles_are_objects_and_the_rest_is_a_plain_attribute() -> None:
    found = event(
        payee(1, "iban", "GB82WEST12345698765432", weak=True, cases=2, asked=(("20", "USD"),)),
        payee(2, "sort_code", "12-34-56 12345678"),
        payee(3, "mobile_money", "+254712345678", "M-Pesa"),
        payee(4, "mobile_money", "till 512345", "M-Pesa"),
        payee(5, "paypal", "@kite"),
        payee(6, "card", "visa *1234", "visa"),
    )
    iban, account, phone, user = found["Object"]
    assert [part[:2] for part in parts(iban)] == [("account", "bank-account-nr"), ("iban", "iban")]
    assert iban["comment"] == "cases: 2, 20 USD, weak"
    assert [part[3] for part in parts(account)] == ["12-34-56 12345678"]
    assert parts(phone) == [("msisdn", "text", "Other", "+254712345678"), ("brand", "text", "Other", "M-Pesa")]
    assert parts(user) == [("username", "text", "Other", "@kite"), ("account-type", "text", "Other", "PayPal")]
    assert [one["name"] for one in found["Object"]] == ["bank-account", "bank-account", "phone", "user-account"]
    till, card = found["Attribute"]
    assert (till["value"], till["type"], till["comment"]) == ("mobile_money: till 512345", "other", "M-Pesa, cases: 1")
    assert card["value"] == "card: visa *1234"
    assert card["uuid"] == str(uuid5(SPACE, "payee 6"))
    assert not any(one["to_ids"] for one in (till, card, *iban["Attribute"]))


def test_identifiers_stay_the_same_and_nothing_is_published_by_itself() -> None:
    first, again = event(payee(1, "btc", GOOD[0][1])), event(payee(1, "btc", GOOD[0][1]))
    assert first == again
    (one,) = first["Object"]
    assert one["uuid"] == str(uuid5(SPACE, "payee 1"))
    assert len({one["uuid"], *(part["uuid"] for part in one["Attribute"])}) == 3
    assert (first["published"], first["distribution"], first["date"]) == (False, "0", "2026-11-24")
    assert first["info"] == "Payments for child sexual abuse material, by Hotline of Jamaica"
    assert first["uuid"] == str(uuid5(SPACE, "payees 2026-11-24T12:00:00Z"))
    assert (first["threat_level_id"], first["analysis"]) == ("4", "2")
    assert first["Tag"] == [{"name": "tlp:amber"}]
    assert (one["first_seen"], one["last_seen"]) == ("2026-11-24T12:00:00Z", "2026-11-24T12:00:00Z")
