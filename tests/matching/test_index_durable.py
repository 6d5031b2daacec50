"""Index files on disks that fail: a flipped bit anywhere is found or harmless, damage is found after opening, leftovers go, a full disk is said."""

import fcntl
import os
import struct
import subprocess
import sys
import zlib

import numpy as np
import pytest

from leeward.matching.index import Index, IndexRefused, layout
from leeward.matching.index import checking as index_checking
from leeward.matching.index.journal import CHECK, HEAD, MAGIC, RECORD, journal_path
from leeward.matching.index.layout import BYTE_ORDER
from tests.matching.codes import uniform


def answers(path):
    index = Index.open(path)
    return list(index.search(uniform(12, seed=9), 31)), list(index.search(uniform(12), 31)), index.info()["entries"]


def with_flipped(path, data, place, bit):
    """Write the file with one bit the other way round, in place: most of it stays as it is."""
    with path.open("r+b") as stream:
        stream.seek(place)
        stream.write(bytes([data[place] ^ (1 << bit)]))


def is_found_or_harmless(path, target, data, place, bit, right):
    with_flipped(target, data, place, bit)
    try:
        return answers(path) == right
    except IndexRefused:
        return True
    finally:
        with_flipped(target, data, place, 0)
        with target.open("r+b") as stream:
            stream.seek(place)
            stream.write(data[place : place + 1])


@pytest.fixture
def small(tmp_path):
    """Twelve codes, four of them added later, one removed, one paused: some 9 KB."""
    index = Index.build(tmp_path / "small.index", uniform(12))
    index.add(uniform(4, seed=9))
    index.remove([3])
    index.pause([4])
    return index.path


@pytest.mark.parametrize("which", ["segment", "journal"])
def test_a_flipped_bit_in_any_byte_of_a_small_index_is_found_or_harmless(small, which):
    target = small if which == "segment" else journal_path(small)
    data, right = target.read_bytes(), answers(small)
    rng = np.random.default_rng(1)
    step = 1 if which == "journal" else 3  # of the segment every third byte; 10,000 places follow below
    wrong = [
        place
        for place in range(0, len(data), step)
        if not is_found_or_harmless(small, target, data, place, int(rng.integers(8)), right)
    ]
    assert wrong == []


def test_ten_thousand_flipped_bits_of_a_larger_index_are_found(tmp_path):
    index = Index.build(tmp_path / "large.index", uniform(6000))
    index.add(uniform(500, seed=2))
    rng = np.random.default_rng(2)
    for target, share in ((index.path, 9_000), (journal_path(index.path), 1_000)):
        data = target.read_bytes()
        for place, bit in zip(
            rng.integers(0, len(data), share).tolist(), rng.integers(0, 8, share).tolist(), strict=True
        ):
            with_flipped(target, data, place, bit)
            with pytest.raises(IndexRefused):
                Index.open(index.path, verify=True)
            with target.open("r+b") as stream:
                stream.seek(place)
                stream.write(data[place : place + 1])


def test_a_damaged_length_of_a_record_is_no_unfinished_record(tmp_path):
    index = Index.build(tmp_path / "j.index", uniform(3))
    index.add(uniform(2, seed=1))
    index.add(uniform(2, seed=2))
    data = bytearray(journal_path(index.path).read_bytes())
    data[HEAD.size + 16 + 5] ^= 1  # the length of the first record's payload, by a terabyte
    journal_path(index.path).write_bytes(data)
    with pytest.raises(IndexRefused, match=f"record at {HEAD.size}"):
        Index.open(index.path)
    journal_path(index.path).write_bytes(data[: HEAD.size + 20])
    assert len(Index.open(index.path)) == 3, "a record that is not whole yet is no damage"


@pytest.fixture
def large(tmp_path, monkeypatch):
    """An index that counts as a large one: it is opened before its checksums are computed."""
    path = Index.build(tmp_path / "big.index", uniform(2000), banded_from=0).path
    monkeypatch.setattr(layout, "ALWAYS_VERIFIED_BYTES", 1000)
    return path


def damaged(path, section):
    row = layout.open_segment(path, verify=False).sections[section]
    with path.open("r+b") as stream:  # in place: whoever has it mapped would not survive that it gets shorter
        stream.seek(row["offset"])
        stream.write(bytes(row["bytes"]))


def test_a_large_index_is_verified_after_it_was_opened(large, monkeypatch):
    held, sums = [], index_checking.check_sums
    monkeypatch.setattr(index_checking, "check_sums", lambda segment, is_wanted: held.append((segment, is_wanted)))
    index = Index.open(large)
    index._checked._done.clear()
    assert index.info()["checksums"] == "unverified"
    assert len(index.search(uniform(5), 0)) == 5
    monkeypatch.setattr(index_checking, "check_sums", sums)
    again = Index.open(large)
    assert again.wait_verified(60) == "verified"
    assert again.info()["checksums"] == "verified"


