"""A host that turns out to be in another country before it was told: those in charge there are told instead, where the hotline wants that."""

from datetime import UTC, datetime, timedelta

import pytest

from leeward.casework.acting.services.acting import correct_finding
from leeward.casework.models import Case
from leeward.foundation.actor import Actor
from leeward.notices.models import NoticeItem, Referral
from leeward.notices.services import ContactDetails, add_contact, answer_referral
from leeward.people.models import Hotline
from tests.casework.conftest import Desk

pytestmark = pytest.mark.django_db
THERE = "desk@hotline-ca.example"


def told(desk: Desk, *, before: bool) -> set[tuple[str, str]]:
    """Who but the police was told of a case of a host here that a person found in Canada, and acted on again: after the host was told
    (`before`), or while the police held it."""
    details = ContactDetails(kind="hotline", email=THERE, country="CA", name="Hotline of Canada")
    add_contact(details, hotline_id=desk.cast.hotline_id, actor=desk.cast["carl"].actor)
    case: Case = desk.case()
    desk.assess(case)
    desk.act(case)
    desk.until(case, lambda one: one.police_told_at is not None)
    answer(case, "release" if before else "hold")
    desk.work()
    correct_finding(case.pk, kind="country", value="CA", reason="The host said so", actor=desk.cast["ana"].actor)
    desk.act(case)
    answer(case, "release")
    desk.work()
    rows = NoticeItem.objects.filter(case_id=case.pk, notice__sent_at__isnull=False)
    return set(rows.values_list("notice__kind", "notice__contact__email"))


def answer(case: Case, act: str) -> None:
    until = datetime.now(UTC) + timedelta(days=5) if act == "hold" else None
    newest = Referral.objects.filter(case_id=case.pk).latest("pk")
    answer_referral(newest.pk, act, actor=Actor("police"), until=until)


def test_the_host_there_hears_nothing_of_it(desk: Desk) -> None:
    assert told(desk, before=False) == {("foreign_police", THERE)}


def test_unless_the_hotline_writes_to_hosts_abroad(desk: Desk) -> None:
    Hotline.objects.filter(pk=desk.cast.hotline_id).update(notify_foreign_hosts=True)
    assert ("foreign_host", "abuse@harbour-host.example") in told(desk, before=False)


def test_who_was_told_before_is_reminded(desk: Desk) -> None:
    assert ("host", "abuse@harbour-host.example") in told(desk, before=True)
