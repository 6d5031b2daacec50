"""The life of a report, lived by patient people: they look where a case stands, do the next thing, and press again after an error."""

import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import httpx2

from leeward.demo.browserless import Browser, Page
from leeward.demo.forms import Form
from leeward.demo.play import FACTS, sign_in
from leeward.demo.running import Installation
from leeward.demo.staff import PORTAL
from leeward.demo.world import World, cast
from leeward.demo.world.smtp import Received

REFERENCE = re.compile(r"\b\d{4}-\d{4,12}\b")


def insist[T](act: Callable[[], T], *, seconds: float = 120) -> T:
    """Do it again as long as the connection breaks."""
    end = time.monotonic() + seconds
    while True:
        try:
            return act()
        except httpx2.HTTPError:
            if time.monotonic() > end:
                raise
            time.sleep(0.1)


def press(form: Form[Page], button: str | None = None) -> Page:
    """Send a form; after an error the same form again, as a browser's “try again” does."""
    page = insist(lambda: form.submit(button))
    assert page.status < 500, (page.status, page.address, page.text[:300])
    return page


@dataclass(slots=True)
class Life:
    """One report: what was reported, its receipt, its case."""

    path: str
    receipt: str = ""
    reference: str = ""
    is_closed: bool = False
    down: bool = False


@dataclass(slots=True)
class People:
    """Everybody who has to do with the reports."""

    installation: Installation
    world: World
    desk: dict[str, Browser] = field(default_factory=dict)

    def visitor(self) -> Browser:
        """Somebody who has never been here."""
        return Browser(self.installation.url, addresses=cast.SITES)

    def staff(self, who: str) -> Browser:
        """A member of staff, signed in."""
        if who not in self.desk:
            self.desk[who] = insist(lambda: sign_in(self.visitor(), who))
        return self.desk[who]

    def see(self, who: str, address: str) -> Page:
        """A page of the desk."""
        page = insist(lambda: self.staff(who).open(address))
        assert page.is_good, (page.status, address, page.text[:300])
        return page

    def address(self, path: str) -> str:
        """The address of what is reported."""
        return self.world.host.address_of(cast.PICTURES, path)

    def report(self, path: str) -> Life:
        """Report an address through the form and write the receipt down."""
        page = insist(lambda: self.visitor().open(f"/{PORTAL}/report"))
        where = self.address(path)
        said = {"kind": "page", "where": where, "text": "I found a bad page."}
        page = press(page.form(having="kind").fill(said), "go=send")
        digits = "".join(page.texts("//*[contains(@class, 'words')]/span"))
        assert re.fullmatch(r"\d{16}", digits), page.text[:300]
        return Life(path, digits)

    def receipt_page(self, life: Life) -> Page:
        """What the reporter sees."""
        page = insist(lambda: self.visitor().open(f"/{PORTAL}/receipt"))
        return press(page.form(having="receipt").fill({"receipt": life.receipt}))

    def go_on(self, life: Life) -> None:
        """Do whatever is next for this report."""
        if not life.reference:
            address = self.address(life.path)
            found = self.see("ana", f"/desk/?q={address}")
            life.reference = next(iter(found.texts(f"//tr[@data-row][td[normalize-space()='{address}']]/th")), "")
            return
        page = self.see("ana", f"/desk/case/{life.reference}")
        state = " ".join(page.texts("(//h1/following::span[contains(@class, 'tag')])[1]"))
        if state == "Closed":
            life.is_closed = True
        elif state in ("Waiting", "Being assessed", "Being looked at"):
            self._assess(life, "ana", "bela")
        elif state == "Second assessment":  # whoever was not the first, which after a restoring may be either
            self._assess(life, "bela", "ana")
        elif state == "Decided":
            self._send(life)
        else:
            self._outside(life)

    def _assess(self, life: Life, *people: str) -> None:
        """Have the first of these assess it who can: others have it, or had a part in it."""
        address = f"/desk/case/{life.reference}"
        for who in people:
            page = self.see(who, address)
            if any(form.action.endswith(f"{address}/take") for form in page.forms):
                press(page.form(action=f"{address}/take"))
                page = self.see(who, address)
            if any(form.has("real_person") for form in page.forms):
                press(page.form(action="/assess").fill(FACTS), "outcome=illegal")
                return

    def _send(self, life: Life) -> None:
        address = f"/desk/case/{life.reference}"
        for who in ("bela", "ana"):
            page = self.see(who, address)
            if any(form.action.endswith("/act") for form in page.forms):
                press(page.form(action="/act"))
                return
            if any(form.action.endswith(f"{address}/take") for form in page.forms):
                press(page.form(action=f"{address}/take"))
                return

    def _outside(self, life: Life) -> None:
        for mail in self.world.mail.messages(cast.POLICE):
            if life.reference in str(mail.message["Subject"]):
                self._release(mail)
        for mail in self.world.mail.messages(cast.HOST_ABUSE):
            if life.reference in mail.text and not life.down:
                self.world.pictures.take_down(life.path)
                self._say_removed(mail, life)
        self.decide_stuck()

    def _link(self, mail: Received, kind: str) -> str:
        return str(re.findall(rf"{re.escape(self.installation.url)}/{kind}/[\w-]+", mail.text)[0])

    def _release(self, mail: Received) -> None:
        page = insist(lambda: self.visitor().open(f"{self._link(mail, 'referral')}?release=1"))
        for form in page.forms:
            if form.values.get("act") == ["release"]:
                press(form)

    def _say_removed(self, mail: Received, life: Life) -> None:
        page = insist(lambda: self.visitor().open(self._link(mail, "notice")))
        names = page.texts(f"//fieldset[contains(., '{life.reference}')]//select/@name")
        if names:
            press(page.form(having="once").fill({names[0]: "removed"}))
        life.down = True

    def decide_stuck(self) -> None:
        """A supervisor asks the mail server's log about each message of which Leeward doesn't know whether it arrived."""
        page = self.see("carl", "/desk/outbox?view=stuck")
        for form in page.forms:
            number = re.search(r"/outbox/(\d+)$", form.action)
            if number and form.has("act"):
                row = " ".join(page.texts(f"//tr[.//form[contains(@action, '/outbox/{number[1]}')]]"))
                arrived = any(str(mail.message["Subject"]) in row for mail in self.world.mail.messages())
                press(form, "act=arrived" if arrived else "act=retry")
                return
