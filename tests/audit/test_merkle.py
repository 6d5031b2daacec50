"""The tree alone, against the published vectors (`tests/vectors/log`) and against the definition in RFC 6962."""

import base64
import hashlib
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leeward.audit.rules import merkle, tiles

VECTORS = Path(__file__).parent.parent / "vectors" / "log"
TREE = json.loads((VECTORS / "tree.json").read_text())
LEAVES = [merkle.leaf_hash(f"row {number}".encode()) for number in range(1000)]


def unb(text: str) -> bytes:
    return base64.b64decode(text)


def defined(leaves: list[bytes]) -> bytes:
    """MTH of RFC 6962, word for word."""
    if not leaves:
        return hashlib.sha256().digest()
    if len(leaves) == 1:
        return leaves[0]
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return merkle.node_hash(defined(leaves[:split]), defined(leaves[split:]))


def node_at(level: int, number: int) -> bytes:
    return defined(LEAVES[number << level : (number + 1) << level])


def peaks_of(size: int) -> merkle.Peaks:
    peaks: merkle.Peaks = ()
    for at in range(size):
        peaks = merkle.appended(at, peaks, LEAVES[at])
    return peaks


def test_roots_are_the_published_ones() -> None:
    assert len(TREE["roots"]) == 25
    for size, root in TREE["roots"].items():
        assert merkle.root_of(peaks_of(int(size))) == unb(root)
    for size, peaks in TREE["frontiers"].items():
        assert [each.hex() for each in peaks_of(int(size))] == peaks


def test_proofs_are_the_published_ones() -> None:
    for case in TREE["inclusion"]:
        made = merkle.inclusion_proof(case["index"], case["size"], node_at)
        assert [base64.b64encode(each).decode() for each in made] == case["proof"]
    for case in TREE["consistency"]:
        made = merkle.consistency_proof(case["old"], case["new"], node_at)
        assert [base64.b64encode(each).decode() for each in made] == case["proof"]
    assert len(TREE["inclusion"]) == 23
    assert len(TREE["consistency"]) == 17


@pytest.mark.parametrize("case", TREE["bad"], ids=lambda case: case["why"])
def test_bad_proofs_are_refused(case: dict) -> None:
    proof = [unb(each) for each in case["proof"]]
    if case["kind"] == "consistency":
        roots = unb(case["old_root"]), unb(case["new_root"])
        assert not merkle.is_continued(case["old"], case["new"], *roots, proof)
    else:
        leaf = bytes.fromhex(case["leaf"])
        assert not merkle.is_included(case["index"], case["size"], leaf, proof, unb(case["root"]))


def test_an_inner_node_passes_only_where_the_size_is_not_taken_from_the_checkpoint() -> None:
    trap = TREE["trap"]
    leaf, proof = bytes.fromhex(trap["leaf"]), [unb(each) for each in trap["proof"]]
    assert merkle.is_included(trap["index"], trap["size"], leaf, proof, unb(trap["root"]))
    assert not merkle.is_included(trap["index"], 13, leaf, proof, unb(trap["root"]))


@given(st.integers(1, 70), st.data())
def test_each_row_is_proven_and_no_other_passes_for_it(size: int, data: st.DataObject) -> None:
    index = data.draw(st.integers(0, size - 1))
    proof = merkle.inclusion_proof(index, size, node_at)
    root = defined(LEAVES[:size])
    assert merkle.is_included(index, size, LEAVES[index], proof, root)
    other = data.draw(st.integers(0, size + 2).filter(lambda number: number != index))
    assert not merkle.is_included(other, size, LEAVES[index], proof, root)
    assert not merkle.is_included(index, size, LEAVES[size], proof, root)
    if proof:
        assert not merkle.is_included(index, size, LEAVES[index], proof[:-1], root)
    assert not merkle.is_included(index, size, LEAVES[index], [*proof, root], root)


@given(st.integers(0, 70), st.integers(0, 70))
def test_growth_is_proven_and_a_fork_is_not(old: int, more: int) -> None:
    new = old + more
    proof = merkle.consistency_proof(old, new, node_at)
    roots = defined(LEAVES[:old]), defined(LEAVES[:new])
    assert merkle.is_continued(old, new, *roots, proof)
    if old:
        rewritten = defined([LEAVES[999], *LEAVES[1:new]])
        assert not merkle.is_continued(old, new, roots[0], rewritten, proof)
        assert not merkle.is_continued(old, new, rewritten, roots[1], proof)
    assert not merkle.is_continued(old, new, *roots, [*proof, roots[1]])
    if more:
        assert not merkle.is_continued(new, old, roots[1], roots[0], proof)


def test_what_can_not_be_proven_is_refused() -> None:
    for index, size in ((-1, 3), (3, 3), (0, 0)):
        with pytest.raises(ValueError, match="no leaf"):
            merkle.inclusion_proof(index, size, node_at)
    for old, new in ((4, 3), (-1, 3)):
        with pytest.raises(ValueError, match="can't continue"):
            merkle.consistency_proof(old, new, node_at)


def test_tiles_are_the_published_ones() -> None:
    published = json.loads((VECTORS / "tiles.json").read_text())
    for each in published["paths"]:
        path = tiles.path_of(each["level"], each["index"], each["width"])
        assert path == each["path"]
        assert tiles.tile_in(path) == (each["level"], each["index"], each["width"])
    for wrong in (
        *("", "tile", "tile/0", "tile/0/1", "tile/0/x001", "tile/0/x01/000", "tile/0/001/000", "tile/0/x001/x000"),
        *("tile/0/x000/001", "tile/0/a", "tile/0/\u0663\u0663\u0663", "tile/0/x001//000", "tile/00/000", "tile/-1/000"),
        *("tile/0/000.p/256", "tile/0/000.p/01", "tile/0/000.p/", "tile/0/000.p/1.p/1", "roof/0/000", "tile/x/000"),
    ):
        assert tiles.tile_in(wrong) is None
    leaves = [merkle.leaf_hash(f"row {number}".encode()) for number in range(256 * 18)]
    level_1 = [tiles.root_in(leaves[at : at + 256]) for at in range(0, len(leaves), 256)]
    assert level_1[0] == unb(TREE["roots"]["256"])
    shas = {each["path"]: each["sha256"] for each in published["tiles"]}
    first = b"".join(leaves[:256])
    assert hashlib.sha256(first).hexdigest() == shas[tiles.path_of(0, 0)]
    assert tiles.hashes_in(first) == leaves[:256]
    assert tiles.root_in([]) == merkle.EMPTY_ROOT
