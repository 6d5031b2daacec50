"""A test that fails among thousands and passes alone is named and stops nobody; one that fails again, or one of many, fails the run."""

import subprocess
import sys
import time
from pathlib import Path

import pytest

from tools import run_tests

ONCE = """
import pathlib, pytest
@pytest.mark.parametrize("of", ["a@b"])
@pytest.mark.xdist_group("some")
def test_once(of):
    place = pathlib.Path(__file__).with_name("was-here")
    was_here = place.exists()
    place.touch()
    assert was_here
"""
ALWAYS = "\ndef test_never():\n    assert False\n"
MANY = "\nimport pytest\n@pytest.mark.parametrize('at', range(4))\ndef test_never(at):\n    assert False\n"


def outcome(folder: Path, monkeypatch: pytest.MonkeyPatch, text: str) -> int:
    """What a whole run over one file of tests amounts to."""
    (folder / "conftest.py").write_text(
        "import tests.environment\nfrom tests.conftest import pytest_terminal_summary\n", encoding="utf-8"
    )
    (folder / "test_it.py").write_text(text, encoding="utf-8")
    (folder / "pytest.ini").write_text(
        "[pytest]\nmarkers = xdist_group\npythonpath = . " + str(run_tests.ROOT), encoding="utf-8"
    )
    monkeypatch.setattr(run_tests, "ROOT", folder)
    monkeypatch.setenv("LEEWARD_TEST_WORKERS", "1")
    command, environment = run_tests.pytest([str(folder)], workers=1)
    environment |= {"PYTEST_ADDOPTS": "-p no:django -p no:hypothesispytest -p no:cacheprovider"}
    assert command[0] == sys.executable
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    return run_tests.second_chance(done.returncode, environment)


def test_one_that_passes_alone_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    assert outcome(tmp_path, monkeypatch, ONCE) == 0
    said = capfd.readouterr().out
    assert "UNSTEADY" in said
    assert said.count("test_it.py::test_once[a@b]") == 2


def test_one_that_fails_again_fails_the_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert outcome(tmp_path, monkeypatch, ONCE + ALWAYS) == 1


def test_many_get_no_second_chance(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    assert outcome(tmp_path, monkeypatch, MANY) == 1
    assert "Once more" not in capfd.readouterr().out


def test_what_runs_is_named_meanwhile(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
    """A run that is cut off for its time shows where it stood."""
    monkeypatch.setattr(run_tests, "TOLD_EVERY_SECONDS", 0.05)
    title = run_tests.AT_WORK.decode() + "tests/some/test_it.py::test_that_hangs[a b]"
    with subprocess.Popen(["bash", "-c", f"exec -a '{title}' sleep 60"]) as process, run_tests.told_meanwhile():
        said = ""
        deadline = time.monotonic() + 30
        while "test_that_hangs" not in said and time.monotonic() < deadline:
            said += capfd.readouterr().out
        process.kill()
    assert "== After 0 minutes:" in said
    assert "\n  tests/some/test_it.py::test_that_hangs[a b]" in said
