"""Settings that two people write into the service's file at the same moment."""

import fcntl
import threading
import time
from pathlib import Path

import pytest

from leeward.cli.environment_file import write
from leeward.cli.output import NotWritten


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


def test_one_that_can_be_read_and_not_written_is_called_that(tmp_path: Path) -> None:
    """As with the package, where the service's user may read its settings, and only root write them."""
    file = tmp_path / "environment"
    file.write_text("A=1\n")
    (tmp_path / ".environment.new").mkdir()
    with pytest.raises(NotWritten, match=r"environment can't be written: is a directory\."):
        write(file, {"B": "2"})
    assert file.read_text() == "A=1\n"
