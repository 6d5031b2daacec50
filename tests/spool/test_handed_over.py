"""A portal goes to another hotline while something waits in the spool."""

from datetime import UTC, datetime

import pytest
from django_scopes import scope, scopes_disabled

from leeward.intake.models import Report, ReporterMessage
from leeward.intake.receipts import kept_of
from leeward.jobs.models import Job
from leeward.spool import services, where
from leeward.spool.models import Arrival
from tests.administration.test_handing_over import hand_over
from tests.casework.conftest import Desk, desk, running_world, world
from tests.spool.conftest import Face
from tests.spool.forms import Form
from tests.spool.test_reports import WORDS, arrivals, opened, pull, sent

__all__ = ["desk", "running_world", "world"]
pytestmark = pytest.mark.django_db


def test_what_waited_follows_its_portal(desk: Desk, face: Face) -> None:
    added, withdrawn = sent(face), sent(face, where="http://b.example/y")
    pull()
    desk.work()
    with face():
        opened(added).send(act="add", text="One thing more.")
        opened(withdrawn).send(act="withdraw")
    late = sent(face, where="http://c.example/z", text="It waited.")
    hand_over(desk)
    pull()
    assert arrivals() == []
    with scope(hotline=desk.cast.other_hotline_id):
        assert [row.text for row in ReporterMessage.objects.all()] == ["One thing more."]
        assert [row.text for row in Report.objects.exclude(withdrawn_at=None)] == [""]
    desk.work()
    pull()
    with scope(hotline=desk.cast.other_hotline_id):
        assert "It waited." in [row.text for row in Report.objects.all()]
    with face():
        assert "Where it stands" in opened(late).text
        assert "Where it stands" not in opened(withdrawn).text


def everything(desk: Desk) -> None:
    pull()
    desk.work()
    pull()


def is_one(desk: Desk, receipt: str, *, added: tuple[str, ...] = ()) -> None:
    """There is one report, the new hotline's, which the receipt opens; and a number of the former one without words."""
    assert arrivals() == []
    with scope(hotline=desk.cast.hotline_id):
        assert {(row.text, row.receipt_hash) for row in Report.objects.all()} <= {("", None)}
    with scope(hotline=desk.cast.other_hotline_id):
        found = [row.receipt_hash for row in Report.objects.all() if row.text == WORDS]
        assert found == [kept_of(receipt)]
        assert tuple(row.text for row in ReporterMessage.objects.order_by("pk")) == added
    assert not Job.objects.filter(dead=True).exists()


@pytest.mark.parametrize("added", ["", "One thing more."])
def test_the_same_form_again_after_its_portal_went_is_one_report_with_one_receipt(
    desk: Desk, face: Face, added: str
) -> None:
    with face():
        form = Form()
        receipt = form.send()
    hand_over(desk)
    with face():
        assert form.send(**({"text": added} if added else {})) == receipt
    assert len(arrivals()) == (2 if added else 1)
    everything(desk)
    with face():
        assert "Where it stands" in opened(receipt).text
    is_one(desk, receipt, added=(added,) if added else ())


def test_it_waits_for_what_was_kept_back_of_the_former_hotline(
    desk: Desk, face: Face, monkeypatch: pytest.MonkeyPatch
) -> None:
    with face():
        form = Form()
        receipt = form.send()
    with monkeypatch.context() as patch:
        patch.setattr("leeward.intake.services.pulling.report_draft", None)
        pull()
    hand_over(desk)
    with face():
        assert form.send(text="One thing more.") == receipt
    everything(desk)
    assert [row.problem for row in arrivals()] == ["failed", "waits"]
    services.try_again()
    everything(desk)
    is_one(desk, receipt, added=("One thing more.",))


def test_what_waited_until_its_report_had_gone_follows_it(desk: Desk, face: Face) -> None:
    """Such as after a night of being kept back: the form is the former hotline's, the report the new one's."""
    with face():
        form = Form()
        receipt = form.send()
    everything(desk)
    with face():
        assert form.send(text="One thing more.") == receipt
    hand_over(desk)
    desk.work()
    everything(desk)
    is_one(desk, receipt, added=("One thing more.",))
    assert not Job.objects.filter(kind__contains="came_late").exists()


def test_what_comes_again_is_taken_in_after_what_came_first_whoever_else_waits(desk: Desk, face: Face) -> None:
    """Arrivals are taken in by hotline; these two belong together, and one of the new hotline's is before them."""
    with face():
        form = Form()
        receipt = form.send()
    hand_over(desk)
    with face():
        Form().send(where="http://early.example/", text="Another page.")
        form.send(text="One thing more.")
    first, theirs, again = arrivals()
    for number, row in enumerate((theirs, first, again), 10**6):
        Arrival.objects.using(where.alias()).filter(name=row.name).update(id=number)
    assert [row.name for row in arrivals()] == [theirs.name, first.name, again.name]
    everything(desk)
    is_one(desk, receipt, added=("One thing more.",))


@pytest.mark.parametrize("is_closed", [False, True])
def test_nor_is_it_two_where_one_database_holds_all(desk: Desk, *, is_closed: bool) -> None:
    """Closed reports stay with the hotline that closed them until something is added."""
    form = Form()
    receipt = form.send()
    desk.work()
    if is_closed:
        with scope(hotline=desk.cast.hotline_id):
            Report.objects.update(closed_at=datetime.now(UTC))
    hand_over(desk)
    assert form.send(text="One thing more.") == receipt
    assert "Where it stands" in opened(receipt).text
    desk.work()
    with scopes_disabled():
        assert [row.receipt_hash for row in Report.objects.all() if row.text] == [kept_of(receipt)]
        assert [row.text for row in ReporterMessage.objects.all() if row.text] == ["One thing more."]
    assert form.send(text="One thing more.") == receipt
