"""Decoders as another user, where their parent may make them one."""

import os
import pwd
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from leeward.foundation.sandbox import Pool, users
from leeward.foundation.sandbox.fences import modules_only
from tests.foundation.test_sandbox import HOSTILE, SHORT

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="only root may make a process another user")
BECOME = """
import os, sys
from leeward.foundation.sandbox.users import become
become(65534, 65533)
found = [os.getresuid(), os.getresgid(), os.getgroups()]
for what in (lambda: open(sys.argv[1]), lambda: os.setuid(0), lambda: os.setgroups([0]), lambda: os.kill(os.getppid(), 0)):
    try:
        what()
        found.append("done")
    except PermissionError:
        found.append("refused")
print(found)
"""


open_checkout = pytest.mark.skipif(
    not users._is_open(tuple(modules_only(sys.path))), reason="others can’t read the libraries of this checkout"
)


@open_checkout
def test_a_child_is_another_user_before_it_sees_a_byte() -> None:
    pool = Pool(idle_seconds=600)
    try:
        pool.call(f"{HOSTILE}:echo", b"", SHORT)
        said = Path(f"/proc/{pool.pids[0]}/status").read_text().splitlines()
        has = {name: value.split() for name, _colon, value in (line.partition(":") for line in said)}
        found = users.other_user(sys.path)
        assert found is not None
        user, group = map(str, found)
        assert "0" not in (user, group)
        assert (has["Uid"], has["Gid"]) == ([user] * 4, [group] * 4)
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
    assert done.stdout.strip() == str([(65534,) * 3, (65533,) * 3, [], *["refused"] * 4])


@open_checkout
def test_it_is_in_the_group_of_its_account_and_never_in_that_of_root_or_in_ours(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def with_group(group: int) -> tuple[int, int] | None:
        row = pwd.struct_passwd((users.ACCOUNT, "x", 64000, group, "", "/", "/bin/false"))
        monkeypatch.setattr(pwd, "getpwnam", {users.ACCOUNT: row}.__getitem__)
        return users.other_user(sys.path)

    assert with_group(64001) == (64000, 64001)
    assert with_group(0) == (64000, users.NOBODY)
    monkeypatch.setattr(os, "getegid", lambda: 64001)
    assert with_group(64001) == (64000, users.NOBODY)
    monkeypatch.setattr(os, "getgroups", lambda: [users.NOBODY])
    assert with_group(0) is None, "no group is left that is not ours"


@open_checkout
def test_where_others_can_not_read_the_libraries_it_stays_who_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    with tempfile.TemporaryDirectory() as folder:  # pytest’s own folders are closed as they are
        Path(folder).chmod(0o755)
        library = Path(folder, "library")
        library.mkdir()
        library.chmod(0o755)
        assert users.other_user([*sys.path, str(library)]) is not None
        users._is_open.cache_clear()
        library.chmod(0o700)
        assert users.other_user([*sys.path, str(library)]) is None
    monkeypatch.setattr(users, "_may_become_another", lambda: False)
    assert users.other_user(sys.path) is None
