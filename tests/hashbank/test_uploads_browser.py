"""Sending a list in a real browser, on a phone in the dark: from the file by its proposal to what it changed; nothing that
bars anybody.
"""

from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django_scopes import scope

from leeward.hashbank.models import Upload
from leeward.hashbank.services import add_record
from leeward.hashbank.uploads.services import uploading
from leeward.people.models import User
from tests.browser import PHONE, Visit
from tests.hashbank.conftest import Desk, file_hashes
from tests.hashbank.test_uploads import carry_on, table
from tests.personas import Cast, add_people

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_supervisor_sends_a_list(cast: Cast, bank: Desk, visitor: Visit, settings: Any, tmp_path: Path) -> None:
    settings.LEEWARD = settings.LEEWARD.model_copy(update={"data": tmp_path})
    add_record(file_hashes("row 7"), source="Another list", actor=bank.analyst)
    cleo = add_people({"cleo": ["supervisor"]}, bank.hotline_id)["cleo"].account_id
    client = Client()
    client.force_login(User.objects.get(pk=cast["carl"].account_id))
    guest = visitor(size=PHONE, scheme="dark")
    cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": f"{guest.base}/desk"}
    guest.context.add_cookies([cookie | {"sameSite": "Strict"}])
    page = guest.page

    guest.go("/desk/bank/imports")
    page.get_by_role("link", name="Import a list").click()
    guest.look("upload-send")
    file = {"name": "list.csv", "mimeType": "text/csv", "buffer": table(3000, "zz,,")}
    page.get_by_label("File", exact=True).set_input_files(file)
    page.get_by_label("Whose list is it?").fill("Project X")
    page.get_by_role("button", name="Upload and preview").click()
    page.get_by_text("It is being read.").wait_for()
    guest.look("upload-reading")
    with scope(hotline=bank.hotline_id):
        carry_on(uploading.READ, Upload.objects.get().pk)
    page.get_by_role("button", name="Propose it").wait_for()  # the page follows by itself
    guest.look("upload-preview")
    page.get_by_role("button", name="Propose it").click()
    page.get_by_role("button", name="Withdraw the proposal").wait_for()
    Upload._base_manager.update(by=cleo)  # as if the other supervisor had sent it
    page.reload()
    guest.look("upload-proposed")
    page.get_by_role("button", name="I confirm it").click()
    page.get_by_text("It is being imported.").wait_for()
    with scope(hotline=bank.hotline_id):
        carry_on(uploading.BRING_IN, Upload.objects.get().pk)
    page.get_by_role("link", name="See what it changed").click()
    page.get_by_role("heading", name="Project X").wait_for()
    guest.look("upload-import")
    guest.go("/desk/bank/imports")
    guest.look("upload-imports")
