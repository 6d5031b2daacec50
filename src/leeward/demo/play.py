"""The main job, played by visitors over HTTP and mail; each step is true because it was seen from outside.

Nothing here calls a service of Leeward: what a reporter, analysts, the police and the host do goes through the public form, the desk's
pages and the links in mail; what they see is read from pages, from the mail server and from the web host's own log.
"""

import json
import re
from dataclasses import dataclass, field
from typing import Any

from leeward.demo import steps
from leeward.demo.blocking import refuse_a_name
from leeward.demo.browserless import Browser, Page
from leeward.demo.own_picture import perform_own_picture
from leeward.demo.paying import perform_payment
from leeward.demo.providing import perform_provider
from leeward.demo.receiving import perform_receivers
from leeward.demo.running import Installation
from leeward.demo.staff import DOMAIN, PASSWORD, PORTAL, email_of
from leeward.demo.steps import Play, until
from leeward.demo.world import World, cast
from leeward.demo.world.sites import GALLERY

_CASE = re.compile(r"/case/(\d{4}-\d{4,12})$")
# Harmless patterns stand for the material; the answers are the gravest, so that the second assessment is shown.
FACTS = {
    "real_person": "yes",
    "age_band": "3-6",
    "sex": "undetermined",
    "medium": "photograph",
    "level": "uk_a",
    "self_generated": "no",
    "site_type": "image_host",
}


@dataclass(slots=True)
class Scene:
    """The state of the play so far."""

    installation: Installation
    world: World
    receipt: str = ""
    reference: str = ""
    desk: dict[str, Browser] = field(default_factory=dict)

    @property
    def disguised(self) -> str:
        """The address as a careful reporter writes it."""
        return self.world.gallery_url.replace("http://", "hxxp://").replace(".example", "[.]example")

    def browser(self) -> Browser:
        """Return a visitor without cookies."""
        return Browser(self.installation.url, addresses=cast.SITES)

    def staff(self, who: str) -> Browser:
        """A member of staff, signed in."""
        if who not in self.desk:
            self.desk[who] = sign_in(self.browser(), who)
        return self.desk[who]

    def case_page(self, who: str = "ana") -> Page:
        """Return the case's page as this person sees it now."""
        return self.staff(who).open(f"/desk/case/{self.reference}")


def sign_in(browser: Browser, who: str) -> Browser:
    """Sign in with the demonstration's password; raises unless the desk opens."""
    form = browser.open("/desk/account/login/").form(having="password")
    page = form.fill({"login": email_of(who), "password": PASSWORD}).submit("Sign in")
    if "/desk/account/login" in page.address:
        raise RuntimeError(f"{who} could not sign in: {page.text[:200]}")
    return browser


def perform(play: Play, installation: Installation, world: World) -> None:
    """Play the main job; raises StepFailed at the first step that is not seen."""
    scene = Scene(installation, world)
    try:
        for act in (_report, _triage, _assess, _police, _host, _goes_away, _afterwards):
            act(play, scene)
    finally:
        for browser in scene.desk.values():
            browser.close()


def _report(play: Play, scene: Scene) -> None:
    with play.step("report_received") as seen:
        reporter = scene.browser()
        scene.receipt = report(reporter, scene.disguised, f"I found a bad page. It asks for 20 USD to {cast.WALLET}.")
        seen.update(address=scene.disguised, receipt_digits=len(scene.receipt), cookies=len(reporter.cookies))


def report(reporter: Browser, where: str, text: str = "I found a bad page.") -> str:
    """Report an address on the public form; return the digits of the receipt."""
    page = reporter.open(f"/{PORTAL}/report")
    answers = {"kind": "page", "where": where, "text": text}
    page = page.form(having="kind").fill(answers).submit("go=send")
    digits = "".join(page.texts("//*[contains(@class, 'words')]/span"))
    if not re.fullmatch(r"\d{16}", digits):
        raise RuntimeError(f"no receipt was shown: {page.title}")
    return digits


def _triage(play: Play, scene: Scene) -> None:
    with play.step("located") as seen:
        name = scene.world.names.wait_for_query(lambda query: cast.PICTURES in str(query), steps.PATIENCE_SECONDS)
        rdap_request = scene.world.rdap.wait_for_request(
            lambda request: cast.HARBOUR_HOST_IP in request.path, steps.PATIENCE_SECONDS
        )
        seen.update(name_asked=str(getattr(name, "name", name)), registry_asked=rdap_request.path)
    with play.step("fetched") as seen:
        until(lambda: _fetches_of(scene), "the page being fetched")
        pictures = until(lambda: _pictures_requested(scene), "all pictures being fetched")
        seen.update(page=GALLERY, pictures=pictures)
    with play.step("queued") as seen:
        scene.reference = until(lambda: in_queue(scene.staff("ana"), cast.PICTURES), "the case in the queue")
        place = scene.case_page()
        if not (place.shows("HARBOUR-HOST") and place.shows(cast.HOST_ABUSE)):
            raise RuntimeError(f"the case page doesn't say where the thing is: {place.status} {place.text[:600]}")
        seen.update(reference=scene.reference, network="HARBOUR-HOST", abuse_desk=cast.HOST_ABUSE)


