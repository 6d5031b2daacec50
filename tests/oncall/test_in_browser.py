"""The page of who is on call, and the one behind a link, in a real browser: nobody is barred, nothing is cut off."""

import re
from datetime import date, time

import pytest
from django_scopes import scope

from leeward.demo.world.smtp import MailServer
from leeward.intake.rules.draft import ReportDraft
from leeward.intake.rules.where import item_drafts
from leeward.intake.services import receive_report
from leeward.jobs.worker import run_until_idle
from leeward.oncall import services
from leeward.oncall.rules.rota import Rotation
from leeward.web_security.keys import new_form_key
from tests.browser import PHONE, Visit
from tests.people.browsing import press
from tests.people.signing import signed_in
from tests.personas import Cast

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def report(cast: Cast, *kinds: str) -> None:
    with scope(hotline=cast.hotline_id):
        for kind in kinds:
            receive_report(
                ReportDraft(kind=kind, items=item_drafts("", {}), threat="yes", text="[message withheld]"),
                hotline_id=cast.hotline_id,
                portal_id=cast.portal_id,
                language="en",
                form_key=new_form_key(),
            )
    run_until_idle()


def test_on_call_and_the_link(cast: Cast, visitor: Visit, configure) -> None:
    with MailServer() as post:
        configure(smtp_host="127.0.0.1", smtp_port=post.port, smtp_security="none", mail_from="desk@leeward.example")
        report(cast, "danger", "contact", "me")
        link = re.search(r"https?://[^/\s]+(/page/\S+)", post.messages()[0].text)
        assert link
        guest = visitor()
        guest.go(link[1])
        guest.look("page-link")
        guest = visitor(script=False, size=PHONE)
        guest.go(link[1])
        guest.page.get_by_role("button", name="I’ll take them").click()
        guest.page.get_by_role("heading", name="You have acknowledged it").wait_for()
        guest = visitor()
        guest.go(link[1])
        guest.look("page-acknowledged")

        with scope(hotline=cast.hotline_id):
            for who in ("ana", "carl"):
                services.put_on_call(cast.portal_id, cast[who].account_id, actor=cast["adam"].actor)
            services.switch(cast.portal_id, cast["ana"].account_id, is_on=False, actor=cast["ana"].actor)
        report(cast, "danger", "danger")
        desk = visitor()
        cookie = {"name": "sessionid", "value": signed_in(cast, "carl").cookies["sessionid"].value}
        desk.context.add_cookies([cookie | {"url": f"{desk.base}/desk", "sameSite": "Strict"}])
        desk.go("/desk/oncall")
        desk.look("oncall-open")
        desk.page.keyboard.press("a")
        desk.page.get_by_text("Nobody else is paged about these reports.").wait_for()
        press(desk, "Send a test page Jamaica")
        run_until_idle()
        assert "Test page" in str(post.messages("carl@staff.example")[-1].message["Subject"])
        configure(smtp_host="")
        desk.go("/desk/oncall")
        desk.look("oncall-alarm")
        with scope(hotline=cast.hotline_id):
            turns = Rotation(
                1, (cast["ana"].account_id, cast["carl"].account_id), "America/Jamaica", date(2026, 11, 2), None,
                time(8), time(8), 7, frozenset({1, 2, 3, 4, 5}),
            )  # fmt: skip
            services.take_off_call(cast.portal_id, cast["ana"].account_id, actor=cast["adam"].actor)
            services.add_rotation(cast.portal_id, turns, actor=cast["adam"].actor)
            services.write_hand_over(cast.portal_id, "Case 2026-0001 waits.", actor=cast["ana"].actor)
        desk.go(f"/desk/oncall/{cast.portal_id}/rota")
        desk.look("rota")
        desk.go("/desk/oncall")
        desk.page.get_by_role("link", name="Who was paged when").first.click()
        desk.look("who-was-paged-when")
