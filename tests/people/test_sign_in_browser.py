"""Signing in with a real browser: code, recovery code, passkey; under our headers, without a complaint in the console."""

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from playwright.sync_api import expect

from leeward.audit.queries import log_page
from leeward.people import services
from leeward.people.sign_in.devices import COOKIE
from tests.browser import Visit
from tests.people.browsing import LOGIN, code, device, heading, password, sign_in
from tests.people.signing import GOOD, totp
from tests.personas import PASSWORD, Cast

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def facts(cast: Cast, event: str) -> list[object]:
    """What the log keeps of an event, oldest first."""
    return [line.facts for line in reversed(log_page(cast.hotline_id)) if line.event == event]


def test_from_a_first_password_to_an_app_and_in_again_with_its_code(cast: Cast, visitor: Visit) -> None:
    Authenticator.objects.filter(user_id=cast["adam"].account_id).delete()
    services.give_first_password(
        cast["adam"].account_id, password=GOOD, actor=cast["adam"].actor.__class__(kind="command")
    )
    guest = visitor()
    password(guest, cast, "adam", GOOD)
    heading(guest, "Change your password")
    guest.page.get_by_label("The password you have now").fill(GOOD)
    guest.page.get_by_label("A new password", exact=True).fill(PASSWORD)
    guest.page.get_by_label("The new password again").fill(PASSWORD)
    guest.page.get_by_role("button", name="Change the password").click()
    heading(guest, "Second factor")
    guest.page.get_by_role("link", name="Set up an app").click()
    heading(guest, "Set up an app")
    picture = guest.page.get_by_role("img", name="Square code")
    expect(picture).to_be_visible()
    assert picture.evaluate("image => image.complete && image.naturalWidth > 0")
    secret = guest.page.locator("form code").inner_text()
    guest.page.get_by_label("Code", exact=True).fill(totp(secret))
    guest.page.get_by_role("button", name="Set it up").click()
    heading(guest, "Recovery codes")
    codes = guest.page.locator("main li code").all_inner_texts()
    assert len(set(codes)) == 10
    guest.page.get_by_role("link", name="to the desk").click()
    guest.go("/desk/people")
    heading(guest, "People")
    guest.page.get_by_role("button", name="Sign out").click()
    heading(guest, "Sign in")

    password(guest, cast, "adam")
    heading(guest, "Second step")
    code(guest, "000000")
    expect(guest.page.locator("p.error")).to_contain_text("This code is not right")
    code(guest, totp(secret, step=1))
    heading(guest, "Administration")
    guest.page.get_by_role("button", name="Sign out").click()

    password(guest, cast, "adam")
    code(guest, codes[3])
    heading(guest, "Administration")
    assert facts(cast, "account.signed_in") == [
        {"by": ["password"]},
        {"by": ["password", "totp"]},
        {"by": ["password", "recovery_codes"]},
    ]
    assert guest.complaints == []


def guess_for(email: str) -> None:
    """As many wrong passwords from everywhere as slow everybody on a device that the account doesn't know."""
    for number in range(30):
        guess = {"login": email, "password": "wrong"}
        Client().post("/desk/account/login/", guess, REMOTE_ADDR=f"198.51.100.{number}")


