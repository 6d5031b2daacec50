"""Which of the cases that a known file could decide unseen are sampled for a person to look at anyway. Pure."""

import hashlib
import hmac


def is_sampled(reference: str, *, secret: bytes, percent: int) -> bool:
    """Return whether the case is in the sample: the answer is always the same, and nobody outside can predict it."""
    digest = hmac.digest(secret, b"known-sample:" + reference.encode(), hashlib.sha256)
    return int.from_bytes(digest[:8]) % 100 < percent
