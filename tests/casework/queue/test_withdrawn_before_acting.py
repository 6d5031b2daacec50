"""A report is taken back after its case was decided and before anybody sent what that says: nothing is sent by that."""

from typing import Any

import pytest

from leeward.casework import services
from leeward.casework.models import PendingAction
from leeward.intake.services import withdraw_report
from leeward.notices.models import Referral
from tests.casework.conftest import Desk

pytestmark = pytest.mark.django_db


def letters() -> list[str]:
    return list(Referral.objects.order_by("pk").values_list("kind", flat=True))


@pytest.mark.parametrize("is_sent", [False, True])
def test_no_letter_says_what_nobody_has_sent_or_can_still_undo(desk: Desk, settings: Any, is_sent: bool) -> None:
    case = desk.first(kind="danger")
    assert letters() == ["forward"], "urgent, so the police had it unassessed"
    desk.assess(case)
    settings.LEEWARD = settings.LEEWARD.model_copy(update={"undo_seconds": 600})
    if is_sent:
        services.claim_case(case.pk, actor=desk.cast["ana"].actor)
        services.act(case.pk, actor=desk.cast["ana"].actor)
        assert PendingAction.objects.exists()
    withdraw_report(desk.reports[0])
    desk.work()
    assert letters() == ["forward"]
    if is_sent:
        services.undo(case.pk, actor=desk.cast["ana"].actor)
    desk.act(case)
    services.note(case.pk, text="What waits is done at once.", actor=desk.cast["ana"].actor)
    desk.work()
    assert letters() == ["forward", "referral"]
