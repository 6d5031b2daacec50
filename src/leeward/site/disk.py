"""Checks the free space and the writability of the data directory."""

import errno
import os
import shutil
import tempfile
from pathlib import Path
from typing import Literal

from leeward.foundation.errors import LeewardError
from leeward.foundation.lazy_text import LazyText as _

LEAST_FREE_BYTES, LEAST_FREE_SHARE = 1_000_000_000, 0.03
FULL_BYTES = 50_000_000
State = Literal["", "disk_low", "disk_full"]


class DataUnusable(LeewardError):
    """The data directory can't be made, or nothing can be written to it."""

    code = "data_unusable"
    sentence = _("Nothing can be written to the data directory {path}: {why}.")
    hint = _(
        "Give it to the user that Leeward runs as (chown, chmod 700), on a disk that is not mounted read-only; or name another with "
        "--data or LEEWARD_DATA."
    )
    status = 503


def state_of(total_bytes: int, free_bytes: int) -> State:
    """Return the state of free space on a disk of this size."""
    if free_bytes < FULL_BYTES:
        return "disk_full"
    return "disk_low" if free_bytes < min(LEAST_FREE_BYTES, total_bytes * LEAST_FREE_SHARE) else ""


def state_where(place: Path) -> State:
    """Return the same for the disk that `place` is on."""
    usage = shutil.disk_usage(place)
    return state_of(usage.total, usage.free)


def state_beside(place: Path, data: Path) -> State:
    """Return the same, or "" where it is the disk of the data, or can't be seen: whatever needs the place says so."""
    try:
        return state_where(place) if place.stat().st_dev != data.stat().st_dev else ""
    except OSError:
        return ""


def why_unwritable(place: Path) -> str:
    """Return the system's error when a file is created there; "" if it works, or if only space is missing."""
    try:
        handle, name = tempfile.mkstemp(prefix=".writable-", dir=place)
        os.close(handle)
        Path(name).unlink()
    except OSError as error:
        return "" if error.errno in (errno.ENOSPC, errno.EDQUOT) else words_of(error)
    return ""


def words_of(error: OSError) -> str:
    """Return the system's error message as part of a sentence."""
    return (error.strerror or str(error)).lower()
