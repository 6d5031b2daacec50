"""Room for what is about to be written: on the same disk reports may be stored."""

import shutil
from pathlib import Path

from leeward.foundation.lazy_text import LazyText as _

LEFT_BYTES = 10_000_000  # for those who write meanwhile
_MB = 1_000_000


def why_no_room(folder: Path, size: int) -> _ | None:
    """Return why files of so many bytes don't fit into a folder; None where they do."""
    free, needed = shutil.disk_usage(folder).free, size + LEFT_BYTES
    if free >= needed:
        return None
    return _(
        "{needed} MB are needed in {folder}, and {free} MB are free",
        needed=-(-needed // _MB),
        folder=folder,
        free=free // _MB,
    )
