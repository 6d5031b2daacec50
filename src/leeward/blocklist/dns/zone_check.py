"""Lets BIND's own checker read a zone file before it is given out, where the checker is installed."""

import shutil
import subprocess
from pathlib import Path

from leeward.blocklist.rules.rpz import checked_name

PROGRAM = "named-checkzone"
_FOLDERS = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
_MOST_SECONDS = 120
_SHOWN_LETTERS = 500


def is_checker_installed() -> bool:
    """Whether there is a checker on this machine."""
    return shutil.which(PROGRAM, path=_FOLDERS) is not None


def complaint_about(path: Path, origin: str) -> str | None:
    """Return what is wrong with a zone file in the checker's words, or None where nothing is or no checker is installed."""
    program = shutil.which(PROGRAM, path=_FOLDERS)
    if program is None:
        return None
    command = [program, "-i", "none", "-k", "ignore", checked_name(origin), str(path)]
    try:
        done = subprocess.run(  # noqa: S603 (a fixed program; the name is checked and the path is ours)
            command, capture_output=True, text=True, errors="replace", timeout=_MOST_SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        return f"{PROGRAM} did not end within {_MOST_SECONDS} seconds"
    return (done.stdout + done.stderr).strip()[:_SHOWN_LETTERS] if done.returncode else None
