"""Find the tests that ask nothing of PostgreSQL that no other test asks, and write their names to tests/postgres_repeats.txt.

Runs all that could run there, and puts the statements of each down; then takes, again and again, the test with most new statements for its
time. What is left over at the end repeats others. Takes some ten minutes; worth doing when `make test` gets slow.
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
    from tests.on_postgres import RECORD, REPEATS, needed

    with tempfile.TemporaryDirectory() as folder:
        environment = os.environ | {RECORD: folder}
        command = [sys.executable, str(ROOT / "tools" / "run_tests.py"), "--only", "postgres"]
        if code := subprocess.run(command, env=environment, cwd=ROOT, check=False).returncode:
            return code
        lines = [line for path in Path(folder).iterdir() for line in path.read_text(encoding="utf-8").splitlines()]
    every, taken = needed(json.loads(line) for line in lines)
    REPEATS.write_text("".join(f"{name}\n" for name in sorted(every - taken)), encoding="utf-8")
    print(f"{len(taken)} of {len(every)} tests are needed")
    return 0


if __name__ == "__main__":
    sys.exit(main())
