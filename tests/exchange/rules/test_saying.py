"""A form offers what can be said, no more; an offer is a report that its receiver takes; a receipt is read as it was written."""

from datetime import UTC, datetime

import pytest

from leeward.exchange.rules.offers import Offer, report_of
from leeward.exchange.rules.receipts import ReceiptUnusable, read_receipt, write_receipt
from leeward.exchange.rules.saying import Sayable, sayable
from leeward.exchange.rules.steps import Side, Step
from leeward.exchange.rules.timeline import timeline_of
from leeward.exchange.rules.wire import Message, fault_of, read_batch, write_batch

UID = "5b6c0e1a-0000-4000-8000-000000000001"
REPORT = Step("reporting", 1, 0, "report", "national")
ACCEPTED = Step("hosting", 1, 1, "acceptance")
ASKED = Step("reporting", 2, 1, "question")
TOLD = Step("hosting", 2, 1, "action", "police_told")


@pytest.mark.parametrize(
    ("steps", "side", "keys"),
    [
        ([], "reporting", []),
        (
            [REPORT],
            "reporting",
            ["reassessment.baseline.0", "reassessment.neither.0", "question..0", "withdrawal..0"],
        ),
        (
            [REPORT],
            "hosting",
            [
                "acceptance..0",
                "reassignment..0",
                "reassessment.baseline.0",
                "reassessment.neither.0",
                "question..0",
            ],
        ),
        (
            [REPORT, ACCEPTED, ASKED, TOLD],
            "hosting",
            [
                "reassignment..0",
                "action.host_told.0",
                "action.removed.0",
                "question..0",
                "answer..2",
                "retraction..2",
            ],
        ),
        ([REPORT, ACCEPTED, ASKED, TOLD], "reporting", ["question..0", "withdrawal..0"]),
        (
            [REPORT, ACCEPTED, TOLD, Step("hosting", 3, 1, "question")],
            "reporting",
            ["question..0", "answer..3", "withdrawal..0"],
        ),
    ],
)
def test_a_form_offers_what_can_be_said(steps: list[Step], side: Side, keys: list[str]) -> None:
    found = sayable(timeline_of(steps), side)
    assert [one.key for one in found] == keys


def test_a_form_asks_for_what_a_message_needs() -> None:
    assert [one.needs_text for one in map(Sayable, ("question", "answer", "withdrawal"))] == [True, True, False]
    assert [one.needs_country for one in map(Sayable, ("reassignment", "action"))] == [True, False]


def test_an_offer_is_a_report_that_its_receiver_takes() -> None:
    at = datetime(2026, 11, 28, 4, 30, tzinfo=UTC)
    least = Offer(UID, ("a" * 32,), "url", "https://pictures.example/1", "unassessed")
    assert report_of(least) == {
        "report": {
            "item": UID,
            "path": ["a" * 32],
            "location": {"kind": "url", "address": "https://pictures.example/1"},
            "hosting": {},
            "facts": None,
            "hashes": [],
            "is_urgent": False,
        }
    }
    most = Offer(
        UID,
        ("a" * 32,),
        "url",
        "https://pictures.example/1",
        "national",
        country="BB",
        facts={"medium": "photograph"},
        hashes=(("sha256", "ab" * 32),),
        is_urgent=True,
        received_at=at,
        text="Seen today.",
        language="en",
        hosting={"ip": "192.0.2.7"},
    )
    details = report_of(most)
    assert details["text"] == "Seen today."
    assert details["report"] | {"hosting": {}} == report_of(least)["report"] | {
        "facts": {"medium": "photograph"},
        "hashes": [{"kind": "sha256", "value": "ab" * 32}],
        "is_urgent": True,
        "received_at": "2026-11-28T04:30:00Z",
    }
    assert details["report"]["hosting"] == {"country": "BB", "ip": "192.0.2.7"}
    for offer in (least, most):
        message = Message(UID, Step("reporting", 1, 0, "report", offer.grade), at, report_of(offer))
        assert read_batch(write_batch([message])) == [message]
        assert fault_of(message) == ""


def test_a_receipt_is_read_as_it_was_written() -> None:
    codes = {(UID, 1): "", (UID, 2): "facts_unusable"}
    assert read_receipt(write_receipt(codes)) == codes
    assert read_receipt(b'{"version": 1, "messages": [], "more": 1}') == {}, "a newer version may say more"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\xff",
        b"[" * 100_000,
        b"{}",
        b'{"version": 2, "messages": []}',
        b'{"version": 1, "messages": [{"exchange": "x", "number": 1}]}',
        b'{"version": 1, "messages": [{"exchange": "x", "number": 1, "code": "<b>"}]}',
        b'{"version": 1, "messages": [' + b'{"exchange": "x", "number": 1, "code": ""},' * 100 + b"{}]}",
    ],
)
def test_what_is_no_receipt_says_nothing(body: bytes) -> None:
    with pytest.raises(ReceiptUnusable):
        read_receipt(body)
