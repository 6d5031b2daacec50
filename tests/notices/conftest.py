"""What the tests of notices stand on: a real mail server, hosts with contacts, cases to tell people about."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django_scopes import scope

from leeward.demo.world.dns import NameServer
from leeward.demo.world.rdap import RdapServer
from leeward.demo.world.smtp import MailServer, Received
from leeward.jobs.registry import SUBSCRIBERS, load
from leeward.notices.rules.briefs import CaseBrief, Plan
from tests.notices.internet import Internet
from tests.personas import Cast
from tests.police_first import (
    assert_none_held_beside,
    assert_police_first,
    places_of_database,
    rows_of_database,
)

START = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
POLICE = "police@constabulary.example"
ABUSE = "abuse@harbour-host.example"


@pytest.fixture(autouse=True)
def _nobody_above_listens(monkeypatch: pytest.MonkeyPatch) -> None:
    """These tests make up their cases; the desk, which would look for them, is not told."""
    load()
    for event, kinds in SUBSCRIBERS.items():
        monkeypatch.setitem(
            SUBSCRIBERS, event, [kind for kind in kinds if kind.startswith(("notices.", "monitoring."))]
        )


@pytest.fixture
def post() -> Iterator[MailServer]:
    """A mail server that keeps what it gets."""
    with MailServer() as server:
        yield server


@pytest.fixture
def configure(settings: Any) -> Callable[..., None]:
    """Change settings of the installation for one test."""

    def change(**values: object) -> None:
        settings.LEEWARD = settings.LEEWARD.model_copy(update=values)

    return change


@pytest.fixture
def internet(configure: Callable[..., None]) -> Iterator[Internet]:
    """Name and registry servers that know the hosts of the test."""
    with NameServer() as names, RdapServer() as registry:
        configure(
            dns_resolvers=(names.resolver,),
            rdap_bootstrap_url=registry.bootstrap_url,
            rdap_allow_http=True,
            fetch_allowed_networks=("127.0.0.0/8",),
        )
        yield Internet(names, registry)


@dataclass
class Office:
    """A hotline at work: its cases, its clock, its mail."""

    cast: Cast
    internet: Internet
    post: MailServer
    clock: time_machine.Traveller
    cases: int = 0
    paths: set[str] = field(default_factory=set)
    reached: datetime = field(default=START)

    def case(self, host: str = "pictures.harbour-host.example", path: str = "", **changes: Any) -> CaseBrief:
        """A case about a page of a host; the next number each time."""
        self.cases += 1
        path = path or f"/a/{self.cases}"
        split = self.cases if path in self.paths else 0  # no two cases have one place
        self.paths.add(path)
        location = self.internet.location(host, path, hotline_id=self.cast.hotline_id, split=split)
        brief = CaseBrief(
            case_id=self.cases,
            reference=f"2026-{self.cases:04d}",
            hotline_id=self.cast.hotline_id,
            portal_id=self.cast.portal_id,
            location_id=location,
            address=f"http://{host}{path}",
            judged="person",
            received_at=START,
            country="JM",
            summary=("39 of 41 pictures are known",),
            opinions=(("JM", "likely", "Section 3"),),
            file_hashes=(("sha256", "0" * 64),),
        )
        return replace(brief, **changes)

    def act(self, brief: CaseBrief, plan: Plan | None = None) -> Any:
        from leeward.notices import services

        return services.act_on(brief, plan=plan or Plan(), actor=self.cast["ana"].actor)

    def work(self, after: timedelta = timedelta(0)) -> None:
        """Let time pass and the worker do what is due, also what becomes due within moments."""
        from leeward.jobs.worker import run_until_idle

        for pause in (after, *[timedelta(minutes=2)] * 3):
            self.reached += pause
            self.clock.move_to(self.reached)
            assert run_until_idle(self.reached, most=1000) < 1000, "a job that is due again at once, for ever"

    def mails(self, to: str) -> list[Received]:
        return self.post.messages(to)


@pytest.fixture
def office(cast: Cast, internet: Internet, post: MailServer, configure: Callable[..., None]) -> Iterator[Office]:
    """The hotline of Jamaica with a mail server and one host, at noon; everything runs within its scope. Whatever a test does, the
    log says in the end that nobody was told before the police."""
    configure(smtp_host="127.0.0.1", smtp_port=post.port, smtp_security="none", mail_from="desk@leeward.example")
    internet.host("pictures.harbour-host.example", abuse=[ABUSE])
    with time_machine.travel(START, tick=False) as clock, scope(hotline=cast.hotline_id):
        yield Office(cast, internet, post, clock)
    assert_police_first(rows_of_database())
    assert_none_held_beside(rows_of_database(), places_of_database())
