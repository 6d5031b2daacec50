"""The canonical form of a line has no number of a card, so that its digest gives none away."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from leeward.providers.rules.line import canonical_of, read_line
from tests.payments.rules.test_cards import completed

VISA = completed("4539", 16)
UNION = completed("62", 18)
MASKED = f"[visa *{VISA[-4:]}]"


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ({"words": f"pay {VISA}", "reference": VISA}, {"words": f"pay {MASKED}", "reference": VISA}),
        (
            {"files": [{"name": VISA, "size": 3}, {"name": 1}, 7]},
            {"files": [{"name": MASKED, "size": 3}, {"name": 1}, 7]},
        ),
        (
            {"accounts": [{"service": "chat", "id": VISA, "name": VISA, "email": "a@b.example", "phone": VISA, "x": VISA}]},
            {"accounts": [{"service": "chat", "id": MASKED, "name": MASKED, "email": "a@b.example", "phone": MASKED, "x": VISA}]},
        ),
        ({"accounts": [{"service": VISA + " card"}]}, {"accounts": [{"service": MASKED + " card"}]}),
        ({"accounts": [{"service": "chat", "id": UNION}, {"id": UNION}, {"service": 1, "id": UNION}, 7]}, None),
        ({"accounts": [{"service": "Visa card", "id": UNION}]}, {"accounts": [{"service": "Visa card", "id": f"[unionpay *{UNION[-4:]}]"}]}),
        ({"events": [{"account": VISA, "port": 7}, 7]}, {"events": [{"account": MASKED, "port": 7}, 7]}),
        ({"addresses": [f"https://a.example/?card={VISA}", 7]}, {"addresses": [f"https://a.example/?card=visa*{VISA[-4:]}", 7]}),
        ({"addresses": [f"https://a.example/{VISA}"]}, None),
        ({"words": 1, "files": "x", "accounts": {}, "events": 7, "addresses": VISA}, None),
        ([1, VISA], None),
        ("x", None),
    ],
)  # fmt: skip
def test_words_names_of_files_and_accounts_of_cards_have_none(given: Any, kept: Any) -> None:
    before = json.dumps(given)
    assert json.loads(canonical_of(given)) == (given if kept is None else kept)
    assert json.dumps(given) == before, "what was sent stays as it is"


def test_a_line_as_it_is_read_names_no_account_by_one() -> None:
    now = datetime(2026, 11, 28, 12, 0, tzinfo=UTC)
    read = read_line({"known_at": now.isoformat(), "accounts": [{"service": "chat", "id": VISA}]}, now)
    assert read.accounts == (("chat", MASKED),), "it goes into the digest by which lines are folded"
