"""One line is read strictly: what is taken is kept as it was sent, what isn't is refused for one reason."""

import hashlib
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from leeward.providers.rules import content, table
from leeward.providers.rules.line import (
    FIELDS,
    LineRefused,
    canonical_of,
    digest_of,
    incident_of,
    parsed,
    place_of_incident,
    read_line,
)

NOW = datetime(2026, 11, 28, 12, 0, tzinfo=UTC)
KNOWN = "2026-11-28T11:00:00+02:00"
WHOLE: dict[str, Any] = {
    "kind": "first", "reference": "a/1", "known_at": KNOWN, "priority": "P2", "danger": True, "countries": ["JM"],
    "addresses": ["https://a.example/x", "https://a.example/x", "MAGNET:?xt=urn:btih:00"],
    "accounts": [{"service": "Chatter", "name": "somebody"}, {"id": "7", "email": "e@mail.example", "phone": "555"}],
    "events": [{"at": "2026-11-28T11:59:00Z", "kind": "upload", "ip": "2001:db8::1", "port": 65535, "account": "7"}],
    "files": [{"name": "a", "hashes": {"md5": "0" * 32, "sha256": "Ab" * 32}, "viewed": False, "classification": "A1", "size": 0}],
    "words": "I found a bad page.", "cybertip": "123", "kept": True, "user_told": False, "privileged": False,
}  # fmt: skip


def refused(**more: Any) -> tuple[str, str]:
    with pytest.raises(LineRefused) as found:
        read_line({"known_at": KNOWN, "words": "x"} | more, NOW)
    return found.value.code, found.value.field


