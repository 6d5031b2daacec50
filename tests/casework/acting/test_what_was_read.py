"""A second person confirms what they have read of the police's answer, and nothing that was entered since."""

from datetime import UTC, datetime

import pytest

from leeward.casework.models import Case
from leeward.notices.models import NoticeCase, Referral
from leeward.notices.queries.entered import mark_of_waiting
from leeward.notices.services import answer_referral, confirm_entered
from leeward.people.errors import EnteredSince
from leeward.web_security.keys import new_form_key
from tests.casework.acting.conftest import SAID
from tests.casework.conftest import Desk
from tests.having_read import seen_on

LATER = datetime(2099, 1, 1, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture
def waits(desk: Desk) -> Referral:
    """An urgent letter to the police whose host waits, with what Carl entered as their answer."""
    case: Case = desk.case(desk.world.gallery_url, kind="danger", text=SAID)
    desk.assess(case)
    desk.act(case)
    desk.until(case, lambda one: one.police_told_at is not None)
    found = Referral.objects.filter(case_id=case.pk).latest("pk")
    answer_referral(
        found.pk, "outcome", outcome="investigating", note="DI Brown by telephone.", actor=desk.cast["carl"].actor
    )
    return Referral.objects.get(pk=found.pk)


def test_a_release_that_was_entered_since_is_not_confirmed(desk: Desk, waits: Referral) -> None:
    ana, carl = desk.signed_in("ana"), desk.cast["carl"].actor
    path = f"/desk/referrals/{waits.pk}/confirm"
    shown = ana.get(path).content.decode()
    answer_referral(waits.pk, "release", note="They called.", actor=carl)
    answer_referral(waits.pk, "outcome", outcome="child_safe", note="They called again.", actor=carl)
    again = ana.post(path, {"once": new_form_key(), "seen": seen_on(shown)})
    row = Referral.objects.get(pk=waits.pk)
    assert (again.status_code, row.state, row.outcome_with_id, row.released_with_id) == (
        422,
        "acknowledged",
        None,
        None,
    )
    assert NoticeCase.objects.get(pk=waits.notice_case_id).state == "police"
    page = " ".join(again.content.decode().split())
    for text in (
        "Something else was entered since you opened this page.",
        "nobody can take that back",
        "The child is safe",
    ):
        assert text in page
    assert ana.post(path, {"once": new_form_key(), "seen": seen_on(page)}).status_code == 302
    row.refresh_from_db()
    assert (row.state, row.released_with_id) == ("released", desk.cast["ana"].account_id)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("outcome", "child_safe"),
        ("outcome_at", LATER),
        ("outcome_by_id", 0),
        ("acknowledged_at", LATER),
        ("acknowledged_by_id", 0),
        ("released_by_id", 0),
        ("note", "They called again."),
        ("state", "timed_out"),
        ("hold_until", LATER),
    ],
)
def test_each_thing_that_is_entered_has_to_be_read(desk: Desk, waits: Referral, field: str, value: object) -> None:
    seen = mark_of_waiting(waits)
    setattr(waits, field, desk.cast["pia"].account_id if value == 0 else value)
    waits.save()
    for mark in (seen, "", "0"):
        with pytest.raises(EnteredSince):
            confirm_entered(waits.pk, seen=mark, actor=desk.cast["ana"].actor)


def test_what_was_read_of_another_letter_is_not_this_one(waits: Referral) -> None:
    seen = mark_of_waiting(waits)
    waits.pk += 1
    assert mark_of_waiting(waits) != seen
