"""The Merkle tree over a log's rows: hashes, proofs and how they are checked (RFC 6962, section 2.1; the checks as RFC
9162, sections 2.1.3.2 and 2.1.4.2, word them). Pure.

A hash is 32 bytes. A *perfect* subtree of level L covers 2**L leaves and begins at a multiple of that number. The *peaks*
of a tree are the roots of its perfect subtrees, largest first: one for each 1-bit of its size, and all that is needed to
append to it and to know its root.
"""

import hashlib
from collections.abc import Callable, Sequence

HASH_BYTES = 32
EMPTY_ROOT = hashlib.sha256().digest()

Peaks = tuple[bytes, ...]
NodeAt = Callable[[int, int], bytes]
"""Returns the root of the perfect subtree with this level and number."""


def leaf_hash(entry: bytes) -> bytes:
    """Return the hash of a leaf."""
    return hashlib.sha256(b"\0" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash of an inner node."""
    return hashlib.sha256(b"\1" + left + right).digest()


def appended(size: int, peaks: Peaks, leaf: bytes) -> Peaks:
    """Return the peaks of a tree of `size` leaves after one more leaf."""
    kept, last = list(peaks), leaf
    while size & 1:
        last = node_hash(kept.pop(), last)
        size >>= 1
    return (*kept, last)


def root_of(peaks: Sequence[bytes]) -> bytes:
    """Return the root of the tree that has these peaks."""
    if not peaks:
        return EMPTY_ROOT
    root = peaks[-1]
    for peak in reversed(peaks[:-1]):
        root = node_hash(peak, root)
    return root


def inclusion_proof(index: int, size: int, node_at: NodeAt) -> list[bytes]:
    """Return the proof that the leaf with this index (from 0) is in the tree of `size` leaves, sibling first. Raises
    ValueError if there is no such leaf."""
    if not 0 <= index < size:
        raise ValueError(f"no leaf {index} in a tree of {size}")
    proof: list[bytes] = []
    start, end = 0, size
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            proof.append(_root_between(middle, end, node_at))
            end = middle
        else:
            proof.append(_root_between(start, middle, node_at))
            start = middle
    return proof[::-1]


def consistency_proof(old: int, new: int, node_at: NodeAt) -> list[bytes]:
    """Return the proof that a tree of `new` leaves continues that of its first `old` leaves; empty for 0 and for the
    same size. Raises ValueError if `old` is larger."""
    if not 0 <= old <= new:
        raise ValueError(f"a tree of {new} can't continue one of {old}")
    if old in (0, new):
        return []
    proof: list[bytes] = []
    start, end, is_old_root = 0, new, True
    while old != end:
        middle = start + _split(end - start)
        if old <= middle:
            proof.append(_root_between(middle, end, node_at))
            end = middle
        else:
            proof.append(_root_between(start, middle, node_at))
            start, is_old_root = middle, False
    if not is_old_root:
        proof.append(_root_between(start, end, node_at))
    return proof[::-1]


def is_included(index: int, size: int, leaf: bytes, proof: Sequence[bytes], root: bytes) -> bool:
    """Return whether `proof` shows that `leaf` stands at `index` in the tree of `size` leaves with this root.

    Take the size from a signed checkpoint and hash the entry yourself: an inner node passes as a leaf of a smaller tree.
    """
    if not 0 <= index < size:
        return False
    place, last, made = index, size - 1, leaf
    for beside in proof:
        if last == 0:
            return False
        if place & 1 or place == last:
            made = node_hash(beside, made)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            made = node_hash(made, beside)
        place, last = place >> 1, last >> 1
    return last == 0 and made == root


def is_continued(old: int, new: int, old_root: bytes, new_root: bytes, proof: Sequence[bytes]) -> bool:
    """Return whether `proof` shows that the tree of `new` leaves begins with the tree of `old` leaves."""
    if old == new:
        return not proof and old_root == new_root
    if old == 0:
        return not proof and old_root == EMPTY_ROOT
    if not 0 < old < new or not proof:
        return False
    hashes = list(proof) if old & (old - 1) else [old_root, *proof]
    place, last = old - 1, new - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    made_old = made_new = hashes[0]
    for beside in hashes[1:]:
        if last == 0:
            return False
        if place & 1 or place == last:
            made_old, made_new = node_hash(beside, made_old), node_hash(beside, made_new)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            made_new = node_hash(made_new, beside)
        place, last = place >> 1, last >> 1
    return last == 0 and made_old == old_root and made_new == new_root


def _split(leaves: int) -> int:
    """Return the largest power of two below `leaves` (at least 2)."""
    return 1 << (leaves - 1).bit_length() - 1


def _root_between(start: int, end: int, node_at: NodeAt) -> bytes:
    """Return the root over the leaves from `start` up to `end`; `start` is where a split put it."""
    leaves = end - start
    if leaves & (leaves - 1) == 0:
        level = leaves.bit_length() - 1
        return node_at(level, start >> level)
    middle = start + _split(leaves)
    return node_hash(_root_between(start, middle, node_at), _root_between(middle, end, node_at))
