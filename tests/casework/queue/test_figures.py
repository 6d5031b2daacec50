"""What came in during a month, by portal and together."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from leeward.casework.models import Case
from leeward.intake.models import Report
from leeward.people.models import Portal
from tests.casework.conftest import Desk

pytestmark = pytest.mark.django_db


def cells(page: str) -> list[list[str]]:
    """The numbers of each row of the table."""
    rows = page.split("<tr")[2:]
    return [[cell.partition(">")[2].partition("<")[0] for cell in row.split('<td class="num"')[1:]] for row in rows]


def test_a_month_is_counted_by_portal_and_together(desk: Desk) -> None:
    home = desk.cast.portal_id
    other = Portal.objects.create(
        hotline_id=desk.cast.hotline_id, slug="ky", name="Cayman Islands", country="KY", languages=["en"]
    )
    desk.case("http://a.example/1")
    desk.case("http://a.example/2")
    test = desk.case("http://a.example/0")
    Report.objects.filter(pk=Report.objects.latest("pk").pk).update(source="rehearsal")
    Case.objects.filter(pk=test.pk).update(source="rehearsal")
    Case.objects.filter(portal_id=home).update(outcome="illegal", removed_at=datetime.now(UTC))
    desk.cast = replace(desk.cast, portal_id=other.pk)
    desk.report("http://a.example/3", kind="contact")
    Report.objects.filter(portal_id=home).update(received_at=datetime(2026, 3, 31, 12, tzinfo=UTC))
    Case.objects.update(received_at=datetime(2026, 3, 31, 12, tzinfo=UTC))
    carl = desk.signed_in("carl")
    march = carl.get("/desk/overview/figures?month=2026-03").content.decode()
    assert "March 2026" in march
    assert cells(march) == [
        ["0"] * 8,
        ["2", "0", "2", "2", "0", "2", "0", "0"],
        ["2", "0", "2", "2", "0", "2", "0", "0"],
    ]
    now = carl.get("/desk/overview/figures?month=nonsense").content.decode()
    assert cells(now) == [["1", "1", *"000000"], ["0"] * 8, ["1", "1", *"000000"]]
    dora = desk.signed_in("dora").get("/desk/overview/figures").content.decode()
    assert cells(dora) == [["0"] * 8]
    assert "Cayman" not in dora
