"""Messages as JSON: what is read is what was written, within limits; no content, nothing unknown."""

import json
import time
import uuid
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from leeward.exchange.rules import schema, wire
from leeward.exchange.rules.steps import Step
from leeward.exchange.rules.wire import BatchRefused, Message, as_json, fault_of, read_batch, text_of, write_batch

AT = datetime(2026, 11, 28, 4, 30, tzinfo=UTC)
EXCHANGE = "5b6c0e1a-0000-4000-8000-000000000001"
OWN = "a" * 32
ITEM: dict[str, Any] = {
    "item": EXCHANGE,
    "path": [OWN],
    "location": {"kind": "url", "address": "https://pictures.example/42"},
    "hosting": {"country": "BB", "ip": "192.0.2.7", "network": 64500, "organisation": "Harbour Host", "is_cdn": False},
    "facts": {"real_person": "yes", "age_band": "7-10", "medium": "photograph"},
    "hashes": [{"kind": "sha256", "value": "ab" * 32}],
    "is_urgent": False,
    "found_at": "2026-11-28T04:00:00Z",
}
REPORT = Message(EXCHANGE, Step("reporting", 1, 0, "report", "national"), AT, {"report": ITEM})
OTHERS = [
    Message(EXCHANGE, Step("hosting", 1, 1, "acceptance"), AT, {}),
    Message(EXCHANGE, Step("hosting", 2, 1, "reassignment"), AT, {"hosting": {"country": "TT"}}),
    Message(EXCHANGE, Step("hosting", 3, 1, "action", "removed"), AT, {"done_at": "2026-11-28T04:10:00Z"}),
    Message(EXCHANGE, Step("hosting", 4, 1, "reassessment", "neither"), AT, {"facts": None}),
    Message(EXCHANGE, Step("reporting", 2, 1, "question"), AT, {"text": "Is it gone?", "language": "en"}),
    Message(EXCHANGE, Step("hosting", 5, 2, "answer", "", 2), AT, {"text": "Yes.\nSince today.", "language": "en"}),
    Message(EXCHANGE, Step("reporting", 3, 5, "withdrawal"), AT, {}),
    Message(EXCHANGE, Step("hosting", 6, 2, "retraction", "", 3), AT, {}),
]


def test_every_kind_of_message_is_read_as_it_was_written() -> None:
    assert read_batch(write_batch([REPORT, *OTHERS])) == [REPORT, *OTHERS]
    assert {fault_of(one) for one in (REPORT, *OTHERS)} == {""}
    asked = replace(OTHERS[4], details={"text": "Où est-ce ?", "language": "fr"})
    assert "Où est-ce ?".encode() in write_batch([asked]), "as short as it can be"


def test_a_message_is_kept_without_numbers_of_cards_by_what_each_part_is() -> None:
    card, account = "4111111111111111", "620000000000000005"
    body = write_batch([REPORT, OTHERS[4]]).decode()
    given = json.loads(body)
    report, question = given["messages"]
    report["report"]["location"] = {
        "kind": "account",
        "address": account,
        "referrer": f"https://a.example/?card={card}",
    }
    report["text"] = question["text"] = f"pay {card}"
    for one in (report, question):
        one["language"] = "en"
    read = read_batch(json.dumps(given).encode())
    assert read[0].details["report"]["location"] == {
        "kind": "account", "address": account, "referrer": "https://a.example/?card=visa*1111",
    }  # fmt: skip
    assert [one.details["text"] for one in read] == ["pay [visa *1111]"] * 2
    question["text"] = f"{'x' * (schema.MOST_TEXT - 17)} 5100000000000008"
    (long,) = read_batch(json.dumps(given | {"messages": [question]}).encode())
    assert len(long.details["text"]) == schema.MOST_TEXT, "what is written instead is longer"
    assert long.details["text"].endswith("[mastercard *000")


def test_times_travel_in_utc_wherever_the_server_stands(monkeypatch: pytest.MonkeyPatch) -> None:
    try:
        with monkeypatch.context() as elsewhere:
            elsewhere.setenv("TZ", "America/Barbados")
            time.tzset()
            assert text_of(AT) == "2026-11-28T04:30:00Z"
    finally:
        time.tzset()


