"""A real Dask scheduler with real workers on loopback: the same rows as here, also when a worker is killed meanwhile."""

import json
import os
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import pytest
from distributed import Client

from leeward.matching.index import Index
from leeward.scanning.engines.cluster import run_cluster
from leeward.scanning.engines.work import Work
from leeward.scanning.lists import compiled_list
from leeward.scanning.sources import Since, items_of
from tests.scanning.material import LEEWARD, command, jpeg, list_of, md5, pdq_of, rows_of

pytestmark = pytest.mark.servers
COUNT = 120


@contextmanager
def cluster(folder, names=("one", "two")):
    """A scheduler and workers, each in a folder of its own; gives the address and the processes of the workers."""
    said = folder / "scheduler.json"
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    module = [sys.executable, "-m"]
    scheduler = [*module, "distributed.cli.dask_scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard"]
    processes = [subprocess.Popen([*scheduler, "--scheduler-file", said], **quiet)]
    try:
        workers = [worker(said, folder, name) for name in names]
        processes += workers
        until = time.monotonic() + 60
        while not said.exists() and time.monotonic() < until:
            time.sleep(0.05)
        yield json.loads(said.read_text())["address"], workers
    finally:
        for process in processes:
            process.kill()
            process.wait()


def worker(said, folder, name):
    place = folder / name
    place.mkdir()
    arguments = ["--host", "127.0.0.1", "--nthreads", "1", "--no-nanny", "--no-dashboard", "--name", name]
    return subprocess.Popen(
        [
            sys.executable,
            "-m",
            "distributed.cli.dask_worker",
            "--scheduler-file",
            said,
            *arguments,
            "--local-directory",
            place,
        ],
        cwd=place,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def test_a_worker_killed_in_the_middle_loses_nothing(tmp_path):
    folder, out = tmp_path / "storage", tmp_path / "rows.jsonl"
    folder.mkdir()
    for number in range(COUNT):
        (folder / f"{number:03}.jpg").write_bytes(jpeg(number % 5, 1600, 1200))
    known = list_of(tmp_path / "known.txt", f"pdq:{pdq_of(jpeg(1, 1600, 1200))}", f"md5:{md5(jpeg(2, 1600, 1200))}")
    with cluster(tmp_path) as (address, workers):
        with subprocess.Popen(
            [LEEWARD, "scan", "storage", "--list", known, "--engine", "dask", "--scheduler", address, "--out", out],
            cwd=tmp_path,
            stderr=subprocess.PIPE,
        ) as ran:
            until = time.monotonic() + 60
            while time.monotonic() < until and not (out.exists() and out.stat().st_size):
                time.sleep(0.01)
            workers[0].kill()
            complaints = ran.communicate(timeout=100)[1]
        assert ran.returncode == 1, complaints
        rows = rows_of(out.read_bytes())
        names = [os.path.basename(row["path"]) for row in rows]
        assert sorted(names) == [f"{number:03}.jpg" for number in range(COUNT)]
        assert not any(row["error"] for row in rows)
        assert {name for name, row in zip(names, rows, strict=True) if row["matches"]} == {
            f"{number:03}.jpg" for number in range(COUNT) if number % 5 in (1, 2)
        }
        unseen = command("/nowhere/at/all", folder, "--list", known, "--engine", "dask", "--scheduler", address)
        assert unseen.returncode == 2
        assert b"does not see /nowhere/at/all" in unseen.stderr


def test_lists_are_sent_to_workers_that_do_not_see_them_also_later_ones(tmp_path, monkeypatch):
    folder, compiled = tmp_path / "storage", tmp_path / "compiled"
    folder.mkdir()
    compiled.mkdir()
    for number in range(60):
        (folder / f"{number:03}.jpg").write_bytes(jpeg(number % 5))
    lines = (f"pdq:{pdq_of(jpeg(1))}", f"md5:{md5(jpeg(2))}")
    files = compiled_list(list_of(tmp_path / "known.txt", *lines), compiled)
    Index.build(compiled / "more.index", [pdq_of(jpeg(3))], ids=[7])
    monkeypatch.chdir(tmp_path)
    here = Path("/proc/self/cwd/compiled")  # workers have another folder of their own there
    lists = (files.moved_to(here / files.folder.name), compiled_list(here / "more.index", compiled))
    with cluster(tmp_path, ["one"]) as (address, _), Client(address, set_as_default=False) as client:
        results = run_cluster(items_of(str(folder), Since()), Work(lists), client)
        found = [next(results)]
        later = worker(tmp_path / "scheduler.json", tmp_path, "two")
        client.wait_for_workers(2, timeout=60)
        found += results
        later.kill()
        later.wait()
    assert len(found) == 60
    assert sum(one.tally.matched for one in found) == 36
    assert sum(one.tally.errors for one in found) == 0
    rows = [json.loads(line) for one in found for line in one.lines.splitlines()]
    assert {match["bank"] for row in rows for match in row["matches"] if match["id"] == 7} == {"default"}
