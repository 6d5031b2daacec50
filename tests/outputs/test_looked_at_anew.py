"""A report to a receiver waits while its case is looked at anew: no public report and no reopening ends it, only another decision does."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from leeward.casework import services as casework_services
from leeward.casework.acting.services import acting, passing
from leeward.casework.appeals.services.appealing import open_appeal
from leeward.casework.models import Case
from leeward.demo.world.receivers import CyberTiplineServer
from leeward.jobs.models import Job
from leeward.outputs import services
from leeward.outputs.models import Submission
from leeward.outputs.services import submitting
from tests.casework.conftest import Desk
from tests.outputs.test_baseless import NOT_THERE, has_news, overturn, page_of
from tests.outputs.test_exports import CERTAIN
from tests.outputs.test_submitting import network, on_this_machine, run, submitted, tipline
from tests.outputs.test_unsure import asked

__all__ = ["network", "on_this_machine", "tipline"]
pytestmark = pytest.mark.django_db
WAITS = "The case is being looked at anew: this waits until it is decided."


def waiting_while_closed(desk: Desk, tipline: CyberTiplineServer) -> Submission:
    """A report whose receiver is ill, of a case that somebody closed meanwhile."""
    row = submitted(desk, "cybertipline", tipline)
    tipline.next(1000)
    assert run(row).step == "submit"
    Job.objects.filter(kind=submitting.JOB).delete()  # `run` does it here
    ana = desk.cast["ana"].actor
    casework_services.claim_case(row.case_id, actor=ana)
    acting.close_case(row.case_id, reason=1, comment="Others look after it.", actor=ana)
    desk.work()
    return row


def reopened(desk: Desk, tipline: CyberTiplineServer) -> Submission:
    row = waiting_while_closed(desk, tipline)
    acting.reopen(row.case_id, comment="Look again.", actor=desk.cast["carl"].actor)
    return row


def test_whoever_reports_the_page_again_ends_no_report(desk: Desk, tipline: CyberTiplineServer) -> None:
    row = waiting_while_closed(desk, tipline)
    desk.report(desk.world.gallery_url)  # anybody, by the public form
    desk.work()
    assert Case.objects.get(pk=row.case_id).outcome == ""
    before = asked(tipline)
    run(row, 3)
    assert (row.step, row.ended_at, asked(tipline)) == ("submit", None, before)
    page = page_of(desk, row)
    assert WAITS in page
    assert NOT_THERE not in page


def test_it_goes_on_once_the_case_is_decided_as_illegal_again(desk: Desk, tipline: CyberTiplineServer) -> None:
    row = reopened(desk, tipline)
    assert submitting.carry_on(row.pk) == submitting.LOOKS_AGAIN
    desk.assess(row.case, facts=CERTAIN)
    assert run(row).step == "sent"
    assert len(tipline.finished) == 1


def test_it_ends_as_news_once_the_case_is_decided_otherwise(desk: Desk, tipline: CyberTiplineServer) -> None:
    row = reopened(desk, tipline)
    run(row)
    desk.assess(row.case, "ana", "not_illegal", reason=16, comment="A painting.", facts={"age_band": "adult"})
    assert run(row, 2).step == "retracted"
    assert NOT_THERE in page_of(desk, row)
    assert has_news(desk, row)
    assert tipline.finished == []


def test_it_ends_where_the_case_is_decided_by_other_facts(desk: Desk, tipline: CyberTiplineServer) -> None:
    row = reopened(desk, tipline)
    desk.assess(row.case, facts=CERTAIN | {"age_band": "11-13"})
    assert run(row, 2).step == "retracted"
    assert (row.facts, row.document) == (None, "")
    assert NOT_THERE in page_of(desk, row)
    assert has_news(desk, row)
    assert tipline.finished == []


def test_an_assessment_that_can_still_be_undone_neither_sends_nor_ends_it(
    desk: Desk, tipline: CyberTiplineServer, settings: object
) -> None:
    row = reopened(desk, tipline)
    settings.LEEWARD = settings.LEEWARD.model_copy(update={"undo_seconds": 10})  # type: ignore[attr-defined]
    before = asked(tipline)
    desk.assess(row.case, "ana", "not_illegal", reason=16, comment="A painting.", facts={"age_band": "adult"})
    assert run(row).ended_at is None
    casework_services.undo(row.case_id, actor=desk.cast["ana"].actor)
    desk.assess(row.case, facts=CERTAIN)
    assert run(row).step == "submit"
    assert asked(tipline) == before


def test_what_a_person_withdraws_meanwhile_is_withdrawn(desk: Desk, tipline: CyberTiplineServer) -> None:
    row = submitted(desk, "cybertipline", tipline)
    tipline.next(None, None, None, 1000)
    assert run(row).step == "finish"
    Case.objects.filter(pk=row.case_id).update(outcome="", state="triaged", cycle=2)
    services.withdraw(row.pk, actor=desk.cast["ana"].actor)
    assert run(row).step == "retracted"


def test_a_review_that_revokes_the_decision_of_urgent_work_ends_it(desk: Desk, tipline: CyberTiplineServer) -> None:
    row = submitted(desk, "cybertipline", tipline)
    passing.mark_urgent(row.case_id, reason="A child may be in danger.", actor=desk.cast["ana"].actor)
    appeal = open_appeal(row.case_id, origin="host", origin_id=77, text="It is a painting.")
    assert appeal is not None
    casework_services.decide_appeal(appeal, upheld=True, reasons="It is a painting.", actor=desk.cast["carl"].actor)
    case = Case.objects.get(pk=row.case_id)
    assert (case.state, case.outcome) == ("triaged", "")
    assert run(row, 2).step == "retracted"
    assert asked(tipline) == []


def test_a_case_that_ends_without_another_decision_ends_it(desk: Desk, tipline: CyberTiplineServer) -> None:
    row = reopened(desk, tipline)
    Case.objects.filter(pk=row.case_id).update(state="closed")
    assert run(row, 2).step == "retracted"
    assert has_news(desk, row)


def test_closing_it_as_not_illegal_ends_it_once_that_can_not_be_undone(
    desk: Desk, tipline: CyberTiplineServer, settings: object
) -> None:
    row = submitted(desk, "cybertipline", tipline)
    Job.objects.filter(kind=submitting.JOB).delete()
    settings.LEEWARD = settings.LEEWARD.model_copy(update={"undo_seconds": 10})  # type: ignore[attr-defined]
    ana = desk.cast["ana"].actor
    casework_services.claim_case(row.case_id, actor=ana)
    acting.close_case(row.case_id, reason=16, comment="A painting.", actor=ana)
    assert submitting.carry_on(row.pk) == submitting.LOOKS_AGAIN
    with time_machine.travel(datetime.now(UTC) + timedelta(seconds=11)):
        desk.work()
        assert run(row, 2).step == "retracted"
    assert asked(tipline) == []


def test_it_is_news_also_where_the_receiver_is_ill_when_it_is_turned_back(
    desk: Desk, tipline: CyberTiplineServer
) -> None:
    row = submitted(desk, "cybertipline", tipline)
    tipline.next(None, None, None, 1000, 1000)
    run(row)
    overturn(desk, row)
    assert run(row).step == "retract"
    assert has_news(desk, row)
