"""Processes that die: what they held is looked at by others; a file that kills twice has a row that says so."""

import json
import os
import signal
import threading
import time

import psutil
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

    def kill_one():
        for _ in range(500):
            time.sleep(0.02)
            children = [
                child
                for child in psutil.Process().children(recursive=True)
                if "spawn_main" in " ".join(child.cmdline())
            ]
            busy = [child for child in children if child.cpu_times().user > 0.5]
            if busy and started.is_set():
                busy[0].kill()
                killed.append(busy[0].pid)
                return

    started = threading.Event()
    thread = threading.Thread(target=kill_one)
    thread.start()
    found = []
    for one in run_local(storage(tmp_path, 200), Work((known,)), processes=2, threads=1):
        started.set()
        found.append(one)
    thread.join()
    names = [row["path"] for row in rows(found)]
    assert killed
    assert len(names) == len(set(names)) == 200
    assert not any(row["error"] for row in rows(found))


def test_a_list_that_is_gone_is_said_before_anything_is_scanned(tmp_path):
    gone = ListFiles("gone", "", tmp_path / "gone", digests=("md5",))
    with pytest.raises(EngineFailed, match="No such file"):
        list(run_local(storage(tmp_path, 3), Work((gone,)), processes=1, threads=1))
