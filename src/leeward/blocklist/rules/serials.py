"""Serial numbers that go round (RFC 1982, 32 bits), as zones carry them."""

_SIZE = 1 << 32
_HALF = 1 << 31
MAX_STEP = _HALF - 1


def is_newer(one: int, other: int) -> bool:
    """Whether `one` is later than `other`; False for equal ones and for two that are half the circle apart."""
    return 0 < (one - other) % _SIZE < _HALF


def next_serial(serial: int) -> int:
    """Return the serial after this one; 0 is left out because some servers take it for none."""
    return (serial + 1) % _SIZE or 1
