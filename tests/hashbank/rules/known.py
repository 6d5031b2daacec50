"""A record of the bank as a match finds it."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from leeward.hashbank.records.rows import Known

_KNOWN = Known(
    record_id=7, match="known", distance_bits=3, kinds=("sha256",), hash_ids=(1,), bank="own", banks=("own",),
    is_harmless=False, is_same_file=True, state="confirmed", is_baseline=True, media="picture", facts={},
    classification={"uk": "B"}, labels=("IWF: B",), series="", victim_status="identified", offender_status="charged",
    outcome="rescued", first_seen=datetime(2026, 3, 4, 23, tzinfo=UTC), last_seen=datetime(2026, 5, 6, tzinfo=UTC),
    may_decide=True, says={"confirm": 2},
)  # fmt: skip


def known(**changes: Any) -> Known:
    """The same file as record 7, confirmed, with these changes."""
    return replace(_KNOWN, **changes)
