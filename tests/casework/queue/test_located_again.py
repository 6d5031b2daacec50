"""The desk hears where something is if messages went out when nobody could say it."""

from collections.abc import Callable
from typing import Any

from leeward.casework.models import Case
from leeward.casework.tasks import fetched_more
from tests.casework.conftest import Desk


def test_the_desk_hears_it_where_messages_went_out_before(desk: Desk, acts_of: Callable[[Any], list[str]]) -> None:
    case = desk.first()
    fetched_more(case.location_id)
    Case.objects.filter(pk=case.pk).update(state="monitoring", place="unknown")
    fetched_more(case.location_id)
    fetched_more(case.location_id)
    case.refresh_from_db()
    assert case.place == "here"
    assert case.news_at is not None
    assert acts_of(case).count("case.refetched") == 1
    fetched_more(10**9)
