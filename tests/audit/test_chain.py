"""The chain alone: any change of any field is found at its row."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from leeward.audit.rules.chain import Entry, canonical, first_fault, link


def chain_of(length: int) -> list[Entry]:
    entries: list[Entry] = []
    for number in range(length):
        before = entries[-1] if entries else None
        facts = canonical({"n": number})
        at = f"2026-11-24T12:00:0{number % 10}.000000+00:00"
        entries.append(
            link(before, chain=7, at=at, event="case.claimed", actor="staff:1", subject=f"case:{number}", facts=facts)
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
    fault, good, _ = first_fault(entries, {length: chain_of(length)[-1].hash})
    assert fault is not None
    assert good <= place + 1


@given(st.integers(2, 12), st.data())
def test_a_removed_or_swapped_row_is_found(length: int, data: st.DataObject) -> None:
    entries = chain_of(length)
    place = data.draw(st.integers(0, length - 2))
    removed = entries[:place] + entries[place + 1 :]
    fault, _, _ = first_fault(removed)
    assert fault is not None
    assert fault.number == place + 1
    entries[place], entries[place + 1] = entries[place + 1], entries[place]
    assert first_fault(entries)[0] is not None


def test_cut_off_rows_are_found_against_a_head() -> None:
    entries = chain_of(9)
    fault, good, _ = first_fault(entries[:6], {9: entries[8].hash})
    assert fault is not None
    assert (fault.number, good) == (7, 6)


def test_a_good_chain_is_good() -> None:
    entries = chain_of(20)
    assert first_fault(entries, {20: entries[-1].hash, 5: entries[4].hash}) == (None, 20, entries[-1].hash)
    assert first_fault([], {})[0] is None
