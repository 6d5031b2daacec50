"""Decides whether the current content is the same as before. Pure."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from leeward.hosting.rules.text_print import has_same_text

SAME_PICTURE_BITS = 31
LEAST_QUALITY = 50  # below this, PDQ says nothing: plain areas look alike
LEAST_SIDE = 100  # smaller pictures are decoration
GONE_STATUS = frozenset({404, 410})


@dataclass(frozen=True, slots=True)
class Print:
    """The compared properties of one file."""

    sha256: str
    pdq: str = ""
    pdq_quality: int = 0
    side: int = 0  # the shorter side in pixels; 0 if unknown (a video)


@dataclass(frozen=True, slots=True)
class Content:
    """What a visit saw: the page's hash, the fingerprint of its words, its files."""

    sha256: str
    text_print: str = ""
    files: tuple[Print, ...] = ()


def compare(before: Content, now: Content) -> tuple[str, int | None]:
    """Return "same" or "changed", and the smallest distance in bits between pictures of both visits (None without
    pictures).

    A page that showed files is the same while it shows one of them, or one that looks like it. Small pictures count
    only if there were no others, since a site keeps its logo when it removes what was reported. A page without files is
    the same while its words are nearly the same, a single file only with the same bytes or the same appearance.
    """
    ours = _that_matter(before.files)
    nearest = _nearest(_pdqs(ours), _pdqs(now.files))
    if ours:
        is_same = bool({one.sha256 for one in ours} & {one.sha256 for one in now.files})
        is_same = is_same or (nearest is not None and nearest <= SAME_PICTURE_BITS)
    else:
        is_same = before.sha256 == now.sha256 or has_same_text(before.text_print, now.text_print)
    return "same" if is_same else "changed", nearest


def _that_matter(files: Sequence[Print]) -> list[Print]:
    large = [one for one in files if one.side == 0 or one.side >= LEAST_SIDE]
    return large or list(files)


def _pdqs(files: Collection[Print]) -> list[int]:
    return [int(one.pdq, 16) for one in files if one.pdq and one.pdq_quality >= LEAST_QUALITY]


def _nearest(ones: Collection[int], others: Collection[int]) -> int | None:
    return min(((one ^ other).bit_count() for one in ones for other in others), default=None)
