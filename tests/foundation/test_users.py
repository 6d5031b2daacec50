"""Decoders as another user, where their parent may make them one."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from leeward.foundation.sandbox import Pool, users
from tests.foundation.test_sandbox import HOSTILE, SHORT

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="only root may make a process another user")
BECOME = """
import os, sys
from leeward.foundation.sandbox.users import become
become(65534)
found = [os.getresuid(), os.getresgid(), os.getgroups()]
for what in (lambda: open(sys.argv[1]), lambda: os.setuid(0), lambda: os.setgroups([0]), lambda: os.kill(os.getppid(), 0)):
    try:
        what()
        found.append("done")
    except PermissionError:
        found.append("refused")
print(found)
"""


def test_a_child_is_another_user_before_it_sees_a_byte() -> None:
    pool = Pool(idle_seconds=600)
    try:
        pool.call(f"{HOSTILE}:echo", b"", SHORT)
        said = Path(f"/proc/{pool.pids[0]}/status").read_text().splitlines()
        has = {name: value.split() for name, _colon, value in (line.partition(":") for line in said)}
        other = str(users.other_user(sys.path))
        assert other not in ("0", "None")
        assert has["Uid"] == [other] * 4
        assert set(has["Gid"]) == {other}
        assert has["Groups"] == []
        assert {has[one][0] for one in ("CapInh", "CapPrm", "CapEff", "CapAmb")} == {"0" * 16}
    finally:
        for child in pool._idle:
            child.end()


def test_it_has_no_way_back_and_its_parents_files_are_closed_to_it(tmp_path: Path) -> None:
    """By the user alone, where the kernel had no other fence."""
    secret = tmp_path / "secret"
    secret.write_text("only tests use this")
    secret.chmod(0o600)
    done = subprocess.run([sys.executable, "-c", BECOME, secret], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == str([(65534,) * 3, (65534,) * 3, [], *["refused"] * 4])


def test_where_others_can_not_read_the_libraries_it_stays_who_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    assert users.other_user([*sys.path, str(closed)]) is None
    monkeypatch.setattr(users, "_may_become_another", lambda: False)
    assert users.other_user(sys.path) is None
