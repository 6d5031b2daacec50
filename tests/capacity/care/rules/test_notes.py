"""Who may be the counsellor, and how notes are kept."""

from datetime import date

import pytest

from leeward.capacity.care.rules.notes import last_kept, may_counsel, padded


@pytest.mark.parametrize(
    ("roles", "is_active", "reason"),
    [
        (["translator"], True, ""),
        (["analyst", "auditor"], True, ""),
        ([], True, ""),
        (["translator"], False, "the account is closed"),
        (["supervisor", "analyst"], True, "a supervisor or administrator can’t be the counsellor"),
        (["administrator"], True, "a supervisor or administrator can’t be the counsellor"),
    ],
)
def test_nobody_confides_in_who_decides_about_them(roles: list[str], is_active: bool, reason: str) -> None:
    decision = may_counsel(roles, is_active=is_active)
    assert (bool(decision), str(decision.reason)) == (not reason, reason)


def test_a_note_is_filled_up_to_the_next_step() -> None:
    assert padded("") == b""
    assert padded("é") == "é".encode() + b" " * 1022
    assert padded("a" * 1024) == b"a" * 1024
    assert len(padded("a" * 1025)) == 2048


def test_notes_are_kept_for_90_days() -> None:
    assert last_kept(date(2026, 4, 1)) == date(2026, 1, 1)
