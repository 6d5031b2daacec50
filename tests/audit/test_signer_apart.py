"""The signer as a user of its own, as the package runs it: those who serve and work can't read the key of the log, and have it signed."""

import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from leeward.audit.rules.notes import Checkpoint, Note
from tests.tables import give_beginnings

AS_ROOT = pytest.mark.skipif(os.geteuid() != 0, reason="only root makes files of other users")
SIGNER, SERVICE = 64_701, 64_702  # users that nobody else is; a user needs no name
WORK = """
import io, json, os, sys
from datetime import UTC, datetime
from pathlib import Path
from leeward.site.start import start
start()
from leeward.audit.errors import SignerSilent
from leeward.audit.export import verdicts_of_file, write_log
from leeward.audit.queries import verdict
from leeward.audit.services import hotline_transaction, record
from leeward.audit.tree.checkpoints import publish
from leeward.audit.tree.stored import note_of
from leeward.foundation.actor import SYSTEM

def act():
    with hotline_transaction(0):
        record("test.done", actor=SYSTEM, hotline_id=None, subject="test:1")

def readable(path):
    try:
        return bool(path.read_bytes())
    except PermissionError:
        return False

said = {"keys": [str(path) for name in ("log.key", "witness.key", "state.json") if readable(path := Path(sys.argv[1], name))]}
act()
act()
try:
    said["note"] = note_of(publish(0, datetime.now(UTC)).row).text
except SignerSilent as silent:
    said["silent"] = silent.text
found = verdict(0)
out = io.StringIO()
write_log(out)
said |= {"rows": found.rows, "signed": found.signed, "fault": str(found.fault)}
said["exported"] = [str(each.fault) for each in verdicts_of_file(io.StringIO(out.getvalue()), "log")]
print(json.dumps(said))
"""


@contextmanager
def signer_of_its_own(state: Path, place: Path) -> Iterator[None]:
    """Run it with a socket that somebody else opened, as systemd does."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as listening:
        before = os.getcwd()
        os.chdir(place)  # the address of a socket is short
        listening.bind("socket")
        os.chown("socket", SIGNER, SERVICE)
        os.chmod("socket", 0o660)
        os.chdir(before)
        listening.listen(16)
        number = listening.fileno()
        command = [sys.executable, "-P", "-m", "leeward.audit.signer", str(state)]
        process = subprocess.Popen(
            ["bash", "-c", f'export LISTEN_PID=$$ LISTEN_FDS=1; exec "$@" 3<&{number}', "bash", *command],
            pass_fds=(number,), user=SIGNER, group=SIGNER, extra_groups=[], cwd="/",
        )  # fmt: skip
    try:
        yield
    finally:
        process.kill()
        process.wait()


def work(data: Path, place: Path, state: Path) -> dict:
    done = subprocess.run(
        [sys.executable, "-c", WORK, str(state)],
        env=os.environ | {"LEEWARD_DATA": str(data), "LEEWARD_SIGNER_DIR": str(place), "LEEWARD_DATABASE_URL": ""},
        user=SERVICE, group=SERVICE, extra_groups=[], cwd=data, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.servers  # a process of another user: no mutant is tried by it
@AS_ROOT
def test_who_serves_and_works_has_the_log_signed_and_cant_read_its_key(tmp_path: Path) -> None:
    data, place, state = (tmp_path / name for name in ("data", "run", "state"))
    give_beginnings(data)
    place.mkdir(mode=0o755)
    state.mkdir(mode=0o700)
    for parent in (tmp_path, *tmp_path.parents):  # the way there is open: each folder protects what is in it
        if "pytest" in str(parent):
            parent.chmod(0o755)
    for path, owner in ((data, SERVICE), *((each, SERVICE) for each in data.rglob("*")), (state, SIGNER)):
        os.chown(path, owner, owner)
    with signer_of_its_own(state, place):
        said = work(data, place, state)
    assert said["keys"] == []
    size = Checkpoint.read(Note.read(said["note"]).body).size
    assert (said["fault"], said["rows"], said["signed"]) == ("None", size, size)
    assert said["exported"] == ["None"]
    key = (state / "log.key").read_bytes()
    assert len(key) == 32
    assert [path for path in data.rglob("*") if path.is_file() and key in path.read_bytes()] == []

    said = work(data, place, state)
    assert "doesn't answer" in said["silent"], "a child of ours, with keys of its own, would sign what nobody accepts"
    assert (said["fault"], said["rows"], said["signed"]) == ("None", size + 2, size), "acts go on being recorded"
    assert not (data / "signer").exists()
    assert [path.name for path in place.iterdir()] == ["socket"]
