"""The pages of time in a real browser: phones, dark, and nothing that bars anybody."""

from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import expect

from leeward.casework import services
from leeward.clocks.models import Clock
from leeward.clocks.services import take_due_steps
from leeward.people.services import change_calendar
from tests.browser import Visit
from tests.casework.conftest import Desk

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_supervisors_round_bars_nobody(desk: Desk, visitor: Visit) -> None:
    cast, now = desk.cast, datetime.now(UTC)
    cases = [desk.case(f"http://a.example/{number}") for number in range(3)]
    services.claim_case(cases[0].pk, actor=cast["carl"].actor)
    desk.assess(cases[1], "carl")
    Clock.objects.filter(case_id=cases[2].pk).update(due_at=now - timedelta(hours=3))
    row = Clock.objects.get(case_id=cases[1].pk, kind="police_told")
    Clock.objects.filter(pk=row.pk).update(started_at=now - timedelta(days=1), due_at=now + timedelta(hours=5))
    take_due_steps(row.pk, now)
    change_calendar(cast.portal_id, follows=True, added=[], worked=[], actor=cast["carl"].actor)
    guest = visitor()
    cookie = desk.signed_in("carl").cookies["sessionid"].value
    guest.context.add_cookies([{"name": "sessionid", "value": cookie, "url": f"{guest.base}/desk"}])
    rule, calendar = (f"/desk/time-limits/{cast.portal_id}/{name}" for name in ("first_assessment", "calendar"))
    for number, path in enumerate(
        (
            "/desk/overview",
            "/desk/overview/cases?list=held",
            "/desk/overview/cases?list=removed",
            "/desk/time-limits",
            "/desk/clocks?when=late",
            "/desk/clocks?when=paused",
            "/desk/",
            f"/desk/case/{cases[1].reference}",
            rule,
            calendar,
        )
    ):
        guest.go(path)
        guest.look(f"clocks-{number}")
    guest.page.get_by_role("button", name="Preview the effect").click()
    guest.look("clocks-calendar")
    guest.go(rule)
    guest.page.get_by_label("How long it may take").fill("2")
    for label in ("Remind the holder, hours before", "Reassign it, hours before"):
        guest.page.get_by_label(label).fill("9")
    guest.page.get_by_role("button", name="Preview the effect").click()
    guest.look("clocks-wrong")
    for label in ("Remind the holder, hours before", "Reassign it, hours before"):
        guest.page.get_by_label(label).fill("1")
    guest.page.get_by_role("button", name="Preview the effect").click()
    guest.look("clocks-preview")
    guest.page.get_by_role("button", name="Set this rule from now on").click()
    expect(guest.page.locator("body")).to_contain_text("The rule applies from now on")
