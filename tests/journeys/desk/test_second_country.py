"""An administrator opens a second country on the same installation: three steps, the checklist, a supervisor by invitation, the opening.

The first country's people see nothing of it. How long a person takes is counted: so long for a page, a field, a letter.
"""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django_scopes import scope
from playwright.sync_api import expect

from leeward.casework.exposure.rules.budget import Limits
from leeward.casework.exposure.services.budget import set_limits
from leeward.casework.models import Case
from leeward.foundation.actor import Actor
from leeward.languages.models import TextProposal
from leeward.languages.proposals import content
from leeward.languages.services import accept_proposal
from leeward.laws.pages.changes import open_changes
from leeward.laws.services import accept_edit
from leeward.people.models import Invitation, Portal, User
from leeward.people.services import open_hotline
from leeward.site.config import Config
from tests.casework.conftest import FAST, Desk
from tests.journeys.desk.conftest import Enter
from tests.journeys.desk.looking import Look
from tests.people.signing import GOOD, totp
from tests.personas import add_person

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
A_PAGE, A_FIELD, A_LETTER = 8.0, 3.0, 0.3  # seconds
SOFIA = "sofia@staff.example"
POLICE = "police@saint-lucia.example"


class Person:
    """Somebody at a desk who reads each page and types as people do."""

    def __init__(self, look: Look) -> None:
        self.look, self.page, self.seconds = look, look.page, 0.0
        self.page.on("load", self._read)

    def _read(self, _page: Any) -> None:
        self.seconds += A_PAGE

    def fill(self, label: str, text: str) -> None:
        """Fill a field."""
        self.page.get_by_label(label, exact=True).fill(text)
        self.seconds += A_FIELD + A_LETTER * len(text)

    def tick(self, label: str) -> None:
        """Choose one answer."""
        self.page.get_by_label(label, exact=True).check()
        self.seconds += A_FIELD

    def press(self, name: str, role: Any = "button") -> None:
        """Press what leads on, and wait for it."""
        with self.page.expect_navigation():
            self.page.get_by_role(role, name=name, exact=True).click()
        self.seconds += A_FIELD

    def keys(self, *keys: str) -> None:
        """Keys of which the last leads on."""
        for key in keys[:-1]:
            self.page.keyboard.press(key)
        with self.page.expect_navigation():
            self.page.keyboard.press(keys[-1])
        self.seconds += A_LETTER * len(keys)


@pytest.fixture
def second(desk: Desk, settings: Any, tmp_path: Path) -> int:
    """A hotline for Saint Lucia with an administrator and nothing else; nothing was ever backed up."""
    settings.LEEWARD = Config(pace=FAST, demonstration=False).model_copy(update={"data": tmp_path})
    number = open_hotline(
        slug="lc", name="Hotline of Saint Lucia", country="LC", email="desk@lc.example",
        actor=Actor("command"),
    )  # fmt: skip
    lucia = add_person("lucia", ["administrator"], number)
    desk.cast.people["lucia"] = lucia
    with scope(hotline=number):
        set_limits(Limits(last_hour=24), reason="This is tested at every hour of the day.", actor=lucia.actor)
    return number


def test_a_second_country_opens(desk: Desk, enter: Enter, second: int, tmp_path: Path) -> None:
    lucia, outside = Person(enter("lucia")), enter("outside", scheme="dark")
    lucia.look.go("/desk/")
    three_steps(lucia)
    where = lucia.page.url.removeprefix(lucia.look.guest.base)
    points = ["emergency", "languages", "law", "backup", "mail", "paging", "police", "test_report"]
    assert open_points(lucia) == points
    elsewhere = lucia.page.locator("section:has(#point-mail)")
    expect(elsewhere.get_by_text("The hotline that runs the installation sets the mail server.")).to_be_visible()
    assert elsewhere.get_by_role("link").count() == 0, "no link leads to what is not hers"
    confirm_police(lucia, outside, desk)  # and with that letter the mail server is tested
    confirm_emergency(lucia)
    go_on_call(lucia)
    read_languages(lucia)
    two_accept(desk)
    propose_law(lucia)
    sofia = invite(lucia, outside, desk)
    (tmp_path / "backup-done").touch()
    lucia.look.go(where)
    assert open_points(lucia) == ["law", "second_factor", "test_report"]
    set_up(sofia)
    two_accept(desk)
    rehearse(lucia, where, desk)
    decide(sofia, second, desk)
    lucia.look.go(where, "checklist-done")
    assert open_points(lucia) == []
    lucia.keys("Shift+Enter")
    expect(lucia.page.get_by_text("The portal takes reports from now on.")).to_be_visible()
    lucia.look.at("opened")
    outside.go("/lc/")
    expect(outside.page.locator("main a[href='/lc/report']").first).to_be_visible()
    assert lucia.seconds < 600, "a new country in under ten minutes"
    nothing_is_seen_elsewhere(desk, second)


