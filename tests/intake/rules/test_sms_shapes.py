"""What gateways post is read strictly; a picture is only ever noticed."""

from typing import Any

import pytest

from leeward.intake.rules.sms_shapes import Incoming, read_plain, read_rapidpro

ONE = Incoming("+18765550101", "+18765550101", "I found a bad page", "7", has_picture=False)


@pytest.mark.parametrize(
    "fields",
    [
        {"from": "+1 876 555-0101", "text": "I found a bad page", "id": 7},
        {"sender": "+18765550101", "message": " I found a bad page\r\n", "message_id": "7"},
        {"msisdn": "+18765550101", "text": "I found a bad page", "uuid": "7"},
        {"number": "+18765550101", "text": "I found a bad page", "id": "7"},
        {"From": "+18765550101", "Body": "I found a bad page", "MessageSid": "7", "NumMedia": "0"},
        {"from": "", "sender": "+18765550101", "text": "I found a bad page", "id": "7"},
    ],
)
def test_forms_of_gateways(fields: dict[str, Any]) -> None:
    assert read_plain(fields) == ONE
    assert read_rapidpro(fields) == ONE


@pytest.mark.parametrize(
    "more",
    [
        {"NumMedia": "1"}, {"NumMedia": 2}, {"MediaUrl0": "https://gate.example/1"}, {"attachments": ["image:x"]},
        {"media": "x"}, {"media_url": "x"}, {"image": "x"}, {"images": ["x"]},
    ],
)  # fmt: skip
def test_a_picture_is_noticed(more: dict[str, Any]) -> None:
    assert read_plain({"from": "+18765550101", "text": "x"} | more).has_picture
    assert not read_plain({"from": "+18765550101", "text": "x"} | dict.fromkeys(more, "")).has_picture


@pytest.mark.parametrize(
    ("sender", "number"),
    [
        ("18765550101", "18765550101"), ("123456", "123456"), ("12345", ""), ("1" * 15, "1" * 15), ("1" * 16, ""),
        ("Harbour123456", ""), ("", ""), (None, ""), (["+18765550101"], ""), (" +18765550101", "+18765550101"),
        ("١٢٣٤٥٦٧", ""),
    ],
)  # fmt: skip
def test_only_numbers_of_people_are_answered(sender: object, number: str) -> None:
    read = read_plain({"from": sender, "text": "x"})
    assert (read.sender, read.number, read.can_be_answered) == (number, number, bool(number))


def test_long_fields_are_cut() -> None:
    read = read_plain({"from": "+18765550101", "text": "x" * 30_000, "id": "i" * 200})
    assert (len(read.text), len(read.message_id)) == (20_000, 100)


def flow(**more: Any) -> dict[str, Any]:
    given = {
        "text": "I found a bad page",
        "uuid": "7",
        "attachments": [],
        "urn": {"scheme": "tel", "path": "+18765550101"},
    }
    return {"contact": {"uuid": "c-1", "urn": "tel:+18765550101"}, "input": given} | more


def test_a_flow_of_rapidpro() -> None:
    assert read_rapidpro(flow()) == ONE
    assert read_rapidpro(flow(input={"text": "I found a bad page", "urn": "tel:+18765550101"}, id="7")) == ONE
    assert read_rapidpro(flow(input=None, text="I found a bad page", id="7")) == ONE
    assert read_rapidpro({"input": {"text": "I found a bad page", "uuid": "7", "urn": "tel:+18765550101"}}) == ONE
    assert read_rapidpro(flow(contact=None)) == ONE
    assert read_rapidpro(
        flow(input=flow()["input"] | {"attachments": ["image/jpeg:https://gate.example/1"]})
    ).has_picture


def test_a_flow_that_keeps_numbers_to_itself() -> None:
    hidden = read_rapidpro(flow(contact={"uuid": "c-1"}, input={"text": "hello"}))
    assert hidden == Incoming("c-1", "", "hello", "", has_picture=False)
    assert hidden.can_be_answered
    assert read_rapidpro(flow(contact={"uuid": "c" * 200}, input={"text": "x"})).sender == "c" * 100
    assert read_rapidpro({"contact": {}, "input": {"text": "x", "uuid": "u" * 200}}).message_id == "u" * 100
    nobody = read_rapidpro({"contact": {"name": "x"}, "input": {"text": "x"}})
    assert (nobody.sender, nobody.can_be_answered) == ("", False)


def test_what_no_database_takes_is_left_out_of_every_field() -> None:
    odd = read_plain({"from": "+18765550101", "text": "a\ud800b", "id": "7\x00\ud800"})
    assert (odd.text, odd.message_id) == ("ab", "7")
    flow = read_rapidpro({"input": {"text": "x", "uuid": "8\ud800"}, "contact": {"uuid": "c\ud800d"}})
    assert (flow.sender, flow.message_id) == ("cd", "8")
