"""The kinds of jobs that ever were: rows of them may wait when a new version starts, also those that failed and can be retried."""

from pathlib import Path

from leeward.jobs.registry import EVERY, HANDLERS, load

RECORDED = Path(__file__).with_name("kinds.txt")


def test_whatever_may_still_wait_is_carried_out() -> None:
    """What repeats needs no record: an unknown row of it is deleted, and another is made."""
    load()
    recorded = set(RECORDED.read_text(encoding="utf-8").split())
    kinds = {kind for kind in HANDLERS if not kind.startswith((EVERY, "test."))}
    assert recorded - kinds == set(), "it was moved or renamed: subscribe with `formerly`"
    assert kinds - recorded == set(), f"write it into {RECORDED.name}"
