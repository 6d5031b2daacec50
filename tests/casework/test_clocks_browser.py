"""The pages of time in a real browser: phones, dark, and nothing that bars anybody."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from leeward.casework import services
from leeward.clocks.models import Clock
from leeward.clocks.services import take_due_steps
from leeward.people.services import change_calendar
from tests.browser import DESKTOP, PHONE, Visit
from tests.casework.conftest import Desk

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SHOTS = os.environ.get("TEST_SHOTS", "")


@pytest.mark.parametrize(("size", "scheme"), [(PHONE, "dark"), (DESKTOP, "light")])
def test_a_supervisors_round_bars_nobody(desk: Desk, visitor: Visit, size: Any, scheme: Any) -> None:
    cast, now = desk.cast, datetime.now(UTC)
    cases = [desk.case(f"http://a.example/{number}") for number in range(3)]
    services.claim_case(cases[0].pk, actor=cast["carl"].actor)
    desk.assess(cases[1], "carl")
    Clock.objects.filter(case_id=cases[2].pk).update(due_at=now - timedelta(hours=3))
    row = Clock.objects.get(case_id=cases[1].pk, kind="police_told")
    Clock.objects.filter(pk=row.pk).update(started_at=now - timedelta(days=1), due_at=now + timedelta(hours=5))
    take_due_steps(row.pk, now)
    change_calendar(cast.portal_id, follows=True, added=[], worked=[], actor=cast["carl"].actor)
    guest = visitor(size=size, scheme=scheme)
    cookie = desk.signed_in("carl").cookies["sessionid"].value
    guest.context.add_cookies([{"name": "sessionid", "value": cookie, "url": f"{guest.base}/desk"}])
    rule, calendar = (f"/desk/clocks/{cast.portal_id}/{name}" for name in ("first_look", "calendar"))
    for number, path in enumerate(
        (
            "/desk/overview",
            "/desk/overview/cases?list=held",
            "/desk/overview/cases?list=removed",
            "/desk/clocks",
            "/desk/clocks/running?when=late",
            "/desk/clocks/running?when=paused",
            "/desk/",
            f"/desk/case/{cases[1].reference}",
            rule,
            calendar,
        )
    ):
        guest.go(path)
        _look(guest, f"{number}-{size[0]}", path)
    guest.page.get_by_role("button", name="See what this would do").click()
    _look(guest, f"calendar-{size[0]}", calendar)
    guest.go(rule)
    guest.page.get_by_label("How long it may take").fill("2")
    for label in ("Remind whoever holds it, hours before", "Give it to a colleague, hours before"):
        guest.page.get_by_label(label).fill("9")
    guest.page.get_by_role("button", name="See what this would do").click()
    _look(guest, f"wrong-{size[0]}", rule)
    for label in ("Remind whoever holds it, hours before", "Give it to a colleague, hours before"):
        guest.page.get_by_label(label).fill("1")
    guest.page.get_by_role("button", name="See what this would do").click()
    _look(guest, f"preview-{size[0]}", rule)
    guest.page.get_by_role("button", name="Set this rule from now on").click()
    assert "The rule holds from now on" in guest.page.content()


def _look(guest: Any, name: str, path: str) -> None:
    guest.settle()
    if SHOTS:
        guest.page.screenshot(path=str(Path(SHOTS) / f"{name}.png"), full_page=True)
    assert guest.faults() == [], path
    assert guest.overflow() <= 0, path
