"""Several workers at once: each message is handed over once, and addresses for one contact go together."""

import itertools
import logging
import random
import threading
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.db import connection
from django_scopes import scope

from leeward.audit.queries import verdict
from leeward.demo.world.mailbox import Mailbox
from leeward.demo.world.moods import EVERYBODY
from leeward.demo.world.smtp import MailServer
from leeward.foundation.actor import Actor
from leeward.jobs.worker import run_until_idle
from leeward.monitoring import services as monitoring_services
from leeward.notices import services
from leeward.notices.models import Message, NoticeCase, NoticeItem, Referral
from leeward.notices.rules.briefs import CaseBrief, Plan
from leeward.notices.services import Given
from leeward.notices.tasks import read_mailbox
from tests.crowd import Crowd, no_deadlock
from tests.notices.conftest import ABUSE, START
from tests.notices.internet import Internet
from tests.personas import Cast

pytestmark = pytest.mark.django_db(transaction=True)
CASES, WORKERS = 24, 4


def work() -> None:
    try:
        for _ in range(5):
            run_until_idle()
    finally:
        connection.close()


def brief_of(case: int, location: int, cast: Cast) -> CaseBrief:
    return CaseBrief(
        case_id=case,
        reference=f"2026-{case:04d}",
        hotline_id=cast.hotline_id,
        portal_id=cast.portal_id,
        location_id=location,
        address=f"http://pictures.harbour-host.example/{case}",
        judged="person",
        received_at=START,
        country="JM",
    )


@pytest.mark.slow
@pytest.mark.parametrize("police", [True, False], ids=["police", "one host"])
def test_workers_share_the_outbox_and_send_nothing_twice(
    cast: Cast, internet: Internet, post: MailServer, configure: Callable[..., None], police: bool
) -> None:
    post.stall(EVERYBODY, seconds=0.01, times=1000)
    configure(smtp_host="127.0.0.1", smtp_port=post.port, smtp_security="none", pace=600.0)
    internet.host("pictures.harbour-host.example", abuse=[ABUSE])
    with scope(hotline=cast.hotline_id):
        for case in range(1, CASES + 1):
            location = internet.location("pictures.harbour-host.example", f"/{case}", hotline_id=cast.hotline_id)
            brief = brief_of(case, location, cast)
            services.act_on(brief, plan=Plan(police=police, host=not police), actor=cast["ana"].actor)
    deadline = threading.Event()
    for _ in range(20):
        crew = [threading.Thread(target=work) for _ in range(WORKERS)]
        for worker in crew:
            worker.start()
        for worker in crew:
            worker.join()
        with scope(hotline=cast.hotline_id):
            if not Message.objects.exclude(state__in=("sent", "stopped")).exists() and post.messages():
                break
        deadline.wait(timedelta(milliseconds=100).total_seconds())
    with scope(hotline=cast.hotline_id):
        assert set(Message.objects.values_list("state", flat=True)) <= {"sent", "stopped"}
    counts = Counter(str(mail.message["Message-ID"]) for mail in post.messages())
    assert set(counts.values()) == {1}
    if police:
        assert len(counts) == CASES
        return
    texts = [mail.text for mail in post.messages(ABUSE)]
    for case in range(1, CASES + 1):
        told = [text for text in texts if f"http://pictures.harbour-host.example/{case}\r\n" in text]
        assert len(told) == 1, case
    assert len(texts) <= WORKERS


class Bustle:
    """What people, police, hosts and mail do to the same cases at once."""

    def __init__(self, cast: Cast, briefs: list[CaseBrief], post: MailServer, box: Mailbox) -> None:
        self.cast, self.briefs, self.post, self.box = cast, briefs, post, box
        self.ana = cast["ana"].actor
        self.told: set[int] = set()
        self._numbers = itertools.count()
        self._dice = random.Random(7)

    def _some(self) -> CaseBrief:
        return self._dice.choice(self.briefs)

    def act(self) -> None:
        brief = self.briefs[next(self._numbers) % len(self.briefs)]
        services.act_on(brief, plan=Plan(police=brief.case_id % 3 == 0, host=True), actor=self.ana)
        self.told.add(brief.case_id)
        monitoring_services.watch(brief.location_id, hotline_id=brief.hotline_id, actor=self.ana)

    def withdraw(self) -> None:
        brief = self._some()
        services.withdraw(brief.case_id, actor=self.ana)
        monitoring_services.stop_watching(brief.location_id, actor=self.ana)

    def police(self) -> None:
        now = datetime.now(UTC)
        for referral in Referral.objects.filter(sent_at__isnull=False).order_by("?")[:4]:
            act = self._dice.choice(["acknowledge", "hold", "release"])
            until = now + timedelta(days=1) if act == "hold" else None
            services.answer_referral(referral.pk, act, actor=Actor("police"), until=until)

    def host(self) -> None:
        for item in NoticeItem.objects.filter(notice__sent_at__isnull=False).order_by("?")[:4]:
            answer = self._dice.choice(["acknowledged", "removed", "moved", "disputed", "wrong_contact"])
            given = Given(item.pk, answer, "http://elsewhere.example/1" if answer in ("moved", "disputed") else "")
            services.answer_notice(item.notice_id, [given], actor=Actor("host"))

    def mail(self) -> None:
        mails = self.post.messages()
        if mails:
            picked = self._dice.choice(mails).message
            self.box.reply(picked, "We have it.") if self._dice.random() < 0.7 else self.box.bounce(picked)
        read_mailbox()

    def staff(self) -> None:
        for message in Message.objects.filter(state__in=("dead", "unsure", "failed"))[:3]:
            services.drop(message.pk, actor=self.cast["adam"].actor)


@pytest.mark.slow
def test_people_police_hosts_and_workers_at_once_block_nobody(
    cast: Cast,
    internet: Internet,
    post: MailServer,
    configure: Callable[..., None],
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    box = Mailbox(tmp_path / "mail")
    configure(smtp_host="127.0.0.1", smtp_port=post.port, smtp_security="none", pace=36_000.0, mailbox=box.setting)
    internet.host(
        "pictures.harbour-host.example", abuse=[ABUSE, "noc@harbour-host.example"], upstream=["up@net.example"]
    )
    with scope(hotline=cast.hotline_id):
        places = [
            internet.location("pictures.harbour-host.example", f"/{case}", hotline_id=cast.hotline_id)
            for case in range(1, 9)
        ]
    briefs = [brief_of(case, place, cast) for case, place in enumerate(places, start=1)]
    bustle = Bustle(cast, briefs, post, box)
    crowd = Crowd(cast.hotline_id)
    for act in (bustle.act, bustle.withdraw, bustle.police, bustle.host, bustle.mail, bustle.staff):
        crowd.hand(act)
    for _ in range(3):
        crowd.worker()
    with no_deadlock(), caplog.at_level(logging.WARNING):
        crowd.for_seconds(4)
    assert crowd.faults == []
    assert [record.message for record in caplog.records if record.message in ("job.failed", "mail.not_taken_in")] == []
    counts = Counter(str(mail.message["Message-ID"]) for mail in post.messages())
    assert set(counts.values()) == {1}
    with scope(hotline=cast.hotline_id):
        assert set(Message.objects.filter(message_id__in=counts).values_list("state", flat=True)) <= {
            "sent",
            "dead",
            "stopped",
        }
        assert set(NoticeCase.objects.values_list("case_id", flat=True)) == bustle.told, (
            "each once, however many there was time for"
        )
        assert {item.notice.kind for item in NoticeItem.objects.select_related("notice")} >= {"host"}
    assert verdict(cast.hotline_id).fault is None
