"""Processes that die: what they held is looked at by others; a file that kills twice has a row that says so."""

import json
import os
import signal
import threading
import time
from pathlib import Path

import pytest

from leeward.scanning.engines.local import run_local
from leeward.scanning.engines.work import Work
from leeward.scanning.errors import EngineFailed
from leeward.scanning.lists import ListFiles, compiled_list
from leeward.scanning.sources import Since, items_of
from tests.scanning.material import jpeg, list_of, md5


class Deadly(Work):
    """Work whose looker ends its own process at a file of this name, as a decoder with a fault would."""

    def matcher(self):
        matcher = super().matcher()
        look = matcher.scan

        def deadly(place, stream):
            if place.name == "deadly.jpg":
                signal.raise_signal(signal.SIGSEGV)
            return look(place, stream)

        matcher.scan = deadly
        return matcher


class Stuck(Work):
    """Work whose looker stays at a file of this name, the first time, and says which process it is."""

    def matcher(self):
        matcher = super().matcher()
        look = matcher.scan

        def stuck(place, stream):
            said = Path(place.path).parent.with_name("stuck")
            if place.name == "stuck.jpg" and not said.exists():
                said.with_suffix(".new").write_text(str(os.getpid()))
                said.with_suffix(".new").rename(said)
                time.sleep(600)
            return look(place, stream)

        matcher.scan = stuck
        return matcher


@pytest.fixture
def known(tmp_path):
    compiled = tmp_path / "compiled"
    compiled.mkdir()
    return compiled_list(list_of(tmp_path / "known.txt", f"md5:{md5(jpeg(1))}", "pdq:" + "0f" * 32), compiled)


def storage(tmp_path, count, names=()):
    folder = tmp_path / "storage"
    folder.mkdir()
    for number in range(count):
        (folder / f"{number:03}.jpg").write_bytes(jpeg(number % 4))
    for name in names:
        (folder / name).write_bytes(jpeg(0))
    return items_of(str(folder), Since())


def rows(found):
    return [json.loads(line) for one in found for line in one.lines.splitlines()]


def test_a_file_that_kills_has_a_row_and_no_other_is_lost(tmp_path, known):
    found = rows(run_local(storage(tmp_path, 20, ["deadly.jpg"]), Deadly((known,)), processes=1, threads=2))
    by_name = {os.path.basename(row["path"]): row for row in found}
    assert len(found) == len(by_name) == 21
    assert by_name["deadly.jpg"]["error"] == "the process that read it ended twice (by SIGSEGV)"
    assert sum(row["error"] is not None for row in found) == 1
    assert sum(bool(row["matches"]) for row in found) == 5


def test_a_process_killed_from_outside_loses_nothing(tmp_path, known):
    killed = []

    def kill():
        while not (there := tmp_path / "stuck").exists():
            time.sleep(0.02)
        killed.append(int(there.read_text()))
        os.kill(killed[0], signal.SIGKILL)

    killer = threading.Thread(target=kill, daemon=True)
    killer.start()
    found = rows(run_local(storage(tmp_path, 30, ["stuck.jpg"]), Stuck((known,)), processes=2, threads=1))
    killer.join(10)
    names = [row["path"] for row in found]
    assert killed
    assert len(names) == len(set(names)) == 31
    assert not any(row["error"] for row in found)


def test_a_list_that_is_gone_is_said_before_anything_is_scanned(tmp_path):
    gone = ListFiles("gone", "", tmp_path / "gone", digests=("md5",))
    with pytest.raises(EngineFailed, match="No such file"):
        list(run_local(storage(tmp_path, 3), Work((gone,)), processes=1, threads=1))
