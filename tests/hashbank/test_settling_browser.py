"""Settling what sources contradict each other about, merging sources, mapping categories, in a real browser; nothing that bars anybody."""

from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django_scopes import scope

from leeward.hashbank.models import Source, Upload
from leeward.hashbank.queries import known, record
from leeward.hashbank.rules.kinds import Hash
from leeward.hashbank.services import add_record, say_of_match
from leeward.hashbank.uploads.services import uploading
from leeward.people.models import User
from tests.browser import Visit
from tests.hashbank.conftest import FACTS, Desk, file_hashes, picture_code
from tests.hashbank.test_import import vics
from tests.hashbank.test_uploads import carry_on
from tests.personas import Cast, add_people

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


PICTURE = [Hash("pdq", picture_code(1), 90)]


def signed_in(visitor: Any, account_id: int) -> Visit:
    client = Client()
    client.force_login(User.objects.get(pk=account_id))
    guest: Visit = visitor()
    cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": f"{guest.base}/desk"}
    guest.context.add_cookies([cookie | {"sameSite": "Strict"}])
    return guest


def test_a_conflict_is_settled_by_two_people(cast: Cast, bank: Desk, visitor: Any) -> None:
    for source in ("NCMEC", "IWF"):
        number = add_record(file_hashes("x"), source=source, facts=FACTS, actor=bank.analyst)
    add_record(file_hashes("x"), source="Stock photos", verdict="harmless", bank="safe", actor=bank.analyst)
    bank.add(1)
    guest = signed_in(visitor, cast["carl"].account_id)
    page = guest.page
    guest.go("/desk/bank/unsettled")
    guest.look("bank-unsettled")
    page.get_by_role("link", name=str(number), exact=True).click()
    page.get_by_label("Why", exact=True).fill("A picture of a harbour; both lists meant another one.")
    page.get_by_label("Your decision").select_option("harmless")
    guest.look("bank-conflict")
    page.get_by_role("button", name="Settle it").click()
    page.get_by_text("It counts once a second person has confirmed it.").first.wait_for()
    guest.look("bank-waits")
    with scope(hotline=bank.hotline_id):
        assert record(number).state == "conflict"
    another = add_people({"cleo": ["supervisor"]}, bank.hotline_id)["cleo"]
    second = signed_in(visitor, another.account_id)
    second.go(f"/desk/bank/{number}")
    second.look("bank-second")
    second.page.get_by_role("button", name="I confirm it").click()
    second.page.get_by_text("Confirmed by Cleo").wait_for()
    with scope(hotline=bank.hotline_id):
        assert record(number).state == "harmless"
        say_of_match(known(PICTURE)[0].record_id, is_true=False, source="A platform", actor=bank.analyst)
    guest.go(f"/desk/bank/{number}")
    guest.look("bank-our-verdict")
    page.get_by_label("Our verdict").select_option("confirm")
    page.get_by_label("Reason").fill("Seen again with the original.")
    page.get_by_role("button", name="Save").click()
    page.get_by_role("button", name="Withdraw the proposal").wait_for()
    second.go(f"/desk/bank/{number}")
    second.look("bank-vote-second")
    second.page.get_by_role("button", name="I do not agree").click()
    second.page.get_by_label("Our verdict").wait_for()
    guest.go("/desk/bank/doubts")
    page.get_by_label("Why it is to be set aside").fill("A grey area of sky.")
    page.get_by_role("button", name="It is wrong: set it aside").click()
    page.get_by_role("button", name="Withdraw the proposal").wait_for()
    second.go("/desk/bank/doubts")
    second.look("bank-doubt-second")
    guest.go("/desk/bank/sources")
    row = Source.objects.get(name="Stock photos")
    form = page.locator(f"form[action$='/bank/sources/{row.pk}']")
    form.get_by_label("The same source as").select_option(label="IWF")
    form.get_by_role("button", name="Merge").click()
    page.get_by_role("button", name="Withdraw the proposal").wait_for()
    guest.look("bank-source-proposed")
    second.go("/desk/bank/sources")
    second.look("bank-source-second")
    second.page.get_by_role("button", name="I confirm it").click()
    second.page.get_by_role("button", name="Separate it again").wait_for()
    second.look("bank-sources")


def test_a_category_that_nobody_has_mapped_stops_a_list(
    cast: Cast, bank: Desk, visitor: Any, settings: Any, tmp_path: Path
) -> None:
    settings.LEEWARD = settings.LEEWARD.model_copy(update={"data": tmp_path})
    guest = signed_in(visitor, cast["carl"].account_id)
    page = guest.page
    guest.go("/desk/bank/imports/upload")
    file = {"name": "list.json", "mimeType": "application/json", "buffer": vics("a", "b", more={"Category": 7})}
    page.get_by_label("File", exact=True).set_input_files(file)
    page.get_by_label("Whose list is it?").fill("Project VIC")
    page.get_by_role("button", name="Upload and preview").click()
    page.get_by_text("It is being read.").wait_for()
    with scope(hotline=bank.hotline_id):
        carry_on(uploading.READ, Upload.objects.get().pk)
    page.get_by_text("Nobody has said what some of its categories mean.").wait_for()
    assert page.get_by_role("button", name="Propose it").count() == 0
    guest.look("upload-unmapped")
    page.get_by_label("Category 7 means").select_option("leave_out")
    page.get_by_role("button", name="Read it again").click()
    page.get_by_text("It is being read.").wait_for()
    with scope(hotline=bank.hotline_id):
        carry_on(uploading.READ, Upload.objects.get().pk)
    page.get_by_role("button", name="Propose it").wait_for()
    guest.look("upload-mapped")
