"""Several people and workers at the same time, each with a connection of their own."""

import logging
import random
import threading
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import partial
from typing import Any

import pytest
from django.db import connection
from django_scopes import scope

from leeward.audit.queries import verdict
from leeward.casework import services
from leeward.casework.errors import CaseIsTaken, NothingToTake
from leeward.casework.models import Assessment, Case, CaseItem
from leeward.casework.queue.services.opening import take_in
from leeward.casework.queue.services.references import next_reference
from leeward.casework.tasks import keep_order
from leeward.foundation.actor import Actor
from leeward.foundation.errors import LeewardError
from leeward.intake import services as intake_services
from leeward.intake.models import Report
from leeward.notices import services as notices_services
from leeward.notices.models import NoticeItem, Referral
from leeward.notices.services import Given
from leeward.people import services as people_services
from leeward.web_security.keys import new_form_key
from tests.casework.conftest import PLAIN, Desk
from tests.crowd import Crowd, no_deadlock

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(hotline_id: int, *acts: Callable[[], Any]) -> list[Any]:
    """Do everything at the same moment, each in its own thread; return what each gave or raised."""
    start = threading.Barrier(len(acts))
    results: list[Any] = [None] * len(acts)

    def run(number: int, act: Callable[[], Any]) -> None:
        try:
            with scope(hotline=hotline_id):
                start.wait(10)
                results[number] = act()
        except LeewardError as error:
            results[number] = error
        finally:
            connection.close()

    crew = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in crew:
        thread.start()
    for thread in crew:
        thread.join(60)
    return results


def of_kind(results: Sequence[Any], kind: type) -> int:
    return sum(isinstance(result, kind) for result in results)


def test_only_one_of_many_gets_a_case(desk: Desk) -> None:
    people = [desk.cast[name].actor for name in ("ana", "bela", "carl")]
    for path in ("/gallery", "/more", "/pictures/0.jpg"):
        case = desk.case(desk.world.gallery_url.replace("/gallery", path))
        results = at_once(case.hotline_id, *[partial(services.claim_case, case.pk, actor=actor) for actor in people])
        assert of_kind(results, CaseIsTaken) == 2
        case.refresh_from_db()
        assert case.claimed_by_id in {actor.id for actor in people}
        assert results[[actor.id for actor in people].index(case.claimed_by_id)] is None


def test_taking_the_next_one_gives_everybody_another(desk: Desk) -> None:
    for path in ("/gallery", "/more"):
        desk.case(desk.world.gallery_url.replace("/gallery", path))
    people = [desk.cast[name].actor for name in ("ana", "bela", "carl")]
    results = at_once(
        desk.cast.hotline_id, *[lambda actor=actor: services.claim_next("waiting", actor=actor) for actor in people]
    )
    assert of_kind(results, NothingToTake) == 1
    taken = [result for result in results if isinstance(result, str)]
    assert len(set(taken)) == 2
    assert Case.objects.filter(state="assessing").count() == 2


def test_references_have_no_gap_and_no_double(desk: Desk) -> None:
    def ten() -> list[str]:
        from django.db import transaction

        got = []
        for _ in range(10):
            with transaction.atomic():
                got.append(next_reference(desk.cast.hotline_id, 2031))
        return got

    results = at_once(desk.cast.hotline_id, *[ten] * 6)
    references = sorted(reference for part in results for reference in part)
    assert references == [f"2031-{number:04d}" for number in range(1, 61)]


def test_reports_of_one_address_at_the_same_moment_join_one_case(desk: Desk) -> None:
    numbers = [desk.report(desk.world.gallery_url) for _ in range(5)]
    at_once(desk.cast.hotline_id, *[lambda number=number: take_in(number) for number in numbers])
    desk.work()
    case = Case.objects.get()
    assert CaseItem.objects.filter(case=case).count() == case.report_count == 5


