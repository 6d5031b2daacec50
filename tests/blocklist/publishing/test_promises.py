"""What THREAT_MODEL.md promises of the lists names tests that exist."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[3]
ROW = re.compile(r"^\| (B\d+) \| .+ \| (.+?) \|$", re.MULTILINE)
TEST = re.compile(r"`(tests/[\w/]+\.py)::(test_\w+)`")


def test_every_promise_of_the_lists_names_a_test_that_exists() -> None:
    rows = ROW.findall((ROOT / "THREAT_MODEL.md").read_text(encoding="utf-8"))
    assert [number for number, _ in rows] == [f"B{place}" for place in range(1, len(rows) + 1)]
    assert rows
    for number, named in rows:
        tests = TEST.findall(named)
        assert tests, number
        for path, function in tests:
            assert f"def {function}(" in (ROOT / path).read_text(encoding="utf-8"), (number, path, function)