def _pictures_requested(scene: Scene) -> int:
    """How many pictures of the page were fetched; 0 while one is missing."""
    shown = set(scene.browser().open(scene.world.gallery_url).texts("//img/@src"))
    requested = {request.path for request in scene.world.host.requests(host=cast.PICTURES)}
    return len(shown) if shown and shown <= requested else 0


def in_queue(browser: Browser, site: str) -> str:
    """The reference in the row of an address of this site; others may wait before it."""
    rows = f"//main//tr[contains(., '{site}')]//a/@href"
    links = browser.open("/desk/?view=waiting").texts(rows)
    return next((found[1] for link in links if (found := _CASE.search(link))), "")


def _assess(play: Play, scene: Scene) -> None:
    with play.step("claimed") as seen:
        page = scene.case_page().form(action="/take").submit()
        page = scene.case_page()
        if not page.form(action="/assess").has("real_person"):
            raise RuntimeError("the questions are not shown to whoever took the case")
        other = scene.case_page("bela")
        if any(form.has("real_person") for form in other.forms):
            raise RuntimeError("somebody else could assess the same case")
        seen.update(by="Ana", others_can_take_it=False)
    with play.step("assessed") as seen:
        page = scene.case_page().form(action="/assess").fill(FACTS).submit("Save and show legal result")
        opinions = page.texts("//ul[contains(@class, 'law')]/li//span[contains(@class, 'tag')]")
        sections = page.texts("//ul[contains(@class, 'law')]/li//span[contains(@class, 'muted')]")
        if not opinions:
            raise RuntimeError("no opinion of the law is shown")
        page.form(action="/assess").submit("outcome=illegal")
        seen.update(opinion=opinions[0], because=sections[0] if sections else "", state=_state(scene))
    with play.step("second_look") as seen:
        page = scene.case_page("bela")
        if page.shows("Image host"):
            raise RuntimeError("the second analyst sees the first one's answers")
        page.form(action="/take").submit()
        scene.case_page("bela").form(action="/assess").fill(FACTS).submit("outcome=illegal")
        seen.update(by="Bela", blind=True, state=_state(scene, "bela"))


def _state(scene: Scene, who: str = "ana") -> str:
    tags = scene.case_page(who).texts("(//h1/following::span[contains(@class, 'tag')])[1]")
    return " ".join(tags).strip()


def _send(scene: Scene) -> bool:
    """Whoever holds the decided case looks at the messages and sends them; return whether the page offered to undo it.

    Nothing goes out while it can be undone. Whoever does the next thing on the case lets it stand: here a note is written.
    """
    holder = next((who for who in ("bela", "ana") if _may_send(scene.case_page(who))), "")
    if not holder:
        holder = "ana"
        scene.case_page().form(action="/take").submit()
    sent = scene.case_page(holder).form(action="/act").submit()
    offered = any(form.action.endswith("/undo") for form in sent.forms)
    if offered:
        mails = scene.world.mail.messages()  # colleagues may have been told of something else
        if any(not to.endswith(f"@{DOMAIN}") for mail in mails for to in mail.recipients):
            raise RuntimeError("a message went out while it could be undone")
        scene.case_page(holder).form(action="/note").fill({"text": "The messages are right."}).submit()
    return offered


def _may_send(page: Page) -> bool:
    return any(form.action.endswith("/act") for form in page.forms)


def link_in(url: str, text: str, kind: str) -> str:
    """The link to a page of this kind in a message."""
    found = re.search(rf"{re.escape(url)}/{kind}/[\w-]+", text)
    if not found:
        raise RuntimeError(f"the message has no link to /{kind}/")
    return found[0]