def test_everything_that_a_line_may_state() -> None:
    assert set(WHOLE) | {"of"} == set(FIELDS)
    made = read_line(WHOLE, NOW)
    assert made.known_at == datetime(2026, 11, 28, 9, 0, tzinfo=UTC)
    assert made.addresses == ("https://a.example/x", "MAGNET:?xt=urn:btih:00")
    assert made.hashes == (("md5", "0" * 32), ("sha256", "Ab" * 32))
    assert made.accounts == (("Chatter", "somebody"), ("", "7"))
    assert (made.kind, made.of, made.reference, made.priority) == ("first", "", "a/1", "P2")
    assert (made.is_danger, made.is_kept) == (True, True)
    assert json.loads(made.canonical) == WHOLE
    assert (
        made.digest
        == hashlib.sha256(
            json.dumps(WHOLE, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
        ).hexdigest()
    )
    assert digest_of(canonical_of({"b": "é", "a": 1})) == hashlib.sha256('{"a":1,"b":"é"}'.encode()).hexdigest()
    bare = read_line({"known_at": KNOWN, "words": "x"}, NOW)
    assert (bare.kind, bare.is_danger, bare.is_kept, bare.priority, bare.reference) == ("first", False, False, "", "")
    later = read_line({"kind": "withdrawal", "of": "P000012-00003"}, NOW)
    assert (later.kind, later.of, later.known_at, later.addresses, later.hashes) == (
        "withdrawal",
        "P000012-00003",
        None,
        (),
        (),
    )


@pytest.mark.parametrize(
    ("more", "code", "field"),
    [
        ({"known_at": "2026-11-28T09:00:00"}, "no_zone", "known_at"),
        ({"known_at": "2026-11-28T12:05:01Z"}, "in_future", "known_at"),
        ({"known_at": "yesterday"}, "bad_time", "known_at"),
        ({"known_at": None}, "bad_time", "known_at"),
        ({"known_at": "1989-12-31T23:00:00Z"}, "bad_time", "known_at"),
        ({"events": [{"at": "2026-11-28T09:00:00"}]}, "no_zone", "events[0].at"),
        ({"events": [{"at": "2026-11-29T09:00:00Z"}]}, "in_future", "events[0].at"),
        ({"events": [{}]}, "missing", "events[0].at"),
        ({"events": [{"at": KNOWN}, {"at": KNOWN, "ip": "1.2.3"}]}, "bad_ip", "events[1].ip"),
        ({"events": [{"at": KNOWN, "ip": "fe80::1%" + "QUJD" * 99}]}, "bad_ip", "events[0].ip"),
        ({"events": [{"at": KNOWN, "ip": 7}]}, "bad_ip", "events[0].ip"),
        ({"events": [{"at": KNOWN, "port": 65_536}]}, "not_a_number", "events[0].port"),
        ({"events": [{"at": KNOWN, "port": True}]}, "not_a_number", "events[0].port"),
        ({"events": [{"at": KNOWN, "port": -1}]}, "not_a_number", "events[0].port"),
        ({"files": [{"hashes": {"sha256": "ab" * 31}}]}, "hash_length", "files[0].hashes.sha256"),
        ({"files": [{"hashes": {"md5": 7}}]}, "hash_length", "files[0].hashes.md5"),
        ({"files": [{"hashes": {"sha256": "zz" * 32}}]}, "hash_digits", "files[0].hashes.sha256"),
        ({"files": [{"hashes": {"md5": "00 " * 10 + "00"}}]}, "hash_digits", "files[0].hashes.md5"),
        ({"files": [{"hashes": {"md5": "00" * 15 + "\n\t"}}]}, "hash_digits", "files[0].hashes.md5"),
        ({"files": [{"hashes": {"crc": "00"}}]}, "hash_kind", "files[0].hashes"),
        ({"files": [{"hashes": {}}]}, "not_object", "files[0].hashes"),
        ({"files": [{}]}, "missing", "files[0].hashes"),
        ({"files": [{"hashes": {"base64": "x"}}]}, "content", "files[0].hashes"),
        ({"files": [{"hashes": {"md5": "0" * 32}, "content": "x"}]}, "content", "files[0].content"),
        ({"files": {}}, "not_a_list", "files"),
        ({"files": ["x"]}, "not_object", "files[0]"),
        ({"image": "x"}, "content", "image"),
        ({"words": "see data:image/png;base64,AAAA"}, "content", "words"),
        ({"words": "/9j/4AAQSkZJRgABAQ"}, "content", "words"),
        ({"words": "A" * 256}, "content", "words"),
        ({"words": "word " * 801}, "too_long", "words"),
        ({"words": 7}, "not_text", "words"),
        ({"words": "a\0b"}, "not_utf8", "words"),
        ({"addresses": ["data:image/png;base64,AAAA"]}, "content", "addresses[0]"),
        ({"addresses": ["https://a.example/?x=data:image/png;base64,AA"]}, "content", "addresses[0]"),
        ({"addresses": ["not an address"]}, "bad_address", "addresses[0]"),
        ({"addresses": ["https://a.example/\0"]}, "bad_address", "addresses[0]"),
        ({"addresses": ["https://a.example/\x7f"]}, "bad_address", "addresses[0]"),
        ({"addresses": [7]}, "bad_address", "addresses[0]"),
        ({"addresses": ["https://a.example/" + "x" * 1983]}, "bad_address", "addresses[0]"),
        ({"addresses": ["https://a.example"] * 101}, "too_many", "addresses"),
        ({"countries": ["Jamaica"]}, "bad_country", "countries[0]"),
        ({"countries": ["JM"] * 21}, "too_many", "countries"),
        ({"priority": "P4"}, "not_listed", "priority"),
        ({"danger": "yes"}, "not_yes_or_no", "danger"),
        ({"reference": "a b"}, "bad_reference", "reference"),
        ({"reference": "a" * 101}, "bad_reference", "reference"),
        ({"unknown": 1}, "unknown_field", "unknown"),
        ({"un\0known": 1}, "unknown_field", "un known"),
        ({"pan\x004111111111111111": 1}, "unknown_field", "pan [visa *1111]"),
        ({"kind": "later"}, "not_listed", "kind"),
        ({"kind": "correction"}, "of_missing", "of"),
        ({"of": "P000001-00001"}, "of_first", "of"),
        ({"of": "12"}, "bad_incident", "of"),
        ({"privileged": True}, "privileged", "privileged"),
        ({"words": ""}, "nothing_reported", ""),
    ],
)  # fmt: skip
def test_a_line_is_refused_for_one_reason(more: dict[str, Any], code: str, field: str) -> None:
    assert refused(**more) == (code, field)


def test_the_bounds_are_taken() -> None:
    read_line({"known_at": (NOW + timedelta(minutes=5)).isoformat(), "words": "w" * 255 + " " + "w" * 255}, NOW)
    read_line({"known_at": "1990-01-01T00:00:00Z", "addresses": ["https://a.example/" + "x" * 1982] * 100}, NOW)
    read_line({"known_at": KNOWN, "words": ("word " * 800)[:4000], "files": [{"hashes": {"sha512": "a" * 128}}]}, NOW)
    for kind in ("subsequent", "correction"):
        with pytest.raises(LineRefused) as found:
            read_line({"kind": kind, "of": "P000001-00001"}, NOW)
        assert found.value.code == "nothing_reported", "only a withdrawal says nothing more"
    with pytest.raises(LineRefused) as found:
        read_line({"words": "x"}, NOW)
    assert (found.value.code, found.value.field) == ("missing", "known_at")
    for wrong in ([], "x", None, 7):
        with pytest.raises(LineRefused) as found:
            read_line(wrong, NOW)
        assert found.value.code == "not_object"


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (b"{", "not_json"), (b"\xff", "not_utf8"), (b'{"a": 1, "a": 1}', "field_twice"), (b'{"a": 1.5}', "not_a_number"),
        (b'{"a": NaN}', "not_a_number"), (b'{"words": "\\ud800"}', "not_utf8"), (b"[" * 100_000, "not_json"),
        (b"1" * 5000, "not_json"),
    ],
)  # fmt: skip
def test_what_is_no_json_of_ours(raw: bytes, code: str) -> None:
    with pytest.raises(LineRefused) as found:
        parsed(raw)
    assert found.value.code == code


def test_json_is_read() -> None:
    assert parsed('{"a": ["é", "\\u00e9"]}'.encode()) == {"a": ["é", "é"]}


