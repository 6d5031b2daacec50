"""A report that comes in while no name server answers becomes a case without a place; the place is found after the outage."""

from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import pytest

from leeward.hosting.queries import files_now
from leeward.hosting.services import healing
from leeward.jobs.worker import run_until_idle
from tests.casework.conftest import Desk


def test_a_case_gets_its_place_and_its_pictures_after_an_outage(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(healing, "OUTAGE", healing._Outage())
    monkeypatch.setattr("leeward.hosting.lookups.names.SECONDS", 0.15)
    host = urlsplit(desk.world.gallery_url).hostname or ""
    desk.world.names.fail(host, "SILENCE")
    try:
        case = desk.case()
        assert (case.place, case.country, case.state) == ("unknown", "", "triaged")
    finally:
        desk.world.names.heal(host)
    run_until_idle(datetime.now(UTC) + timedelta(minutes=2))
    case.refresh_from_db()
    assert (case.place, case.country) == ("here", "JM")
    assert files_now(case.location_id)
