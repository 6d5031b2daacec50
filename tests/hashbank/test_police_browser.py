"""The officer's page in a real browser: phone and desktop, light and dark; nothing that bars anybody."""

import pytest
from django.test import Client
from playwright.sync_api import expect

from leeward.hashbank.police.services import ask
from leeward.hashbank.rules.police import Asker
from leeward.people.models import User
from tests.browser import Visit
from tests.hashbank.conftest import Desk, bits_off, file_hashes, picture_code
from tests.personas import Cast

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_an_officer_asks(cast: Cast, bank: Desk, visitor: Visit):
    bank.add(1)
    rows = [{"md5": file_hashes("picture 1")[0].text}]
    ask(rows, asker=Asker("Coast Guard", "CG-31", "watch@coast.example"), actor=cast["pia"].actor)
    client = Client()
    client.force_login(User.objects.get(pk=cast["pia"].account_id))
    guest = visitor()
    cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": f"{guest.base}/desk"}
    guest.context.add_cookies([cookie | {"sameSite": "Strict"}])
    guest.go("/desk/known")
    page = guest.page
    page.get_by_label("Your agency").fill("Harbour Police")
    page.get_by_label("Your case").fill("HP 7")
    lines = [rows[0]["md5"], f"pdq:{bits_off(picture_code(1), 5).hex()}", "0" * 64, "nonsense"]
    page.get_by_label("Hashes", exact=True).fill("\n".join(lines))
    page.get_by_role("button", name="Look up").click()
    guest.settle()
    expect(page.get_by_text("Coast Guard, CG-31").first).to_be_visible()
    expect(page.get_by_role("heading", name="Answers for HP 7")).to_be_visible()
    guest.look("police")
