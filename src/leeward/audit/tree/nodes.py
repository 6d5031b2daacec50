"""The tree over a chain's rows: its nodes, read from tiles and, where a tile isn't full yet, from the rows."""

from collections.abc import Callable, Sequence
from functools import lru_cache

from leeward.audit.models import AuditRow, AuditTile, AuditTip
from leeward.audit.rules.merkle import HASH_BYTES, Peaks, leaf_hash, root_of
from leeward.audit.rules.proofs import entry_of, old_nonce
from leeward.audit.rules.tiles import HEIGHT, WIDTH, hashes_in, root_in


def peaks_of(tip: AuditTip) -> Peaks:
    """Return the peaks that a tip holds."""
    raw = bytes(tip.peaks or b"")
    return tuple(raw[at : at + HASH_BYTES] for at in range(0, len(raw), HASH_BYTES))


def root_at(tip: AuditTip) -> bytes:
    """Return the root of the whole tree."""
    return root_of(peaks_of(tip))


def nonce_of(number: int, nonce: str | None, salt: str | None) -> str:
    """Return a row's nonce: its own, or the one that the chain's salt gives a row from before there were any. Raises
    ValueError if there is neither."""
    if nonce is None and not salt:
        raise ValueError(f"row {number} has no nonce, and its chain no salt")
    return nonce if nonce is not None else old_nonce(str(salt), number)


def leaf_of(number: int, row_hash: str, nonce: str | None, salt: str | None) -> bytes:
    """Return a row's leaf."""
    return leaf_hash(entry_of(row_hash, nonce_of(number, nonce, salt)))


def nodes_of(tip: AuditTip) -> Callable[[int, int], bytes]:
    """Return a function that reads the root of a perfect subtree of this tree (see `rules.merkle.NodeAt`). What it has read
    it keeps."""

    @lru_cache(maxsize=128)
    def hashes(level: int, tile: int) -> Sequence[bytes]:
        return tile_hashes(tip, level, tile)

    def node(level: int, number: int) -> bytes:
        height = level % HEIGHT
        tile, place = divmod(number << height, WIDTH)
        return root_in(hashes(level // HEIGHT, tile)[place : place + (1 << height)])

    return node


def tile_hashes(tip: AuditTip, level: int, number: int) -> list[bytes]:
    """Return the hashes of a tile as far as they are there: up to 256."""
    stored = AuditTile.objects.filter(chain=tip.chain, level=level, number=number).values_list("hashes", flat=True)
    if (found := stored.first()) is not None:
        return hashes_in(bytes(found))
    first = number * WIDTH
    if level:
        below = AuditTile.objects.filter(
            chain=tip.chain, level=level - 1, number__gte=first, number__lt=first + WIDTH
        ).order_by("number")
        return [bytes(root) for root in below.values_list("root", flat=True)]
    rows = AuditRow.objects.filter(
        chain=tip.chain, number__gt=first, number__lte=min(first + WIDTH, tip.number)
    ).order_by("number")
    return [leaf_of(*row, tip.salt) for row in rows.values_list("number", "hash", "nonce")]


def make_tiles(tip: AuditTip) -> None:
    """Store the tiles that have become full."""
    width, level = tip.number, 0
    while width >= WIDTH:
        width //= WIDTH
        last = AuditTile.objects.filter(chain=tip.chain, level=level).order_by("-number").first()
        for number in range(last.number + 1 if last else 0, width):
            hashes = tile_hashes(tip, level, number)
            AuditTile.objects.get_or_create(
                chain=tip.chain,
                level=level,
                number=number,
                defaults={"root": root_in(hashes), "hashes": b"".join(hashes)},
            )
        level += 1