def test_a_passkey_is_added_and_then_signs_in_alone(cast: Cast, visitor: Visit) -> None:
    guest = visitor()
    device(guest)
    sign_in(guest, cast, "adam")
    guest.go("/desk/account/2fa/")
    guest.page.get_by_role("link", name="Add a passkey").click()
    heading(guest, "Add a passkey")
    guest.page.get_by_label("Name of the passkey").fill("Telephone")
    guest.page.get_by_label("Sign in with this passkey alone").check()
    guest.page.get_by_role("button", name="Go on").click()
    heading(guest, "Recovery codes")
    guest.go("/desk/account/2fa/webauthn/")
    expect(guest.page.get_by_role("heading", name="Telephone")).to_be_visible()
    expect(guest.page.get_by_text("alone, without a password")).to_be_visible()
    guest.page.get_by_role("button", name="Sign out").click()
    heading(guest, "Sign in")

    guess_for(cast["adam"].email)
    guest.context.clear_cookies(name=COOKIE)  # the passkey helps on a device that nobody knows
    guest.page.get_by_role("button", name="Sign in with a passkey").click()
    heading(guest, "Administration")
    assert facts(cast, "account.signed_in") == [{"by": ["password", "totp"]}, {"by": ["webauthn"]}]
    assert facts(cast, "second_factor.added") == [{"kind": "webauthn"}, {"kind": "recovery_codes"}]

    guest.go("/desk/account/2fa/webauthn/")
    guest.page.get_by_role("link", name="Rename").click()
    guest.page.get_by_label("Name of the passkey").fill("Old telephone")
    guest.page.get_by_role("button", name="Save").click()
    heading(guest, "Passkeys")
    guest.page.get_by_role("link", name="Remove Old telephone").click()
    heading(guest, "Remove “Old telephone”")
    guest.page.get_by_role("button", name="Remove it").click()
    expect(guest.page.get_by_text("You have no passkey")).to_be_visible()
    assert facts(cast, "second_factor.removed") == [{"kind": "webauthn"}]
    assert guest.complaints == []


def test_a_passkey_is_the_second_step_and_confirms_grave_changes(cast: Cast, visitor: Visit) -> None:
    Authenticator.objects.filter(user_id=cast["adam"].account_id).delete()
    guest = visitor()
    line, number = device(guest)
    password(guest, cast, "adam")
    heading(guest, "Second factor")
    guest.page.get_by_role("link", name="Add a passkey").click()
    guest.page.get_by_role("button", name="Go on").click()
    heading(guest, "Recovery codes")
    guest.page.get_by_role("button", name="Sign out").click()
    heading(guest, "Sign in")
    password(guest, cast, "adam")
    guest.page.get_by_role("button", name="Use a passkey").click()
    heading(guest, "Administration")

    guest.go("/desk/account/2fa/webauthn/reauthenticate/?next=/desk/account/2fa/")
    guest.page.get_by_role("button", name="Use a passkey").click()
    heading(guest, "Second factor")
    guest.page.get_by_role("link", name="See, add, remove").click()
    guest.page.get_by_role("link", name="Remove").click()
    expect(guest.page.get_by_text("This is your only second factor")).to_be_visible()
    assert guest.page.get_by_role("button", name="Remove it").count() == 0
    assert guest.complaints == []

    line.send("WebAuthn.clearCredentials", {"authenticatorId": number})
    guest.page.get_by_role("button", name="Sign out").click()
    guest.page.get_by_role("button", name="Sign in with a passkey").click()
    expect(guest.page.get_by_role("alert")).to_contain_text("Your device sent no passkey")
    assert guest.complaints == []


def test_without_script_passwords_and_codes_do_and_nothing_that_would_not_is_offered(
    cast: Cast, visitor: Visit
) -> None:
    guest = visitor(script=False)
    guest.go(LOGIN)
    expect(guest.page.get_by_role("button", name="Sign in with a passkey")).to_be_hidden()
    sign_in(guest, cast, "adam")
    heading(guest, "Administration")
    guest.go("/desk/account/2fa/webauthn/add/")
    expect(guest.page.get_by_text("Your browser can’t use passkeys here")).to_be_visible()
    expect(guest.page.get_by_role("button", name="Go on")).to_be_hidden()


def test_without_script_an_app_is_set_up(cast: Cast, visitor: Visit) -> None:
    Authenticator.objects.filter(user_id=cast["adam"].account_id).delete()
    guest = visitor(script=False)
    password(guest, cast, "adam")
    guest.page.get_by_role("link", name="Set up an app").click()
    secret = guest.page.locator("form code").inner_text()
    guest.page.get_by_label("Code", exact=True).fill(totp(secret))
    guest.page.get_by_role("button", name="Set it up").click()
    heading(guest, "Recovery codes")


def test_the_back_button_after_signing_out_shows_nothing(cast: Cast, visitor: Visit) -> None:
    guest = visitor()
    sign_in(guest, cast, "adam")
    guest.go("/desk/people")
    heading(guest, "People")
    guest.page.get_by_role("button", name="Sign out").click()
    heading(guest, "Sign in")
    guest.page.go_back()
    heading(guest, "Sign in")
