"""The life of a report, from the worker's side: opened, prepared, acted on, removed, closed."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from leeward.casework import services
from leeward.casework.acting.services import following
from leeward.casework.errors import CaseIsTaken, WrongTransition
from leeward.casework.models import Case, CaseItem
from leeward.foundation.actor import Actor
from leeward.intake import queries as intake_queries
from tests.casework.conftest import GALLERY, GRAVE, PLAIN, Desk

pytestmark = pytest.mark.django_db


def told(desk: Desk, report_id: int) -> tuple[str, str]:
    item = intake_queries.items_of(report_id)[0]
    return item.state, item.reason


def test_a_report_becomes_a_case_in_the_queue(desk: Desk, acts_of: Callable[[Any], list[str]]) -> None:
    case = desk.first()
    assert (case.state, case.place, case.country) == ("triaged", "here", "JM")
    assert case.reference.endswith("-0001")
    assert acts_of(case) == ["case.opened", "case.prepared"]


def test_the_same_address_joins_one_case(desk: Desk) -> None:
    first = desk.report(desk.world.gallery_url)
    second = desk.report(desk.world.gallery_url + "#again")
    desk.work()
    case = Case.objects.get()
    assert case.report_count == 2
    services.claim_case(case.pk, actor=desk.cast["ana"].actor)
    assert told(desk, first) == told(desk, second) == ("looking", "")


def test_hearing_everything_twice_changes_nothing(desk: Desk, acts_of: Callable[[Any], list[str]]) -> None:
    from leeward.casework import tasks

    case = desk.case()
    tasks.take_in(desk.reports[0])
    tasks.prepare(case.pk)
    assert Case.objects.count() == CaseItem.objects.count() == 1
    assert acts_of(case) == ["case.opened", "case.prepared"]


def test_the_whole_life(desk: Desk, acts_of: Callable[[Any], list[str]]) -> None:
    from leeward.notices import queries as notices_queries
    from leeward.notices import services as notices_services

    case = desk.case()
    assert desk.assess(case) == "find_illegal"
    desk.act(case)
    assert (case.state, case.police_told_at is not None) == ("acting", True)
    assert told(desk, desk.reports[0]) == ("acted", "police_told")
    referral = notices_queries.referral_of(case.pk)
    assert referral is not None
    notices_services.answer_referral(referral.id, "release", actor=desk.cast["pia"].actor)
    desk.until(case, lambda case: case.host_told_at)
    assert case.state == "monitoring"
    assert told(desk, desk.reports[0]) == ("acted", "police_and_host")
    desk.world.pictures.take_down(GALLERY)
    desk.until(case, lambda case: case.state == "closed")
    assert case.removed_at is not None
    assert told(desk, desk.reports[0]) == ("closed", "removed")
    assert "case.removed" in acts_of(case)


def test_grave_facts_need_a_second_person(desk: Desk) -> None:
    case = desk.first()
    assert desk.assess(case, facts=GRAVE) == "ask_second"
    assert (case.state, case.claimed_by) == ("second_assessment", None)
    with pytest.raises(Exception, match="part in this case"):
        services.claim_case(case.pk, actor=desk.cast["ana"].actor)
    assert desk.assess(case, "bela", facts=GRAVE) == "confirm_illegal"
    assert (case.state, case.outcome) == ("decided", "illegal")


def test_two_that_differ_are_settled_by_a_third(desk: Desk) -> None:
    case = desk.first()
    desk.assess(case, facts=GRAVE)
    assert desk.assess(case, "bela", "not_illegal", {}, reason=14) == "dispute"
    assert (case.state, case.in_adjudication) == ("second_assessment", True)
    with pytest.raises(Exception, match="role"):
        services.claim_case(case.pk, actor=desk.cast["pia"].actor)
    assert desk.assess(case, "carl", "not_illegal", {}, reason=16) == "settle_other"
    assert (case.state, case.close_reason) == ("closed", 16)
    assert told(desk, desk.reports[0]) == ("closed", "below_threshold")


def test_cant_tell_goes_to_somebody_else(desk: Desk) -> None:
    case = desk.first()
    assert desk.assess(case, outcome="unsure", facts={}) == "ask_second"
    assert desk.assess(case, "bela", facts=PLAIN) == "confirm_illegal"


def test_closing_needs_a_reason_that_fits(desk: Desk) -> None:
    case = desk.first()
    for reason, comment in ((None, ""), (14, ""), (1, ""), (99, "")):
        with pytest.raises(Exception, match="reason that fits"):
            desk.assess(case, outcome="not_found", facts={}, reason=reason, comment=comment)
    assert desk.assess(case, outcome="not_found", facts={}, reason=9) == "find_other"
    assert told(desk, desk.reports[0]) == ("closed", "not_found_or_down")


def test_only_the_holder_assesses(desk: Desk) -> None:
    case = desk.first()
    services.claim_case(case.pk, actor=desk.cast["ana"].actor)
    with pytest.raises(CaseIsTaken):
        services.claim_case(case.pk, actor=desk.cast["bela"].actor)
    with pytest.raises(Exception, match="hold this case"):
        services.assess(case.pk, PLAIN, outcome="illegal", actor=desk.cast["bela"].actor)


def test_nothing_is_acted_on_before_it_is_decided(desk: Desk) -> None:
    case = desk.first()
    services.claim_case(case.pk, actor=desk.cast["ana"].actor)
    with pytest.raises(WrongTransition):
        services.act(case.pk, actor=desk.cast["ana"].actor)


def test_a_hold_that_goes_on_after_restoring_is_shown(desk: Desk, acts_of: Callable[[Any], list[str]]) -> None:
    from leeward.notices import queries as notices_queries
    from leeward.notices import services as notices_services

    case = desk.case()
    desk.assess(case)
    desk.act(case)
    referral = notices_queries.referral_of(case.pk)
    assert referral is not None
    until = datetime.now(UTC) + timedelta(days=2)
    notices_services.answer_referral(referral.id, "hold", actor=Actor("police"), until=until)
    desk.until(case, lambda case: case.held_until)
    notices_services.wait_for_police(datetime.now(UTC))
    assert following.end_holds(until) == 0
    assert Case.objects.get().held_until == until
    assert "case.hold_ended" not in acts_of(case)
