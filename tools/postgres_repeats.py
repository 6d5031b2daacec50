"""Find the tests that ask nothing of PostgreSQL that no other test asks, and write their names to tests/postgres_repeats.txt.

Runs what runs there today, and puts the statements of each test down; then takes, again and again, the test with most new statements for its
time. What is left over at the end repeats others, and joins those that are known. With --every these run, too, and all is found anew: some
ten minutes more. Worth doing when `make test` gets slow.
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def main() -> int:
    """Run the tests, choose, write."""
    sys.path.insert(0, str(ROOT))
    from tests.on_postgres import EVERY, RECORD, REPEATS, known_repeats, needed

    is_every = "--every" in sys.argv[1:]
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place, EVERY if is_every else "some")
        folder.mkdir()
        environment = os.environ | {RECORD: str(folder)}
        command = [sys.executable, str(ROOT / "tools" / "run_tests.py"), "--only", "postgres"]
        if code := subprocess.run(command, env=environment, cwd=ROOT, check=False).returncode:
            return code
        lines = [line for path in folder.iterdir() for line in path.read_text(encoding="utf-8").splitlines()]
    every, taken = needed(json.loads(line) for line in lines)
    repeats = (every - taken) | (set() if is_every else known_repeats())
    REPEATS.write_text("".join(f"{name}\n" for name in sorted(repeats)), encoding="utf-8")
    print(f"{len(taken)} of {len(every)} tests are needed")
    return 0


if __name__ == "__main__":
    sys.exit(main())
