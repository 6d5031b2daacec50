"""Who may answer a request that a block be lifted, and how long nobody may take to be found."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import pytest

from leeward.blocklist.rules.hearing import free_roles, may_find_somebody, suspends_at

TODAY = date(2026, 11, 24)


@dataclass(frozen=True)
class Somebody:
    """An account as the rules see it."""

    id: int
    roles: frozenset[str]
    is_active: bool = True
    away: bool = False

    def is_away(self, today: date) -> bool:
        return self.away and today == TODAY


def who(number: int, *roles: str, active: bool = True, away: bool = False) -> Somebody:
    return Somebody(number, frozenset(roles), active, away)


@pytest.mark.parametrize(
    ("staff", "free"),
    [
        ([], set()),
        ([who(1, "supervisor", "analyst")], {"supervisor"}),
        ([who(1, "supervisor"), who(2, "administrator")], {"supervisor", "administrator"}),
        ([who(1, "analyst", "auditor")], set()),
        ([who(9, "supervisor")], set()),
        ([who(1, "supervisor", active=False)], set()),
        ([who(1, "supervisor", away=True)], set()),
        ([who(9, "administrator"), who(1, "supervisor")], {"supervisor"}),
    ],
)
def test_whoever_is_here_and_had_no_part_answers(staff: list[Somebody], free: set[str]) -> None:
    assert free_roles(staff, [9, None], TODAY) == free


@pytest.mark.parametrize(
    ("staff", "hope"),
    [
        ([], False),
        ([who(1, "administrator")], True),
        ([who(1, "administrator", "supervisor"), who(2, "supervisor")], False),
        ([who(1, "administrator", "analyst"), who(2, "supervisor"), who(3, "supervisor")], True),
        ([who(1, "administrator", active=False), who(2, "supervisor")], False),
        ([who(1, "auditor"), who(2, "translator"), who(3, "auditor")], False),
        ([who(1, "supervisor"), who(2, "supervisor"), who(3, "supervisor", active=False)], False),
    ],
)
def test_an_appeal_finds_somebody_apart_or_three(staff: list[Somebody], hope: bool) -> None:
    assert may_find_somebody(staff) is hope


def test_a_block_is_suspended_after_three_days_without_anybody() -> None:
    since = datetime(2026, 11, 24, 12, tzinfo=UTC)
    assert suspends_at(since) == since + timedelta(days=3)
