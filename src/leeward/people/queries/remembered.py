"""What every public page of a portal asks for is remembered for a moment: it changes a few times a year."""

import time
from collections.abc import Callable, Hashable
from typing import cast

# Other processes of the installation see a change after this delay; the process that made it, at once.
KEPT_SECONDS = 1.0
MOST_KEPT = 500

_kept: dict[Hashable, tuple[float, object]] = {}


def remembered[Value](key: Hashable, look_up: Callable[[], Value]) -> Value:
    """Return what was looked up under this key within the last second, else what is looked up now."""
    found = _kept.get(key)
    if found is not None and found[0] > time.monotonic():
        return cast("Value", found[1])
    value = look_up()
    if len(_kept) >= MOST_KEPT:
        _kept.clear()
    if KEPT_SECONDS:
        _kept[key] = (time.monotonic() + KEPT_SECONDS, value)
    return value


def forget() -> None:
    """Clear the memory."""
    _kept.clear()
