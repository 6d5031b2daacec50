"""The last step of the play: a supervisor publishes the figures of the year, and everybody reads what came of the report."""

import re
from datetime import UTC, datetime

from leeward.demo.browserless import Browser
from leeward.demo.play import sign_in
from leeward.demo.running import Installation
from leeward.demo.staff import PORTAL
from leeward.demo.steps import Play

_NOTE = "The demonstration was played again."
_EDITION = re.compile(r"Edition \d+")


def perform_figures(play: Play, installation: Installation) -> None:
    """Play the step; raises StepFailed if it is not seen."""
    with play.step("figures_published") as seen, Browser(installation.url) as carl, Browser(installation.url) as guest:
        year = datetime.now(UTC).year
        installation.command("indicators", "count")  # as it happens by itself each night
        desk = sign_in(carl, "carl").open(f"/desk/indicators?portal={PORTAL}&year={year}")
        note = _NOTE if _EDITION.search(desk.text) else ""
        answer = desk.form(action=f"/{year}/publish").fill({"note": note}).submit()
        if not answer.shows("Published. Everybody can see them now."):
            raise RuntimeError(f"the figures were not published: {answer.text[:600]}")
        page = guest.open("/figures").follow(f"/{PORTAL}/figures")
        (shown,) = page.texts("//dt[. = 'Reports']/following-sibling::dd")
        edition = _EDITION.search(page.text)
        if not (shown and edition and page.shows("The numbers as files")) or guest.cookies:
            raise RuntimeError(f"the published figures are not on the page: {page.status} {page.text[:600]}")
        # Of so few reports the number stays hidden; the desk knows it.
        counted = int(answer.texts("//tbody[contains(., 'Reports')]//td[contains(@class, 'num')]")[0])
        if counted < 1:
            raise RuntimeError("the report was not counted")
        seen.update(page=page.address, reports=shown, counted_at_the_desk=counted, edition=edition[0])
