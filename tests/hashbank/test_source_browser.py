"""The page of sources in a real browser: agreed by two, at every width, nothing that bars anybody."""

from typing import Any

import pytest
from django_scopes import scope

from leeward.demo.world.feeds import NcmecFeed
from leeward.demo.world.web import Answer
from leeward.foundation.lazy_text import storable
from leeward.hashbank.models import LiveSource, Record
from leeward.hashbank.sources.errors import WithdrawsTooMuch
from tests.hashbank.conftest import Desk, decide
from tests.hashbank.feeds import agreed_source, prints, pull
from tests.hashbank.test_settling_browser import signed_in
from tests.personas import Cast

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_an_agreement_is_recorded_by_one_and_confirmed_by_another(
    cast: Cast, bank: Desk, reach: None, visitor: Any
) -> None:
    guest = signed_in(visitor, cast["carl"].account_id)
    guest.go("/desk/bank/live-sources")
    guest.look("exchange-empty")
    with NcmecFeed() as feed:
        feed.add("one", prints("one"))
        right = agreed_source(cast, feed, "ncmec", agreed=False)
        failing = agreed_source(cast, feed, "ncmec", name="second-list", source="Another House", url=feed.url + "/x")
        feed.next(Answer(503, b"", "text/plain"))
        pull(failing, cast)
        problem = storable(WithdrawsTooMuch(30, 31).why)
        LiveSource.objects.filter(pk=failing).update(held={"withdraws": 30, "says": 31}, problem=problem)
        guest.go("/desk/bank/live-sources")
        guest.page.get_by_role("textbox", name="Agreement").fill("Memorandum 2026-4, safe of the ministry")
        guest.page.get_by_label("In force since").fill("2026-05-31")
        guest.look("exchange-agree")
        guest.page.get_by_role("button", name="Record the agreement").click()
        guest.page.get_by_text("It counts once a second person has confirmed it.").first.wait_for()
        second = signed_in(visitor, cast["adam"].account_id)
        second.go("/desk/bank/live-sources")
        second.page.get_by_role("button", name="Confirm as the second person").click()
        second.page.get_by_text("confirmed by Adam").first.wait_for()
        second.look("exchange-on")
        pull(right, cast)
        with scope(hotline=bank.hotline_id):
            decide(Record.objects.get().pk, "not_illegal", actor=bank.supervisor)
        guest.go(f"/desk/bank/live-sources/{right}/feedback")
        guest.page.get_by_role("button", name="Put it together now").click()
        guest.page.get_by_role("button", name="I have looked at it").wait_for()
        guest.look("exchange-feedback")
