"""A machine that answers for the installation and has no signer: the API's, where that is one of its own."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.test import Client

from leeward.audit.models import KeyPrint
from leeward.audit.tree import signing
from leeward.foundation.actor import SYSTEM
from leeward.witnessing.models import WatchedLog
from leeward.witnessing.services import watch_log
from tests.audit.test_notes import LOG_KEY, REQUESTS

NOW = datetime(2026, 11, 28, 12, 0, tzinfo=UTC)


@pytest.mark.django_db
def test_it_makes_no_second_key_by_which_others_would_be_cosigned(
    client: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They know the key of the signer elsewhere, and would take a line by this one for nobody's."""
    monkeypatch.setattr(signing, "folder", lambda: tmp_path / "signer")
    signing._keys.cache_clear()
    KeyPrint.objects.create(name="log.key", print="of the signer elsewhere", kept_at=NOW)
    watch_log(LOG_KEY.text, actor=SYSTEM, now=NOW)
    body = next(case["request"] for case in REQUESTS["cases"] if case["spec"] == 200)
    answer = client.post("/witness/add-checkpoint", body, content_type="text/plain")
    assert (answer.status_code, answer.content) == (503, b"try later\n")
    assert WatchedLog.objects.get().size == 0
    assert not (tmp_path / "signer").exists()
