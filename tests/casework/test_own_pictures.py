"""A person's own picture on the desk: nothing to see, nobody told against their wish, and taken back in one act."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.urls import reverse

from leeward.audit.queries import log_of
from leeward.casework import services
from leeward.casework.errors import NobodySawOwnPicture, WrongTransition
from leeward.casework.models import Case, CaseItem
from leeward.casework.queue.services import own_pictures
from leeward.hashbank.models import OwnPictureHash
from leeward.hashbank.own_pictures import services as own_pictures_services
from leeward.hashbank.own_pictures.services import note_own_matches
from leeward.intake import queries as intake_queries
from leeward.intake import services as intake_services
from leeward.intake.rules.draft import ReportDraft
from leeward.intake.rules.own_picture import KEPT, OwnPicture
from leeward.people.models import Portal
from leeward.people.rules.police_moments import AFTER_ASSESSMENT, AT_ONCE
from leeward.web_security.keys import new_form_key
from tests.casework.conftest import PLAIN, Desk

pytestmark = pytest.mark.django_db
POLICE = "police@constabulary.example"
CODE = "0f" * 32
LINE = f"image {'ab' * 32} {'cd' * 16} pdq:{CODE}:87:0"


def sent(desk: Desk, *, wish: str = "quiet", happened: str = "threat") -> Case:
    """The case of a report of an own picture, after the worker has done what is due."""
    own = OwnPicture(LINE, happened, wish, under_18=True)
    received = intake_services.receive_report(
        ReportDraft.of_own_picture(own),
        hotline_id=desk.cast.hotline_id,
        portal_id=desk.cast.portal_id,
        language="en",
        form_key=new_form_key(),
    )
    desk.reports.append(received.report_id)
    desk.work()
    found: Case = CaseItem.objects.get(item__report_id=received.report_id).case
    return found


def told(report_id: int) -> tuple[str, str]:
    (item,) = intake_queries.items_of(report_id)
    return item.state, item.reason


@pytest.fixture
def mails(desk: Desk) -> Callable[[], list[Any]]:
    """What has come to the police since the test began."""
    before = len(desk.world.mail.messages(POLICE))
    return lambda: desk.world.mail.messages(POLICE)[before:]


def test_its_fingerprints_are_in_the_list_and_nowhere_else(desk: Desk) -> None:
    sent(desk)
    report = intake_queries.report(desk.reports[0])
    assert sorted(bytes(row.value).hex() for row in OwnPictureHash.objects.all()) == sorted(
        ["ab" * 32, "cd" * 16, CODE]
    )
    assert report.fingerprints == ""
    assert told(report.id) == ("acted", "listed")
    (row,) = log_of(desk.cast.hotline_id, f"report:{report.id}")[:1]
    assert row.event in ("own_picture.kept", "report.told")


def test_the_desk_sees_that_there_is_nothing_to_see(desk: Desk) -> None:
    case = sent(desk)
    page = desk.signed_in("ana").get(reverse("casework:show-case", args=[case.reference])).content.decode()
    for words in ("Never ask", "Somebody threatens to share it", "Only find copies. Don’t tell the police."):
        assert words in page
    assert "only words" not in page
    assert CODE not in page


def test_the_police_are_not_told_against_the_wish_even_where_the_portal_does_so_at_once(desk: Desk, mails: Any) -> None:
    Portal.objects.filter(pk=desk.cast.portal_id).update(police_on_urgent=AT_ONCE)
    case = sent(desk)
    case.refresh_from_db()
    assert case.urgent  # somebody here reads it soon
    services.claim_case(case.pk, actor=desk.cast["ana"].actor)
    with pytest.raises(WrongTransition):
        services.pass_to_police(case.pk, actor=desk.cast["ana"].actor)
    desk.work()
    assert mails() == []


def test_nobody_can_call_illegal_what_nobody_saw(desk: Desk) -> None:
    case = sent(desk, happened="afraid")
    services.claim_case(case.pk, actor=desk.cast["ana"].actor)
    with pytest.raises(NobodySawOwnPicture):
        services.assess(case.pk, PLAIN, outcome="illegal", actor=desk.cast["ana"].actor)


def test_closing_the_case_leaves_the_fingerprints_and_the_receipt_as_they_are(desk: Desk) -> None:
    case = sent(desk, happened="afraid")
    desk.assess(case, outcome="insufficient", facts={}, reason=1, comment="Nothing more is known.")
    desk.work()
    assert case.state == "closed"
    assert OwnPictureHash.objects.count() == 3
    assert told(desk.reports[0]) == ("acted", "listed")


def test_closing_it_as_out_of_scope_takes_the_fingerprints_out(desk: Desk) -> None:
    """Of a logo that somebody sent in, or a flood; the receipt says what came of it."""
    case = sent(desk, happened="afraid")
    report = desk.reports[0]
    number = OwnPictureHash.objects.values_list("pk", flat=True)[0]
    note_own_matches({number: 201})
    desk.work()
    case.refresh_from_db()
    assert case.news, "somebody here hears of it"
    page = desk.signed_in("ana").get(reverse("casework:show-case", args=[case.reference])).content.decode()
    assert "201 (" in page
    desk.assess(case, outcome="out_of_scope", facts={}, reason=1, comment="Hundreds of uploads: a logo.")
    desk.work()
    assert not OwnPictureHash.objects.exists()
    assert told(report) == ("closed", "out_of_scope")
    own_pictures.keep_fingerprints(report)
    assert not OwnPictureHash.objects.exists(), "a job that comes late brings nothing back"


def test_with_the_wish_the_police_can_be_told_though_nobody_assesses_it(desk: Desk, mails: Any) -> None:
    Portal.objects.filter(pk=desk.cast.portal_id).update(police_on_urgent=AFTER_ASSESSMENT)
    case = sent(desk, wish="police", happened="shared")
    case.refresh_from_db()
    assert case.urgent
    services.claim_case(case.pk, actor=desk.cast["ana"].actor)
    services.pass_to_police(case.pk, actor=desk.cast["ana"].actor)
    desk.work()
    (mail,) = mails()
    assert "Somebody has shared it" in mail.text
    assert CODE not in mail.text


def test_a_child_in_danger_goes_before_the_wish(desk: Desk) -> None:
    case = sent(desk)
    intake_services.add_to_report(desk.reports[0], text="", form_key=new_form_key(), worse=["danger"])
    assert not intake_queries.report(desk.reports[0]).is_quiet
    desk.work()
    case.refresh_from_db()
    assert case.passed_at is not None


def test_what_is_taken_back_is_gone_from_the_list(desk: Desk) -> None:
    sent(desk)
    intake_services.withdraw_report(desk.reports[0])
    desk.work()
    assert not OwnPictureHash.objects.exists()
    events = [row.event for row in log_of(desk.cast.hotline_id, f"report:{desk.reports[0]}")]
    assert "own_picture.forgotten" in events


def test_after_two_years_they_are_deleted_and_the_receipt_says_so(desk: Desk) -> None:
    sent(desk)
    own_pictures.forget_old(datetime.now(UTC) + KEPT - timedelta(days=1))
    assert OwnPictureHash.objects.count() == 3
    own_pictures.forget_old(datetime.now(UTC) + KEPT + timedelta(days=1))
    assert not OwnPictureHash.objects.exists()
    assert told(desk.reports[0]) == ("closed", "over")


def test_a_flood_waits_for_the_next_day(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(own_pictures_services, "MOST_A_DAY", 4)
    sent(desk)
    sent(desk)
    assert OwnPictureHash.objects.count() == 3
    assert told(desk.reports[1]) == ("received", "")
    assert intake_queries.report(desk.reports[1]).fingerprints == LINE


def test_another_country_sees_nothing_of_it(desk: Desk) -> None:
    case = sent(desk)
    assert desk.signed_in("dora").get(reverse("casework:show-case", args=[case.reference])).status_code == 404
