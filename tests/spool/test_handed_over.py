"""A portal goes to another hotline while something waits in the spool."""

import pytest
from django_scopes import scope

from leeward.intake.models import Report, ReporterMessage
from tests.administration.test_handing_over import hand_over
from tests.casework.conftest import Desk, desk, running_world, world
from tests.spool.conftest import Face
from tests.spool.test_reports import arrivals, opened, pull, sent

__all__ = ["desk", "running_world", "world"]
pytestmark = pytest.mark.django_db


def test_what_waited_follows_its_portal(desk: Desk, face: Face) -> None:
    added, withdrawn = sent(face), sent(face, where="http://b.example/y")
    pull()
    desk.work()
    with face():
        opened(added).send(act="add", text="One thing more.")
        opened(withdrawn).send(act="withdraw")
    late = sent(face, where="http://c.example/z", text="It waited.")
    hand_over(desk)
    pull()
    assert arrivals() == []
    with scope(hotline=desk.cast.other_hotline_id):
        assert [row.text for row in ReporterMessage.objects.all()] == ["One thing more."]
        assert [row.text for row in Report.objects.exclude(withdrawn_at=None)] == [""]
    desk.work()
    pull()
    with scope(hotline=desk.cast.other_hotline_id):
        assert "It waited." in [row.text for row in Report.objects.all()]
    with face():
        assert "Where it stands" in opened(late).text
        assert "Where it stands" not in opened(withdrawn).text
