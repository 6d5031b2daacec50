"""What every test stands on: personas, a browser, the log that may be emptied between tests."""

import os
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings

# No example is timed: a busy machine is no fault. CI repeats the same examples, so that a change is judged by itself; runs by
# hand search at random.
settings.register_profile("by hand", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("ci", settings.get_profile("by hand"), derandomize=True, print_blob=True)
settings.load_profile("ci" if os.environ.get("LEEWARD_TEST_ALL") else "by hand")

pytest_plugins = ["tests.personas", "tests.browser"]


@pytest.fixture(autouse=True, scope="session")
def _log_may_be_emptied() -> Iterator[None]:
    """The database refuses to delete from the log; between transactional tests it has to, so the triggers step aside."""
    from django.db import connection
    from django.test import TransactionTestCase

    from leeward.audit import append_only

    original = TransactionTestCase._fixture_teardown

    def teardown(self: TransactionTestCase) -> None:
        with connection.schema_editor() as editor:
            append_only.allow(editor)
        try:
            original(self)
        finally:
            with connection.schema_editor() as editor:
                append_only.refuse(editor)

    TransactionTestCase._fixture_teardown = teardown  # type: ignore[method-assign]
    yield
    TransactionTestCase._fixture_teardown = original  # type: ignore[method-assign]
