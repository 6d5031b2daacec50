"""The ladder's steps."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leeward.notices.rules.ladder import Rungs, deadline, kinds_at, next_step_at
from leeward.notices.rules.overviews import number_in, purpose

RUNGS = Rungs(timedelta(hours=24), owner_step=3, upstream_step=6)


@pytest.mark.parametrize(
    ("step", "kinds"),
    [
        (1, ("host",)),
        (2, ("host",)),
        (3, ("host", "owner")),
        (6, ("host", "owner", "upstream", "registrar")),
        (7, ("host",)),
        (9, ("host", "owner")),
        (12, ("host", "owner", "upstream", "registrar")),
    ],
)
def test_whom_each_step_tells(step: int, kinds: tuple[str, ...]) -> None:
    assert kinds_at(step, RUNGS) == kinds


def test_a_deadline_is_never_after_the_next_step() -> None:
    noon = datetime(2026, 11, 24, 12, 40, 5, 7, tzinfo=UTC)
    assert deadline(noon, RUNGS) == datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
    quick = Rungs(timedelta(minutes=5), owner_step=3, upstream_step=6)
    assert deadline(noon, quick) == noon + timedelta(minutes=5)


def test_there_is_no_step_before_the_first() -> None:
    with pytest.raises(ValueError, match=r"^steps count from 1$"):
        kinds_at(0, RUNGS)


@pytest.mark.parametrize(
    ("token", "number"),
    [
        ("17-k3f9", 17),
        ("17-k3f9-x", 17),
        ("1" * 18 + "-x", int("1" * 18)),
        ("1" * 19 + "-x", None),
        ("x-1", None),
        ("-1", None),
        ("٣-x", None),
    ],
)
def test_the_page_of_a_contact_names_its_number(token: str, number: int | None) -> None:
    assert number_in(token) == number
    assert purpose(3) == "overview 3"


def test_steps_are_a_day_apart() -> None:
    now = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
    assert next_step_at(now, RUNGS) == now + timedelta(days=1)


@given(st.integers(1, 500), st.integers(1, 20), st.integers(1, 20))
def test_the_host_is_told_at_every_step_and_nobody_twice(step: int, owner: int, upstream: int) -> None:
    kinds = kinds_at(step, Rungs(timedelta(hours=1), owner, upstream), host="foreign_host")
    assert kinds[0] == "foreign_host"
    assert len(set(kinds)) == len(kinds)
