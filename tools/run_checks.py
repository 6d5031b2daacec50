"""Check what can be checked without running: style, types, imports, migrations, templates, words, terms, messages, documents, old browsers.

Runs all and tells at the end which failed. Usage: run_checks.py [NAME ...]
"""

import os
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BIN = Path(sys.executable).parent
# Django's own checks, which come with it, ask a database what it can do: an empty one is made for that.
MIGRATIONS = """
from django.core.management import execute_from_command_line
from leeward.site.own_file import may_be_made
with may_be_made():
    execute_from_command_line(["django", "makemigrations", "--check", "--dry-run"])
"""
CHECKS: dict[str, list[str]] = {
    "style": [f"{BIN}/ruff", "check", "."],
    "format": [f"{BIN}/ruff", "format", "--check", "."],
    "types": [f"{BIN}/mypy", "src/leeward"],
    "imports": [f"{BIN}/lint-imports", "--no-cache"],
    "migrations": [sys.executable, "-c", MIGRATIONS],
    "templates": [f"{BIN}/djlint", "src/leeward", "--lint", "--quiet"],
    "layout": [sys.executable, "-m", "tools.templates", "--check"],
    "words": [sys.executable, "tools/retired.py"],
    "terms": [sys.executable, "tools/terms.py"],
    "messages": [sys.executable, "-m", "leeward.languages.messages", "check"],
    "documents": [sys.executable, "tools/make_docs.py", "--check"],
    "browsers": [sys.executable, "tools/old_browsers.py"],
    "site": [sys.executable, "tools/docs_site.py", "--check"],
}

LONG_ONES = ("types", "site")


def check(name: str, environment: dict[str, str]) -> bool:
    """Run one check, say how it went, and what it printed where it failed; return whether it was good."""
    started = time.monotonic()
    result = subprocess.run(CHECKS[name], cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    verdict = "good" if result.returncode == 0 else "FAILED"
    said = result.stdout[-8000:] + result.stderr[-4000:] if result.returncode else ""
    print(f"{name:11} {verdict}  {time.monotonic() - started:.1f} s\n{said}", end="", flush=True)
    return result.returncode == 0


def main() -> int:
    """Run the checks named, or all, one on each core; return 1 if one failed."""
    wanted = sorted(sys.argv[1:] or CHECKS, key=lambda name: name not in LONG_ONES)
    with tempfile.TemporaryDirectory() as data, ThreadPoolExecutor(os.cpu_count()) as cores:
        environment = dict(os.environ, LEEWARD_DATA=data, DJANGO_SETTINGS_MODULE="leeward.site.settings")
        good = list(cores.map(lambda name: check(name, environment), wanted))
    failed = [name for name, is_good in zip(wanted, good, strict=True) if not is_good]
    print(
        f"{len(wanted) - len(failed)} checks good, {len(failed)} failed" + (f": {', '.join(failed)}" if failed else "")
    )
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
