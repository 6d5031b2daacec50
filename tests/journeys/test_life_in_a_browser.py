"""The whole life of a report in real browsers: phones and desks, light and dark, Urdu and English; nothing bars anybody."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Browser, expect

from leeward.demo.running import Installation
from leeward.demo.staff import PASSWORD, PORTAL, email_of
from leeward.demo.steps import until
from leeward.demo.world import World, cast
from leeward.demo.world.sites import GALLERY
from tests.browser import PHONE, Visitor, arrive

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.xdist_group("journeys")]
DESKTOP = (1280, 800)

# Question by question the digit of its answer; the answers are grave, so that a second assessment follows.
DIGITS = {"real_person": 1, "age_band": 3, "sex": 1, "medium": 1, "level": 1, "self_generated": 2}


@dataclass
class Stay:
    """Who is there: the reporter in Urdu, the police and the host on telephones, in light colours; the desk on a desk, in dark ones."""

    browser: Browser
    installation: Installation
    world: World
    people: dict[str, Visitor] = field(default_factory=dict)
    passed: int = 0

    def person(self, who: str, *, language: str = "en-GB", is_staff: bool = False) -> Visitor:
        """Somebody with a browser of their own; the same one when asked for again."""
        if who not in self.people:
            size, scheme = (DESKTOP, "dark") if is_staff else (PHONE, "light")
            self.people[who] = arrive(self.browser, self.installation.url, size=size, scheme=scheme, language=language)
        return self.people[who]

    def look(self, guest: Visitor, name: str) -> None:
        """Demand that the page bars nobody, fits the screen and broke nothing; keep a picture where somebody asked for it."""
        guest.settle()
        self.passed += 1
        guest.keep(f"life-{self.passed:02d}-{name}")
        assert guest.faults() == [], name
        assert guest.overflow() <= 0, name
        assert guest.complaints == [], name

    def desk(self, who: str) -> Visitor:
        """A member of staff who has signed in."""
        is_new = who not in self.people
        guest = self.person(who, is_staff=True)
        if is_new:
            guest.go("/desk/")
            self.look(guest, f"{who}-signs-in")
            guest.page.locator("input[name=login]").fill(email_of(who))
            guest.page.locator("input[name=password]").fill(PASSWORD)
            guest.page.get_by_role("button", name="Sign in", exact=True).click()
            guest.page.wait_for_url("**/desk/")
        return guest


@pytest.fixture
def stay(chromium: Browser, installation: Installation, world: World) -> Iterator[Stay]:
    made = Stay(chromium, installation, world)
    yield made
    for guest in made.people.values():
        guest.context.close()


def test_the_whole_life(stay: Stay) -> None:
    receipt = report(stay)
    reference = take(stay)
    preview_one(stay)
    assess(stay, "ana")
    second_look(stay, reference)
    send(stay, reference)
    police_release(stay)
    host_answers(stay, reference)
    closes(stay, reference)
    follow(stay, receipt)


def report(stay: Stay) -> str:
    """The three steps in the reporter's language; returns the receipt's digits."""
    guest = stay.person("reporter", language="ur-PK")
    guest.go(f"/{PORTAL}/")
    guest.page.locator("a[lang=ur]").click()
    expect(guest.page.locator("html")).to_have_attribute("lang", "ur")
    expect(guest.page.locator("html")).to_have_attribute("dir", "rtl")
    stay.look(guest, "front")
    guest.page.locator("main a[href$='/report']").first.click()
    stay.look(guest, "report-1")
    guest.page.locator("label[for=k-page]").click()
    guest.page.locator("a[href='#step-2']:visible").first.click()
    guest.page.locator("#where").fill(
        stay.world.gallery_url.replace("http://", "hxxp://").replace(".example", "[.]example")
    )
    guest.page.locator("main button.second[name=look]").first.click()
    expect(guest.page.locator("#found ~ ul bdi").last).to_contain_text("pictures.harbour-host.example")
    stay.look(guest, "report-2")
    guest.page.locator("a[href='#step-3']").click()
    guest.page.locator("#text").fill("مجھے ایک برا صفحہ ملا۔")
    stay.look(guest, "report-3")
    guest.page.locator("button[value=send]").click()
    guest.page.locator("p.words").wait_for()
    stay.look(guest, "receipt")
    digits = re.sub(r"\D", "", guest.page.locator("p.words").inner_text())
    assert len(digits) == 16
    assert guest.context.cookies() == []
    assert not [one.url for one in guest.requests if not one.url.startswith(guest.base)], "asked a third party"
    return digits


def take(stay: Stay) -> str:
    """Ana finds the case in the queue, opens it and takes it by key; returns its reference."""
    ana = stay.desk("ana")
    until(lambda: ana.go("/desk/") and ana.page.locator("tr[data-row]").count(), "the case in the queue")
    stay.look(ana, "queue")
    ana.page.locator("tr[data-row] th a").click()
    stay.look(ana, "case-waiting")
    ana.page.keyboard.press("c")
    ana.page.locator("#questions").wait_for()
    stay.look(ana, "case-taken")
    return ana.page.locator("h1").inner_text().strip()


def preview_one(stay: Stay) -> None:
    """Ana looks at one picture, with a reason."""
    page = stay.desk("ana").page
    page.locator("#why-age").check()
    page.get_by_role("button", name="Show 1", exact=True).click()
    page.locator("img[src^='data:image/png']").wait_for()
    assert page.locator("img[src^='data:']").count() == 1
    stay.look(stay.desk("ana"), "case-preview")


def assess(stay: Stay, who: str) -> None:
    """The facts by number keys, then the decision by key."""
    page = stay.desk(who).page
    for question, digit in DIGITS.items():
        page.locator(f"#f-{question} input").first.focus()
        page.keyboard.press(str(digit))
        expect(page.locator(f"#f-{question} input").nth(digit - 1)).to_be_checked()
    with page.expect_response("**/draft"):
        page.locator("#f-site_type").select_option("image_host")
    expect(page.locator("#follows ul.law")).to_be_visible()
    stay.look(stay.desk(who), f"case-facts-of-{who}")
    page.locator("#f-level input").first.focus()
    page.keyboard.press("Shift+Enter")
    expect(page.locator("#questions")).to_have_count(0)
    stay.look(stay.desk(who), f"case-after-{who}")


def second_look(stay: Stay, reference: str) -> None:
    """Bela looks too, and sees nothing of what Ana found."""
    bela = stay.desk("bela")
    bela.go(f"/desk/case/{reference}")
    bela.page.keyboard.press("c")
    bela.page.locator("#questions").wait_for()
    for question in DIGITS:
        assert bela.page.locator(f"#f-{question} input:checked").count() == 0, question
    stay.look(bela, "case-second-look")
    assess(stay, "bela")


def send(stay: Stay, reference: str) -> None:
    """Whoever holds the case sees every message before it goes."""
    for who in ("bela", "ana"):
        guest = stay.desk(who)
        guest.go(f"/desk/case/{reference}")
        if (
            guest.page.locator("form[action$='/act']").count() == 0
            and guest.page.locator("form[action$='/take']").count()
        ):
            guest.page.keyboard.press("c")
            guest.page.locator("form[action$='/act']").wait_for()
        if guest.page.locator("form[action$='/act']").count():
            break
    expect(guest.page.locator("#follows .message").first).to_contain_text("referral", ignore_case=True)
    stay.look(guest, "case-before-it-goes")
    guest.page.keyboard.press("Shift+Enter")
    expect(guest.page.locator("form[action$='/act']")).to_have_count(0)
    stay.look(guest, "case-sent")


def link_in(stay: Stay, recipient: str, kind: str) -> str:
    """The path of the link in the mail that this recipient got."""
    mail = stay.world.mail.wait_for(lambda message: recipient in message.recipients, 60)
    return re.findall(rf"{re.escape(stay.installation.url)}(/{kind}/[\w-]+)", mail.text)[0]


def police_release(stay: Stay) -> None:
    """An officer opens the link, says that they have it, and releases the notice."""
    link = link_in(stay, cast.POLICE, "referral")
    officer = stay.person("officer")
    officer.go(link)
    stay.look(officer, "police-link")
    officer.page.get_by_role("button", name="Confirm receipt").click()
    officer.page.get_by_role("status").wait_for()
    officer.page.get_by_role("link", name="See what follows").click()
    officer.page.get_by_role("button", name="Release it").click()
    officer.page.get_by_role("status").wait_for()
    stay.look(officer, "police-released")


def host_answers(stay: Stay, reference: str) -> None:
    """The host acknowledges, takes the page down and says so."""
    link = link_in(stay, cast.HOST_ABUSE, "notice")
    host = stay.person("host")
    host.go(link)
    stay.look(host, "host-link")
    for answer in ("acknowledged", "removed"):
        if answer == "removed":
            stay.world.pictures.take_down(GALLERY)
        host.page.locator("select[name^=answer-]").select_option(answer)
        host.page.get_by_role("button", name="Send this answer").click()
        host.page.get_by_role("status").wait_for()
        stay.look(host, f"host-{answer}")


def closes(stay: Stay, reference: str) -> None:
    """The checks see that it is gone, and the case closes by itself."""
    ana = stay.desk("ana")
    closed = ana.page.locator("h1 ~ .tag").first
    until(lambda: ana.go(f"/desk/case/{reference}") and "Closed" in closed.inner_text(), "the case closed", seconds=60)
    stay.look(ana, "case-closed")
    ana.go("/desk/?view=mine")
    stay.look(ana, "queue-mine")


def follow(stay: Stay, receipt: str) -> None:
    """The reporter opens the receipt."""
    guest = stay.person("reporter")
    guest.page.locator("a[href$='/receipt']").first.click()
    stay.look(guest, "receipt-form")
    guest.page.locator("#receipt").fill(receipt)
    guest.page.locator("#open button").click()
    guest.page.locator("#other-language").wait_for(state="attached")
    assert cast.PICTURES not in guest.page.content()
    expect(guest.page.locator("main .tag").first).to_have_class(re.compile("closed"))
    stay.look(guest, "receipt-page")
