"""A backup in the middle of everything, and back to it: held until somebody confirms, and nothing goes out before."""

import shutil
import sqlite3
import time
from contextlib import closing, suppress
from datetime import UTC, datetime

from leeward.demo.world import World
from tests.chaos.house import House
from tests.chaos.record import Cut, Record

HELD_SECONDS = 6.0  # long enough for everything that waits to be tried
DONE_SECONDS = 120  # until the worker has done what was due in the backup


def back_up(house: House, record: Record) -> bool:
    """Make a backup while it runs; return whether there is one."""
    done = house.command("backup", "create", str(house.backups), "--to", house.recipient, "--keep", "2")
    if done.returncode not in (0, 1, 2) or "Traceback" in done.stderr:
        record.wrong(f"a backup ended with {done.returncode}: {done.stderr[-300:]}")
    return done.returncode == 0


def restore(house: House, world: World, record: Record) -> None:
    """Back up, go on for a moment, kill it all, put the backup back, see that nothing goes out, and confirm. Nobody runs a command in
    the folder that is to be empty."""
    with house.commands:
        _restore(house, world, record)


def _oldest_waiting(house: House) -> datetime:
    """Return since when reports may be lost with a restoring: what waits on the public face is in no backup. A file that is lost has
    nothing that waits, until the face makes another."""
    moments = [datetime.now(UTC)]
    if house.is_apart:
        with suppress(sqlite3.OperationalError), closing(house.public_database()) as file:
            rows = file.execute("SELECT min(received_at) FROM spool_arrival").fetchall()
            moments += [datetime.fromisoformat(at).replace(tzinfo=UTC) for (at,) in rows if at]
    return min(moments)


def _restore(house: House, world: World, record: Record) -> None:
    began = _oldest_waiting(house)
    if not back_up(house, record):
        record.wrong("no backup could be made of an installation that is whole")
        return
    time.sleep(1)
    house.close()
    house.stop_signer()
    time.sleep(0.5)
    before = len(world.mail.messages())
    old = house.data.with_name("before")
    house.data.rename(old)
    house.data.mkdir(mode=0o700)
    done = house.command("backup", "restore", str(house.backups), "--key", str(house.key_file))
    if done.returncode:
        record.wrong(f"the newest backup could not be restored: {done.stderr[-300:]}")
        shutil.rmtree(house.data)
        old.rename(house.data)
        house.start()
        return
    record.cuts.append(Cut(began, datetime.now(UTC), before))
    shutil.rmtree(old)
    if house.is_apart and (done := house.command("spool", "take-over")).returncode:
        record.wrong(f"the public face's file could not be taken over: {done.stderr[-300:]}")
    house.start()
    time.sleep(HELD_SECONDS)
    if mails := world.mail.messages()[before:]:
        record.wrong(f"{len(mails)} mails went out before the restoring was confirmed: {mails[0].message['Subject']}")
    until = time.monotonic() + DONE_SECONDS
    while (done := house.command("backup", "confirm")).returncode and time.monotonic() < until:
        if "is still being done" not in done.stderr:
            break
        time.sleep(2)
    if done.returncode:
        record.wrong(f"the restoring could not be confirmed: {done.stderr[-300:]}")
    for chain in ("0", "1"):  # the signer's folder is in no backup: it knows of a log that is lost
        done = house.command("audit", "begin-anew", chain, "--signer-lost")
        if done.returncode:
            record.wrong(f"log {chain} could not begin anew: {done.stderr[-300:]}")
