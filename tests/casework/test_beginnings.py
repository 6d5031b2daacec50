"""What many tests begin with is put back whole, with its clock, and only where nothing else was written."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from leeward.audit.queries import verdict
from leeward.casework.models import CaseItem
from leeward.casework.services import claim_case
from leeward.people.models import Portal
from tests.casework.conftest import Desk

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("turn", ["made", "put back"])
def test_a_case_that_is_put_back_is_as_it_was_made(desk: Desk, turn: str) -> None:
    case = desk.first(f"{desk.world.gallery_url}?begins")
    assert (case.state, case.reference[4:]) == ("triaged", "-0001")
    assert CaseItem.objects.get(case=case).item.report_id == desk.reports[0]
    assert datetime.now(UTC) - case.received_at < timedelta(minutes=1)
    claim_case(case.pk, actor=desk.cast["ana"].actor)
    assert verdict(desk.cast.hotline_id).fault is None, "the log goes on from there"


@pytest.mark.skipif(connection.vendor != "sqlite", reason="elsewhere every test makes its own")
def test_nothing_is_put_back_once_something_was_written(desk: Desk) -> None:
    Portal.objects.filter(pk=desk.cast.portal_id).update(country="BB")
    with pytest.raises(AssertionError, match="written before"):
        desk.first()
