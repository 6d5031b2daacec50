"""Check a zone file with BIND's own checker before publication, where it is installed."""

import shutil
import subprocess
from pathlib import Path

from leeward.blocklist.rules.rpz import checked_name

PROGRAM = "named-checkzone"
_FOLDERS = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
_MOST_SECONDS = 120
_SHOWN_LETTERS = 500


def is_checker_installed() -> bool:
    """Return whether the checker is installed."""
    return shutil.which(PROGRAM, path=_FOLDERS) is not None


def complaint_about(path: Path, origin: str) -> str | None:
    """Return the checker's complaint about a zone file, or None if there is none or no checker is installed."""
    program = shutil.which(PROGRAM, path=_FOLDERS)
    if program is None:
        return None
    command = [program, "-i", "none", "-k", "ignore", checked_name(origin), str(path)]
    try:
        done = subprocess.run(  # noqa: S603 (a fixed program; the name is checked and the path is ours)
            command, env={}, capture_output=True, text=True, errors="replace", timeout=_MOST_SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        return f"{PROGRAM} did not end within {_MOST_SECONDS} seconds"
    return (done.stdout + done.stderr).strip()[:_SHOWN_LETTERS] if done.returncode else None
