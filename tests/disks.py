"""Where a test finds a disk that isn't the one of the data: which one that is depends on where the tests write."""

from pathlib import Path

import pytest

PLACES = (Path("/dev/shm"), Path("/tmp"), Path("/var/tmp"), Path(__file__).parent)


def another_disk(data: Path) -> Path:
    """Return a folder on another disk than the data's."""
    for place in PLACES:
        if place.is_dir() and place.stat().st_dev != data.stat().st_dev:
            return place
    pytest.skip("this machine has one disk only")
