"""Restored a second time: no number of the first time is given again, and nothing of it is forgotten or said twice."""

import secrets
from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.db import connection, transaction
from django.test import Client

from leeward.administration.services import begin_numbers, confirm_restored, take_up
from leeward.backup.models import Restoration
from leeward.backup.queries import times_lost
from leeward.backup.rules.jumps import CASES, ROWS_DRAWN
from leeward.backup.services import hold
from leeward.casework.models import CaseSequence
from leeward.casework.queue.services.references import next_reference
from leeward.notices.models import NoticeCase
from leeward.notices.rules.briefs import Plan
from tests.backup.test_held import NOON, _post, restored
from tests.notices.conftest import ABUSE, POLICE, Office, _nobody_above_listens, configure, internet, office
from tests.notices.conftest import post as mail_server
from tests.notices.test_services import link_in

__all__ = ["_nobody_above_listens", "_post", "configure", "internet", "mail_server", "office"]
pytestmark = pytest.mark.django_db


def life(office: Office, name: str) -> tuple[str, str, str]:
    """The backup is restored and confirmed, and two letters go: a case number, the link of the police and that of a host."""
    Restoration.objects.create(backup_at=NOON - timedelta(days=2), restored_at=office.reached)
    assert take_up(office.reached)
    confirm_restored(actor=office.cast["adam"].actor, now=office.reached)
    reference = next_reference(office.cast.hotline_id, NOON.year)
    office.act(office.case(path=f"/{name}-life"))
    office.work()
    office.act(office.case(path=f"/{name}-notice"), Plan(police=False))
    office.work()
    links = link_in(office.mails(POLICE)[-1], "referral"), link_in(office.mails(ABUSE)[-1], "notice")
    return reference, *(link.removeprefix("http://testserver") for link in links)


def test_a_moment_within_a_hold_begins_another(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """The server's archive was replayed up to a moment at which an earlier restoring was not confirmed yet."""
    restored()
    assert take_up(NOON)
    office.clock.shift(60)
    case = office.case()
    office.act(case)
    monkeypatch.setattr(
        "leeward.administration.services.restoring.cases_first_informed_since", lambda at: {case.case_id}
    )
    archived = transaction.savepoint_create()
    confirm_restored(actor=office.cast["adam"].actor, now=office.reached)
    office.work()
    assert len(office.mails(POLICE)) == 1
    reference = next_reference(office.cast.hotline_id, NOON.year)
    transaction.savepoint_rollback(archived)
    at, office.reached = office.reached, office.reached + timedelta(hours=5)
    office.clock.move_to(office.reached)
    assert hold(at, office.reached)
    assert not hold(at, office.reached), "it is as it was"
    assert take_up(office.reached)
    assert not take_up(office.reached)
    (lost,) = times_lost(office.reached)
    assert (lost.backup_at, lost.restored_at) == (NOON - timedelta(days=2), office.reached), "since the older backup"
    confirm_restored(actor=office.cast["adam"].actor, now=office.reached)
    office.work()
    assert len(office.mails(POLICE)) == 1, "nobody hears it twice"
    assert next_reference(office.cast.hotline_id, NOON.year) != reference
    assert not Restoration.objects.filter(confirmed_at__isnull=True).exists()


@pytest.mark.parametrize("hours", [0, 3, 240])
def test_no_link_or_number_of_the_first_time_is_given_a_second_time(office: Office, hours: int) -> None:
    backup = transaction.savepoint_create()
    reference, to_police, to_host = life(office, "first")
    assert "/first-notice" in Client().get(to_host).content.decode()
    transaction.savepoint_rollback(backup)
    office.reached += timedelta(hours=hours)
    office.clock.move_to(office.reached)
    again, police_again, host_again = life(office, "second")
    assert (again != reference, police_again != to_police, host_again != to_host) == (True, True, True)
    assert [Client().get(link).status_code for link in (to_police, to_host)] == [404, 404], "they open nothing"
    assert "/second-notice" in Client().get(host_again).content.decode()


@pytest.mark.slow
def test_however_far_is_drawn_numbers_stay_whole_everywhere(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """JSON is exact to 2**53, PostgreSQL keeps the numbers of a few tables of Django's in four bytes, and a case number is an address."""
    monkeypatch.setattr(secrets, "randbelow", lambda most: most - 1)
    for _ in range(40):
        restored()
        assert take_up(NOON)
        confirm_restored(actor=office.cast["adam"].actor, now=NOON)
    office.act(office.case())
    assert 40 * (ROWS_DRAWN - 1) < NoticeCase.objects.order_by("-pk").values_list("pk", flat=True)[0] < 2**53
    assert Group.objects.create(name="any").pk < 2**31
    connection.check_constraints()
    office.work()
    to_police = link_in(office.mails(POLICE)[-1], "referral").removeprefix("http://testserver")
    assert Client().get(to_police).status_code == 200


def test_a_hotline_that_is_opened_again_gives_no_number_of_the_one_that_was_lost(office: Office) -> None:
    hotline_id = office.cast.other_hotline_id
    begin_numbers(hotline_id, NOON)
    assert next_reference(hotline_id, NOON.year) == f"{NOON.year}-0001", "nothing was restored"
    CaseSequence.objects.all().delete()
    Restoration.objects.create(backup_at=NOON - timedelta(days=2), restored_at=NOON, confirmed_at=NOON)
    begin_numbers(hotline_id, NOON + timedelta(days=1))
    assert int(next_reference(hotline_id, NOON.year).partition("-")[2]) > CASES
    assert next_reference(hotline_id, NOON.year + 1) == f"{NOON.year + 1}-0001", "no case of that year was lost"


def test_a_hotline_beside_one_that_moved_here_begins_at_1(office: Office) -> None:
    Restoration.objects.create(backup_at=NOON - timedelta(days=2), restored_at=NOON, confirmed_at=NOON, moved=True)
    begin_numbers(office.cast.other_hotline_id, NOON)
    assert next_reference(office.cast.other_hotline_id, NOON.year) == f"{NOON.year}-0001"
