"""A case that is opened again after its content was removed, and found illegal though it is still gone: nobody is asked to remove it."""

import pytest

from leeward.notices.models import NoticeItem
from tests.casework.appeals.test_over_and_wrong import over
from tests.casework.conftest import Desk

pytestmark = pytest.mark.django_db


def test_it_is_seen_and_no_host_is_asked(desk: Desk) -> None:
    case = over(desk)
    desk.report(desk.world.gallery_url, kind="danger")
    desk.work()
    desk.assess(case)
    desk.act(case)
    desk.until(case, lambda one: one.state == "removed")
    assert case.removed_at is not None
    desk.work()
    assert {item.round for item in NoticeItem.objects.filter(case_id=case.pk)} == {1}, "nobody was asked again"
