"""Webhooks: signatures as Standard Webhooks has them, identifiers, addresses."""

import base64
from datetime import UTC, datetime, timedelta

import pytest

from leeward.notices.rules import webhooks

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


def test_a_signature_is_that_of_the_reference_implementations() -> None:
    """The vector of their own test suites."""
    secret = base64.b64decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    made = webhooks.signature(secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, b'{"test": 2432232314}')
    assert made == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_secrets_differ_by_contact_and_serial_and_are_long_enough() -> None:
    made = {webhooks.secret_of(b"x", contact, serial) for contact in (1, 2) for serial in (1, 2)}
    assert len(made) == 4
    assert {len(one) for one in made} == {32}
    assert base64.b64decode(webhooks.as_text(min(made)).removeprefix("whsec_")) == min(made)


def test_a_renewed_secret_and_the_one_before_sign_for_a_day() -> None:
    assert webhooks.serials_in_force(1, None, NOW) == (1,)
    assert webhooks.serials_in_force(2, NOW, NOW + timedelta(hours=23)) == (2, 1)
    assert webhooks.serials_in_force(2, NOW, NOW + timedelta(hours=24)) == (2,)


def test_an_identifier_has_no_full_stop_and_stays() -> None:
    assert webhooks.delivery_id("<n17.0123456789abcdef@leeward.example>") == "msg_n17_0123456789abcdef"
    assert "." not in webhooks.delivery_id("<strange.one@x>")


@pytest.mark.parametrize(
    ("address", "fault"),
    [
        ("https://abuse.host.example/in?x=1", ""),
        ("http://abuse.host.example/", "not_https"),
        ("javascript:alert(1)", "not_https"),
        ("https://user:word@abuse.host.example/", "has_a_password"),
        ("https://", "not_an_address"),
        ("abuse.host.example", "not_an_address"),
        ("", "empty"),
        ("https://x.example/" + "a" * 500, "too_long"),
    ],
)
def test_addresses(address: str, fault: str) -> None:
    assert webhooks.address_fault(address, allow_http=False) == fault
    assert webhooks.canonical("https://Host.example/a#b") == "https://host.example/a"


def test_secrets_and_headers_that_receivers_have_stay_good() -> None:
    assert webhooks.as_text(webhooks.secret_of(b"x", 1, 2)) == "whsec_LsWPol5nD3bUi6tyMAFE+k8Qhq1Q6Zk3L/TlVcYRurM="
    headers = webhooks.headers_of([b"new", b"old"], "msg_1", NOW, b"{}")
    sent = int(NOW.timestamp())
    assert headers == {
        "webhook-id": "msg_1",
        "webhook-timestamp": str(sent),
        "webhook-signature": f"{webhooks.signature(b'new', 'msg_1', sent, b'{}')} {webhooks.signature(b'old', 'msg_1', sent, b'{}')}",
    }
    assert webhooks.serials_in_force(1, NOW, NOW) == (1,)
    assert webhooks.delivery_id("<strange.one@x>") == "msg_4e0cc321176d6bec35e1a89fa3ba12e8"


def test_addresses_at_the_edges() -> None:
    assert webhooks.address_fault("http://abuse.host.example/", allow_http=True) == ""
    assert webhooks.address_fault("https://abuse.host.example/", allow_http=True) == ""
    assert webhooks.address_fault("ftp://abuse.host.example/", allow_http=True) == "not_https"
    for address in ("https://user@abuse.host.example/", "https://:word@abuse.host.example/"):
        assert webhooks.address_fault(address, allow_http=False) == "has_a_password"
    start = "https://x.example/"
    for length, fault in ((500, ""), (501, "too_long")):
        assert webhooks.address_fault(start + "a" * (length - len(start)), allow_http=False) == fault
