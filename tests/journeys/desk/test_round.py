"""A supervisor's round in the morning: what is overdue, who has it, what was asked for, who has seen enough, what reporters are asked."""

from datetime import UTC, datetime, timedelta

import pytest

from leeward.casework import services
from leeward.casework.exposure.services.budget import note_work
from leeward.casework.models import Case, DeskDay
from tests.casework.conftest import Desk
from tests.journeys.desk.conftest import Enter

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def test_a_supervisors_round(desk: Desk, enter: Enter) -> None:
    carl = enter("carl", scheme="dark")
    carl.go("/desk/overview", "overview-empty")
    acting, stuck = desk.case(), desk.case(desk.world.far_gallery_url)
    desk.assess(acting)
    desk.act(acting)
    appeal = services.open_appeal(acting.pk, origin="host", origin_id=1, text="This is a picture of a harbour.")
    services.claim_case(stuck.pk, actor=desk.cast["ana"].actor)
    note_work(desk.cast["ana"].actor, weight=1)
    DeskDay.objects.update(spent=190, last_at=datetime.now(UTC) - timedelta(minutes=20))
    carl.go("/desk/overview", "overview")
    for path in sorted(
        set(carl.page.locator("main a[href*='/overview/cases']").evaluate_all("all => all.map(a => a.href)"))
    )[:2]:
        carl.go(path.removeprefix(carl.guest.base), "list-behind-a-number")
    carl.go(f"/desk/case/{stuck.reference}/reassign", "reassign")
    carl.page.locator(f"label[for=to-{desk.cast['bela'].account_id}]").click()
    carl.page.get_by_role("button", name="Reassign it").click()
    carl.page.wait_for_url(lambda url: not url.endswith("/reassign"))
    carl.at("reassigned")
    assert "case.reassigned" not in carl.page.locator("main").inner_text(), "acts are said in words"
    assert Case.objects.get(pk=stuck.pk).claimed_by_id == desk.cast["bela"].account_id
    carl.go("/desk/appeals", "appeals")
    carl.go(f"/desk/appeals/{appeal}", "appeal")
    carl.go("/desk/exposure", "exposure")
    assert "Ana" in carl.page.locator("main").inner_text()
    carl.go("/desk/questions", "questions")
    carl.go("/desk/questions/new", "question-new")
    carl.page.locator("#id_code").fill("which-school")
    carl.page.get_by_role("button", name="Save", exact=True).click()
    carl.page.locator("[role=alert], .error").first.wait_for(state="attached")
    carl.at("question-missing")
    carl.page.locator("#id_text-en").fill("Which school is it?")
    carl.page.get_by_role("button", name="Save", exact=True).click()
    carl.page.wait_for_url("**/desk/questions")
    carl.page.get_by_role("button", name="Hide: still-there").click()
    carl.page.get_by_text("hidden", exact=True).wait_for()
    carl.at("questions-own")
