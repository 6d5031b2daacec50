"""The step of the play with receivers of reports: an administrator records the agreement with one, a supervisor confirms it, an
analyst reports the case there, and the page says “sent” only once the receipt is here.
"""

from leeward.demo.browserless import Browser
from leeward.demo.steps import Play, until
from leeward.demo.world import cast
from leeward.demo.world.receivers import CyberTiplineServer

SENT = "Sent: its receipt is here"


def perform_receivers(play: Play, reference: str, *, ana: Browser, adam: Browser, carl: Browser) -> None:
    """Play the step; raises StepFailed if it is not seen."""
    here = f"/desk/case/{reference}/exports"
    with play.step("receiver_told") as seen, CyberTiplineServer(address=cast.FAR_SHORE_IP) as receiver:
        agreement = {"terms": "Memorandum of the demonstration", "agreed_on": "2026-01-31", "url": receiver.url}
        form = adam.open("/desk/receivers").form(having="terms")
        asked = form.fill(agreement | {"user": receiver.user, "password": receiver.password}).submit("act=agree")
        (change,) = asked.texts("//main//a[contains(@href, '/portals/changes/')]/@href")
        carl.open(change).form(having="answer").submit("answer=confirm")
        report = until(
            lambda: next((form for form in ana.open(f"{here}?format=cybertipline").forms if form.has("act")), None),
            "the receiver being open to reports",
        )
        report.submit("act=submit")
        until(lambda: ana.open(here).shows(SENT), "the receipt on the case’s page")
        (number,) = receiver.finished
        if not ana.open(here).shows(str(number)):
            raise RuntimeError("the page doesn’t show the number that the receiver gave")
        seen.update(reports=len(receiver.tips), finished=len(receiver.finished), content_sent=0)
