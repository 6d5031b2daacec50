"""Which cases that a known file could decide unseen a person looks at all the same. Pure."""

import hashlib
import hmac


def is_sampled(reference: str, *, secret: bytes, percent: int) -> bool:
    """Whether the case is one of the sample: the same answer each time, and nobody outside can tell it beforehand."""
    digest = hmac.digest(secret, b"known-sample:" + reference.encode(), hashlib.sha256)
    return int.from_bytes(digest[:8]) % 100 < percent
