"""The steps in which a child may be in danger: somebody is paged by mail, and acknowledges by the link in it."""

import time

from leeward.demo import steps
from leeward.demo.browserless import Browser
from leeward.demo.running import Installation
from leeward.demo.staff import PORTAL, email_of
from leeward.demo.steps import Play
from leeward.demo.world import World
from leeward.demo.world.smtp import Received
from leeward.foundation.patterns import Pattern

_LINK = Pattern(r"http\S+(/page/\S+)")


def perform_urgent(play: Play, installation: Installation, world: World) -> None:
    """Play both steps; raises StepFailed at the first that is not seen."""
    with play.step("urgent_paged") as seen:
        began = time.monotonic()
        page = Browser(installation.url).open(f"/{PORTAL}/report").form(having="kind").fill({"kind": "danger"})
        reported = page.submit("look=1").form(having="text").fill({"text": "I saw a child in danger."})
        if not reported.submit("go=send").texts("//*[contains(@class, 'words')]/span"):
            raise RuntimeError("no receipt was shown")
        mail = world.mail.wait_for(_is_page, steps.PATIENCE_SECONDS)
        seen.update(to="carl", seconds_to_the_mail=round(time.monotonic() - began, 1))
    with play.step("urgent_acknowledged") as seen:
        link = _LINK.search(mail.text)
        if link is None:
            raise RuntimeError(f"no link is in the page: {mail.text[:400]}")
        page_seen = Browser(installation.url).open(link[1])
        answered = page_seen.form(having="upto").submit()
        if not answered.shows("You have acknowledged it"):
            raise RuntimeError(f"it is not acknowledged: {answered.title}")
        seen.update(by="the link in the mail", signed_in=False)


def _is_page(mail: Received) -> bool:
    return email_of("carl") in mail.recipients and _LINK.search(mail.text) is not None
