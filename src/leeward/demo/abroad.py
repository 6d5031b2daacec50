"""The steps of the play in a second country: what is hosted there goes to its hotline, an installation of its own, whose people
act; then the receipt here says that it is gone."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from leeward.demo import steps
from leeward.demo.browserless import Browser
from leeward.demo.exchanging.processes import Process
from leeward.demo.exchanging.run import begun
from leeward.demo.play import FACTS, in_queue, link_in, press, report, sign_in
from leeward.demo.running import Installation
from leeward.demo.staff import PASSWORD, PORTAL, email_of
from leeward.demo.steps import Play, until
from leeward.demo.world import World, cast
from leeward.demo.world.sites import GALLERY

COUNTRY = "CA"
GONE = "It is gone."
STAFF = {"email": email_of("ana"), "name": "Anne", "roles": ["analyst"], "password": PASSWORD}
# Grave enough for every law here, and decided by one person.
DECIDED_BY_ONE = FACTS | {"level": "uk_b"}


@contextmanager
def neighbour(data: Path, tables: Path, world: World) -> Iterator[Process]:
    """The hotline of the other country: an installation with its own data, begun with these tables, in this world."""
    environment = world.environment() | {
        "LEEWARD_MAILBOX": "",
        "LEEWARD_UNDO_SECONDS": "0",
        "LEEWARD_FETCH_ALLOWED_NETWORKS": json.dumps([*cast.FETCHABLE, "127.0.0.1/32"]),
    }
    process = Process(begun(data, tables), COUNTRY, host=cast.FAR_SHORE_IP, environment=environment)
    try:
        process.start()
        yield process
    finally:
        process.stop()


def perform_abroad(play: Play, installation: Installation, world: World, abroad: Process) -> None:
    """Play both steps; raises StepFailed at the first that is not seen."""
    with _Both(installation, world, abroad) as both:
        with play.step("peer_told") as seen:
            abroad.wait()
            seen.update(key_words=both.meet())
            both.tell()
            seen.update(address=world.far_gallery_url, waits_there=True)
        with play.step("peer_acted") as seen:
            both.act_there()
            seen.update(said_here=both.hear(), receipt=both.removed_on_receipt())


class _Both:
    """The desks of both hotlines, and the one item between them."""

    def __init__(self, installation: Installation, world: World, abroad: Process) -> None:
        self.installation, self.world, self.abroad = installation, world, abroad
        self._open: list[Browser] = []
        self.receipt = self.reference = ""
        self.there = self.visitor(abroad.url)

    def __enter__(self) -> "_Both":
        return self

    def __exit__(self, *_error: object) -> None:
        for browser in self._open:
            browser.close()

    def visitor(self, url: str) -> Browser:
        """A new visitor of an installation."""
        browser = Browser(url, addresses=cast.SITES)
        self._open.append(browser)
        return browser

    def here(self, who: str) -> Browser:
        """A member of our staff, signed in."""
        return sign_in(self.visitor(self.installation.url), who)

    def meet(self) -> str:
        """Accept their invitation and compare the key words; two people here confirm it. Return the first words."""
        link = self.abroad.order("invite")
        carl = self.here("carl")
        page = carl.open("/desk/peers").form(having="link").fill({"link": link}).submit("act=accept")
        ours = page.texts("//ol/li")
        theirs = self.abroad.order("confirm")
        if " ".join(ours).split() != theirs:
            raise RuntimeError(f"the key words differ: {ours}, {theirs}")
        page = page.form(having="fallback").submit("act=confirm")
        change = page.texts("//main//a[contains(@href, '/changes/')]/@href")[0]
        self.here("adam").open(change).form(having="answer").submit("answer=confirm")
        return " ".join(theirs[:3])

    def tell(self) -> None:
        """Report what is hosted there, decide it, tell the police here and their hotline, on whose desk it is listed."""
        self.receipt = report(self.visitor(self.installation.url), self.world.far_gallery_url)
        ana = self.here("ana")
        self.reference = until(lambda: in_queue(ana, cast.FAR_PICTURES), "the case in the queue")
        _decide(ana, self.reference)
        ana.open(f"/desk/case/{self.reference}").form(action="/act").submit()
        ana.open(f"/desk/case/{self.reference}").form(action="/note").fill({"text": "The messages are right."}).submit()
        self._released(self.installation.url, self.reference)
        page = ana.open(f"/desk/case/{self.reference}/hotlines/report")
        if not page.shows("This is the hotline of the country where it is hosted."):
            raise RuntimeError(f"the preview doesn't say where it goes: {page.text[:400]}")
        page.form(having="text").submit()
        self.abroad.order("hire", people=[STAFF])
        self.abroad.order("work", threads=2)
        sign_in(self.there, "ana")
        until(lambda: self.there.open("/desk/exchange").shows(cast.FAR_PICTURES), "the item on their desk")

    def act_there(self) -> None:
        """Their people accept it, decide it, tell police and host; the host takes it down."""
        self.there.open("/desk/exchange").form(having="exchange").submit("act=accept")
        reference = until(lambda: in_queue(self.there, cast.FAR_PICTURES), "the case in their queue")
        _decide(self.there, reference)
        self.there.open(f"/desk/case/{reference}").form(action="/act").submit()
        self._released(self.abroad.url, reference)
        self.world.mail.wait_for(
            lambda message: cast.FAR_ABUSE in message.recipients and self.abroad.url in message.text,
            steps.PATIENCE_SECONDS,
        )
        self.world.far_pictures.take_down(GALLERY)

    def _released(self, url: str, reference: str) -> None:
        """The police say, by the link in the mail that they got from this hotline, that the host can be told."""
        mail = self.world.mail.wait_for(
            lambda message: (
                f"{url}/referral/" in message.text and reference in f"{message.message['Subject']} {message.text}"
            ),
            steps.PATIENCE_SECONDS,
        )
        officer = self.visitor(url)
        press(officer.open(f"{link_in(url, mail.text, 'referral')}?release=1"), "release")

    def hear(self) -> str:
        """Wait until our case's page says what they did; return the words."""
        ana = self.here("ana")

        def reading() -> str:
            page = ana.open(f"/desk/case/{self.reference}/hotlines")
            return " ".join(page.texts("//h3/span")).strip() if page.shows("Removed") else ""

        return until(reading, "their word that it is gone")

    def removed_on_receipt(self) -> str:
        """Wait until the receipt says that it is gone."""
        reporter = self.visitor(self.installation.url)

        def reading() -> str:
            page = reporter.open(f"/{PORTAL}/receipt").form(having="receipt").fill({"receipt": self.receipt}).submit()
            return GONE if page.shows(GONE) and not page.shows(cast.FAR_PICTURES) else ""

        return until(reading, "the receipt that says so")


def _decide(browser: Browser, reference: str) -> None:
    browser.open(f"/desk/case/{reference}").form(action="/take").submit()
    page = browser.open(f"/desk/case/{reference}").form(action="/assess").fill(DECIDED_BY_ONE).submit()
    page.form(action="/assess").submit("outcome=illegal")
