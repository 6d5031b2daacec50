"""A mailbox whose server hangs ends the worker's process again and again, and is read soon after it stopped. Real processes."""

import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.notices.imap import ImapServer
from tests.site.hanging_mailbox import KIND
from tests.site.test_serve import until
from tests.tables import give_tables

pytestmark = pytest.mark.xdist_group("serve")
ROOT = Path(__file__).parents[2]
MAIL = b"From: anybody@host.example\r\nTo: desk@hotline.example\r\nSubject: Hello\r\n\r\nThe page is gone.\r\n"


class Working:
    """A worker alone, whose mailbox is at this server."""

    def __init__(self, data: Path, server: ImapServer) -> None:
        self.file = data / "leeward.sqlite3"
        give_tables(self.file)
        environment = os.environ | {
            "LEEWARD_DATA": str(data),
            "LEEWARD_DATABASE_URL": "",
            "LEEWARD_DNS_RESOLVERS": "127.0.0.1:1",
            "LEEWARD_MAILBOX": server.setting,
            "SSL_CERT_FILE": str(server.made.certificate),
            "DJANGO_SETTINGS_MODULE": "tests.site.hanging_mailbox",
            "PYTHONPATH": str(ROOT),
        }
        command = [sys.executable, "-m", "leeward", "serve", "--face", "worker"]
        self.output = (data / "output").open("w+b")
        self.process = subprocess.Popen(command, env=environment, stderr=self.output, stdout=subprocess.DEVNULL)

    def job(self) -> tuple[int, datetime, str]:
        """How often the job hung in a row, when it comes again, and why it failed."""
        with closing(sqlite3.connect(self.file, timeout=60)) as database:
            rows = database.execute("SELECT hung, due_at, problem FROM jobs_job WHERE kind = ?", [KIND]).fetchall()
        return next(
            ((hung, datetime.fromisoformat(at).replace(tzinfo=UTC), why) for hung, at, why in rows), (0, NEVER, "")
        )

    def let_time_pass(self, hung: int | None = None) -> None:
        """Let the job's time come, as if it had hung so often before."""
        with closing(sqlite3.connect(self.file, timeout=60)) as database, database:
            known = "hung = hung" if hung is None else f"hung = {hung}"
            database.execute(f"UPDATE jobs_job SET due_at = '2026-01-01 00:00:00', {known} WHERE kind = ?", [KIND])


NEVER = datetime.max.replace(tzinfo=UTC)


@contextmanager
def working(data: Path, server: ImapServer) -> Iterator[Working]:
    made = Working(data, server)
    try:
        yield made
    finally:
        made.process.terminate()
        made.process.wait(30)
        made.output.close()


def test_a_mailbox_that_hung_five_times_is_read_within_minutes_of_its_end(tmp_path: Path) -> None:
    """The first and the fifth time are real; those between, and the waits, are told to the database."""
    with ImapServer(tmp_path) as server:
        server.messages.append(MAIL)
        server.hangs = True
        with working(tmp_path, server) as worker:
            assert until(lambda: worker.job()[0] == 1, seconds=120)
            worker.let_time_pass(hung=4)
            assert until(lambda: worker.job()[0] == 5, seconds=120)
            _hung, due_at, problem = worker.job()
            assert problem == "took_too_long"
            assert due_at - datetime.now(UTC) <= timedelta(minutes=15)
            server.hangs = False
            worker.let_time_pass()
            assert until(lambda: server.seen == {1}, seconds=120)
            assert until(lambda: worker.job()[::2] == (0, ""), seconds=60), "as if nothing had been"
