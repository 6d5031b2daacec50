"""How long a link opens, and what a webhook's secret and identifiers are made from."""

import base64
import hashlib
import hmac
from datetime import UTC, datetime, timedelta

import pytest

from leeward.oncall.rules.links import answered_by, code_of, delivery_id, has_expired, secret_of

SENT = datetime(2026, 11, 27, 8, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("age", "expired"),
    [
        (timedelta(0), False),
        (timedelta(hours=24) - SECOND, False),
        (timedelta(hours=24), True),
        (timedelta(hours=-24), False),
        (timedelta(hours=-24) - SECOND, True),
    ],
)
def test_a_link_is_for_a_day(age, expired) -> None:
    assert has_expired(SENT, SENT + age) is expired


def test_secrets_and_identifiers_are_those_of_one_webhook_and_one_message() -> None:
    wanted = hmac.new(b"installation", b"leeward page webhook 7 2", hashlib.sha256).digest()
    assert secret_of(b"installation", 7, 2) == wanted
    assert delivery_id(12, 3) == "msg_page_3_12"


CODE = code_of(b"installation", 12)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        (CODE, 12),
        (f"ACK {CODE.upper()}.", 12),
        (f"on my way\n\n{CODE}\n> On Friday you wrote", 12),
        (f"0{CODE}", 12),
        (f"> {CODE}", None),
        (f"| {CODE}", None),
        (CODE[:-1] + ("a" if CODE[-1] != "a" else "b"), None),
        (CODE + "a", None),
        ("x" + CODE, None),
        (code_of(b"another", 12), None),
        (code_of(b"installation", 13).replace("13-", "12-"), None),
        ("\n".join(["word"] * 20 + [CODE]), None),
        ("\n".join(["word"] * 19 + [CODE]), 12),
        (f"I am ill.\n-----Original Message-----\nhttps://x.example/page/12-a\nat the top: {CODE}", None),
        (f"https://safe.example/?url=https%3A%2F%2Fx.example%2Fpage%2F12-a\n{CODE}", None),
        (f"https://x.example/page/12-a\nor reply {CODE}", None),
        (f"{CODE}\nhttps://x.example/page/12-a", 12),
        (f"> https://x.example/page/12-a\n{CODE}", 12),
        ("", None),
        (f"{code_of(b'another', 12)}\n{CODE}", None),
    ],
)
def test_only_a_code_of_ones_own_words_answers(text, number) -> None:
    assert answered_by(b"installation", text) == number


def test_a_code_is_of_one_message() -> None:
    proof = hmac.new(b"installation", b"leeward page code 12", hashlib.sha256).digest()
    assert "12-" + base64.b32encode(proof)[:10].decode().lower() == CODE
