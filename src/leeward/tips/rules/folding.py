"""Bundles: tips of one provider about the same file at the same address in one week. Pure.

One item that goes round gives thousands of tips. They are folded into the first; how many there are raises nothing.
"""

import hashlib
from datetime import datetime
from urllib.parse import urlsplit

from leeward.tips.rules.tip import Tip


def fold_of(tip: Tip, *, arrived: datetime) -> str:
    """Return what tips of one bundle have in common; "" for one without a file or an address, which folds with none."""
    hashes = [value for one in tip.files for _kind, value in one.hashes[:1]]
    place = _without_query(tip.addresses[0]) if tip.addresses else ""
    if not hashes and not place:
        return ""
    year, week, _day = arrived.isocalendar()
    parts = (tip.system, tip.provider.casefold(), hashes[0] if hashes else "", place, f"{year}-{week}")
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:32]


def _without_query(address: str) -> str:
    try:
        parts = urlsplit(address)
    except ValueError:
        return address
    return f"{parts.scheme}://{parts.netloc.lower()}{parts.path}" if parts.netloc else address
