"""What the published schema calls a line is one here, and what it refuses is none: a program made from it sends no wrong lines."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from leeward.providers.rules.line import FIELDS, LineRefused, read_line

DOCUMENT = json.loads((Path(__file__).parents[3] / "docs/reference/openapi.json").read_text(encoding="utf-8"))
OPERATION = DOCUMENT["paths"]["/api/v1/provider/reports"]["post"]
SCHEMA = OPERATION["requestBody"]["content"]["application/json"]["schema"]
NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)
FIRST = {"known_at": "2026-11-01T09:00:00Z", "words": "x"}
LATER = {"of": "P000001-00001", "words": "x"}
GOOD: tuple[dict[str, Any], ...] = (
    {},
    {"kind": "first"},
    {"reference": "A/1"},
    {"cybertip": "123"},
    {"countries": ["JM"] * 20},
    {"priority": "P1", "danger": True},
    {
        "addresses": [
            "https://a.example/1",
            "HTTP://a.example",
            "ftp://a.example/x",
            "magnet:?xt=urn:btih:1",
            "ed2k://|file|a",
        ]
    },
    {"accounts": [{"service": "s" * 100, "id": "1", "name": "n" * 200, "email": "a@b.example", "phone": "5" * 40}]},
    {
        "events": [
            {"at": "2026-11-01T08:59:00+00:00", "kind": "login", "ip": "192.0.2.7", "port": 0, "account": "1"},
            {"at": "2026-11-01T08:59:00Z", "ip": "2001:db8::7"},
        ]
    },
    {
        "files": [
            {
                "hashes": {"md5": "AB" * 16, "pdq": "0" * 64},
                "viewed": False,
                "classification": "A1",
                "size": 1 << 53,
                "name": "a",
            }
        ]
    },
    {"kept": True, "user_told": False, "privileged": False},
)
WRONG: tuple[dict[str, Any], ...] = (
    {"words": ""},
    {"words": 1},
    {"words": "x" * 4001},
    {"known_at": 7},
    {"kind": "correction"},
    {"reference": " 1"},
    {"cybertip": ""},
    {"of": "P1-1"},
    {"countries": ["jm"]},
    {"countries": ["JM"] * 21},
    {"priority": "P4"},
    {"danger": 1},
    {"picture": "x"},
    {"addresses": ["a.example"]},
    {"addresses": ["https://a.example/a b"]},
    {"addresses": "https://a.example"},
    {"addresses": ["https://a.example/1"] * 101},
    {"addresses": ["https://a.example/" + "1" * 2000]},
    {"accounts": [{"service": "s" * 101}]},
    {"accounts": [{"age": 1}]},
    {"accounts": ["x"]},
    {"events": [{"ip": "192.0.2.7"}]},
    {"events": [{"at": "2026-11-01T08:59:00Z", "port": 65_536}]},
    {"events": [{"at": "2026-11-01T08:59:00Z", "kind": "x"}]},
    {"files": [{"hashes": {}}]},
    {"files": [{}]},
    {"files": [{"hashes": {"md5": "ab" * 15}}]},
    {"files": [{"hashes": {"md5": "zz" * 16}}]},
    {"files": [{"hashes": {"crc": "ab"}}]},
    {"files": [{"hashes": {"md5": "ab" * 16}, "size": -1}]},
    {"files": [{"hashes": {"md5": "ab" * 16}, "classification": "C"}]},
)


def is_taken(line: dict[str, Any]) -> bool:
    try:
        read_line(line, NOW)
    except LineRefused:
        return False
    return True


@pytest.mark.parametrize(
    ("line", "is_good"),
    [
        *((FIRST | more, True) for more in GOOD),
        *((FIRST | more, False) for more in WRONG),
        (LATER | {"kind": "subsequent"}, True),
        (LATER | {"kind": "withdrawal", "words": ""}, True),
        (LATER | {"kind": "correction", "words": ""}, False),
        ({"words": "x"}, False),
        ({"known_at": FIRST["known_at"]}, False),
        ({"known_at": FIRST["known_at"], "files": []}, False),
    ],
)
def test_the_schema_and_the_door_agree(line: dict[str, Any], is_good: bool) -> None:
    assert (Draft202012Validator(SCHEMA).is_valid(line), is_taken(line)) == (is_good, is_good)


def test_the_schema_names_every_field() -> None:
    Draft202012Validator.check_schema(SCHEMA)
    assert set(SCHEMA["properties"]) == set(FIELDS)


def test_every_operation_says_how_it_refuses() -> None:
    for path, operations in DOCUMENT["paths"].items():
        for name, operation in operations.items():
            answer = operation["responses"]["default"]["content"]
            assert list(answer) == ["application/problem+json"], (path, name)
