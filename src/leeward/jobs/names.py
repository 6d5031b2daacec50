"""Which worker a process is: the name under which it leases jobs, reports that it is alive and compares the clock.

No two workers that live at the same time may have the same name, or the start of one gives out again what the other is
running. But whoever comes after one that died must get back at once what it was running, and see how the clock jumped.

Workers of one data folder have a slot each: a file that the kernel locks until its process has ended, also by `kill -9`.
A second worker on the folder takes the next slot. The name is made of the slot's file and the start of the machine, so a
worker that is started again has it again, and a clone never has it: not by its host name, nor by a copied file.

The file keeps the last name. Where this is another one, the machine was started anew, or it is a clone of another, or the
folder was copied. The database tells which: if the worker of that name ended as it should, or says nothing while we
listen, it is dead, and what was its is ours. It gets our name in one statement, so of two clones only one gets it. Its
reading of the clock says something only of the machine that it was on, where the file has the same number.
"""

import fcntl
import logging
import os
import secrets
import socket
import time
from hashlib import sha256
from itertools import count
from pathlib import Path

from django.conf import settings
from django.db.models import F

from leeward.audit.services import INSTALLATION, hotline_transaction
from leeward.jobs.clockwatch import BOOT_ID
from leeward.jobs.models import ClockJump, WorkerBeat

log = logging.getLogger(__name__)
FILE = ".worker-"
LISTENS_SECONDS = 25.0  # one that is alive reports it twice meanwhile
MOST_BYTES = 100


def take_name() -> tuple[str, str]:
    """Return the name of this process as a worker, its own until it ends, and the name under which the one before it leased
    jobs: the same, or that of a dead one whose place it takes. Call it once in a process."""
    try:
        file = _take_slot()
    except OSError:  # no room for the file, or no locks there: what we leave behind comes back when its lease is over
        log.warning("worker.no_slot", exc_info=True)
        name = _named(secrets.token_hex(4))
        return name, name
    name, before = _named(_place(file)), os.pread(file, MOST_BYTES, 0).decode(errors="replace")
    if before == name:
        return name, name
    if not before or not before.isprintable():
        before = f"{socket.gethostname()}:0"[:100]  # so all workers of a machine were called until 0.2.0
    has_taken_over = _take_over(before, name)
    try:
        os.ftruncate(file, 0)
        os.pwrite(file, name.encode(), 0)
    except OSError:  # no room: the next start asks the database
        log.warning("worker.no_slot", exc_info=True)
    return name, before if has_taken_over else name


def _take_slot() -> int:
    """Return the file of the first slot that nobody holds. It stays open, and locked for this process alone: none that it
    forks holds the lock after it."""
    for slot in count():
        path = Path(settings.LEEWARD.data_dir) / f"{FILE}{slot}"
        file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(file)
        else:
            return file
    raise AssertionError


def _place(file: int) -> str:
    try:
        boot_id = BOOT_ID.read_bytes()
    except OSError:  # only Linux has it
        boot_id = b""
    found = os.fstat(file)
    start = sha256(b"%s %d" % (boot_id, found.st_dev)).hexdigest()[:8]
    return f"{start}:{found.st_ino}"


def _named(place: str) -> str:
    return f"{socket.gethostname()[:60]}:{place}"


def _take_over(before: str, name: str) -> bool:
    """Return whether the worker called `before` is dead; then what it said last is ours."""
    last = _last_report(before)
    if last is None or _last_report(name) is not None:
        return False
    until = time.monotonic() + LISTENS_SECONDS
    while last.left_at is None and time.monotonic() < until:
        time.sleep(0.2)
        now = _last_report(before)
        if now is None or now.at != last.at:
            return False
        last = now
    is_same_file = before.rpartition(":")[2] == name.rpartition(":")[2]
    with hotline_transaction(INSTALLATION):
        mine = WorkerBeat.objects.filter(owner=before, at=last.at)
        if not mine.update(owner=name, running=F("running") if is_same_file else None):
            return False
        ClockJump.objects.filter(owner=before, settled_at__isnull=True).update(owner=name)
    return True


def _last_report(name: str) -> WorkerBeat | None:
    return WorkerBeat.objects.filter(owner=name).first()
