"""Whether what is there now is what was there before. Pure."""

from collections.abc import Collection
from dataclasses import dataclass

SAME_PICTURE_BITS = 31
GONE_STATUS = frozenset({404, 410})


@dataclass(frozen=True, slots=True)
class Content:
    """What a look saw: the page's hash, and the hashes of its files."""

    sha256: str
    file_sha256: frozenset[str]
    file_pdq: tuple[str, ...]


def compare(before: Content, now: Content) -> tuple[str, int | None]:
    """Return "same" or "changed", and the smallest distance between pictures of both looks in bits (None without pictures).

    A page that showed files is the same while it shows one of them, or one that looks like it; a page without files, or a file
    itself, only with the same bytes.
    """
    if before.sha256 and before.sha256 == now.sha256:
        return "same", 0 if before.file_pdq else None
    nearest = _nearest(before.file_pdq, now.file_pdq)
    if before.file_sha256 & now.file_sha256:
        return "same", 0 if nearest is None else nearest
    if nearest is not None and nearest <= SAME_PICTURE_BITS:
        return "same", nearest
    return "changed", nearest


def _nearest(ones: Collection[str], others: Collection[str]) -> int | None:
    distances = [(int(one, 16) ^ int(other, 16)).bit_count() for one in ones for other in others]
    return min(distances, default=None)
