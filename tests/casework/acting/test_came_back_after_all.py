"""The police's letter came back after it counted as sent: nobody goes on believing that they have it."""

from datetime import UTC, datetime

import pytest

from leeward.audit.services import hotline_transaction
from leeward.casework.models import Case
from leeward.intake import queries as intake_queries
from leeward.notices import services as notices_services
from leeward.notices.models import Message
from leeward.notices.services.delivery import came_back
from tests.casework.acting.test_hotlines import came_in, pair
from tests.casework.conftest import Desk
from tests.exchange.link import Pair, said

__all__ = ["pair"]
pytestmark = pytest.mark.django_db


def comes_back(desk: Desk, case: Case) -> None:
    with hotline_transaction():
        came_back(Message.objects.get(kind__in=("referral", "forward"), state="sent"), "hard", now=datetime.now(UTC))
    desk.work()
    case.refresh_from_db()
    assert case.police_told_at is None


def test_the_reporter_reads_so(desk: Desk) -> None:
    case = desk.first(kind="danger")
    desk.until(case, lambda one: one.police_told_at is not None)
    [item] = intake_queries.items_of(desk.reports[0])
    assert (item.state, item.reason) == ("acted", "forwarded")
    comes_back(desk, case)
    [item] = intake_queries.items_of(desk.reports[0])
    assert (item.state, item.reason) == ("received", "")


def test_the_hotline_that_reported_it_hears_so_and_when_they_have_it_after_all(desk: Desk, pair: Pair) -> None:
    case = came_in(desk, pair, desk.world.gallery_url)
    desk.assess(case)
    desk.act(case)
    desk.until(case, lambda one: one.police_told_at is not None)
    pair.quiet()
    assert said(pair.rows("there")[0])[2:] == ["hosting police_told"]
    comes_back(desk, case)
    pair.quiet()
    there = pair.rows("there")[0]
    assert (said(there)[3:], there.stage) == (["hosting retraction"], "accepted")
    again = Message.objects.get(kind="referral", state="dead")
    notices_services.retry(again.pk, actor=desk.cast["carl"].actor)
    desk.until(case, lambda one: one.police_told_at is not None)
    pair.quiet()
    there = pair.rows("there")[0]
    assert (said(there)[4:], there.stage) == (["hosting police_told"], "acting")
