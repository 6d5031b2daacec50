"""Whether a certificate is valid. Pure."""

from datetime import date
from typing import Literal

Standing = Literal["valid", "expired", "revoked"]
REASONS = ("mistake", "name", "cheated", "other")


def standing_on(today: date, valid_until: date | None, *, is_revoked: bool) -> Standing:
    """Return how a certificate stands on a day; `valid_until` is the last day on which it is valid."""
    if is_revoked:
        return "revoked"
    return "expired" if valid_until is not None and valid_until < today else "valid"
