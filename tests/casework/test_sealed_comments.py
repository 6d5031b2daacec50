"""What staff write when they decide a case is sealed, wherever it goes, and read where it is asked for."""

from datetime import UTC, datetime
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext

from leeward.casework import services
from leeward.casework.acting.models import PendingAction
from leeward.casework.appeals.services.hearing import replies_to
from leeward.casework.bulk import services as bulk_services
from leeward.casework.bulk.models import BulkRun
from leeward.casework.merging.queries import mergings_of
from leeward.casework.merging.services import merging
from leeward.casework.models import Assessment, Case, Note
from leeward.casework.quality.models import Adjudication
from leeward.casework.quality.services import adjudicating
from leeward.casework.timeline.queries.history import history_of
from leeward.sealing import keys, store
from leeward.sealing import services as sealing_services
from leeward.sealing.errors import WordsLocked
from leeward.sealing.fields import forget_shared_key
from tests.casework.acting.test_undoing import later, slow  # noqa: F401 - a fixture
from tests.casework.conftest import GRAVE, PLAIN, Desk
from tests.sealed import tables_that_hold

pytestmark = pytest.mark.django_db
MARK, NOW = "marker-5e42", datetime(2026, 11, 29, 12, tzinfo=UTC)


def test_the_reasons_of_a_decision_between_two_are_in_no_table(desk: Desk) -> None:
    case, ana, bela = desk.first(), desk.cast["ana"].actor, desk.cast["bela"].actor
    desk.assess(case, facts=GRAVE, comment=f"{MARK} first")
    desk.assess(case, "bela", "not_illegal", PLAIN | {"age_band": "adult"}, reason=16, comment=f"{MARK} second")
    desk.work()
    row = Adjudication.objects.get()
    adult = PLAIN | {"age_band": "adult"}
    adjudicating.propose(row.pk, adult, outcome="not_illegal", reason=16, comment=f"{MARK} proposed", actor=bela)
    assert f"{MARK} proposed" in desk.signed_in("ana").get(f"/desk/quality/adjudications/{row.pk}").content.decode()
    desk.saw(case, "ana")
    adjudicating.agree(row.pk, number=1, actor=ana)
    case.refresh_from_db()
    assert case.close_comment == f"{MARK} proposed"
    page = desk.signed_in("ana").get(f"/desk/case/{case.reference}").content.decode()
    assert page.count(f"“{MARK} proposed”") == 2, "as the last assessment, and as why it is closed"
    said = [one.comment for one in Assessment.objects.order_by("id")]
    assert said == [f"{MARK} first", f"{MARK} second", f"{MARK} proposed"]
    assert tables_that_hold(MARK) == set()


def test_closing_is_in_no_table_while_it_can_be_undone_and_afterwards(slow: Desk) -> None:  # noqa: F811 - the fixture
    case, ana = slow.case(), slow.cast["ana"].actor
    slow.assess(case, comment=f"{MARK} assessed")
    later()
    services.close_case(case.pk, reason=1, comment=f"{MARK} closed", actor=ana)
    assert "close_comment" in PendingAction.objects.get().changed
    assert tables_that_hold(MARK) == set()
    assert services.undo(case.pk, actor=ana) == "close"
    assert Case.objects.get(pk=case.pk).close_comment == ""
    services.close_case(case.pk, reason=1, comment=f"{MARK} closed", actor=ana)
    later()
    assert Case.objects.get(pk=case.pk).close_comment == f"{MARK} closed"
    assert tables_that_hold(MARK) == set()


def test_what_was_written_before_is_put_back_as_it_was(slow: Desk) -> None:  # noqa: F811 - the fixture
    case, ana = slow.case(), slow.cast["ana"].actor
    slow.assess(case)
    later()
    case.refresh_from_db()
    case.close_comment = f"{MARK} earlier"
    case.save()
    services.close_case(case.pk, reason=1, comment=f"{MARK} closed", actor=ana)
    services.undo(case.pk, actor=ana)
    assert Case.objects.get(pk=case.pk).close_comment == f"{MARK} earlier"


