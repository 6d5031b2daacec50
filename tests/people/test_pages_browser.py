"""Every page of this slice in a browser: nothing that bars anybody, nothing wider than a telephone, no complaint."""

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth.hashers import make_password
from playwright.sync_api import expect

from leeward.foundation.actor import SYSTEM
from leeward.people import services
from leeward.people.models import User
from leeward.people.services.tokens import issue_token
from tests.browser import PHONE, Visit, Visitor
from tests.people.browsing import device, password, press, sign_in
from tests.people.signing import GOOD, totp
from tests.personas import PASSWORD, Cast

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
LONG = "Wilhelmina-Anastasia-Konstantinopolitanska Oluwaseun-Ngozi-Adebayo-Nwachukwu III"


class Look:
    """Looks at each page that it opens."""

    def __init__(self, guest: Visitor, prefix: str) -> None:
        self.guest, self.prefix = guest, prefix

    def at(self, what: str) -> None:
        """Look at the page as it stands."""
        self.guest.look(f"{self.prefix}-{what}")

    def go(self, path: str, what: str) -> None:
        """Open a page and look."""
        self.guest.go(path)
        self.at(what)


@pytest.fixture
def look(visitor: Visit) -> Look:
    return Look(visitor(), "people")


@pytest.fixture
def crowd(cast: Cast) -> Cast:
    """Sixty colleagues with the names that people have, and that they make up."""
    names = [LONG, "نور جہاں بیگم", "👩\u200d💻 Ana", "<b>Bo</b>", "W" * 80, "O’Neill"] + [
        f"Person {n}" for n in range(54)
    ]
    unusable = make_password(None)
    User.objects.bulk_create(
        User(email=f"p{n}@staff.example", name=name, hotline_id=cast.hotline_id, roles=["analyst"], password=unusable)
        for n, name in enumerate(names)
    )
    return cast


def test_at_the_door(cast: Cast, look: Look) -> None:
    page = look.guest.page
    look.go("/desk/account/login/", "login")
    page.get_by_label("E-mail address").fill("nobody@staff.example")
    page.get_by_label("Password").fill("wrong")
    press(look.guest, "Sign in")
    look.at("login-wrong")
    look.go("/desk/account/help", "help")
    look.go("/desk/account/inactive/", "inactive")
    password(look.guest, cast, "adam")
    look.at("second-step")
    page.get_by_label("Code").fill("000000")
    press(look.guest, "Sign in")
    look.at("second-step-wrong")


def test_first_password_and_setting_up(cast: Cast, look: Look) -> None:
    Authenticator.objects.filter(user_id=cast["ana"].account_id).delete()
    services.give_first_password(cast["ana"].account_id, password=GOOD, actor=cast["adam"].actor)
    page = look.guest.page
    password(look.guest, cast, "ana", GOOD)
    look.at("first-password")
    page.get_by_label("The password you have now").fill("wrong")
    page.get_by_label("A new password", exact=True).fill("short")
    page.get_by_label("The new password again").fill("other")
    press(look.guest, "Change the password")
    look.at("first-password-wrong")
    page.get_by_label("The password you have now").fill(GOOD)
    page.get_by_label("A new password", exact=True).fill(PASSWORD)
    page.get_by_label("The new password again").fill(PASSWORD)
    press(look.guest, "Change the password")
    look.at("factors-none")
    look.go("/desk/account/2fa/totp/activate/", "app-set-up")
    page.get_by_label("Code", exact=True).fill("000000")
    press(look.guest, "Set it up")
    look.at("app-set-up-wrong")
    page.get_by_label("Code", exact=True).fill(totp(page.locator("form code").inner_text()))
    press(look.guest, "Set it up")
    look.at("codes")
    look.go("/desk/account/2fa/recovery-codes/generate/", "codes-new")
    look.go("/desk/account/2fa/totp/deactivate/", "app-remove-refused")
    look.go("/desk/account/2fa/", "factors")
    look.go("/desk/account/logout/", "logout")


def test_passkeys(cast: Cast, look: Look) -> None:
    page = look.guest.page
    long = "W" * 40
    device(look.guest)
    sign_in(look.guest, cast, "ana")
    look.go("/desk/account/2fa/webauthn/", "passkeys-none")
    look.go("/desk/account/2fa/webauthn/add/", "passkey-add")
    page.get_by_label("Name of the passkey").fill(long)
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Recovery codes")
    look.go("/desk/account/2fa/webauthn/", "passkeys")
    press(look.guest, f"Rename {long}", "link")
    look.at("passkey-rename")
    look.go("/desk/account/2fa/webauthn/", "passkeys")
    press(look.guest, f"Remove {long}", "link")
    look.at("passkey-remove")
    look.go("/desk/account/2fa/totp/deactivate/", "app-remove")
    look.go("/desk/account/reauthenticate/", "confirm-password")
    look.go("/desk/account/2fa/reauthenticate/", "confirm-code")
    look.go("/desk/account/2fa/webauthn/reauthenticate/", "confirm-passkey")
    look.go("/desk/account/password/change/", "password")


