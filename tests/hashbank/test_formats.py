"""Whatever a file holds, a reader gives entries or says what is broken; it never breaks itself."""

import json
from io import BytesIO

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from leeward.foundation.errors import LeewardError
from leeward.hashbank.formats import FORMATS, Broken, Entry, recognised
from leeward.hashbank.formats.entries import ListUnreadable, Shallow, moment
from leeward.hashbank.formats.tables import unformula
from leeward.hashbank.rules.kinds import KINDS, BadHash, key_of, read_hash, written

FEW = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
VICS = st.lists(
    st.dictionaries(st.sampled_from(["MD5", "SHA1", "PhotoDNA", "Category", "Series", "AlternativeHashes"]), JSON)
)
HEADS = {
    "csv": b"md5,sha256,pdq,quality,facts,votes\n",
    "vics": b'{"@odata.context":"#Media","value":[',
    "ncmec": b'<queryResult xmlns="https://hashsharing.ncmec.org/hashsharing/v2"><images><image><id>1</id>',
    "threatexchange": b'{"data":[{"type":"HASH_MD5","indicator":',
    "threatexchange-csv": b"collab,signal_type,signal_str\n",
    "plain": b"md5 ",
}


def read(form: str, data: bytes) -> list[Entry | Broken]:
    try:
        return list(FORMATS[form].read(BytesIO(data)))
    except ListUnreadable:
        return []


@pytest.mark.parametrize("form", list(FORMATS))
@FEW
@given(data=st.binary(max_size=400), with_head=st.booleans())
def test_any_bytes(form: str, data: bytes, with_head: bool) -> None:
    for one in read(form, (HEADS[form] if with_head else b"") + data):
        assert isinstance(one, Entry | Broken)
        assert one.place > 0
    assert b"\0" in data[:4096] or recognised(data).name in FORMATS


@FEW
@given(VICS)
def test_any_json_in_vics(media: list[dict[str, object]]) -> None:
    found = read("vics", json.dumps({"@odata.context": "#Media", "value": media}).encode())
    assert len(found) == len(media)


@FEW
@given(st.text(max_size=60))
def test_any_text_as_a_hash(text: str) -> None:
    for kind in KINDS:
        try:
            one = read_hash(kind, text)
        except BadHash:
            continue
        assert len(one.value) == KINDS[kind].bytes


@FEW
@given(st.sampled_from(list(KINDS)), st.data())
def test_hashes_are_read_as_they_are_written(kind: str, data: st.DataObject) -> None:
    value = data.draw(st.binary(min_size=KINDS[kind].bytes, max_size=KINDS[kind].bytes))
    assert read_hash(kind, written(kind, value)).value == value
    assert read_hash(kind, value.hex().upper()).value == value
    assert -(2**63) <= key_of(value) < 2**63


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("a" * 63, "63 hexadecimal digits, not 64"),
        ("g" * 64, "not hexadecimal"),
        ("ab " * 21 + "a", "not hexadecimal"),
        ("", "0 hex"),
    ],
)
def test_what_is_wrong_with_a_hash_is_said(text: str, why: str) -> None:
    with pytest.raises(BadHash) as refused:
        read_hash("pdq", text)
    assert why in refused.value.text


def test_an_entry_without_end_is_refused() -> None:
    class Endless:
        def __init__(self) -> None:
            self.start = b'{"@odata.context":"#Media","value":[{"MD5":"'

        def read(self, size: int = -1) -> bytes:
            start, self.start = self.start, b""
            return start or b"a" * 65536

    with pytest.raises(ListUnreadable):
        list(FORMATS["vics"].read(Endless()))


@FEW
@given(st.text(max_size=40))
def test_any_moment(text: str) -> None:
    read_moment = moment(text)
    assert read_moment is None or read_moment.tzinfo is not None


@given(st.text(max_size=20))
def test_no_cell_is_a_formula(text: str) -> None:
    assert unformula(text)[:1] not in ("=", "+", "-", "@")
    assert issubclass(ListUnreadable, LeewardError)


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b'{"data":[' + b"[" * 100_000, "nested deeper than 64 levels"),
        (b'{"data":[{"a":' + b'{"a":' * 65, "nested deeper than 64 levels"),
        (b'{"data":[' + b"1" * 30_000 + b"]}", "more than 1000 digits"),
    ],
)
def test_json_on_which_its_reader_would_take_for_ever_or_fall_over_is_refused(body: bytes, why: str) -> None:
    with pytest.raises(ListUnreadable, match=why):
        list(FORMATS["threatexchange"].read(BytesIO(body)))


LOOKS_NESTED = st.recursive(
    st.sampled_from(['a"b\\', "[[[", "\\", '"', "{{", "x\n", "é", 1, None]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text('k["', max_size=2), inner, max_size=3),
    max_leaves=8,
)


@FEW
@given(LOOKS_NESTED, st.integers(1, 9))
def test_brackets_in_texts_nest_nothing(value: object, size: int) -> None:
    stream = Shallow(BytesIO(json.dumps([value, "\\"] * 3).encode()))
    while stream.read(size):
        pass
    assert stream.depth == 0
