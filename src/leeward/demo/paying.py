"""The step of the play with a payment firm: a supervisor puts it into the directory, an analyst tells it of the wallet that the report
names, it answers on its page without an account, and the desk shows what came of it.
"""

import re

from leeward.demo import steps
from leeward.demo.browserless import Browser
from leeward.demo.steps import Play, until
from leeward.demo.world import World, cast

CLOSED = "account closed"


def perform_payment(play: Play, url: str, world: World, *, ana: Browser, carl: Browser, firm: Browser) -> None:
    """Play the step; raises StepFailed if it is not seen."""
    with play.step("payment_alerted") as seen:
        contact = {"kind": "payment", "name": "Harbour Pay", "email": cast.PAYMENT_FIRM}
        carl.open("/desk/contacts/new").form(having="email").fill(contact).submit()
        found = f"//main//a[contains(., '{cast.WALLET}')]/@href"
        (here,) = ana.open("/desk/money?view=newest").texts(found)
        page = ana.open(here).form(having="firm").submit()
        page.form(having="once").submit()
        mail = world.mail.wait_for(lambda message: cast.PAYMENT_FIRM in message.recipients, steps.PATIENCE_SECONDS)
        if cast.PICTURES in mail.text or cast.WALLET not in mail.text:
            raise RuntimeError("the message names the address, or not the wallet")
        link = re.search(rf"{re.escape(url)}/payment/[\w-]+", mail.text)
        if link is None:
            raise RuntimeError("the message has no link to /payment/")
        firm.open(link[0]).form(having="answer").fill({"answer": "closed"}).submit()
        until(lambda: ana.open(here).shows(CLOSED), "the answer on the payee’s page")
        seen.update(to=cast.PAYMENT_FIRM, paid_to=cast.WALLET, outcome=CLOSED, addresses_named=0)
