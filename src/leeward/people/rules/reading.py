"""What the second of two people has read: a mark of it comes with their answer, which counts for nothing else."""

from hashlib import sha256

_DIGITS = 32


def mark_of(*parts: object) -> str:
    """Return a mark of what waits for a second person: whose it is and what it says, so that another has another mark."""
    return sha256(repr(parts).encode()).hexdigest()[:_DIGITS]