@pytest.mark.parametrize("section", ["rows", "following", "codes"])
def test_damage_found_after_opening_takes_the_index_out(large, section):
    damaged(large, section)
    index = Index.open(large)
    assert index.wait_verified(60) == "damaged"
    assert index.damage is not None
    assert index.damage.field == f"section {section}"
    for ask in (
        lambda: index.search(uniform(5), 31),
        lambda: index.search_softly(uniform(1), np.ones((1, 256))),
        lambda: index.add(uniform(1)),
        lambda: Index.open(large).merge(),
    ):
        with pytest.raises(IndexRefused, match=f"section {section}"):
            ask()


def test_a_segment_that_takes_its_place_is_verified_anew(large):
    index = Index.open(large)
    assert index.wait_verified(60) == "verified"
    other = Index.open(large)
    other.add(uniform(3, seed=4))
    other.merge()
    damaged(large, "codes")
    assert index.refresh()
    assert index.wait_verified(60) == "damaged"


def journal_of_version_1(path, records):
    """Write a journal as it was before heads of records had checksums."""
    generation = layout.open_segment(path).generation
    head = struct.pack("<8sIII16s16s", MAGIC, 1, BYTE_ORDER, 256, bytes.fromhex(generation), os.urandom(16))
    out = head + CHECK.pack(zlib.crc32(head))
    for record in records:
        packed = record.pack()
        body = packed[: RECORD.size] + packed[RECORD.size + CHECK.size : -CHECK.size]
        out += body + CHECK.pack(zlib.crc32(body))
    journal_path(path).write_bytes(out)


def test_a_journal_of_the_version_before_is_read_and_written_anew_by_the_first_change(tmp_path):
    from leeward.matching.index.journal import ADD, REMOVE, Record

    path = Index.build(tmp_path / "old.index", uniform(5)).path
    new = uniform(2, seed=7)
    records = [Record(ADD, 0, np.array([5, 6], np.uint64), new), Record(REMOVE, 0, np.array([1], np.uint64))]
    journal_of_version_1(path, records)
    reader = Index.open(path)
    assert len(reader) == 6
    writer = Index.open(path)
    assert writer.add(uniform(1, seed=8)).tolist() == [7]
    assert struct.unpack_from("<I", journal_path(path).read_bytes(), 8) == (2,)
    assert reader.refresh()
    for index in (reader, writer, Index.open(path)):
        assert len(index) == 7
        assert index.search(new, 0).id.tolist() == [5, 6]
        assert len(index.search(uniform(5)[1], 0)) == 0


def test_leftovers_of_a_killed_merge_go_at_the_next_start_and_nothing_else(tmp_path):
    index = Index.build(tmp_path / "k.index", uniform(3))
    index.add(uniform(1, seed=1))
    left = [tmp_path / ".k.index.0a0a0a0a.new", tmp_path / ".k.index.changes.0b0b0b0b.new"]
    for path in left:
        path.write_bytes(b"half")
    others = tmp_path / ".other.index.0a0a0a0a.new"
    others.write_bytes(b"not ours")
    busy = tmp_path / ".k.index.0c0c0c0c.new"
    busy.write_bytes(b"being written")
    with busy.open("r+b") as stream:
        fcntl.flock(stream, fcntl.LOCK_EX)
        assert len(Index.open(index.path)) == 4
        assert not any(path.exists() for path in left)
        assert busy.exists()
    assert others.exists()
    Index.build(index.path, uniform(2))
    assert not busy.exists()


FULL = """
import resource, signal, sys
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]), int(sys.argv[1])))
from leeward.cli.main import main
sys.argv = ["leeward", *sys.argv[2:]]
sys.exit(main())
"""


@pytest.mark.parametrize("act", ["add", "merge", "build"])
def test_a_disk_that_is_full_gets_one_sentence_and_loses_nothing(tmp_path, act):
    """A limit on the size of files stands for the disk: the write fails in the same place."""
    index = Index.build(tmp_path / "f.index", uniform(40))
    index.add(uniform(900, seed=1))
    before = answers(index.path)
    codes = tmp_path / "codes.txt"
    codes.write_text("\n".join(row.tobytes().hex() for row in uniform(2000, seed=3)))
    limit = index.path.stat().st_size + (10_000 if act == "merge" else 40_000)
    command = {
        "add": ["index", "add", str(index.path), str(codes)],
        "merge": ["index", "merge", str(index.path)],
        "build": ["index", "build", str(codes), "--out", str(index.path)],
    }[act]
    done = subprocess.run(
        [sys.executable, "-c", FULL, str(limit), *command], capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == 2, done.stderr
    assert "Traceback" not in done.stderr
    assert f"{index.path} can't be written: file too large" in done.stderr.replace("\n", " ").lower()
    assert answers(index.path) == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["codes.txt", "f.index", "f.index.changes"]


def test_the_command_says_whether_an_index_is_whole(large):
    def run(*words):
        program = "import sys; from leeward.cli.main import main; sys.exit(main())"
        command = [sys.executable, "-c", program, "index", *words]
        return subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)

    good = run("verify", str(large))
    assert (good.returncode, good.stdout.strip()) == (0, f"{large}: every checksum is right, 2000 entries")
    damaged(large, "codes")
    bad = run("verify", str(large))
    assert bad.returncode == 1
    assert "section codes" in bad.stderr
