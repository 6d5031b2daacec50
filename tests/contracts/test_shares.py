"""The long tests are run by turns: three runs have all of them, and none has any twice."""

from dataclasses import dataclass

import pytest

from tests import shares


@dataclass(frozen=True)
class Item:
    """What is asked of a test."""

    nodeid: str


LONG = [Item(f"tests/site/test_{n}.py::test_{one}") for n in range(7) for one in ("a", "b")]
DEMO = Item("tests/journeys/test_demo.py::test_the_demonstration")
FAULTS = Item("tests/chaos/test_short.py::test_a_handful")
QUICK = [Item(f"tests/site/test_{n}.py::test_quick") for n in range(7)]


def run(monkeypatch: pytest.MonkeyPatch, share: str) -> set[Item]:
    """What a run of this share takes."""
    monkeypatch.setenv(shares.SHARE, share)
    items = [*LONG, DEMO, FAULTS, *QUICK]
    left = shares.left_to_others(items, {item: item not in QUICK for item in items})  # type: ignore[arg-type, dict-item]
    return set(items) - left  # type: ignore[operator]


def test_three_runs_have_every_long_test_and_each_has_all_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    each = [run(monkeypatch, share) for share in ("0", "1", "2")]
    assert all({DEMO, FAULTS, *QUICK} <= one for one in each)
    long = [one - {DEMO, FAULTS, *QUICK} for one in each]
    assert set.union(*long) == set(LONG)
    assert sum(map(len, long)) == len(LONG)
    assert {len(one) for one in long} == {4, 6}
    assert run(monkeypatch, "all") == {*LONG, DEMO, FAULTS, *QUICK}


def test_the_commit_says_which(monkeypatch: pytest.MonkeyPatch) -> None:
    assert {shares.share_of(f"{n:08x}" + 32 * "0") for n in range(9)} == {"0", "1", "2"}
    assert shares.share_of("") == "all"
    monkeypatch.delenv(shares.SHARE, raising=False)
    assert shares.left_to_others([*LONG], dict.fromkeys(LONG, True)) == set(), "as where tests are run by hand"  # type: ignore[list-item, arg-type]