def three_steps(lucia: Person) -> None:
    """The country, what only its people know, how visitors will see it."""
    page = lucia.page
    lucia.keys("g", "o")
    lucia.look.at("portals-none")
    lucia.keys("c")
    page.get_by_label("Country", exact=True).select_option("LC")
    lucia.keys("Shift+Enter")
    page.get_by_label("First language", exact=True).select_option("en")
    page.get_by_label("Second language", exact=True).select_option("fr")
    lucia.fill("Police unit", "Royal Saint Lucia Police")
    lucia.fill("Where referrals to the police go", POLICE)
    lucia.fill("Emergency number", "none")
    lucia.press("Preview")
    lucia.look.at("portal-number-missing")
    assert page.get_by_label("Where referrals to the police go").input_value() == POLICE, "nothing is lost"
    lucia.fill("Emergency number", "999")
    lucia.fill("Who runs this hotline", "Ministry of Justice")
    lucia.fill("Whom it is accountable to", "The Ombudsman")
    lucia.fill("How visitors reach you", "1 Harbour Road, Castries")
    lucia.press("Preview")
    lucia.look.at("portal-preview")
    lucia.keys("Shift+Enter")
    expect(page.get_by_text("The portal has been created.")).to_be_visible()
    lucia.look.at("checklist-open")


def open_points(lucia: Person) -> list[str]:
    """What the checklist says is still open."""
    return lucia.page.locator("main h2:has(.tag.soon)").evaluate_all("all => all.map(h => h.id.replace('point-', ''))")


def confirm_police(lucia: Person, outside: Look, desk: Desk) -> None:
    """A test referral goes out; the police press the button behind its link."""
    lucia.page.get_by_text("The test referral", exact=True).first.click()
    lucia.look.at("test-referral")
    lucia.press("Send it now")
    outside.go(link_in(desk, POLICE, r"/referral/test/\S+"), "referral-test")
    outside.page.get_by_role("button", name="It reached the police").click()
    outside.page.get_by_role("heading", name="Thank you").wait_for()
    outside.at("referral-confirmed")


def confirm_emergency(lucia: Person) -> None:
    """She asked the police about the emergency number: the checklist leads to where she says so."""
    lucia.press("Open the page of numbers", "link")
    lucia.look.at("emergency-unconfirmed")
    lucia.press("The police say it is right")
    expect(lucia.page.get_by_text("The emergency number is confirmed.")).to_be_visible()
    expect(lucia.page.locator("#emergency .tag.soon")).to_have_count(0)
    lucia.look.at("emergency-confirmed")


def link_in(desk: Desk, to: str, pattern: str) -> str:
    """The link in the newest letter to somebody."""
    found = re.search(pattern, desk.world.mail.messages(to)[-1].text)
    assert found
    return found[0]


def go_on_call(lucia: Person) -> None:
    """Nobody else is here yet: she is paged herself."""
    lucia.keys("g", "z")
    lucia.look.at("nobody-on-call")
    lucia.page.get_by_label("Put on call").select_option("Lucia")
    lucia.press("Add")
    lucia.look.at("on-call")


def read_languages(lucia: Person) -> None:
    """Somebody who speaks it has read the French."""
    lucia.keys("g", "e")
    lucia.press("French", "link")
    lucia.fill("Name of the native speaker", "Marie Example")
    lucia.press("This language was read through")


def propose_law(lucia: Person) -> None:
    """A lawyer has read the file: it is proposed, and waits for a second person."""
    lucia.look.go("/desk/law/lc")
    text = lucia.page.locator("#text").input_value()
    assert text.count("review: unreviewed") == 1
    lucia.page.locator("#text").fill(text.replace("review: unreviewed", "review: reviewed"))
    lucia.fill("What changed, and its source", "Read by a lawyer of the country.")
    lucia.press("Propose")
    lucia.look.at("law-proposed")


