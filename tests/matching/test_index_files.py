"""Index files: documented, shared, refused with the wrong field named when cut, changed, foreign or newer."""

import json
import os
import struct
import subprocess
import sys
import zlib
from contextlib import suppress

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leeward.matching.index import CodesRefused, Index, IndexRefused, parse_codes, read_codes, view
from leeward.matching.index.journal import HEAD, journal_path
from leeward.matching.index.layout import FIXED
from tests.matching.codes import clustered, uniform


@pytest.fixture
def path(tmp_path):
    Index.build(tmp_path / "file.index", clustered(200), banded_from=0)
    return tmp_path / "file.index"


def changed_header(path, **values):
    """Write the file with other values in its JSON header, checksum and length right."""
    data = path.read_bytes()
    magic, version, order, length, _, total = FIXED.unpack_from(data)
    header = json.loads(data[FIXED.size : FIXED.size + length]) | values
    text = json.dumps(header, separators=(",", ":")).encode()
    head = FIXED.pack(magic, version, order, len(text), zlib.crc32(text), total) + text
    path.write_bytes(head.ljust(4096, b"\0") + data[4096:])


def sections(path):
    data = path.read_bytes()
    length = FIXED.unpack_from(data)[3]
    return json.loads(data[FIXED.size : FIXED.size + length])["sections"]


def test_the_documented_layout_can_be_read_with_the_standard_library(path):
    data = path.read_bytes()
    magic, version, order, length, crc, total = struct.unpack_from("<8sIIIIQ", data)
    assert (magic, version, order, total) == (b"\x89LWIDX\r\n", 1, 0x01020304, len(data))
    text = data[32 : 32 + length]
    assert zlib.crc32(text) == crc
    header = json.loads(text)
    row = header["sections"]["codes"]
    assert data[row["offset"] : row["offset"] + row["bytes"]] == clustered(200).tobytes()
    for section in header["sections"].values():
        assert zlib.crc32(data[section["offset"] : section["offset"] + section["bytes"]]) == section["crc32"]


@pytest.mark.parametrize(
    ("place", "value", "field"),
    [
        (0, b"\x00", "magic"),
        (8, b"\x02", "version"),
        (12, b"\x01\x02\x03\x04", "byte order"),
        (16, b"\xff\xff\xff\xff", "header length"),
        (20, b"\x00\x00\x00\x00", "header checksum"),
        (24, b"\x00\x00\x00\x01", "length"),
        (40, b"!", "header checksum"),
    ],
)
def test_a_changed_header_is_refused_by_name(path, place, value, field):
    data = bytearray(path.read_bytes())
    data[place : place + len(value)] = value
    path.write_bytes(data)
    with pytest.raises(IndexRefused) as caught:
        Index.open(path)
    assert caught.value.field == field
    assert field in caught.value.text


@pytest.mark.parametrize("name", ["codes", "offsets", "rows", "following"])
def test_one_changed_byte_in_a_section_is_refused_by_name(path, name):
    row = sections(path)[name]
    data = bytearray(path.read_bytes())
    data[row["offset"] + row["bytes"] // 2] ^= 1
    path.write_bytes(data)
    with pytest.raises(IndexRefused) as caught:
        Index.open(path)
    assert caught.value.field == f"section {name}"
    if name != "offsets":
        with pytest.raises(IndexRefused):
            Index.open(path, verify=False).verify()


def test_no_byte_of_the_file_can_change_unseen(path):
    data = path.read_bytes()
    for place in [*np.random.default_rng(1).integers(0, len(data), 60).tolist(), 4000, len(data) - 1]:
        changed = bytearray(data)
        changed[place] ^= 0x10
        path.write_bytes(changed)
        with pytest.raises(IndexRefused):
            Index.open(path)


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"code_bits": 255}, "code_bits"),
        ({"entries": 201}, "section codes"),
        ({"entries": -1}, "entries"),
        ({"bands": 3}, "bands"),
        ({"banks": [1]}, "header"),
        ({"banks": [{"number": 0, "name": "x", "radius": 99, "harmless": False}]}, "header"),
        ({"sections": {}}, "section codes"),
        ({"sections": 4}, "header"),
        ({"generation": None, "absorbed": {"journal": 1}}, "header"),
    ],
)
def test_a_header_that_contradicts_the_file_is_refused_by_name(path, values, field):
    changed_header(path, **values)
    with pytest.raises(IndexRefused) as caught:
        Index.open(path)
    assert caught.value.field == field


def test_bucket_starts_that_lead_outside_are_refused_even_without_checksums(path):
    row = sections(path)["offsets"]
    data = bytearray(path.read_bytes())
    data[row["offset"] + 400 : row["offset"] + 404] = b"\xff\xff\xff\xff"
    path.write_bytes(data)
    with pytest.raises(IndexRefused, match="section offsets"):
        Index.open(path, verify=False)


def test_rows_that_lead_outside_are_not_followed(path, monkeypatch):
    monkeypatch.setattr(view, "is_scan_cheaper", lambda *numbers: False)
    assert len(Index.open(path).search(clustered(200), 31)) > 0
    row = sections(path)["rows"]
    data = bytearray(path.read_bytes())
    data[row["offset"] : row["offset"] + row["bytes"]] = b"\xff" * row["bytes"]
    path.write_bytes(data)
    assert len(Index.open(path, verify=False).search(clustered(200), 31)) == 0


