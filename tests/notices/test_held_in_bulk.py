"""What many cases cost whose gates follow what the police hold at their address."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from leeward.notices.going_on import is_held_beside
from leeward.notices.models import NoticeCase
from leeward.notices.services.police_first import follow_holds
from tests.notices.test_police_guards import NOW, SENT, _at_noon, matter, refer
from tests.personas import Cast

__all__ = ["_at_noon"]
pytestmark = pytest.mark.django_db
HELD, LET_GO = {"state": "held", "held_since": NOW}, {"state": "released", "decided_at": NOW}


def test_what_tells_no_host_costs_nothing_beside_a_hold(cast: Cast) -> None:
    refer(matter(cast, 1, address_key="k", state="police"), **HELD)
    late = matter(cast, 2, address_key="k", state="open")
    refer(late, **SENT | LET_GO)
    follow_holds(NOW)
    late.refresh_from_db()
    assert late.state == "address", "a host of it would be told"
    with CaptureQueriesContext(connection) as before:
        follow_holds(NOW)
    for number in range(3, 30):
        passed_on = matter(cast, number, address_key="k", state="open", tells_host=False)
        refer(passed_on, **SENT | LET_GO | {"kind": "forward"})
    with CaptureQueriesContext(connection) as after:
        follow_holds(NOW)
    assert len(after) == len(before)


@pytest.mark.skipif(connection.vendor != "sqlite", reason="it counts what SQLite does")
def test_cases_without_an_address_are_not_compared_with_one_another(cast: Cast) -> None:
    def steps() -> int:
        """The thousands of instructions that the search takes."""
        count = 0

        def once_more() -> None:
            nonlocal count
            count += 1

        connection.connection.set_progress_handler(once_more, 1000)
        assert not NoticeCase.objects.filter(is_held_beside()).exists()
        connection.connection.set_progress_handler(None, 0)
        return count

    numbers = iter(range(1, 1000))
    for _number in range(30):
        refer(matter(cast, next(numbers), state="police"), **HELD)
    few = steps()
    for _number in range(270):
        refer(matter(cast, next(numbers), state="police"), **HELD)
    assert steps() < 20 * max(few, 1), "ten times as many rows, and not a hundred times the work"
