"""A worker that is killed at any moment loses nothing, mails nothing twice, and posts again only what carries the same identifier."""

import os
import random
import signal
import sqlite3
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from leeward.demo.world.dns import NameServer
from leeward.demo.world.moods import EVERYBODY
from leeward.demo.world.rdap import RdapServer
from leeward.demo.world.receiver import Receiver
from leeward.demo.world.smtp import MailServer
from leeward.demo.world.web import Answer
from leeward.notices.rules.webhooks import delivery_id
from tests.mortal import Standby

MESSAGES = 25
POSTS = 4
KILLS = 5


@pytest.fixture
def slow_post() -> Iterator[MailServer]:
    """A mail server that keeps each message and takes its time to say so: the moment in which a kill hurts most."""
    with MailServer() as server:
        server.stall(EVERYBODY, seconds=0.08, times=10_000)
        yield server


@pytest.fixture
def office(tmp_path: Path, slow_post: MailServer) -> Iterator[Standby]:
    """An installation of its own, with cases that wait to be told about."""
    environment = {
        "LEEWARD_SMTP_HOST": "127.0.0.1",
        "LEEWARD_SMTP_PORT": str(slow_post.port),
        "LEEWARD_SMTP_SECURITY": "none",
        "LEEWARD_MAIL_FROM": "desk@leeward.example",
        "LEEWARD_PACE": "600",
    }
    with Standby(tmp_path, environment) as standing_by:
        standing_by.do("have_much_to_tell", count=MESSAGES)
        yield standing_by


def is_done(data: Path) -> bool:
    with sqlite3.connect(f"file:{data}/leeward.sqlite3?mode=ro", uri=True, timeout=60) as database:
        states = {state for (state,) in database.execute("SELECT DISTINCT state FROM notices_message")}
    return bool(states) and not states - {"sent", "unsure", "dead", "stopped"}


def kill(worker: int, office: Standby) -> None:
    os.kill(worker, signal.SIGKILL)
    office.bury(worker)


def has_ended(pid: int) -> bool:
    """Whether a process waits to be buried."""
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"


@pytest.mark.slow
@pytest.mark.xdist_group("kills")
def test_workers_killed_at_random_moments_send_everything_once(
    office: Standby, slow_post: MailServer, tmp_path: Path
) -> None:
    chance = random.Random(20261124)
    for _ in range(KILLS):
        worker = office.begin("work_for_ever", threads=2)
        seen = len(slow_post.messages())
        deadline = time.monotonic() + 60
        while len(slow_post.messages()) == seen and not is_done(tmp_path) and time.monotonic() < deadline:
            time.sleep(0.005)
        time.sleep(chance.uniform(0, 0.25))
        kill(worker, office)
    worker = office.begin("work_for_ever", threads=2)
    deadline = time.monotonic() + 60
    while not is_done(tmp_path) and time.monotonic() < deadline:
        time.sleep(0.1)
    kill(worker, office)

    told = office.do("tell").result
    rows, arrived = told["messages"], Counter(str(mail.message["Message-ID"]) for mail in slow_post.messages())
    assert len(rows) == MESSAGES
    assert set(rows.values()) <= {"sent", "unsure"}
    assert [key for key, count in arrived.items() if count > 1] == []
    assert [key for key, state in rows.items() if state == "sent" and not arrived[key]] == []
    assert set(arrived) <= set(rows)
    assert 0 < sum(state == "unsure" for state in rows.values()) <= 2 * KILLS
    assert told["faults"] == []


@pytest.mark.xdist_group("kills")
def test_workers_killed_around_every_commit_post_again_only_under_the_same_identifier(tmp_path: Path) -> None:
    chance = random.Random(20261125)
    with Receiver() as receiver, NameServer() as names, RdapServer() as registry:
        environment = {
            "LEEWARD_WEBHOOK_ALLOW_HTTP": "1",
            "LEEWARD_FETCH_ALLOWED_NETWORKS": '["127.0.0.0/8"]',
            "LEEWARD_DNS_RESOLVERS": f'["{names.resolver}"]',
            "LEEWARD_RDAP_BOOTSTRAP_URL": registry.bootstrap_url,
            "LEEWARD_MAIL_FROM": "desk@leeward.example",
            "LEEWARD_PACE": "600",
        }
        with Standby(tmp_path, environment) as office:
            receiver.secrets = set(office.do("have_much_to_tell", count=POSTS, webhook=receiver.webhook).result)
            receiver.next(Answer(204, wait_seconds=10), keeps=True)
            deadline = time.monotonic() + 120
            while not receiver.posted():  # a worker whose try is to be repeated later has nothing to do, and ends
                worker = office.begin("start_and_work")
                while not receiver.posted() and not has_ended(worker):
                    time.sleep(0.005)
                kill(worker, office)  # the receiver has it, and we never hear so
                assert time.monotonic() < deadline
            while not is_done(tmp_path):
                office.do("start_and_work", die_at=chance.randint(1, 25))
                assert time.monotonic() < deadline
            told, deaths = office.do("tell").result, office.deaths
        arrived = receiver.posted()

    assert set(told["messages"].values()) == {"sent"}
    bodies: dict[str, list[object]] = {}
    for one in arrived:
        bodies.setdefault(one.id, []).append(one.content)
    assert bodies.keys() == {delivery_id(row) for row in told["messages"]}
    assert [key for key, same in bodies.items() if any(body != same[0] for body in same)] == []
    assert POSTS < len(arrived) <= POSTS + 1 + deaths
    assert told["faults"] == []