def test_incident_numbers_name_a_batch_and_a_line() -> None:
    assert incident_of(12, 3) == "P000012-00003"
    assert place_of_incident(incident_of(1_234_567, 10_000)) == (1_234_567, 10_000)
    for wrong in ("", "P12-3", "P000012-00003 ", "Q000012-00003"):
        assert place_of_incident(wrong) is None


@pytest.mark.parametrize(
    ("text", "is_it"),
    [
        ("iVBORw0KGgo", True), ("R0lGODlh", True), ("/9j/ is how it begins", False), ("DATA:video/mp4;base64,", True),
        ("A" * 255, False), ("A" * 256, True), ("A" * 200 + " " + "A" * 200, False), ("the data: many", False),
        ("data:,", True), ("https://a.example/?data=1", False),
    ],
)  # fmt: skip
def test_what_looks_like_content(text: str, is_it: bool) -> None:
    assert content.is_content(text) is is_it
    assert content.has_embedded(text) is (is_it and text.lower().startswith("data:"))


def test_names_of_content_whatever_their_case() -> None:
    assert content.is_content_name("Image")
    assert not content.is_content_name("words")


def test_a_table_becomes_the_same_lines() -> None:
    heading = ",".join(table.COLUMNS)
    row = ("a/1,first,,2026-11-28T09:00:00Z,P1,yes,https://a.example/x https://a.example/y,Chatter,somebody,2026-11-28T08:00:00Z,"
           "192.0.2.1,443,,,%s,,no,A1,some words,77,TRUE,") % ("0" * 64)  # fmt: skip
    ((number, made),) = table.rows_of(f"\ufeff{heading}\n\n{row}\n")
    assert number == 1
    assert made == {
        "reference": "a/1", "kind": "first", "known_at": "2026-11-28T09:00:00Z", "priority": "P1", "danger": True,
        "addresses": ["https://a.example/x", "https://a.example/y"], "accounts": [{"service": "Chatter", "name": "somebody"}],
        "events": [{"at": "2026-11-28T08:00:00Z", "ip": "192.0.2.1", "port": 443}],
        "files": [{"hashes": {"sha256": "0" * 64}, "viewed": False, "classification": "A1"}],
        "words": "some words", "cybertip": "77", "kept": True,
    }  # fmt: skip
    read_line(made, NOW)
    assert list(table.rows_of("known_at,words\n2026,a\n2026\n")) == [(1, {"known_at": "2026", "words": "a"}), (2, None)]
    assert table.line_of({"danger": "perhaps", "happened_at": KNOWN, "port": "x", "service": "Chatter"}) == {
        "danger": "perhaps", "events": [{"at": KNOWN, "port": "x"}],
    }  # fmt: skip
    for wrong in ("", "known_at,picture\n", "words,words\n", 'words\n"a'):
        with pytest.raises(ValueError, match=r".*"):
            list(table.rows_of(wrong))


@pytest.mark.parametrize("what", ["addresses", "accounts", "events", "files", "words"])
def test_one_thing_is_enough_to_report(what: str) -> None:
    read_line({"known_at": KNOWN, what: WHOLE[what]}, NOW)


def test_how_an_account_is_named_and_bounds_of_names() -> None:
    names = [{"email": "e@mail.example", "phone": "5"}, {"phone": "555"}, {"service": "Chatter"}]
    assert [name for _service, name in read_line({"known_at": KNOWN, "accounts": names}, NOW).accounts] == [
        "e@mail.example",
        "555",
        "",
    ]
    assert refused(**{"f" * 80: 1}) == ("unknown_field", "f" * 60)
    assert refused(events=[{"at": KNOWN, "port": "443"}]) == ("not_a_number", "events[0].port")
    assert str(LineRefused("not_json")) == "not_json"
    read_line({"known_at": KNOWN, "events": [{"at": KNOWN, "port": 0}], "addresses": ["https://a.example"] * 100}, NOW)
    with pytest.raises(LineRefused) as found:
        parsed(b'{"a": 1.2345678901234567890123}')
    assert found.value.field == "1.234567890123456789"
    assert content.has_embedded("see DATA:image/png;base64,AA")
    assert not content.has_embedded("ATA: no")


def test_a_table_states_later_reports_and_privilege() -> None:
    assert table.line_of({"kind": "correction", "of": "P000001-00001", "privileged": "yes"}) == {
        "kind": "correction", "of": "P000001-00001", "privileged": True,
    }  # fmt: skip
    assert table.line_of({"happened_at": KNOWN}) == {"events": [{"at": KNOWN}]}
    assert table.line_of({"ip": "192.0.2.1", "port": "123456789"})["events"][0]["port"] == 123_456_789
    assert table.line_of({"ip": "192.0.2.1", "port": "1234567890"})["events"][0]["port"] == "1234567890"
    with pytest.raises(ValueError, match=r"^film, picture$"):
        list(table.rows_of("picture,film,words\n"))
    with pytest.raises(ValueError, match=r"^x{100}$"):
        list(table.rows_of("x" * 150 + "\n"))
    with pytest.raises(ValueError, match="unexpected end of data"):
        list(table.rows_of('words\n"a'))