def changed(**values: Any) -> dict[str, Any]:
    """The report as JSON, with other values in its item; None leaves one out."""
    item = {name: value for name, value in (ITEM | values).items() if value is not None}
    return as_json(replace(REPORT, details={"report": item}))


def refused(*messages: Any) -> bool:
    try:
        read_batch(json.dumps({"version": 1, "messages": list(messages)}).encode())
    except BatchRefused as error:
        return error.code == "not_readable"
    return False


@pytest.mark.parametrize(
    "values",
    [
        {"picture": "aGVsbG8="},
        {"reporter": "somebody@mail.example"},
        {"location": {"kind": "url", "address": "data:image/png;base64,aGVsbG8="}},
        {"location": {"kind": "url", "address": "DATA:image/png,x"}},
        {"location": {"kind": "url", "address": "https://x.example/" + "a" * schema.MOST_ADDRESS}},
        {"location": {"kind": "url", "address": "https://x.example/\n"}},
        {"location": {"kind": "url", "address": "https://x.example/\ud800"}},
        {"location": {"kind": "picture", "address": "x"}},
        {"hosting": {"country": "Barbados"}},
        {"hosting": {"country": "BB\n"}},
        {"item": "1"},
        {"path": []},
        {"path": [OWN, OWN]},
        {"hashes": [{"kind": "sha256", "value": "ab" * 300}]},
        {"hashes": [{"kind": "sha256", "value": "ab" * 32}] * 101},
        {"facts": {"real_person": "x" * 41}},
        {"facts": {f"fact{number}": "yes" for number in range(21)}},
    ],
)
def test_what_has_no_field_or_is_too_long_does_not_travel(values: dict[str, Any]) -> None:
    assert not refused(changed())
    assert refused(changed(**values))
    with pytest.raises(BatchRefused):
        write_batch([replace(REPORT, details={"report": ITEM | values})])


@pytest.mark.parametrize(
    "values",
    [
        {"kind": "gossip"},
        {"kind": "withdrawal"},
        {"number": 0},
        {"number": "1"},
        {"number": 61},
        {"seen": -1},
        {"side": "both"},
        {"at": "yesterday"},
        {"what": "neither"},
        {"text": ""},
        {"text": "x" * 2001},
        {"text": "a\u0000b"},
        {"about": 1},
        {"at": "2026-13-28T04:30:00Z"},
    ],
)
def test_a_message_that_is_no_message_is_refused(values: dict[str, Any]) -> None:
    assert refused(changed() | values)


@pytest.mark.parametrize(
    ("values", "why"),
    [
        ({"number": 0}, "$.messages[0].number"),
        ({"at": "2026-13-28T04:30:00Z"}, "at"),
        ({"report": ITEM | {"facts": {"x" * 300: "y" * 41}}}, "$.messages[0].report.facts." + "x" * 173),
    ],
)
def test_a_refusal_says_where_the_fault_is_and_briefly(values: dict[str, Any], why: str) -> None:
    with pytest.raises(BatchRefused) as error:
        read_batch(json.dumps({"version": 1, "messages": [changed() | values]}).encode())
    assert (error.value.code, error.value.why, str(error.value)) == ("not_readable", why, "not_readable")


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\xff",
        b"null",
        b"[]",
        b"<html></html>",
        b"[" * 100_000,
        b'{"version": 1}',
        b'{"version": 2, "messages": []}',
        b'{"version": 1, "version": 1, "messages": []}',
        b'{"version": NaN, "messages": []}',
        b"1" * 10_000,
    ],
)
def test_a_body_that_is_no_batch_is_refused(body: bytes) -> None:
    with pytest.raises(BatchRefused) as error:
        read_batch(body)
    assert error.value.code == "not_readable"


@pytest.mark.parametrize("said", [b'"side": "hosting", "side": "reporting"', b'"side": NaN'])
def test_what_two_readers_could_read_differently_is_no_json(said: bytes) -> None:
    body = write_batch([REPORT])
    assert body.count(b'"side": "reporting"') == 1
    with pytest.raises(BatchRefused) as error:
        read_batch(body.replace(b'"side": "reporting"', said))
    assert (error.value.code, error.value.why) == ("not_readable", ""), "no place in it is named"


