"""Remove the scans of a progressive JPEG that its luma at a reduced size does not need; they cost most of the decoding
time.

Scans of colour alone change no luma: the decoded luma is the same bit for bit. Scans of fine detail alone (coefficients
from the 6th on at a quarter, all but the mean at an eighth) hardly change a pixel at that size; on our photographs the
hash moved by 2 bits at most. Segments: ITU-T T.81, annex B.
"""

from leeward.foundation.patterns import Pattern

_MARKER = Pattern(rb"\xff+[\x01-\xcf\xd8-\xfe]")
_FILL = Pattern(rb"\xff+")
_START, _END, _SCAN, _PROGRESSIVE, _ADOBE = 0xD8, 0xD9, 0xDA, 0xC2, 0xEE
_YCBCR = b"\x01\x02\x03"
_FIRST_UNNEEDED = {8: 1, 4: 6}
"""By reduction factor: the first coefficient that no pixel needs."""


def without_unneeded_scans(data: bytes, reduced_by: int) -> bytes | None:
    """Return a progressive YCbCr JPEG with only the scans needed for luma at 1/`reduced_by` of its size.

    None for any other kind of JPEG and for an unusual structure; such a file is decoded as it is.
    """
    if data[:2] != bytes((0xFF, _START)):
        return None
    parts = [data[:2]]
    place = 2
    luma: int | None = None
    while True:
        marker, place = _next_marker(data, place)
        if marker == _END:
            return b"".join([*parts, bytes((0xFF, _END))]) if luma is not None else None
        size = int.from_bytes(data[place : place + 2])
        segment = data[place : place + size]
        if marker is None or size < 2 or len(segment) < size:
            return None
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            luma = _luma_of(marker, segment)
            if luma is None:
                return None
        if marker == _ADOBE and segment[2:7] == b"Adobe" and segment[-1:] != b"\x01":
            return None
        end = place + size
        if marker == _SCAN:
            following = _MARKER.search(data, end)
            if following is None or luma is None:
                return None
            end = following.start()
            if not _is_needed(segment, luma, reduced_by):
                place = end
                continue
        parts.append(bytes((0xFF, marker)) + data[place:end])
        place = end


def _next_marker(data: bytes, place: int) -> tuple[int | None, int]:
    """Return the marker at this place and the place after it."""
    fill = _FILL.match(data, place)
    if fill is None:
        return None, place
    place = fill.end()
    return (data[place], place + 1) if place < len(data) else (None, place)


def _luma_of(marker: int, frame: bytes) -> int | None:
    """Return the id of the luma component of a frame header; None unless it is progressive YCbCr."""
    if marker != _PROGRESSIVE or len(frame) != 17 or frame[7] != 3 or frame[8::3] != _YCBCR:
        return None
    return frame[8]


def _is_needed(scan: bytes, luma: int, reduced_by: int) -> bool:
    components = int.from_bytes(scan[2:3])  # a scan header may be cut off
    ids, first = scan[3 : 3 + 2 * components : 2], scan[3 + 2 * components : 4 + 2 * components]
    if luma not in ids or not first:
        return bool(not first)
    return first[0] < _FIRST_UNNEEDED.get(reduced_by, 64)
