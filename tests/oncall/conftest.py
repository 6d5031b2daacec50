"""What the tests of paging stand on: a real mail server, people on call, a clock that can be moved."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django_scopes import scope

from leeward.demo.world.smtp import MailServer, Received
from leeward.intake.rules.draft import ReportDraft
from leeward.intake.rules.where import item_drafts
from leeward.intake.services import receive_report
from leeward.jobs.registry import SUBSCRIBERS, load
from leeward.site.outside import LOOKERS
from leeward.web_security.keys import new_form_key
from tests.personas import Cast

NIGHT = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)  # three in the morning in Jamaica


@pytest.fixture(autouse=True)
def _nothing_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    """No name server of the machine is asked by what repeats."""
    monkeypatch.setitem(LOOKERS, "names", lambda _now: None)


@pytest.fixture(autouse=True)
def _nobody_above_listens(monkeypatch: pytest.MonkeyPatch) -> None:
    """Paging hangs on the report alone: here nothing makes cases of reports."""
    load()
    for event, kinds in SUBSCRIBERS.items():
        monkeypatch.setitem(SUBSCRIBERS, event, [kind for kind in kinds if kind.startswith("oncall.")])


@pytest.fixture
def configure(settings: Any) -> Callable[..., None]:
    """Change settings of the installation for one test."""

    def change(**values: object) -> None:
        settings.LEEWARD = settings.LEEWARD.model_copy(update=values)

    return change


@dataclass
class Night:
    """A hotline of which everybody sleeps."""

    cast: Cast
    post: MailServer
    clock: time_machine.Traveller
    configure: Callable[..., None]
    now: datetime = field(default=NIGHT)

    def report(self, kind: str = "danger", *, form_key: str = "", **told: Any) -> int:
        """A report by the public form."""
        said = ReportDraft(kind=kind, items=item_drafts("", {}), text="[message withheld]", **told)
        received = receive_report(
            said,
            hotline_id=self.cast.hotline_id,
            portal_id=self.cast.portal_id,
            language="en",
            form_key=form_key or new_form_key(),
        )
        return received.report_id

    def work(self, after: timedelta = timedelta(0), *, repeating: bool = False) -> None:
        """Let time pass and the worker do what is due then."""
        from leeward.jobs.worker import run_until_idle

        self.now += after
        self.clock.move_to(self.now)
        run_until_idle(self.now, repeating=repeating)

    def mails(self) -> dict[str, list[Received]]:
        """What went to whom so far."""
        found: dict[str, list[Received]] = {}
        for mail in self.post.messages():
            for to in mail.recipients:
                found.setdefault(to.partition("@")[0], []).append(mail)
        return found

    def counts(self) -> dict[str, int]:
        """How many messages went to whom, without the letters with the head of the log."""
        found = {
            who: [mail for mail in mails if "hotline’s log" not in mail.text] for who, mails in self.mails().items()
        }
        return {who: len(mails) for who, mails in found.items() if mails}

    def link(self, who: str) -> str:
        """The path in the newest page to somebody."""
        found = re.search(r"https?://[^/\s]+(/page/\S+)", self.mails()[who][-1].text)
        assert found, self.mails()[who][-1].text
        return found[1]

    def press(self, who: str, guest: Client | None = None) -> Any:
        """Open the link in the newest page to somebody and press its button."""
        guest = guest or Client()
        shown = guest.get(self.link(who)).content.decode()
        upto = re.search(r'name="upto" value="(\d+)"', shown)
        assert upto, shown
        return guest.post(self.link(who), {"upto": upto[1]})


@pytest.fixture
def night(cast: Cast, configure: Callable[..., None]) -> Iterator[Night]:
    """Jamaica's hotline at three in the morning, in its scope, with a mail server and nobody on the list."""
    with MailServer() as post:
        configure(smtp_host="127.0.0.1", smtp_port=post.port, smtp_security="none", mail_from="desk@leeward.example")
        with time_machine.travel(NIGHT, tick=False) as clock, scope(hotline=cast.hotline_id):
            yield Night(cast, post, clock, configure)
