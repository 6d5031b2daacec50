"""A report to a receiver that waits isn't sent once its case's decision no longer stands; what was begun goes to a person."""

from importlib import import_module

import pytest
from django.apps import apps

from leeward.casework import services as casework_services
from leeward.casework.appeals.services.appealing import open_appeal
from leeward.casework.models import Case
from leeward.demo.world.receivers import CyberTiplineServer
from leeward.jobs.models import Job
from leeward.outputs import services
from leeward.outputs.models import Submission
from leeward.outputs.services import submitting
from tests.casework.conftest import Desk
from tests.outputs.test_submitting import again, network, on_this_machine, run, submitted, tipline
from tests.outputs.test_unsure import asked, server, service_of

__all__ = ["network", "on_this_machine", "server", "tipline"]
pytestmark = pytest.mark.django_db
NOT_THERE = "so its receiver has no report."
MAY_BE_THERE = "its receiver may have the report: write there."


def overturn(desk: Desk, row: Submission) -> None:
    appeal = open_appeal(row.case_id, origin="host", origin_id=77, text="It is a painting.")
    assert appeal is not None
    casework_services.decide_appeal(appeal, upheld=True, reasons="It is a painting.", actor=desk.cast["carl"].actor)


def beside(desk: Desk, **values: str) -> Case:
    """Another case, while nothing goes."""
    Job.objects.filter(kind=submitting.JOB).delete()
    case: Case = desk.case(desk.world.more_url)
    Case.objects.filter(pk=case.pk).update(**values)
    return case


def page_of(desk: Desk, row: Submission) -> str:
    return desk.signed_in("ana").get(f"/desk/case/{row.case.reference}/exports").content.decode()


def has_news(desk: Desk, row: Submission) -> bool:
    desk.work()
    return Case.objects.get(pk=row.case_id).news


def test_one_that_was_not_begun_ends_here(desk: Desk, server: object) -> None:
    row = submitted(desk, service_of(server), server)
    overturn(desk, row)
    run(row, 2)
    assert (row.step, row.problem, row.document, row.ended_at is None) == (
        "retracted",
        "decision_withdrawn",
        "",
        False,
    )
    assert asked(server) == []
    assert NOT_THERE in page_of(desk, row)
    assert has_news(desk, row)


def test_once_it_is_decided_again_it_can_be_reported_again(desk: Desk, server: object) -> None:
    row = submitted(desk, service_of(server), server)
    overturn(desk, row)
    run(row)
    Case.objects.filter(pk=row.case_id).update(outcome="illegal", state="decided")
    assert again(desk, row).pk != row.pk


@pytest.mark.parametrize("is_finished", [True, False])
def test_one_that_was_begun_there_is_withdrawn_or_a_person_hears(
    desk: Desk, tipline: CyberTiplineServer, is_finished: bool
) -> None:
    row = submitted(desk, "cybertipline", tipline)
    tipline.next(None, None, None, 1000)
    assert run(row).step == "finish"
    if is_finished:
        assert run(row).step == "sent"
        Submission.objects.filter(pk=row.pk).update(ended_at=None, receipt=None, step="finish", begun=True)
    overturn(desk, row)
    run(row, 2)
    assert row.step == ("sent" if is_finished else "retracted")
    assert len(tipline.finished) == is_finished
    assert (MAY_BE_THERE if is_finished else NOT_THERE) in page_of(desk, row)
    assert has_news(desk, row)


def test_one_that_iccam_may_have_is_left_to_a_person(desk: Desk, network: object) -> None:
    row = submitted(desk, "iccam", network)
    network.next(None, 500)  # type: ignore[attr-defined]
    assert run(row).step == "report"
    overturn(desk, row)
    before = asked(network)
    run(row, 2)
    assert (row.step, asked(network)) == ("held", before)
    assert MAY_BE_THERE in page_of(desk, row)
    assert has_news(desk, row)


@pytest.mark.parametrize("left", [{"failures": 3, "problem": "timed_out"}, {}], ids=["no answer", "killed meanwhile"])
def test_one_that_iccam_may_have_from_an_earlier_version_is_left_to_a_person(
    desk: Desk, network: object, left: dict[str, object]
) -> None:
    """Earlier versions noted nothing before ICCAM’s first request went out."""
    row = submitted(desk, "iccam", network)
    Submission.objects.filter(pk=row.pk).update(**left)
    import_module("leeward.outputs.migrations.0003_iccam_begun").note_begun(apps, None)
    overturn(desk, row)
    assert run(row, 2).step == "held"
    page = page_of(desk, row)
    assert MAY_BE_THERE in page
    assert NOT_THERE not in page


def test_the_upgrade_leaves_every_other_report_as_it_was(desk: Desk, server: object) -> None:
    row = submitted(desk, service_of(server), server)
    ended = {"step": "retracted", "ended_at": row.made_at} if row.service == "iccam" else {}
    Submission.objects.filter(pk=row.pk).update(**ended)
    import_module("leeward.outputs.migrations.0003_iccam_begun").note_begun(apps, None)
    row.refresh_from_db()
    assert not row.begun


def test_one_that_is_sent_again_after_a_restoring_may_have_arrived(desk: Desk, server: object) -> None:
    row = submitted(desk, service_of(server), server)
    Submission.objects.filter(pk=row.pk).update(step="unsure")
    services.send_again(row.pk, actor=desk.cast["ana"].actor)
    row.refresh_from_db()
    assert row.begun


def test_of_a_merged_case_the_other_decides(desk: Desk, tipline: CyberTiplineServer) -> None:
    row = submitted(desk, "cybertipline", tipline)
    other = beside(desk, outcome="illegal", state="decided")
    Case.objects.filter(pk=row.case_id).update(merged_into=other, outcome="", state="closed")
    assert run(row).step == "sent"


def test_of_a_merged_case_nothing_goes_once_the_other_is_not_illegal(desk: Desk, tipline: CyberTiplineServer) -> None:
    row = submitted(desk, "cybertipline", tipline)
    other = beside(desk, outcome="not_illegal", state="closed")
    Case.objects.filter(pk=row.case_id).update(merged_into=other)
    assert run(row).step == "retracted"
    assert asked(tipline) == []
