"""Serial numbers of zones, which wrap around (RFC 1982, 32 bits)."""

_SIZE = 1 << 32
_HALF = 1 << 31
MAX_STEP = _HALF - 1


def is_newer(one: int, other: int) -> bool:
    """Return whether `one` is later than `other`; False if they are equal or half the circle apart."""
    return 0 < (one - other) % _SIZE < _HALF


def next_serial(serial: int) -> int:
    """Return the next serial; 0 is skipped because some servers treat it as none."""
    return (serial + 1) % _SIZE or 1
