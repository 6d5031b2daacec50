"""The environment of every test run; loaded before Django's settings are (`-p tests.environment` in pyproject.toml)."""

import atexit
import os
import shutil
import tempfile

_KEPT = {"LEEWARD_CHROMIUM", "LEEWARD_DATABASE_URL", "LEEWARD_REFERENCE_DATA", "LEEWARD_TEST_ALL"}
_KEPT |= {"LEEWARD_TEST_FAILED", "LEEWARD_TEST_STATEMENTS", "LEEWARD_TEST_THREATEXCHANGE", "LEEWARD_TEST_UBO"}
_data = tempfile.mkdtemp(prefix="leeward-test-")
atexit.register(shutil.rmtree, _data, ignore_errors=True)

for _name in [name for name in os.environ if name.startswith("LEEWARD_")]:
    if _name not in _KEPT:
        del os.environ[_name]
os.environ["LEEWARD_DATA"] = _data
os.environ["LEEWARD_SECRET"] = "a secret that only tests use"
# All tests ask the same few hosts; those of budgets set their own.
os.environ["LEEWARD_FETCH_REPORT_PER_MINUTE"] = os.environ["LEEWARD_FETCH_HOST_PER_MINUTE"] = "1000000"
os.environ["LEEWARD_UNDO_SECONDS"] = "0"  # the tests of undoing set it themselves
os.environ["LEEWARD_CALLER_REPORTS"] = "1000000"  # all tests come from one address
os.environ["LEEWARD_BASE_URL"] = "http://testserver"
os.environ["DJANGO_SETTINGS_MODULE"] = "leeward.site.settings"