def invite(lucia: Person, outside: Look, desk: Desk) -> Person:
    """A supervisor gets a link by e-mail that ends after a week, and makes an account with it."""
    lucia.keys("g", "p")
    lucia.press("Invite by e-mail", "link")
    lucia.fill("Name", "Sofia")
    lucia.fill("E-mail address", SOFIA)
    lucia.tick("Supervisor: appeals, disputes, colleagues")
    lucia.press("Invite")
    desk.work()
    lucia.look.go("/desk/people/invitations", "invited")
    left = Invitation.objects.get().expires_at - datetime.now(UTC)
    assert timedelta(days=6) < left <= timedelta(days=7)
    outside.go(link_in(desk, SOFIA, r"/desk/account/invited/\S+"), "invitation")
    sofia = Person(outside)
    sofia.fill("A password", GOOD)
    sofia.fill("The password again", GOOD)
    sofia.press("Create my account")
    return sofia


def set_up(sofia: Person) -> None:
    """Nobody works without a second factor."""
    sofia.fill("E-mail address", SOFIA)
    sofia.fill("Password", GOOD)
    sofia.press("Sign in")
    sofia.press("Set up an app", "link")
    secret = sofia.page.locator("form code").inner_text()
    sofia.fill("Code", totp(secret))
    sofia.press("Set it up")
    with sofia.page.expect_navigation():
        sofia.page.get_by_role("link", name="to the desk").click()


def two_accept(desk: Desk) -> None:
    """What both countries share is decided by two people of the hotline that runs the installation."""
    cast = desk.cast
    if "olga" not in cast.people:
        cast.people["olga"] = add_person("olga", ["administrator"], cast.hotline_id)
    for proposal in TextProposal.objects.filter(state="waiting"):
        for who, is_in_force in (("adam", False), ("olga", True)):
            seen = content(proposal.pk, cast.hotline_id).mark
            assert accept_proposal(proposal.pk, actor=cast[who].actor, seen=seen).is_in_force is is_in_force
    for change in open_changes(cast.hotline_id):
        assert [accept_edit(change.id, actor=cast[who].actor) for who in ("adam", "carl")] == [False, True]


def rehearse(lucia: Person, where: str, desk: Desk) -> None:
    """A test report goes through the form of the closed portal."""
    page = lucia.page
    lucia.look.go(where)
    lucia.press("Open the form for a test report", "link")
    page.locator("label[for=k-page]").click()
    page.locator("#step-1 a.btn").click()
    page.locator("#where").fill("http://rehearsal.example/a")
    lucia.look.at("rehearsal")
    page.locator("#step-2 a.btn:not(.second)").click()
    page.locator("button[value=send]").click()
    page.locator("p.words").wait_for()
    desk.work()


def decide(sofia: Person, second: int, desk: Desk) -> None:
    """The supervisor takes the test report and closes it: it is a test."""
    sofia.keys("g", "q")
    sofia.keys("c")
    sofia.page.keyboard.press("n")
    sofia.page.locator("#ending").select_option("not_found:2")
    sofia.keys("Shift+Enter")
    desk.work()


def nothing_is_seen_elsewhere(desk: Desk, second: int) -> None:
    """Whatever the first country's people open, there is no word of the second one's portal, people or cases."""
    portal = Portal.objects.get(hotline_id=second)
    sofia = User.objects.get(email=SOFIA)
    theirs = Case._base_manager.filter(hotline_id=second)
    assert theirs.count() == 1
    words = ("lucia", "sofia", "rehearsal.example")
    lists = ("portals", "people", "people/invitations", "administration", "hotline", "", "?view=all",
             "overview", "appeals", "reports", "log", "outbox", "contacts", "exposure", "clocks")  # fmt: skip
    there = [
        f"administration/portals/{portal.pk}",
        f"portals/{portal.pk}",
        f"people/{sofia.pk}",
        f"people/{sofia.pk}/leave",
    ]
    for who in ("ana", "carl", "adam", "otto", "pia"):
        client = desk.signed_in(who)
        for path in lists:
            said = client.get(f"/desk/{path}", follow=True).content.decode().lower()
            assert [word for word in words if word in said] == [], (who, path)
        assert {client.get(f"/desk/{path}").status_code for path in there} <= {403, 404}, who
        assert client.get(f"/desk/case/{theirs.get().reference}").status_code in (403, 404), who
