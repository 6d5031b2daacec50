"""A pytest plugin (`-p tests.mutants.quick`): only tests that ask for no database, browser or server.

`tools/mutants.py` tries every mutant on these first; what survives is tried again on all tests of the slice.
"""

import pytest

from tests.conftest import LONG_ONES
from tests.on_postgres import touches_database


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out every test that needs more than this process."""
    slow = [item for item in items if touches_database(item) or any(map(item.get_closest_marker, LONG_ONES))]
    config.hook.pytest_deselected(items=slow)
    items[:] = [item for item in items if item not in slow]
