"""A worker that is killed at any moment sends nothing twice and loses nothing."""

import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from leeward.demo.world.moods import EVERYBODY
from leeward.demo.world.smtp import MailServer

MESSAGES = 60
KILLS = 7
SEEDS = Path(__file__).with_name("crash_seed.py")


@pytest.fixture
def slow_post() -> Iterator[MailServer]:
    """A mail server that keeps each message and takes its time to say so: the moment in which a kill hurts most."""
    with MailServer() as server:
        server.stall(EVERYBODY, seconds=0.08, times=10_000)
        yield server


@pytest.fixture
def environment(tmp_path: Path, slow_post: MailServer) -> dict[str, str]:
    """An installation of its own, with cases that wait to be told about."""
    made = {name: value for name, value in os.environ.items() if not name.startswith("LEEWARD_")}
    made |= {
        "DJANGO_SETTINGS_MODULE": "leeward.site.settings",
        "LEEWARD_DATA": str(tmp_path),
        "LEEWARD_SECRET": "a secret that only tests use",
        "LEEWARD_SMTP_HOST": "127.0.0.1",
        "LEEWARD_SMTP_PORT": str(slow_post.port),
        "LEEWARD_SMTP_SECURITY": "none",
        "LEEWARD_MAIL_FROM": "desk@leeward.example",
        "LEEWARD_PACE": "600",
    }
    for command in (["-m", "django", "migrate", "--skip-checks", "-v0"], [str(SEEDS), str(MESSAGES)]):
        subprocess.run([sys.executable, *command], env=made, check=True, timeout=120)
    return made


def states(data: Path) -> Counter[str]:
    with sqlite3.connect(f"file:{data}/leeward.sqlite3?mode=ro", uri=True, timeout=30) as database:
        return Counter(dict(database.execute("SELECT state, count(*) FROM notices_message GROUP BY state").fetchall()))


def message_ids(data: Path) -> dict[str, str]:
    with sqlite3.connect(f"file:{data}/leeward.sqlite3?mode=ro", uri=True, timeout=30) as database:
        return dict(database.execute("SELECT message_id, state FROM notices_message").fetchall())


def is_done(data: Path) -> bool:
    return not states(data).keys() - {"sent", "unsure", "dead", "stopped"}


def start_worker(environment: dict[str, str]) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-m", "leeward.site.work", "2"], env=environment)


def kill(worker: subprocess.Popen[bytes]) -> None:
    worker.send_signal(signal.SIGKILL)
    worker.wait()


@pytest.mark.slow
def test_workers_killed_at_random_moments_send_everything_once(
    environment: dict[str, str], slow_post: MailServer, tmp_path: Path
) -> None:
    chance = random.Random(20261124)
    for _ in range(KILLS):
        worker = start_worker(environment)
        seen = len(slow_post.messages())
        deadline = time.monotonic() + 30
        while len(slow_post.messages()) == seen and not is_done(tmp_path) and time.monotonic() < deadline:
            time.sleep(0.005)
        time.sleep(chance.uniform(0, 0.25))
        kill(worker)
    worker = start_worker(environment)
    deadline = time.monotonic() + 60
    while not is_done(tmp_path) and time.monotonic() < deadline:
        time.sleep(0.1)
    kill(worker)

    rows = message_ids(tmp_path)
    arrived = Counter(str(mail.message["Message-ID"]) for mail in slow_post.messages())
    assert len(rows) == MESSAGES
    assert set(rows.values()) <= {"sent", "unsure"}
    assert [key for key, count in arrived.items() if count > 1] == []
    assert [key for key, state in rows.items() if state == "sent" and not arrived[key]] == []
    assert set(arrived) <= set(rows)
    assert 0 < sum(state == "unsure" for state in rows.values()) <= 2 * KILLS
    script = "import django; django.setup(); from leeward.audit.queries import chains, verdict; print([verdict(c).fault for c in chains()])"
    told = subprocess.run([sys.executable, "-c", script], env=environment, check=True, capture_output=True, text=True)
    assert set(told.stdout.strip().strip("[]").split(", ")) == {"None"}
