"""An installation of its own whose words have no key yet, in a data directory of a test's own."""

from pathlib import Path

import pytest
from django.conf import settings

from leeward.sealing import keys
from tests.casework.conftest import desk, running_world, world

__all__ = ["desk", "running_world", "world"]


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The data directory, with no key in it."""
    monkeypatch.setattr(settings, "LEEWARD", settings.LEEWARD.model_copy(update={"data": tmp_path}))
    monkeypatch.setattr(keys._Held, "given", "")
    monkeypatch.setattr(keys._Held, "allowed", True)
    return tmp_path
