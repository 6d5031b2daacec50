"""Of what a log speaks: the things of one kind, since a row, and between which moments."""

from datetime import UTC, datetime, timedelta

import pytest

from leeward.audit.queries import spoken_between, spoken_of, spoken_since
from leeward.audit.services import hotline_transaction, record
from leeward.foundation.actor import SYSTEM

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
SPOKEN = ("report:3", "report:12", "report:3", "reports:9", "report:0", "report:x", "report:٣", "case:3", "report")


@pytest.fixture
def chain() -> int:
    for at, (number, subject) in enumerate([(7, one) for one in SPOKEN] + [(8, "report:4")]):
        with hotline_transaction(number):
            moment = NOW + timedelta(minutes=at)
            record("thing.done", actor=SYSTEM, hotline_id=number, subject=subject, now=moment)
    return 7


def test_each_thing_of_a_kind_once(chain: int) -> None:
    assert sorted(spoken_of(chain, "report")) == [3, 12]
    assert list(spoken_of(chain, "case")) == [3]
    assert list(spoken_of(chain, "referral")) == []
    assert list(spoken_of(8, "report")) == [4]


def test_what_was_done_after_a_row_by_kind(chain: int) -> None:
    assert spoken_since(chain, 0) == {"case": [3], "report": [0, 3, 12], "reports": [9]}
    assert spoken_since(chain, 3) == {"case": [3], "report": [0], "reports": [9]}
    assert list(spoken_since(chain, 0)) == ["case", "report", "reports"]
    assert spoken_since(chain, len(SPOKEN)) == {}
    assert spoken_since(chain, 0, most=2) == {"case": [3]}, "the newest"


def test_when_it_was_first_and_last_spoken_of_them(chain: int) -> None:
    assert spoken_between(chain, ["report:3", "report:12"]) == (NOW, NOW + timedelta(minutes=2))
    assert spoken_between(chain, ["report:12"]) == (NOW + timedelta(minutes=1),) * 2
    assert spoken_between(chain, ["report:4"]) is None
    assert spoken_between(8, ["report:4"]) == (NOW + timedelta(minutes=9),) * 2