def test_what_an_undoable_act_took_out_stays_sealed_and_opens_after_the_nightly_sweep(
    slow: Desk,  # noqa: F811 - the fixture
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Also what was in plain text, from before there were keys; and the only text of its day."""
    case, ana = slow.case(), slow.cast["ana"].actor
    slow.assess(case)
    later()
    case.refresh_from_db()
    case.close_comment = f"{MARK} earlier"
    case.save()
    forget_shared_key()
    services.close_case(case.pk, reason=1, comment=f"{MARK} closed", actor=ana)
    monkeypatch.setattr(store, "today", lambda: int(datetime.now(UTC).timestamp()) // 86_400 + 2)
    sealing_services.sweep()
    services.undo(case.pk, actor=ana)
    assert Case.objects.get(pk=case.pk).close_comment == f"{MARK} earlier"
    with connection.cursor() as cursor:
        cursor.execute("UPDATE casework_case SET close_comment = %s", [f"{MARK} plain"])
    services.close_case(case.pk, reason=1, comment=f"{MARK} closed", actor=ana)
    assert tables_that_hold(MARK) == set()
    services.undo(case.pk, actor=ana)
    assert Case.objects.get(pk=case.pk).close_comment == f"{MARK} plain"


def test_many_at_once_wait_for_the_key(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without it the sentence that stands for sealed words would be stored as what somebody wrote."""
    case = desk.first()
    given: dict[str, Any] = {"outcome": "not_found", "reason": 9, "actor": desk.cast["ana"].actor}
    run = bulk_services.assess_in_bulk([case.pk], {}, comment=f"{MARK} many", **given)
    assert tables_that_hold(MARK) == set()
    with monkeypatch.context() as at_once:
        at_once.setattr(keys._Held, "allowed", False)
        with pytest.raises(WordsLocked):
            bulk_services.go_on(run)
    assert bulk_services.go_on(run)
    assert (BulkRun.objects.get().comment, Assessment.objects.get().comment) == (f"{MARK} many", f"{MARK} many")
    assert tables_that_hold(MARK) == set()


def test_why_cases_were_merged_and_what_an_assessor_replies_is_in_no_table(desk: Desk) -> None:
    one, other = desk.first(), desk.case(desk.world.far_gallery_url)
    merging.merge(other.pk, one.pk, reason=f"{MARK} merged", actor=desk.cast["ana"].actor)
    assert [row.reason for row in mergings_of(one.pk)] == [f"{MARK} merged"]
    desk.assess(one)
    appeal = services.open_appeal(one.pk, origin="host", origin_id=1, text="It is a harbour.")
    services.reply_to_appeal(appeal, text=f"{MARK} replied", actor=desk.cast["ana"].actor)
    assert [row.text for row in replies_to(appeal)] == [f"{MARK} replied"]
    assert tables_that_hold(MARK) == set()


def test_all_notes_of_a_case_take_one_look_into_the_store_of_keys(desk: Desk) -> None:
    case, ana = desk.first(), desk.cast["ana"].actor
    for number in range(3):
        Note.objects.create(hotline_id=case.hotline_id, case=case, by_id=ana.id, text=f"{MARK} {number}", at=NOW)
    traced: list[str] = []
    if store.is_apart():
        store._file().set_trace_callback(traced.append)
    with CaptureQueriesContext(connection) as asked:
        texts = [event.text for event in history_of(case, actor=ana) if event.text]
    if store.is_apart():
        store._file().set_trace_callback(None)
    assert sorted(texts) == [f"{MARK} {number}" for number in range(3)]
    every = [*traced, *(one["sql"] for one in asked)]
    assert len([one for one in every if "data_key" in one or "sealing_datakey" in one]) == 1


def test_reasons_from_before_leave_the_proposal_and_are_sealed(desk: Desk) -> None:
    case = desk.first()
    desk.assess(case, facts=GRAVE)
    desk.assess(case, "bela", "not_illegal", PLAIN | {"age_band": "adult"}, reason=16, comment="It is a film.")
    desk.work()
    proposal = {"facts": GRAVE, "outcome": "illegal", "reason": None}
    Adjudication.objects.update(proposal=proposal | {"comment": f"{MARK} before"})
    import_module("leeward.casework.quality.migrations.0003_sealed_reasons").take_out(apps, None)
    row = Adjudication.objects.get()
    assert (row.proposal, row.proposal_comment) == (proposal, f"{MARK} before")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE casework_assessment SET comment = %s", [f"{MARK} old"])
    sealing_services.seal_older(row.opened_at)
    assert {one.comment for one in Assessment.objects.all()} == {f"{MARK} old"}
    assert tables_that_hold(MARK) == set()
