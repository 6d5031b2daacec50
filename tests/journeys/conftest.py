"""A demonstration world and a running installation in it, for journeys through the whole of Leeward."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from leeward.demo.ports import free_port
from leeward.demo.running import Installation
from leeward.demo.world import World
from tests.journeys.log import rows_of_log
from tests.police_first import assert_police_first
from tests.tables import give_tables

# The journeys run on a data directory of their own, whatever database the rest of the tests use.
OWN = {"LEEWARD_DATABASE_URL": ""}
# Each process of the web server loads all of Leeward once more; the flood, the demonstration and hostile input have as many as `serve` has.
ONE_WEB_PROCESS = {"LEEWARD_WEB_PROCESSES": "1"}
# Hashing the passwords of all its people at their full cost takes four seconds of a core; whoever signs in has theirs hashed anew.
SET_STAGE = """
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from leeward.demo.whole import prepare
PBKDF2PasswordHasher.iterations = 1_000
prepare()
"""


@pytest.fixture(scope="session")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data directory with the demonstration's hotline, portal and people; to be copied, not used."""
    folder = tmp_path_factory.mktemp("stage")
    give_tables(folder / "leeward.sqlite3")
    environment = {**os.environ, **OWN, "LEEWARD_DATA": str(folder), "LEEWARD_DEMONSTRATION": "true"}
    subprocess.run([sys.executable, "-c", SET_STAGE], env=environment, check=True, timeout=180)
    return folder


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """The world outside."""
    with World(mailbox=tmp_path / "mailbox") as running:
        yield running


@pytest.fixture
def installation(stage: Path, world: World, tmp_path: Path) -> Iterator[Installation]:
    """An installation that runs in this world; whatever a journey did, its log says that nobody was told before the police."""
    data = shutil.copytree(stage, tmp_path / "data")
    environment = {**world.environment(), **OWN, **ONE_WEB_PROCESS}
    with Installation(data=data, port=free_port(), environment=environment) as running:
        yield running
    assert_police_first(rows_of_log(running))
