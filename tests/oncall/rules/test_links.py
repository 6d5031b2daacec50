"""How long a link opens, and what a webhook's secret and identifiers are made from."""

import hashlib
import hmac
from datetime import UTC, datetime, timedelta

import pytest

from leeward.oncall.rules.links import delivery_id, has_expired, secret_of

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
