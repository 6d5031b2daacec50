"""Digests of the bytes: known values, both ed2k conventions, trees at their edges, any way of feeding them."""

import hashlib
import io
import shutil
import subprocess

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leeward.matching.hashing import ALL_DIGESTS, Digester, digest_stream, rhash
from leeward.matching.hashing import tiger as hashing_tiger
from leeward.matching.hashing.bittorrent import PieceRoot
from leeward.matching.hashing.digests import tiger_tree
from leeward.matching.hashing.edonkey import BLOCK_BYTES, PART_BYTES
from leeward.matching.hashing.tiger import TigerTree, tables, tiger

PATTERN = hashlib.shake_256(b"leeward").digest(1 << 16)


def content(size):
    return (PATTERN * (size // len(PATTERN) + 1))[:size]


def test_the_empty_file():
    found = digest_stream(io.BytesIO())
    assert found.md5 == "d41d8cd98f00b204e9800998ecf8427e"
    assert found.sha1 == "da39a3ee5e6b4b0d3255bfef95601890afd80709"
    assert found.ed2k == found.ed2k_alt == "31d6cfe0d16ae931b73c59d7e0c089c0"
    assert found.aich == "3I42H3S6NNFQ2MSVX7XZKYAYSCX5QBYJ"
    assert found.tth == "LWPNACQDBZRYXW3VHJVCJ64QBZNGHOHHHZWCLNQ"
    assert found.bt2 is None


def test_tigers_tables_and_test_vectors():
    boxes = tables()
    assert int(boxes[0, 0]) == 0x02AAB17CF7E90C5E
    for text, expected in ((b"", "3293ac630c13f0245f92bbb1766e16167a4e58492dde73f3"), (b"abc", "2aab1484e8c158f2")):
        block = (text + b"\x01").ljust(56, b"\0") + (8 * len(text)).to_bytes(8, "little")
        words = np.frombuffer(block, np.uint64).reshape(1, 1, 8)
        assert tiger(words, boxes).tobytes().hex().startswith(expected)


def test_tables_and_trees_are_the_same_without_numba(monkeypatch):
    fast = tables().copy()
    tree = digest_stream(io.BytesIO(content(3_000_001)), ["tth"]).tth
    monkeypatch.setattr(hashing_tiger, "compiled", lambda name: None)
    hashing_tiger.tables.cache_clear()
    assert (tables() == fast).all()
    assert digest_stream(io.BytesIO(content(3_000_001)), ["tth"]).tth == tree
    hashing_tiger.tables.cache_clear()


@pytest.mark.parametrize("pieces", [[0], [1], [1023, 1], [1024], [1025], [700_000, 3, 1 << 20], [3_000_001]])
def test_the_systems_tiger_tree_is_ours(pieces):
    found = rhash.library()
    if found is None:
        pytest.skip("no librhash: apt-get install librhash1")
    ours, theirs = TigerTree(), rhash.RHashTree(found)
    for size in pieces:
        ours.update(content(size))
        theirs.update(content(size))
    assert theirs.digest() == ours.digest()


@pytest.mark.parametrize("names", [("libnothing-of-this-name.so.9",), ("libm.so.6",)])
def test_without_the_systems_library_the_tree_is_ours(names, monkeypatch):
    tree = digest_stream(io.BytesIO(content(3_000_001)), ["tth"]).tth
    monkeypatch.setattr(rhash, "NAMES", names)
    rhash.library.cache_clear()
    assert rhash.library() is None
    assert isinstance(tiger_tree(), TigerTree)
    assert digest_stream(io.BytesIO(content(3_000_001)), ["tth"]).tth == tree
    rhash.library.cache_clear()


def test_a_library_that_answers_otherwise_is_not_used(monkeypatch):
    monkeypatch.setattr(rhash, "_KNOWN", bytes(24))
    rhash.library.cache_clear()
    assert rhash.library() is None
    rhash.library.cache_clear()


EDGES = [0, 1, 1023, 1024, 1025, BLOCK_BYTES, BLOCK_BYTES + 1, 1 << 20, (1 << 20) * 3 + 1]
PARTS = [
    PART_BYTES - 1,
    PART_BYTES,
    PART_BYTES + 1,
    2 * PART_BYTES,
    2 * PART_BYTES + 7,
    5 * PART_BYTES + 3 * BLOCK_BYTES,
]


@pytest.mark.skipif(shutil.which("rhash") is None, reason="the program rhash is not installed")
@pytest.mark.parametrize("size", EDGES + PARTS)
def test_digests_agree_with_rhash(tmp_path, size):
    (tmp_path / "file").write_bytes(content(size))
    found = digest_stream(io.BytesIO(content(size)))
    form = "%{md5} %{ed2k} %{aich} %{tth}"
    command = ["rhash", "--md5", "--ed2k", "--aich", "--tth", "-p", form, str(tmp_path / "file")]
    md5, ed2k, aich, tth = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
    assert (found.md5, found.ed2k) == (md5, ed2k)
    assert found.sha512 == hashlib.sha512(content(size)).hexdigest()
    assert (found.aich, found.tth) == (aich.upper(), tth.upper())
    assert (found.ed2k != found.ed2k_alt) == (size > 0 and size % PART_BYTES == 0)


def test_known_values_of_a_part_and_a_tree():
    part = digest_stream(io.BytesIO(bytes(PART_BYTES)))
    assert part.ed2k == "fc21d9af828f92a8df64beac3357425d"
    assert part.ed2k_alt == "d7def262a127cd79096a108e7a9fc138"
    two = digest_stream(io.BytesIO(bytes(2 * PART_BYTES)))
    assert two.ed2k == "114b21c63a74b6ca922291a11177dd5c"
    assert two.ed2k_alt == "194ee9e4fa79b2ee9f8829284c466051"


@pytest.mark.parametrize("size", [1, 16_383, 16_384, 16_385, 40_000, 300_000, 16_384 * 8, 16_384 * 9 + 1])
def test_piece_roots_agree_with_libtorrent(tmp_path, size):
    libtorrent = pytest.importorskip("libtorrent")
    (tmp_path / "file").write_bytes(content(size))
    storage = libtorrent.file_storage()
    libtorrent.add_files(storage, str(tmp_path / "file"))
    torrent = libtorrent.create_torrent(storage, 0, libtorrent.create_torrent_flags_t.v2_only)
    libtorrent.set_piece_hashes(torrent, str(tmp_path))
    layout = libtorrent.load_torrent_buffer(libtorrent.bencode(torrent.generate())).ti.layout()
    assert digest_stream(io.BytesIO(content(size)), ["bt2"]).bt2 == str(layout.root(0))


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(0, 700_000), max_size=8))
def test_pieces_of_any_size_give_the_same_digests(sizes):
    digester = Digester()
    for size in sizes:
        digester.update(content(size))
    whole = b"".join(content(size) for size in sizes)
    assert digester.digests() == digest_stream(io.BytesIO(whole))


@pytest.mark.parametrize("name", ALL_DIGESTS)
def test_only_what_is_asked_for_is_computed(name):
    found = digest_stream(io.BytesIO(b"some bytes"), [name])
    given_names = [other for other in ALL_DIGESTS if getattr(found, other) is not None]
    assert given_names == [name]


def test_trees_take_memory_for_one_batch_only():
    tree, root = TigerTree(), PieceRoot()
    for _ in range(40):
        tree.update(content(1 << 20))
        root.update(content(1 << 20))
    assert len(tree._roots) <= 6
    assert len(tree.digest()) == 24
    assert len(root.digest()) == 32
