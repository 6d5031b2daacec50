"""A video as strips of small grey pictures, in memory: one every ten seconds, without sound, on pages of a few minutes each. Nothing
is written anywhere; the video is decoded in a child process."""

from dataclasses import dataclass

from leeward.foundation import sandbox

LIMITS = sandbox.Limits(seconds=14, wait_seconds=4)  # the decoder stops by itself after twelve


@dataclass(frozen=True, slots=True)
class Strip:
    """One page of a video's pictures as one grey PNG: how many it shows, how long the video is, how many pages there
    are, and whether it stopped early because the file is damaged or took too long."""

    png: bytes
    frames: int
    seconds: float
    pages: int
    is_cut: bool


def strip_of(
    body: bytes, *, width: int, blurred: bool, part: float = 1.0, page: int = 1
) -> Strip | sandbox.Finding | None:
    """Return a page of a video's strip, `width` pixels wide, or None if no picture of it can be decoded. `part` (0 to
    1) shows the pictures of that much of the page, from its start. Never raises because of what the bytes are."""
    found = sandbox.call(
        "leeward.hosting.decoders.strips:strip", body, LIMITS, width=width, blurred=blurred, part=part, page=page
    )
    return Strip(**found) if isinstance(found, dict) else found
