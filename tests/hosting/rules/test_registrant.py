"""What can be said about a registrant's data: about the data, never about a person."""

from datetime import date
from typing import Any

import pytest

from leeward.hosting.rules.jcard import Card, Postal
from leeward.hosting.rules.registrant import Statement, statements
from leeward.hosting.rules.registration import Registration

TODAY = date(2026, 11, 28)
GOOD = Card(
    "Joe User", "Harbour", ("joe@harbour.test",), "+1.8765550100", Postal("1 Quay", "London", "", "SW1A 1AA", "GB")
)
NOTHING = {
    ("redacted", "unverifiable"),
    ("no_mailbox", "unverifiable"),
    ("no_phone", "unverifiable"),
    ("no_postcode", "unverifiable"),
}


def found(holder: Card, **more: Any) -> set[tuple[str, str]]:
    elsewhere = more.pop("elsewhere", 0)
    registration = Registration(holder=holder, **more)
    return {
        (one.code, one.standing)
        for one in statements(registration, TODAY, elsewhere=elsewhere, countries={"GB": "United Kingdom"})
    }


def test_data_that_fit_are_called_so_and_no_more() -> None:
    assert found(GOOD, created="2020-01-01") == {
        ("mailbox", "sound"),
        ("phone", "sound"),
        ("postcode", "sound"),
        ("old", "sound"),
    }
    assert statements(Registration(created="2026-11-20"), TODAY)[-1] == Statement("young", "odd", "8")
    assert found(GOOD, created="2026-10-29") >= {("old", "sound")}
    assert found(GOOD, created="2026-10-30") >= {("young", "odd")}
    assert found(GOOD, created="2027-01-01") >= {("young", "odd")}
    assert found(GOOD, created="1985-01-01") >= {("old", "sound")}
    assert {code for code, _standing in found(GOOD, created="1984-12-31")}.isdisjoint({"young", "old"})
    assert found(GOOD, created="soon") == {("mailbox", "sound"), ("phone", "sound"), ("postcode", "sound")}


@pytest.mark.parametrize(
    "holder",
    [
        Card(),
        Card("REDACTED FOR PRIVACY"),
        Card("Not disclosed", phone="REDACTED", postal=Postal(postcode="REDACTED", country="GB")),
    ],
)
def test_what_is_withheld_is_unverifiable_and_nothing_else(holder: Card) -> None:
    assert found(holder) == NOTHING


def test_a_privacy_service_is_named_as_that() -> None:
    assert ("privacy_service", "unverifiable") in found(Card("Domains By Proxy, LLC", mailboxes=("x@proxy.test",)))
    assert ("redacted", "unverifiable") in found(GOOD, redacted=("Registrant Name",))


@pytest.mark.parametrize(
    ("change", "statement"),
    [
        ({"mailboxes": ("joe@harbour",)}, "odd_mailbox"), ({"phone": "0000000000"}, "odd_phone"), ({"phone": "12"}, "odd_phone"),
        ({"phone": "call me"}, "odd_phone"), ({"postal": Postal(postcode="12345", country="United Kingdom")}, "odd_postcode"),
        ({"postal": Postal(postcode="x", country="US")}, "odd_postcode"),
    ],
)  # fmt: skip
def test_what_stands_out(change: dict[str, Any], statement: str) -> None:
    values = {name: getattr(GOOD, name) for name in ("name", "organisation", "mailboxes", "phone", "postal")}
    assert (statement, "odd") in found(Card(**values | change))


@pytest.mark.parametrize(("country", "postcode"), [("JM", "anything"), ("", "SW1A 1AA"), ("GB", ""), ("Nowhere", "1")])
def test_a_country_without_a_fixed_form_says_nothing(country: str, postcode: str) -> None:
    assert ("no_postcode", "unverifiable") in found(Card("Joe", postal=Postal(postcode=postcode, country=country)))


def test_the_same_registrant_elsewhere_is_counted() -> None:
    assert statements(Registration(holder=GOOD), TODAY, elsewhere=3)[-1] == Statement("elsewhere", "odd", "3")


def test_what_a_statement_is_about() -> None:
    said = statements(Registration(holder=GOOD, created="2027-01-01"), TODAY)
    assert Statement("postcode", "sound", "GB") in said
    assert said[-1] == Statement("young", "odd", "0")
    american = Card("Joe", postal=Postal(postcode="x", country="US"))
    assert Statement("odd_postcode", "odd", "US") in statements(Registration(holder=american), TODAY)
    assert ("phone", "sound") in found(Card("Joe", phone="1212121212"))
