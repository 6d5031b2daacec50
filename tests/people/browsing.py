"""Going through the door with a browser, and a device that makes passkeys."""

from typing import Literal

from playwright.sync_api import CDPSession, expect

from tests.browser import Visitor
from tests.people.signing import SECRET, totp
from tests.personas import PASSWORD, Cast

LOGIN = "/desk/account/login/"


def press(guest: Visitor, name: str, role: Literal["button", "link"] = "button") -> None:
    """Press what leads to another page, and wait for that page."""
    with guest.page.expect_navigation():
        guest.page.get_by_role(role, name=name, exact=True).click()


def password(guest: Visitor, cast: Cast, who: str, secret: str = PASSWORD) -> None:
    """The first step."""
    guest.go(LOGIN)
    guest.page.get_by_label("E-mail address").fill(cast[who].email)
    guest.page.get_by_label("Password").fill(secret)
    press(guest, "Sign in")


def code(guest: Visitor, text: str) -> None:
    """The second step."""
    guest.page.get_by_label("Code").fill(text)
    press(guest, "Sign in")


def sign_in(guest: Visitor, cast: Cast, who: str, *, step: int = 0) -> None:
    """Both steps."""
    password(guest, cast, who)
    code(guest, totp(SECRET, step=step))
    expect(guest.page.get_by_role("button", name="Sign out")).to_be_visible()


def heading(guest: Visitor, text: str) -> None:
    """Wait for the page of this name, and see that the browser has nothing to complain about."""
    expect(guest.page.get_by_role("heading", level=1)).to_have_text(text)
    assert guest.complaints == []


def device(guest: Visitor, *, knows_person: bool = True) -> tuple[CDPSession, str]:
    """A device that makes passkeys, as Chromium pretends one."""
    line = guest.context.new_cdp_session(guest.page)
    line.send("WebAuthn.enable")
    made = line.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": knows_person,
                "automaticPresenceSimulation": True,
            }
        },
    )
    return line, made["authenticatorId"]