def test_a_file_cut_anywhere_is_refused(path):
    data = path.read_bytes()
    for length in [0, 1, 8, 31, 32, 100, 4096, 5000, len(data) // 2, len(data) - 1]:
        path.write_bytes(data[:length])
        with pytest.raises(IndexRefused):
            Index.open(path)


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_any_bytes_in_place_of_an_index_are_refused_or_harmless(tmp_path_factory, data):
    folder = tmp_path_factory.mktemp("any")
    index = Index.build(folder / "x.index", uniform(30), banded_from=0)
    index.add(uniform(2, seed=1))
    target = data.draw(st.sampled_from([index.path, journal_path(index.path)]))
    original = bytearray(target.read_bytes())
    place = data.draw(st.integers(0, min(len(original), 6000) - 1))
    patch = data.draw(st.binary(min_size=1, max_size=40))
    original[place : place + len(patch)] = patch
    target.write_bytes(original)
    with suppress(IndexRefused, CodesRefused):
        Index.open(index.path, verify=False).search(uniform(5), 31)


@pytest.mark.parametrize(
    ("place", "field"), [(0, "magic"), (8, "version"), (12, "byte order"), (30, "header checksum")]
)
def test_a_changed_journal_is_refused_by_name(path, place, field):
    Index.open(path).add(uniform(1, seed=2))
    data = bytearray(journal_path(path).read_bytes())
    data[place] ^= 0x40
    journal_path(path).write_bytes(data)
    with pytest.raises(IndexRefused) as caught:
        Index.open(path)
    assert caught.value.field == field


def test_a_changed_record_is_refused_by_its_place(path):
    index = Index.open(path)
    index.add(uniform(1, seed=2))
    index.add(uniform(1, seed=3))
    data = bytearray(journal_path(path).read_bytes())
    data[HEAD.size + 40] ^= 1
    journal_path(path).write_bytes(data)
    with pytest.raises(IndexRefused, match=f"record at {HEAD.size}"):
        Index.open(path)


def test_no_temporary_file_is_left(path):
    index = Index.open(path)
    index.add(uniform(3, seed=2))
    index.merge()
    assert sorted(os.listdir(path.parent)) == ["file.index", "file.index.changes"]


@given(st.binary(max_size=400))
def test_any_text_is_codes_or_a_clear_refusal(data):
    try:
        read = parse_codes(data)
    except CodesRefused:
        return
    assert len(read.codes) == len(read.rows)


def test_rows_that_are_no_codes_are_named_and_the_rest_is_read():
    good = uniform(3)
    lines = [good[0].tobytes().hex(), "f" * 63, "F" * 64, "g" * 64, "ab" * 31, good[1].tobytes().hex() + "\r", ""]
    read = parse_codes("\n".join(lines).encode())
    assert read.rows.tolist() == [0, 2, 5]
    assert read.codes[1].tolist() == [255] * 32
    assert [bad.row for bad in read.bad] == [1, 3, 4]
    assert "odd" in read.bad[0].why
    assert "not hexadecimal at position 1" in read.bad[1].why


def test_a_regular_file_and_an_irregular_one_give_the_same(tmp_path):
    codes = uniform(1000)
    text = "\n".join(row.tobytes().hex() for row in codes)
    for form in (text, text + "\n", "\ufeff" + text, text.replace("\n", "\r\n"), "\n\n" + text, text.upper()):
        (tmp_path / "codes.txt").write_text(form, encoding="utf-8", newline="")
        assert (read_codes(tmp_path / "codes.txt").codes == codes).all()


def test_npy_files_are_read_and_damaged_ones_refused(tmp_path):
    path = tmp_path / "codes.npy"
    np.save(path, uniform(10))
    assert (read_codes(path).codes == uniform(10)).all()
    path.write_bytes(path.read_bytes()[:-5])
    with pytest.raises(CodesRefused):
        read_codes(path)
    np.save(path, np.array([{"a": 1}], object), allow_pickle=True)
    with pytest.raises(CodesRefused):
        read_codes(path)
    np.save(path, np.zeros((3, 32), np.float32))
    with pytest.raises(CodesRefused, match="float32"):
        read_codes(path)


def test_the_library_needs_no_django(tmp_path):
    program = """
import sys
class Block:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in ("django", "pydantic", "typer"):
            raise ImportError(name + " is not there")
sys.meta_path.insert(0, Block())
import pkgutil, importlib, leeward.matching
for module in pkgutil.walk_packages(leeward.matching.__path__, "leeward.matching."):
    importlib.import_module(module.name)
import numpy as np
from leeward.matching.index import Index
index = Index.build(sys.argv[1], np.zeros((2, 32), np.uint8))
assert len(index.search(np.zeros(32, np.uint8), 0)) == 2
assert not [name for name in sys.modules if name.split(".")[0] == "django"]
print("alone")
"""
    command = [sys.executable, "-c", program, str(tmp_path / "x.index")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.stdout.strip() == "alone", done.stderr


@pytest.mark.slow
def test_a_second_start_compiles_nothing(tmp_path):
    program = """
import numpy as np, sys
from leeward.matching.index import Index
from leeward.matching.index.engine import kernels
codes = np.random.default_rng(0).integers(0, 256, (50, 32), dtype=np.uint8)
index = Index.build(sys.argv[1], codes, banded_from=0)
index.add(codes)
assert len(index.search(codes, 31)) == 100
compiled = kernels()
dispatchers = (compiled.probe, compiled.scan, compiled.order_band)
print(sum(sum(one.stats.cache_misses.values()) for one in dispatchers), [len(one.signatures) for one in dispatchers])
"""
    environment = os.environ | {"NUMBA_CACHE_DIR": str(tmp_path / "cache")}
    command = [sys.executable, "-c", program, str(tmp_path / "x.index")]
    outputs = [
        subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout for _ in "ab"
    ]
    assert outputs[0].split()[0] == "3"
    assert outputs[1].strip() == "0 [1, 1, 1]"
