"""What was taken back after the file of a hotline was written stays taken back, also where its rows are gone and come back from the file."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django_scopes import scope

from leeward.casework.models import Case
from leeward.intake.models import Item, OutsideAppeal, Report, ReporterMessage
from leeward.intake.receipts import find_receipt
from leeward.intake.rules.where import item_drafts
from leeward.intake.services import ask_from_outside, ask_reporter, withdraw_appeal, withdraw_report
from leeward.intake.services.handing import NewHome, hand_over_report
from leeward.web_security.keys import new_form_key
from tests.backup.test_putting_back import empty, put_back, written
from tests.casework.conftest import Desk, desk, running_world, world
from tests.personas import Cast

__all__ = ["desk", "running_world", "world"]
pytestmark = pytest.mark.django_db
TEXT = "A grey heron by the pond."


def lose(cast: Cast, *models: Any) -> None:
    """Delete rows of a hotline by a mistake at the server's prompt: nothing is asked, nothing else goes."""
    for model in models:
        query = model._base_manager.filter(hotline_id=cast.hotline_id)
        query._raw_delete(query.db)


def asked_from_outside(cast: Cast) -> Any:
    return ask_from_outside(
        item_drafts("http://shop.example/", {})[0],
        relation="owner",
        text=TEXT,
        contact="owner@shop.example",
        hotline_id=cast.hotline_id,
        portal_id=cast.portal_id,
        language="en",
        form_key=new_form_key(),
    )


def test_a_report_that_was_withdrawn_comes_back_without_a_word(desk: Desk, tmp_path: Path) -> None:
    cast = desk.cast
    case = desk.case("http://host.example/heron", text=TEXT)
    number, other = desk.reports[0], desk.report("http://other.example/", text="Another one stays.")
    desk.work()
    ask_reporter(number, text="Which page was it?", actor=cast["ana"].actor)
    appeal = asked_from_outside(cast)
    assert find_receipt(appeal.receipt) is not None
    raw = written(cast, tmp_path)
    withdraw_report(number)
    withdraw_appeal(appeal.appeal_id)
    desk.work()
    before = Report.objects.get(pk=number).withdrawn_at
    empty(cast.hotline_id)
    seen = put_back(raw, is_trial=True)
    assert seen.withdrawn == 2
    done = put_back(raw)
    assert done.withdrawn == 2
    with scope(hotline=cast.hotline_id):
        report = Report.objects.get(pk=number)
        assert (report.text, report.where, report.receipt_hash) == ("", "", None)
        assert report.withdrawn_at is not None
        assert abs(report.withdrawn_at - before).total_seconds() < 1, "when it was, as the log says"
        assert {one.typed for one in Item.objects.filter(report=report)} == {""}
        assert {one.asked for one in ReporterMessage.objects.filter(report=report)} == {""}
        assert Report.objects.get(pk=other).text == "Another one stays."
        asked = OutsideAppeal.objects.get(pk=appeal.appeal_id)
        assert (asked.text, asked.contact, asked.receipt_hash) == ("", "", None)
        assert find_receipt(appeal.receipt) is None
        desk.work()
        case.refresh_from_db()
        assert (case.state, case.report_count) == ("closed", 0)
        assert Case.objects.exclude(pk=case.pk).get().state == "triaged"


def test_parts_of_a_withdrawn_report_that_come_back_alone_have_no_word(desk: Desk, tmp_path: Path) -> None:
    number = desk.report("http://host.example/heron", text=TEXT)
    ask_reporter(number, text="Which page was it?", actor=desk.cast["ana"].actor)
    raw = written(desk.cast, tmp_path)
    withdraw_report(number)
    lose(desk.cast, ReporterMessage)
    assert put_back(raw).withdrawn == 1
    with scope(hotline=desk.cast.hotline_id):
        assert ReporterMessage.objects.get().asked == ""


def test_a_report_that_went_to_another_hotline_comes_back_without_a_word(desk: Desk, tmp_path: Path) -> None:
    cast = desk.cast
    number = desk.report("http://host.example/heron", text=TEXT)
    raw = written(cast, tmp_path)
    at = datetime(2026, 12, 1, tzinfo=UTC)
    hand_over_report(number, NewHome(cast.other_hotline_id, cast.other_portal_id, "Hotline", 1, at), {})
    lose(cast, Item, Report)
    with scope(hotline=cast.hotline_id):
        assert put_back(raw).withdrawn == 1
        stub = Report.objects.get()
        assert (stub.text, stub.receipt_hash, stub.once_digest) == ("", None, None)
        assert stub.handed_over_at is not None
