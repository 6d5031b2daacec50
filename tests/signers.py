"""The signer in a test's own process: that the line to another one is the same, `tests/audit/test_tree.py` shows."""

import json
from pathlib import Path

import pytest

from leeward.audit.errors import SignerRefused
from leeward.audit.signer.state import Signer, answered
from leeward.audit.tree import signing


def signing_here(monkeypatch: pytest.MonkeyPatch, folder: Path) -> Signer:
    """Let this process's signer be the one in a folder, new or not."""
    here = Signer(folder)

    def answer(request: dict) -> dict:
        given = answered(here, json.loads(json.dumps(request)))
        if "refused" in given:
            raise SignerRefused(why=given["refused"], size=given["size"], root=given.get("root"))
        return given

    signing._keys.cache_clear()
    monkeypatch.setattr(signing, "folder", lambda: folder)
    monkeypatch.setattr(signing, "_answer", answer)
    return here
