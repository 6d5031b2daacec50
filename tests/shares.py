"""Which of the long tests a whole run takes: a third of the files that have any, by the commit, so that each is run every third commit or so.

They drive browsers, start whole installations and kill them, and together take longer than all the others. `LEEWARD_TEST_SHARE=all` runs all
of them, as do tests that are named; the demonstration and the short run of faults are part of each.
"""

import os

import pytest

SHARE = "LEEWARD_TEST_SHARE"  # "all", or which third: "0", "1" or "2"
SHARES = 3
EACH_TIME = {"tests/journeys/test_demo.py", "tests/chaos/test_short.py"}


def left_to_others(items: list[pytest.Item], is_long: dict[pytest.Item, bool]) -> set[pytest.Item]:
    """Return the tests that another share takes."""
    share = os.environ.get(SHARE, "all")
    if share == "all":
        return set()
    files = sorted({file_of(item) for item in items if is_long[item]} - EACH_TIME)
    mine = {*EACH_TIME, *files[int(share) % SHARES :: SHARES]}
    return {item for item in items if is_long[item] and file_of(item) not in mine}


def share_of(commit: str) -> str:
    """Return the share that a commit's runs take; "all" where there is no commit."""
    return str(int(commit[:8], 16) % SHARES) if commit else "all"


def file_of(item: pytest.Item) -> str:
    """The file that a test stands in."""
    return item.nodeid.partition("::")[0]
