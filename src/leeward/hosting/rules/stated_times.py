"""How far a clock is from what others say the time is: each is one voice, and one that lies is outvoted."""

from collections.abc import Collection

AGREE_SECONDS = 60.0
LEAST = 2

type Ahead = tuple[float, float]
"""By how many seconds a clock is ahead of another, at least and at most."""


def ahead_by(voices: Collection[Ahead]) -> float | None:
    """Return by how many seconds a clock is ahead of the others, by what at least two of them and more than half say within a minute
    of each other; None where they don't agree, or too few told."""

    def agree(seconds: float) -> int:
        return sum(least - AGREE_SECONDS <= seconds <= most + AGREE_SECONDS for least, most in voices)

    ends = sorted({end for voice in voices for end in voice}, key=abs)
    if not ends:
        return None
    best = max(ends, key=agree)  # the nearest of those that as many support
    return best if agree(best) >= max(LEAST, len(voices) // 2 + 1) else None
