"""What docs/how-to/hash-list.md tells other programs is what ours does; the list is read here without our code, as the page says."""

import hmac
import json
from hashlib import sha256
from pathlib import Path

import pytest

from leeward.blocklist.rules.expressions import candidates, digest
from leeward.blocklist.rules.hash_list_wire import read_update
from leeward.blocklist.rules.scopes import scope_letters
from leeward.blocklist.rules.search import read_question
from leeward.hosting.rules.urls import canonical_url
from tests.blocklist.servers.pages import blocks

EXAMPLES = json.loads((Path(__file__).parents[2] / "docs/how-to/hash-list.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("row", EXAMPLES["addresses"], ids=lambda row: row["address"])
def test_addresses(row):
    comparable = canonical_url(row["address"]).comparable
    assert comparable == row["comparable"]
    assert [
        {"text": text, "scopes": scope_letters(scopes), "sha256": digest(text).hex()}
        for text, scopes in candidates(comparable)
    ] == row["expressions"]


def _varint(data, place):
    value = shift = 0
    while True:
        value |= (data[place] & 127) << shift
        shift, place = shift + 7, place + 1
        if data[place - 1] < 128:
            return value, place


def _fields(data):
    found, place = {}, 0
    while place < len(data):
        key, place = _varint(data, place)
        value, place = _varint(data, place)
        if key & 7 == 2:
            value, place = data[place : place + value], place + value
        found[key >> 3] = value
    return found


def _numbers(message):
    if message is None:
        return []
    fields = _fields(message)
    bits = [byte >> bit & 1 for byte in fields.get(4, b"") for bit in range(8)]
    numbers, place = [fields.get(1, 0)], 0
    for _ in range(fields.get(3, 0)):
        quotient = bits.index(0, place) - place
        place += quotient + 1
        rest = sum(bit << power for power, bit in enumerate(bits[place : place + fields[2]]))
        place += fields[2]
        numbers.append(numbers[-1] + (quotient << fields[2] | rest))
    return numbers


def test_lists_as_the_page_tells_a_stranger_to_read_them():
    held = []
    for row in EXAMPLES["lists"]:
        fields = _fields(bytes.fromhex(row["message"]))
        removed = set(_numbers(fields.get(5)))
        kept = [value for place, value in enumerate(held) if place not in removed] if fields.get(3) else []
        held = sorted([*kept, *_numbers(fields.get(4))])
        assert [f"{value:08x}" for value in held] == row["prefixes"]
        assert sha256(b"".join(value.to_bytes(4) for value in held)).digest() == fields[7]
        assert sorted(sha256(text.encode()).hexdigest()[:8] for text in row["entries"]) == row["prefixes"]
        assert _fields(fields[6])[1] == 300
        assert read_update(bytes.fromhex(row["message"])).checksum.hex() == row["checksum"]


def test_a_keyed_digest():
    row = EXAMPLES["keyed"]
    assert hmac.digest(bytes.fromhex(row["key"]), row["expression"].encode(), "sha256").hex() == row["digest"]


def test_the_question_of_the_page_is_one():
    assert read_question(json.loads(blocks("hash-list.md")["question"]))
