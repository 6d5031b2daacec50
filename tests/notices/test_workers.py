"""Several workers at once: each message is handed over once, and addresses for one contact go together."""

import threading
from collections import Counter
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django_scopes import scope

from leeward.demo.world.moods import EVERYBODY
from leeward.demo.world.smtp import MailServer
from leeward.duties.worker import run_until_idle
from leeward.notices import services
from leeward.notices.models import Message
from leeward.notices.rules.briefs import CaseBrief, Plan
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
            brief = CaseBrief(
                case_id=case,
                reference=f"2026-{case:04d}",
                hotline_id=cast.hotline_id,
                portal_id=cast.portal_id,
                location_id=location,
                address=f"http://pictures.harbour-host.example/{case}",
                received_at=START,
                country="JM",
            )
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
