"""A hotline's desk on a small real internet: web host, name server, registries and mail server on loopback."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django_scopes import scope

from leeward.demo.world import sites
from leeward.demo.world.world import World
from leeward.hosting.fetching import in_memory
from leeward.hosting.fetching.files import Fingerprint, fingerprint
from leeward.monitoring import limits
from leeward.web_security.keys import new_form_key
from tests.kept import Beginnings
from tests.personas import Cast
from tests.police_first import assert_police_first, rows_of_database

POLICE = "police@constabulary.example"
FAST = 36_000.0  # an hour takes a tenth of a second
GRAVE = {"medium": "photograph", "age_band": "7-10", "act": "uk_a", "real_person": "yes"}
PLAIN = {"medium": "photograph", "age_band": "11-13", "act": "uk_b", "real_person": "yes"}


def keys_asked() -> int:
    """How many queries more a page of sealed words takes: on PostgreSQL their keys are a table."""
    return int(connection.vendor == "postgresql")


_MADE: dict[tuple[bytes, str, bool, bool], Fingerprint] = {}


def made_once(body: bytes, licensed: str = "", *, altered: bool = False, windows: bool = False) -> Fingerprint:
    """`fingerprint`, which decodes a picture twice in another process; nearly every test here shows the same six."""
    key = (sha256(body).digest(), licensed, altered, windows)
    if key not in _MADE or _MADE[key].problem.startswith("decoder_"):
        _MADE[key] = fingerprint(body, licensed, altered=altered, windows=windows)
    return _MADE[key]


@pytest.fixture(scope="session")
def running_world() -> Iterator[World]:
    """The small internet, started once."""
    with World() as world:
        yield world


@pytest.fixture
def world(running_world: World, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """The small internet with everything in its place, and an installation that is pointed at it."""
    from leeward.hosting.lookups.registries import registries
    from leeward.site.config import Config

    registries.cache_clear()  # a registry that was silent in another test is remembered for minutes
    for name, value in running_world.environment().items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(in_memory, "fingerprint", made_once)
    # While the police are waited for, what was reported is looked at four times: at this pace a slow machine did little else.
    monkeypatch.setattr(limits, "OFTEN", timedelta(hours=6))
    settings.LEEWARD = Config(pace=FAST)
    yield running_world
    for site in (running_world.pictures, running_world.far_pictures):
        for path in site.paths():
            site.restore(path)


@dataclass
class Desk:
    """The hotline of Jamaica at work."""

    cast: Cast
    world: World
    client: Client
    beginnings: Beginnings
    reports: list[int] = field(default_factory=list)
    _mails_kept: list[Any] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._mails_before = len(self.world.mail.messages(POLICE))

    def report(self, *addresses: str, form_key: str = "", **told: Any) -> int:
        """A report by the public form's service; the worker is not run."""
        from leeward.intake.rules.draft import ReportDraft
        from leeward.intake.rules.where import item_drafts
        from leeward.intake.services import receive_report

        values = {"kind": "page", "text": "I found a bad page."} | told
        received = receive_report(
            ReportDraft(items=item_drafts("\n".join(addresses), {}), **values),
            hotline_id=self.cast.hotline_id,
            portal_id=self.cast.portal_id,
            language="en",
            form_key=form_key or new_form_key(),
        )
        self.reports.append(received.report_id)
        return received.report_id

    def work(self) -> None:
        """Let the worker do everything that is due."""
        from leeward.jobs.worker import run_until_idle

        run_until_idle()

    def until(self, case: Any, is_so: Callable[[Any], bool], *, seconds: float = 60) -> None:
        """Let the worker go on until something is so of a case."""
        end = time.monotonic() + seconds
        while not is_so(case):
            assert time.monotonic() < end, f"{case.state} after {seconds} s"
            self.work()
            case.refresh_from_db()
            time.sleep(self._until_next())

    @staticmethod
    def _until_next() -> float:
        """For how long nothing is due: a tenth of a second at most."""
        from leeward.jobs.models import Job

        due_at = Job.objects.filter(dead=False).order_by("due_at").values_list("due_at", flat=True).first()
        left = 0.1 if due_at is None else (due_at - datetime.now(UTC)).total_seconds()
        return min(max(left, 0.002), 0.1)

    def case(self, *addresses: str, **told: Any) -> Any:
        """A case that waits in the queue."""
        from leeward.casework.models import CaseItem

        report = self.report(*(addresses or (self.world.gallery_url,)), **told)
        self.work()
        return CaseItem.objects.select_related("case").filter(item__report_id=report).latest("id").case

    def mails(self) -> list[Any]:
        """What the police have got of this test by mail."""
        return self._mails_kept + self.world.mail.messages(POLICE)[self._mails_before :]

    def first(self, *addresses: str, **told: Any) -> Any:
        """`case`, where a test begins with it."""
        return self.begun((addresses, *sorted(told.items())), lambda: self.case(*addresses, **told))

    def begun(self, key: object, make: Callable[[], Any]) -> Any:
        """The case that a test begins with: made once, and put back in each further test (`tests/kept.py`)."""
        from leeward.casework.models import Case

        def made() -> tuple[int, list[int], list[Any]]:
            return make().pk, self.reports, self.mails()

        number, reports, mails = self.beginnings.made(
            (self.world.gallery_url, key), made
        )  # each folder may have a world of its own
        self.reports, self._mails_kept = [*reports], mails[len(self.mails()) :]
        return Case.objects.get(pk=number)

    def saw(self, case: Any, who: str) -> None:
        """A preview of the case was shown to them in this cycle of the work."""
        from leeward.casework.models import Case, View

        View.objects.create(
            hotline_id=case.hotline_id, case_id=case.pk, by_id=self.cast[who].account_id, reason="assess", blurred=True,
            file_id=case.pk, weight=1, cycle=Case.objects.get(pk=case.pk).cycle, was_shown=True, at=datetime.now(UTC),
        )  # fmt: skip

    def assess(self, case: Any, who: str = "ana", outcome: str = "illegal", facts: Any = None, **more: Any) -> str:
        """Take the case and say what it is; whoever says what a picture shows has seen one."""
        from leeward.casework import services
        from leeward.casework.rules.reasons import describes_content

        actor = self.cast[who].actor
        services.claim_case(case.pk, actor=actor)
        if describes_content(more.get("reason", 0)):
            self.saw(case, who)
        led_to = services.assess(case.pk, PLAIN if facts is None else facts, outcome=outcome, actor=actor, **more)
        case.refresh_from_db()
        return led_to

    def act(self, case: Any, who: str = "ana") -> None:
        """Send what the plan names, and let it go out."""
        from leeward.casework import services

        services.claim_case(case.pk, actor=self.cast[who].actor)
        services.act(case.pk, actor=self.cast[who].actor)
        self.work()
        case.refresh_from_db()

    def signed_in(self, who: str) -> Client:
        """A browser of a member of staff."""
        from leeward.people.models import User

        client = Client()
        client.force_login(User.objects.get(pk=self.cast[who].account_id))
        return client


@pytest.fixture
def desk(cast: Cast, world: World, client: Client) -> Iterator[Desk]:
    """The desk, within its hotline's scope."""
    from django.db import connection

    from leeward.people.models import Portal

    assert connection.features.supports_json_field, "asked once in each process, and in no test that counts queries"
    Portal.objects.filter(pk=cast.portal_id).update(police_email=POLICE)
    with Beginnings() as beginnings, scope(hotline=cast.hotline_id):
        yield Desk(cast, world, client, beginnings)
    assert_police_first(rows_of_database())


@pytest.fixture
def acts_of(cast: Cast) -> Callable[[Any], list[str]]:
    """The events of a case's log, oldest first."""

    def read(case: Any) -> list[str]:
        from leeward.audit.queries import log_of

        return [line.event for line in reversed(log_of(cast.hotline_id, f"case:{case.pk}"))]

    return read


GALLERY = sites.GALLERY