def test_a_batch_may_be_as_long_as_its_limit_and_no_longer(monkeypatch: pytest.MonkeyPatch) -> None:
    body = write_batch([REPORT])
    monkeypatch.setattr(wire, "MOST_BYTES", len(body))
    assert read_batch(write_batch([REPORT])) == [REPORT]
    monkeypatch.setattr(wire, "MOST_BYTES", len(body) - 1)
    for pass_on in (lambda: write_batch([REPORT]), lambda: read_batch(body)):
        with pytest.raises(BatchRefused) as error:
            pass_on()
        assert (error.value.code, error.value.why) == ("too_large", "")


def test_a_batch_has_limits() -> None:
    with pytest.raises(BatchRefused) as error:
        read_batch(b" " * (schema.MOST_BYTES + 1))
    assert error.value.code == "too_large"
    many = [replace(REPORT, exchange=str(uuid.UUID(int=number))) for number in range(schema.MOST_IN_BATCH + 1)]
    assert len(read_batch(write_batch(many[1:]))) == schema.MOST_IN_BATCH
    with pytest.raises(BatchRefused):
        write_batch(many)


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"facts": {"medium": "hologram"}}, "facts_unusable"),
        ({"facts": {"shoe_size": 42}}, "facts_unusable"),
        ({"facts": {"age_band": ["7-10"]}}, "facts_unusable"),
        ({"facts": {"age_band": "adult", "known_age": 9}}, "facts_unusable"),
        ({"hashes": [{"kind": "sha256", "value": "ab" * 8}]}, "hash_unusable"),
        ({"found_at": "2026-13-28T04:00:00Z"}, "time_unusable"),
        ({"received_at": "2026-02-30T04:00:00Z"}, "time_unusable"),
        ({"received_at": "0001-01-01T00:00:00Z"}, "time_unusable"),
        ({"found_at": "9999-12-31T23:59:59Z"}, "time_unusable"),
        ({"facts": None}, ""),
    ],
)
def test_one_message_is_refused_while_the_others_are_taken(values: dict[str, Any], code: str) -> None:
    assert fault_of(replace(REPORT, details={"report": ITEM | values})) == code


def test_an_action_was_at_a_time_that_there_is() -> None:
    assert fault_of(replace(OTHERS[2], details={"done_at": "2026-11-28T25:00:00Z"})) == "time_unusable"


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=9,
)


@settings(max_examples=60, deadline=None)
@given(ANYTHING, st.sampled_from(["", "item", "location", "facts", "hashes", "hosting"]))
def test_nonsense_anywhere_is_refused_or_read_and_never_an_error(nonsense: Any, where: str) -> None:
    message = changed(**{where: nonsense}) if where else nonsense
    body = json.dumps({"version": 1, "messages": [message]}).encode()
    try:
        found = read_batch(body)
    except BatchRefused:
        return
    assert [as_json(one) for one in found] == [message]
    assert isinstance(fault_of(found[0]), str)


def test_a_refusal_says_where_and_the_printed_schema_refuses_the_same() -> None:
    whole = Draft202012Validator(schema.BATCH)
    good = json.loads(write_batch([REPORT, *OTHERS]))
    assert whole.is_valid(good)
    for index, message in enumerate(good["messages"]):
        for wrong, place in (({"number": 0}, ".number"), ({"more": 1}, ""), ({"kind": "dance"}, ".kind")):
            batch = good | {"messages": [*good["messages"][:index], message | wrong, *good["messages"][index + 1 :]]}
            with pytest.raises(BatchRefused) as error:
                read_batch(json.dumps(batch).encode())
            assert (error.value.code, error.value.why) == ("not_readable", f"$.messages[{index}]{place}")
            assert not whole.is_valid(batch)
    with pytest.raises(BatchRefused) as error:
        read_batch(b'{"version": 2, "messages": []}')
    assert error.value.why.startswith("$.")


def test_a_time_is_of_a_year_that_every_clock_shows() -> None:
    for year in (1990, 2199):
        assert wire.time_of(f"{year}-12-31T23:59:59Z").year == year
    for year in (1989, 2200):
        with pytest.raises(ValueError, match=str(year)):
            wire.time_of(f"{year}-12-31T23:59:59Z")
