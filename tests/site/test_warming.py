"""A web process has loaded what its first visitors need before anybody can reach it."""

import json
import os
import subprocess
import sys
from pathlib import Path

from tests.setting_up import SET_UP

FIRST_PAGES = """
import json, sys
from leeward.site.served import application
from leeward.site.warming import _get
loaded, asked = set(sys.modules), []
def seen(environ, start):
    def started(status, *rest):
        asked.append([environ["PATH_INFO"], status[:3]])
        return start(status, *rest)
    return application(environ, started)
for path in ("/", "/jm/", "/jm/report", "/jm/receipt", "/desk/account/login/"):
    _get(seen, path)
print(json.dumps({"asked": asked, "new": sorted(name for name in set(sys.modules) - loaded if name.startswith("leeward"))}))
"""


def test_the_first_visitor_of_a_process_loads_nothing(tmp_path: Path) -> None:
    environment = os.environ | {"LEEWARD_DATA": str(tmp_path / "data"), "LEEWARD_DATABASE_URL": ""}
    environment.pop("LEEWARD_SECRET", None)

    def run(*words: str) -> str:
        done = subprocess.run(
            [sys.executable, *words], env=environment, capture_output=True, text=True, timeout=300, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    run("-m", "leeward", *SET_UP)
    told = json.loads(run("-c", FIRST_PAGES).splitlines()[-1])
    assert {status for _path, status in told["asked"]} == {"200"}
    assert len(told["asked"]) == 5
    assert told["new"] == []