def test_two_windows_assess_once(desk: Desk) -> None:
    case = desk.case()
    actor = desk.cast["ana"].actor
    services.claim_case(case.pk, actor=actor)
    results = at_once(case.hotline_id, *[lambda: services.assess(case.pk, PLAIN, outcome="illegal", actor=actor)] * 4)
    assert results.count("find_illegal") == 1
    assert of_kind(results, LeewardError) == 3
    assert Assessment.objects.count() == 1


def test_two_windows_act_once(desk: Desk, acts_of: Callable[[Any], list[str]]) -> None:
    case = desk.case()
    desk.assess(case)
    actor = desk.cast["ana"].actor
    results = at_once(case.hotline_id, *[lambda: services.act(case.pk, actor=actor)] * 4)
    assert of_kind(results, LeewardError) == 3
    assert acts_of(case).count("case.acted") == 1


class Bustle:
    """What reporters, analysts, supervisors, police and hosts do to the same few cases at once."""

    def __init__(self, desk: Desk) -> None:
        self.desk, self.cast = desk, desk.cast
        self.addresses = [
            desk.world.gallery_url.replace("/gallery", path) for path in ("/gallery", "/more", "/nothing")
        ]
        self.dice = random.Random(11)

    def report(self) -> None:
        self.desk.report(self.dice.choice(self.addresses))

    def follow(self) -> None:
        for report in Report.objects.filter(withdrawn_at=None).order_by("?")[:3]:
            act = self.dice.choice([self._add, self._withdraw, self._review])
            act(report.pk)

    def _add(self, report_id: int) -> None:
        intake_services.add_to_report(report_id, text="I found it again.", form_key=new_form_key())

    def _withdraw(self, report_id: int) -> None:
        intake_services.withdraw_report(report_id)

    def _review(self, report_id: int) -> None:
        intake_services.ask_for_review(report_id, form_key=new_form_key())

    def work(self, name: str) -> None:
        """Take a case and say what it is, act on it, or close it."""
        actor = self.cast[name].actor
        case = Case.objects.exclude(state="received").order_by("?").first()
        if case is None:
            return
        services.claim_case(case.pk, actor=actor)
        if case.state in ("triaged", "assessing"):
            services.assess(case.pk, PLAIN, outcome="illegal", actor=actor)
        acts = [services.act, services.give_back, partial(services.close_case, reason=1, comment="It was said before.")]
        self.dice.choice(acts)(case.pk, actor=actor)

    def police(self) -> None:
        for referral in Referral.objects.order_by("?")[:3]:
            notices_services.answer_referral(
                referral.pk, self.dice.choice(["acknowledge", "release"]), actor=Actor("police")
            )

    def host(self) -> None:
        for item in NoticeItem.objects.order_by("?")[:3]:
            answer = self.dice.choice(["removed", "disputed", "wrong_contact"])
            notices_services.answer_notice(item.notice_id, [Given(item.pk, answer, "Ours.")], actor=Actor("host"))

    def administrator(self) -> None:
        """An account's row is locked while others write rows that name it."""
        languages = self.dice.sample(["en", "fr", "ur"], 2)
        people_services.change_account(self.cast["ana"].account_id, languages=languages, actor=self.cast["adam"].actor)


def test_everybody_at_once_blocks_nobody(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    bustle = Bustle(desk)
    for address in bustle.addresses:
        desk.case(address)
    crowd = Crowd(desk.cast.hotline_id)
    for name in ("ana", "bela", "carl"):
        crowd.hand(partial(bustle.work, name))
    for act in (bustle.report, bustle.follow, bustle.police, bustle.host, bustle.administrator, keep_order):
        crowd.hand(act, pause=0.03)
    for _ in range(2):
        crowd.worker()
    with no_deadlock(), caplog.at_level(logging.WARNING):
        crowd.for_seconds(5 if connection.vendor == "postgresql" else 2)  # on SQLite only one writes at a time
    assert crowd.faults == []
    assert [record for record in caplog.records if record.message == "job.failed"] == []
    desk.work()
    for report in Report.objects.filter(received_at__lt=datetime.now(UTC)):
        assert CaseItem.objects.filter(item__report_id=report.pk).exists()
    assert verdict(desk.cast.hotline_id).fault is None
