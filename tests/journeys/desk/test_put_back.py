"""A hotline that came back from a file, under its old numbers, and its people go on where they were."""

import io
from pathlib import Path

import pytest
from django.db import connection

from leeward.administration.services import put_back_hotline
from leeward.audit import keys
from leeward.backup.hotline.file import trusted
from leeward.casework.models import Case
from leeward.foundation.actor import SYSTEM
from tests.backup.test_putting_back import KEY, START, empty, written
from tests.casework.conftest import Desk
from tests.journeys.desk.conftest import Enter

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="a server lets nobody delete what others refer to")
def test_after_a_put_back_an_analyst_goes_on(desk: Desk, enter: Enter, tmp_path: Path) -> None:
    waiting, acting = desk.case(text="I found a bad page."), desk.case(desk.world.far_gallery_url)
    desk.assess(acting)
    desk.act(acting)
    told = len(desk.mails())
    raw = written(desk.cast, tmp_path)
    with connection.constraint_checks_disabled():
        empty(desk.cast.hotline_id)
    reader = trusted(io.BytesIO(raw), KEY, keys.public_key())
    put_back_hotline(reader, is_trial=False, actor=SYSTEM, now=START)
    desk.work()
    assert len(desk.mails()) == told, "nobody is told twice"

    ana = enter("ana")
    ana.go("/desk/", "queue")
    assert waiting.reference in ana.page.locator("main").inner_text()
    ana.go(f"/desk/case/{waiting.reference}", "case")
    assert "I found a bad page." in ana.page.locator("main").inner_text()
    desk.assess(waiting)
    desk.act(waiting)
    assert len(desk.mails()) == told + 1
    for case in (waiting, acting):
        ana.go(f"/desk/case/{case.reference}", "case-acted-on")
    ana.page.locator("#find-case").fill(acting.reference)
    ana.page.locator("#find-case").press("Enter")
    ana.page.wait_for_url(f"**/desk/case/{acting.reference}*")
    fresh = desk.case(f"{desk.world.gallery_url}?again")
    assert fresh.reference not in {waiting.reference, acting.reference}
    desk.assess(fresh, outcome="not_illegal", reason=16)
    ana.go(f"/desk/case/{fresh.reference}", "closed")
    assert Case.objects.count() == 3
    carl = enter("carl")
    for page in ("overview", "outbox", "referrals"):
        carl.go(f"/desk/{page}", page)
        assert carl.page.locator("main h1").is_visible()
