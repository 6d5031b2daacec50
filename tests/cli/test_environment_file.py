"""Settings that two people write into the service's file at the same moment."""

import fcntl
import threading
import time
from pathlib import Path

from leeward.cli.environment_file import write


def test_whoever_comes_second_waits_and_loses_nothing_of_the_first(tmp_path: Path) -> None:
    file = tmp_path / "environment"
    file.write_text("# ours\n")
    with file.open("rb") as first:
        fcntl.flock(first, fcntl.LOCK_EX)
        second = threading.Thread(target=write, args=(file, {"SECOND": "2"}))
        second.start()
        time.sleep(0.3)
        assert second.is_alive(), "it waits"
        fresh = tmp_path / "fresh"
        fresh.write_text("# ours\nFIRST=1\n")
        fresh.replace(file)
    second.join(20)
    assert file.read_text() == "# ours\nFIRST=1\nSECOND=2\n"


def test_what_a_killed_one_left_stops_nobody(tmp_path: Path) -> None:
    file = tmp_path / "environment"
    file.write_text("")
    (tmp_path / ".environment.new").write_text("half")
    write(file, {"A": "1"})
    assert file.read_text() == "A=1\n"
    assert [path.name for path in tmp_path.iterdir()] == ["environment"]