def _police(play: Play, scene: Scene) -> None:
    with play.step("police_told") as seen:
        could_be_undone = _send(scene)
        mail = scene.world.mail.wait_for(lambda message: cast.POLICE in message.recipients, steps.PATIENCE_SECONDS)
        sent_before = [message for message in scene.world.mail.messages() if cast.HOST_ABUSE in message.recipients]
        if sent_before:
            raise RuntimeError("the host was told before the police answered")
        link = link_in(scene.installation.url, mail.text, "referral")
        officer = scene.browser()
        officer.open(link)  # a mail scanner follows links: nothing happens by that
        press(officer.open(link), "acknowledge")
        page = press(officer.open(f"{link}?release=1"), "release")
        attached = [part.get_filename() for part in mail.message.iter_attachments()]
        seen.update(to=cast.POLICE, subject=str(mail.message["Subject"]), attached=attached, answer=page.title)
        seen.update(could_be_undone=could_be_undone)


def press(page: Page, act: str) -> Page:
    """Send the form of the referral's page that does this."""
    return next(form for form in page.forms if form.values.get("act") == [act]).submit()


def _host(play: Play, scene: Scene) -> None:
    with play.step("host_told") as seen:
        mail = scene.world.mail.wait_for(lambda message: cast.HOST_ABUSE in message.recipients, steps.PATIENCE_SECONDS)
        if scene.world.gallery_url not in mail.text:
            raise RuntimeError("the notice doesn't name the address")
        seen.update(to=cast.HOST_ABUSE, subject=str(mail.message["Subject"]), encrypted=mail.encrypted)
    with play.step("host_acknowledged") as seen:
        link = link_in(scene.installation.url, mail.text, "notice")
        host = scene.browser()
        page = _answer(host, link, "acknowledged")
        until(lambda: _timeline(scene).shows("Answer: has this message"), "the answer on the case's timeline")
        seen.update(page=page.title, shown_on_the_case=True)


def _timeline(scene: Scene) -> Page:
    return scene.staff("ana").open(f"/desk/case/{scene.reference}/timeline")


def _answer(host: Browser, link: str, answer: str) -> Page:
    form = host.open(link).form(having="once")
    name = next(name for name in form.values if name.startswith("answer-"))
    return form.fill({name: answer}).submit()


def _goes_away(play: Play, scene: Scene) -> None:
    with play.step("removed") as seen:
        mail = scene.world.mail.wait_for(lambda message: cast.HOST_ABUSE in message.recipients, 5)
        before = len(_fetches_of(scene))
        scene.world.pictures.take_down(GALLERY)
        _answer(scene.browser(), link_in(scene.installation.url, mail.text, "notice"), "removed")
        gone = scene.browser().open(scene.world.gallery_url)
        if gone.status != 410:
            raise RuntimeError(f"the host's page still answers {gone.status}")
        misses = until(
            lambda: max(len(_fetches_of(scene)) - before, 0) >= 3 and len(_fetches_of(scene)) - before, "three checks"
        )
        seen.update(status=gone.status, checks_seen_by_the_host=misses)
    with play.step("closed") as seen:
        state = until(lambda: _closed(scene), "the case being closed")
        seen.update(state=state)


def _fetches_of(scene: Scene) -> list[Any]:
    """Leeward's own requests for the page, without the play's."""
    return [
        request
        for request in scene.world.host.requests(host=cast.PICTURES, path=GALLERY)
        if "leeward-demonstration" not in str(request.headers).lower()
    ]


def _closed(scene: Scene) -> str | None:
    state = _state(scene)
    return state if "closed" in state.lower() else None


def _afterwards(play: Play, scene: Scene) -> None:
    with play.step("receipt_checked") as seen:
        page = (
            scene.browser().open(f"/{PORTAL}/receipt").form(having="receipt").fill({"receipt": scene.receipt}).submit()
        )
        if not page.shows("Closed") or page.shows(cast.PICTURES):
            raise RuntimeError("the receipt's page doesn't say that it is closed, or names the address")
        seen.update(state="Closed", addresses_shown=0)
    with play.step("name_refused") as seen:
        seen.update(refuse_a_name(scene.installation, scene.world, scene.staff("carl"), scene.staff("adam")))
    perform_own_picture(play, scene.installation, scene.browser(), scene.staff("adam"))
    ana, adam, carl, firm = scene.staff("ana"), scene.staff("adam"), scene.staff("carl"), scene.browser()
    perform_receivers(play, scene.reference, ana=ana, adam=adam, carl=carl)
    perform_provider(play, scene.installation, carl, adam)
    perform_payment(play, scene.installation.url, scene.world, ana=ana, carl=carl, firm=firm)


def verify_log(play: Play, installation: Installation) -> None:
    """The step with the log of everything that was done."""
    with play.step("audit_verified") as seen:
        done = installation.command("audit", "verify", "--json")
        chains = [json.loads(line) for line in done.stdout.splitlines()]
        if done.returncode != 0 or not chains:
            raise RuntimeError(done.stdout + done.stderr)
        seen.update(rows=sum(chain["rows"] for chain in chains), chains=len(chains))
