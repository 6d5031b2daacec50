"""The chain alone: any change of any field is found at its row."""

import hashlib
import json
import struct
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leeward.audit.rules.chain import GENESIS, Entry, canonical, covered_of, first_fault, link, moment, signed_text


def chain_of(length: int) -> list[Entry]:
    entries: list[Entry] = []
    for number in range(length):
        before = entries[-1] if entries else None
        facts = canonical({"n": number})
        at = f"2026-11-24T12:00:0{number % 10}.000000+00:00"
        entries.append(
            link(
                before,
                chain=7,
                at=at,
                event="case.claimed",
                actor="staff:1",
                subject=f"case:{number}",
                facts=facts,
                nonce=f"{number:032x}",
            )
        )
    return entries


@given(st.integers(1, 12), st.data())
@settings(max_examples=200)
def test_any_changed_field_of_any_row_is_found(length: int, data: st.DataObject) -> None:
    entries = chain_of(length)
    place = data.draw(st.integers(0, length - 1))
    field = data.draw(st.sampled_from([name for name in Entry.__dataclass_fields__ if name != "chain"]))
    value = getattr(entries[place], field)
    changed = value + 1 if isinstance(value, int) else value + "x"
    entries[place] = replace(entries[place], **{field: changed})
    fault, good, _ = first_fault(7, entries, {length: chain_of(length)[-1].hash})
    assert fault is not None
    assert good <= place + 1


@given(st.integers(2, 12), st.data())
def test_a_removed_or_swapped_row_is_found(length: int, data: st.DataObject) -> None:
    entries = chain_of(length)
    place = data.draw(st.integers(0, length - 2))
    removed = entries[:place] + entries[place + 1 :]
    fault, _, _ = first_fault(7, removed)
    assert fault is not None
    assert fault.number == place + 1
    entries[place], entries[place + 1] = entries[place + 1], entries[place]
    assert first_fault(7, entries)[0] is not None


def test_cut_off_rows_are_found_against_a_head() -> None:
    entries = chain_of(9)
    fault, good, _ = first_fault(7, entries[:6], {9: entries[8].hash})
    assert fault is not None
    assert (fault.number, good) == (7, 6)


def test_a_good_chain_is_good() -> None:
    entries = chain_of(20)
    assert first_fault(7, entries, {20: entries[-1].hash, 5: entries[4].hash}) == (None, 20, entries[-1].hash)
    assert first_fault(7, [], {})[0] is None


def test_the_form_of_a_row_is_as_it_is_documented_and_stays() -> None:
    """A log that was exported years ago is checked by whoever has it: nothing of what a hash covers may change."""
    at = moment(datetime(2026, 11, 24, 12, 0, 0, 7, tzinfo=UTC))
    assert at == "2026-11-24T12:00:00.000007+00:00"
    assert canonical(None) == canonical({}) == "{}"
    facts = canonical({"b": [1, 2], "a": "é"})
    assert facts == '{"a":"é","b":[1,2]}'
    made = link(None, chain=5, at=at, event="case.claimed", actor="staff:1", subject="case:9", facts=facts)
    said = ("5", "1", at, "case.claimed", "staff:1", "case:9", hashlib.sha256(facts.encode()).hexdigest(), "0" * 64)
    raw = b"".join(struct.pack(">I", len(part.encode())) + part.encode() for part in said)
    assert made == Entry(
        5, 1, at, "case.claimed", "staff:1", "case:9", facts, said[6], "0" * 64, hashlib.sha256(raw).hexdigest()
    )
    after = link(made, chain=5, at=at, event="case.closed", actor="staff:1", subject="case:9", facts="{}")
    assert (after.number, after.previous) == (2, made.hash)
    assert signed_text(chain=5, number=1, row="ab", at=at) == f"leeward-audit-head 1\n5\n1\nab\n{at}\n".encode()


def test_each_fault_is_named_with_its_row() -> None:
    rows = chain_of(4)
    heads = {2: rows[1].hash}

    def said(entries: list[Entry], heads: dict[int, str] = heads) -> tuple[int, int, str]:
        fault, good, last = first_fault(7, entries, heads)
        assert fault is not None
        assert last == (entries[good - 1].hash if good else GENESIS)
        return fault.chain, fault.number, fault.what

    def with_third(**changed: object) -> list[Entry]:
        return [*rows[:2], replace(rows[2], **changed), rows[3]]

    assert said([rows[0], *rows[2:]]) == (7, 2, "is missing: row 3 comes next")
    assert said(with_third(previous="x")) == (7, 3, "doesn't follow from the row before it")
    assert said(with_third(facts="{}")) == (7, 3, "has facts that were changed")
    assert said(with_third(actor="staff:2")) == (7, 3, "was changed")
    assert said(rows, {3: "x"}) == (7, 3, "differs from its head")
    assert said(rows, {5: "x", 9: "y"}) == (7, 5, "is missing: a head speaks of row 9")
    assert said([], {1: "x"}) == (7, 1, "is missing: a head speaks of row 1")
    assert first_fault(7, rows, {4: rows[3].hash}) == first_fault(7, rows) == (None, 4, rows[3].hash)


def test_rows_with_a_nonce_are_hashed_as_published() -> None:
    """Version 2: the nonce is the ninth part (`tests/vectors/log/rows.json`)."""
    published = json.loads((Path(__file__).parent.parent / "vectors" / "log" / "rows.json").read_text())["rows"]
    rows = [
        Entry(
            **{name: row.get(name) for name in Entry.__dataclass_fields__ if name != "nonce"},
            nonce=row["nonce"] if row["version"] == 2 else None,
        )
        for row in published
    ]
    assert [row.nonce is None for row in rows] == [True] * 10 + [False] * 3
    assert first_fault(1, rows) == (None, 13, rows[-1].hash)
    for wrong in ("", rows[12].nonce.upper(), "0" * 32, rows[12].nonce[:-2], "g" * 32, None):
        fault, _, _ = first_fault(1, [*rows[:12], replace(rows[12], nonce=wrong)])
        assert fault is not None
        assert (fault.number, fault.what) == (13, "was changed")


@pytest.mark.parametrize("nonce", [None, "00ff" * 8])
def test_the_bytes_that_a_hash_covers_are_those_of_the_row(nonce: str | None) -> None:
    before = link(None, chain=3, at="2026", event="case.opened", actor="system", subject="case:7", facts="{}")
    row = link(
        before,
        chain=3,
        at="2027",
        event="case.closed",
        actor="staff:1",
        subject="case:8",
        facts='{"a": 1}',
        nonce=nonce,
    )
    raw = covered_of(row)
    assert hashlib.sha256(raw).hexdigest() == row.hash
    parts = ["3", "2", "2027", "case.closed", "staff:1", "case:8", row.facts_sha256, before.hash]
    assert raw.startswith(b"".join(len(part).to_bytes(4, "big") + part.encode() for part in parts))
    assert raw.endswith(bytes.fromhex(nonce) if nonce else before.hash.encode())