def test_people(crowd: Cast, look: Look) -> None:
    page = look.guest.page
    services.ask_second_factor_reset(crowd["ana"].account_id, actor=crowd["carl"].actor)
    services.ask_second_factor_reset(crowd["bela"].account_id, actor=crowd["adam"].actor)
    services.close_account(crowd["pia"].account_id, actor=crowd["adam"].actor)
    long = User.objects.get(name=LONG).pk
    sign_in(look.guest, crowd, "adam")
    look.go("/desk/people", "people")
    look.go("/desk/people?page=2", "people-2")
    look.go("/desk/people?find=nobody", "people-nobody")
    look.go("/desk/people/new", "account-new")
    page.get_by_label("Name").fill("Eve")
    page.get_by_label("E-mail address").fill("ana@staff.example")
    press(look.guest, "Create the account")
    look.at("account-new-wrong")
    look.go(f"/desk/people/{long}", "account")
    look.go(f"/desk/people/{crowd['ana'].account_id}", "account-secured")
    look.go(f"/desk/people/{crowd['adam'].account_id}", "account-self")
    look.go(f"/desk/people/{crowd['pia'].account_id}", "account-closed")
    look.go(f"/desk/people/{long}/password", "first-password-give")
    look.go("/desk/people/resets", "resets")
    look.go("/desk/account/", "own")


def test_hotline_and_portals(cast: Cast, look: Look) -> None:
    page = look.guest.page
    sign_in(look.guest, cast, "adam")
    issue_token(name="A check", scopes=["check"], actor=SYSTEM, hotline_id=cast.hotline_id)
    look.go("/desk/hotline", "hotline")
    page.get_by_role("checkbox", name="API keys").check()
    press(look.guest, "Save")
    look.at("hotline-in-use")
    page.get_by_role("checkbox", name="Leave them out anyway").check()
    press(look.guest, "Save")
    assert page.get_by_role("status").inner_text() == "Saved."
    look.go("/desk/portals", "portals")
    look.go(f"/desk/portals/{cast.portal_id}", "portal")
    page.get_by_label("Country").fill("J1")
    page.get_by_label("Second language").select_option("en")
    page.get_by_label("Holidays").fill("6 August")
    for day in page.get_by_role("group", name="Working days").get_by_role("checkbox").all():
        day.uncheck()
    press(look.guest, "Save")
    look.at("portal-wrong")
    page.get_by_role("link", name="Working days:").click()
    look.go("/desk/portals/new", "portal-country")
    page.get_by_label("Country").select_option("PK")
    press(look.guest, "Go on")
    look.at("portal-new")
    page.get_by_label("Emergency number").fill("15")
    press(look.guest, "Preview")
    look.at("portal-preview")
    press(look.guest, "Create the portal")
    look.at("portal-made")


def test_in_urdu(crowd: Cast, visitor: Visit) -> None:
    look = Look(visitor(size=PHONE, language="ur"), "people-ur")
    look.go("/desk/account/login/", "login")
    page = look.guest.page
    page.locator("input[name=login]").fill(crowd["adam"].email)
    page.locator("input[name=password]").fill(PASSWORD)
    with page.expect_navigation():
        page.locator("main form button").first.click()
    page.locator("input[name=code]").fill(totp())
    look.at("second-step")
    with page.expect_navigation():
        page.locator("main form button").first.click()
    for path, what in (("people", "people"), (f"people/{crowd['ana'].account_id}", "account"), ("portals", "portals")):
        look.go(f"/desk/{path}", what)


def test_keys_say_in_plain_words_what_they_open(cast: Cast, look: Look) -> None:
    sign_in(look.guest, cast, "adam")
    look.go("/desk/keys/new", "key-new")
    issue_token(name="Harbour Images", scopes=["read", "match", "curate"], actor=SYSTEM, hotline_id=cast.hotline_id)
    look.go("/desk/keys", "keys")
    row = look.guest.page.get_by_role("row", name="Harbour Images")
    expect(row).to_contain_text("add known images to banks of their own, as one source")
