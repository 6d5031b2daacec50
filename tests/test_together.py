"""A file's tests have one process in a run of many, so that what they share is made once, and so has a group."""

import subprocess
import sys
from pathlib import Path

from tests.together import keep_together

CONFTEST = """
import os
from pathlib import Path
import pytest
from tests.together import ByFile, keep_together

def pytest_xdist_make_scheduler(config, log):
    return ByFile(config, log)

def note(what):
    with (Path(__file__).parent / what).open("a") as file:
        file.write(f"{os.getpid()}\\n")

@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config, items):
    keep_together(config, items)
"""
OF_A_FILE = """
import pytest
from conftest import note

@pytest.fixture(scope="module")
def made():
    note("made")

@pytest.mark.parametrize("number", range(6))
def test_it(made, number):
    pass
"""
OF_A_GROUP = """
import pytest
from conftest import note

@pytest.mark.xdist_group("some")
@pytest.mark.parametrize("number", range(6))
def test_it(number):
    note("group")
"""
OF_NONE = """
import pytest
from conftest import note

@pytest.mark.parametrize("number", range(12))
def test_it(number):
    note("none")
"""


def test_each_file_and_each_group_has_one_process(tmp_path: Path) -> None:
    texts = {
        "conftest": CONFTEST,
        "test_file": OF_A_FILE,
        "test_one": OF_A_GROUP,
        "test_two": OF_A_GROUP,
        "test_none": OF_NONE,
    }
    for name, text in texts.items():
        (tmp_path / f"{name}.py").write_text(text, encoding="utf-8")
    root = Path(keep_together.__code__.co_filename).parents[1]
    (tmp_path / "pytest.ini").write_text(f"[pytest]\nmarkers = xdist_group\npythonpath = . {root}\n", encoding="utf-8")
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-n",
        "2",
        "--dist",
        "loadgroup",
        "--no-loadscope-reorder",
        "-p",
        "no:django",
        "-p",
        "no:hypothesispytest",
    ]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert "30 passed" in done.stdout, done.stdout + done.stderr
    assert len((tmp_path / "made").read_text(encoding="utf-8").split()) == 1
    for what in ("group", "none"):
        assert len(set((tmp_path / what).read_text(encoding="utf-8").split())) == 1, what
