"""A web process has loaded what its first visitors need before anybody can reach it, and a command loads little."""

import json
import os
import subprocess
import sys
from pathlib import Path

from tests.setting_up import SET_UP
from tests.tables import give_tables

FIRST_PAGES = """
import json, sys, threading
from leeward.site.start import start
start()
heavy = sorted({"numpy", "PIL", "dns", "httpcore2", "lxml", "ninja"} & set(sys.modules))
from leeward.cli.main import run
assert run(sys.argv[1:]) == 0
from django.db import connection
connection.close()
from leeward.site.web import load_pages
load_pages()
alone = [threading.active_count(), connection.connection]
shared = set(sys.modules)
from leeward.site.served import application
from leeward.site.warming import _get
loaded, asked = set(sys.modules), []
each = sorted(name for name in loaded - shared if name.startswith("leeward"))
def seen(environ, start):
    def started(status, *rest):
        asked.append([environ["PATH_INFO"], status[:3]])
        return start(status, *rest)
    return application(environ, started)
for path in ("/", "/jm/", "/jm/report", "/jm/receipt", "/desk/account/login/"):
    _get(seen, path)
new = sorted(name for name in set(sys.modules) - loaded if name.startswith("leeward"))
print(json.dumps({"heavy": heavy, "alone": alone, "each": each, "asked": asked, "new": new}))
"""


def test_a_command_loads_little_a_web_process_next_to_nothing_and_its_first_visitor_nothing(tmp_path: Path) -> None:
    give_tables(tmp_path / "leeward.sqlite3")
    environment = os.environ | {"LEEWARD_DATA": str(tmp_path), "LEEWARD_DATABASE_URL": ""}
    done = subprocess.run(
        [sys.executable, "-c", FIRST_PAGES, *SET_UP],
        env=environment, capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout.splitlines()[-1])
    assert told["heavy"] == []
    assert told["alone"] == [1, None], "what is forked has no thread and no connection"
    assert len(told["each"]) < 12, "the processes share the rest"
    assert {status for _path, status in told["asked"]} == {"200"}
    assert len(told["asked"]) == 5
    assert told["new"] == []


def test_the_stop_page_is_rendered_in_every_language_before_anybody_asks(tmp_path: Path) -> None:
    """The first request would wait for it, and on a busy machine longer than a request may take."""
    give_tables(tmp_path / "leeward.sqlite3")
    environment = os.environ | {"LEEWARD_DATA": str(tmp_path), "LEEWARD_DATABASE_URL": ""}
    command = [sys.executable, "-c", "from leeward.site import stopped; print(*stopped._answer._pages)"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=300, check=False)
    assert {"en", "fr", "sw"} <= set(done.stdout.split()), done.stderr
