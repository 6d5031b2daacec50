"""The programs of docs/how-to/provider-reports.md do what the page says, as they are written there."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django_scopes import scope

from leeward.providers.models import ProviderLine
from tests.personas import Cast
from tests.providers.conftest import make_key, make_provider

PAGE = (Path(__file__).parents[2] / "docs/how-to/provider-reports.md").read_text(encoding="utf-8")
PROGRAMS = dict(re.findall(r"```\w+ name=(\w+)\n(.*?)```", PAGE, re.DOTALL))


@pytest.mark.skipif(shutil.which("curl") is None, reason="there is no curl")
def test_both_programs_report_and_the_receipt_is_good(
    transactional_db: None, cast: Cast, live_server: Any, tmp_path: Path
) -> None:
    with scope(hotline=cast.hotline_id):
        key = make_key(make_provider(cast))
    (tmp_path / "reports.jsonl").write_text(PROGRAMS["line"])
    (tmp_path / "batch.id").write_text("a-key-of-sixteen-1")
    command = tmp_path / "leeward"
    command.write_text(f'#!/bin/sh\nexec {sys.executable} -m leeward "$@"\n')
    command.chmod(0o755)
    environment = os.environ | {"LEEWARD": live_server.url, "KEY": key, "PATH": f"{tmp_path}:{os.environ['PATH']}"}
    done = subprocess.run(
        ["sh", "-ec", PROGRAMS["curl"]], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "1 line of provider" in done.stdout
    if shutil.which("jq") and shutil.which("openssl"):
        signed = subprocess.run(
            ["sh", "-ec", PROGRAMS["openssl"]], cwd=tmp_path, capture_output=True, text=True, check=False
        )
        assert "Verified Successfully" in signed.stdout, signed.stdout + signed.stderr
    names: dict[str, Any] = {}
    exec(PROGRAMS["report"], names)
    line = json.loads(PROGRAMS["line"])
    again = names["report"](live_server.url, key, [line])
    assert [one["state"] for one in again["lines"]] == ["same"]
    assert (
        names["report"](live_server.url, key, [line | {"reference": "2026/118"}], "another-key-of-16")["accepted"] == 1
    )
    assert names["receipt"](live_server.url, key, again["batch"])["lines"] == 0
    with scope(hotline=cast.hotline_id):
        assert ProviderLine.objects.count() == 2
