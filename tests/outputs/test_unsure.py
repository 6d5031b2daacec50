"""After a restoring, what waited or was under way to a receiver goes only once a person has decided so."""

import io
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from leeward.administration.services import confirm_restored, export_hotline, put_back_hotline, take_up
from leeward.audit import keys
from leeward.backup.errors import StillHeld
from leeward.backup.hotline.file import trusted
from leeward.backup.models import Restoration
from leeward.casework.models import Case
from leeward.demo.world.receivers import CyberTiplineServer, IccamServer
from leeward.foundation.actor import SYSTEM, Actor
from leeward.foundation.errors import NotAllowed
from leeward.jobs.models import Job
from leeward.jobs.worker import run_until_idle
from leeward.outputs import services
from leeward.outputs.errors import NotRetractable, NotUnsure, SubmittedAlready
from leeward.outputs.models import Submission
from leeward.outputs.services import submitting
from leeward.sealing.age import key_of, new_key
from tests.casework.conftest import Desk
from tests.outputs.test_submitting import again, network, on_this_machine, run, submitted, tipline

__all__ = ["network", "on_this_machine", "tipline"]
pytestmark = pytest.mark.django_db
RAW, PUBLIC = new_key()


@pytest.fixture(params=["cybertipline", "iccam"])
def server(request: pytest.FixtureRequest) -> Iterator[CyberTiplineServer | IccamServer]:
    with CyberTiplineServer() if request.param == "cybertipline" else IccamServer() as made:
        yield made


def service_of(server: Any) -> str:
    return "cybertipline" if isinstance(server, CyberTiplineServer) else "iccam"


def asked(server: Any) -> list[tuple[str, str]]:
    """The requests that came to a receiver."""
    return [(one.method, one.path) for one in server.requests()]


def fields_of(row: Submission) -> dict[str, Any]:
    return {one.attname: getattr(row, one.attname) for one in Submission._meta.concrete_fields}


def restored(desk: Desk, row: Submission, then: dict[str, Any]) -> Submission:
    """Restore a backup from `then`, and confirm it late; what is new here since is nothing."""
    Submission.objects.filter(pk=row.pk).update(**then)
    now = datetime.now(UTC)
    Restoration.objects.create(backup_at=now - timedelta(hours=1), restored_at=now)
    assert take_up(now)
    run_until_idle(now + timedelta(minutes=10))
    assert confirm_restored(actor=desk.cast["adam"].actor, now=now) == 1, "a person decides about it"
    run_until_idle(now + timedelta(minutes=20))
    row.refresh_from_db()
    return row


def test_what_waited_in_the_backup_goes_no_second_time_by_itself(desk: Desk, server: Any) -> None:
    row = submitted(desk, service_of(server), server)
    then = fields_of(row)
    run(row)
    before = asked(server)
    row = restored(desk, row, then)
    assert asked(server) == before
    assert (row.step, row.problem, bool(row.document)) == ("unsure", "restored", True)
    assert not Job.objects.filter(kind=submitting.JOB).exists()
    assert Case.objects.get(pk=row.case_id).news, "it is listed where people see what is new"
    page = desk.signed_in("ana").get(f"/desk/case/{row.case.reference}/exports").content.decode()
    assert "may have gone before that" in page
    assert 'value="again"' in page
    with pytest.raises(NotRetractable):
        services.withdraw(row.pk, actor=desk.cast["ana"].actor)
    with pytest.raises(SubmittedAlready):
        again(desk, row)


def test_a_person_records_that_it_arrived(desk: Desk, tipline: CyberTiplineServer) -> None:
    row = submitted(desk, "cybertipline", tipline)
    row = restored(desk, row, fields_of(row))
    with pytest.raises(NotAllowed):
        services.call_arrived(row.pk, actor=desk.cast["pia"].actor)
    path = f"/desk/case/{row.case.reference}/exports"
    client = desk.signed_in("ana")
    assert client.post(f"{path}/settle", {"submission": row.pk, "act": "never"}).status_code == 400
    assert client.post(f"{path}/settle", {"submission": row.pk, "act": "arrived"})["Location"] == path
    row.refresh_from_db()
    assert (row.step, row.document, row.ended_at is None) == ("arrived", "", False)
    assert submitting.carry_on(row.pk) is None
    assert tipline.requests() == []
    with pytest.raises(SubmittedAlready):
        again(desk, row)
    with pytest.raises(NotUnsure):
        services.send_again(row.pk, actor=desk.cast["ana"].actor)


def test_a_person_sends_it_again_once_messages_go_out(desk: Desk, server: Any) -> None:
    row = submitted(desk, service_of(server), server)
    now = datetime.now(UTC)
    Restoration.objects.create(backup_at=now - timedelta(hours=1), restored_at=now)
    take_up(now)
    with pytest.raises(StillHeld):
        services.send_again(row.pk, actor=desk.cast["ana"].actor)
    run_until_idle(now + timedelta(minutes=1))
    confirm_restored(actor=desk.cast["adam"].actor, now=now)
    path = f"/desk/case/{row.case.reference}/exports"
    desk.signed_in("ana").post(f"{path}/settle", {"submission": row.pk, "act": "again"})
    assert run(row).step in ("sent", "actions")


@pytest.mark.parametrize("is_finished", [True, False])
def test_one_whose_number_is_known_is_reported_anew_only_if_it_was_not_finished(
    desk: Desk, tipline: CyberTiplineServer, is_finished: bool
) -> None:
    row = submitted(desk, "cybertipline", tipline)
    tipline.next(None, None, None, 1000)
    run(row)
    Submission.objects.update(begun=False)  # the backup was made before its last request began
    row.refresh_from_db()
    then = fields_of(row)
    assert then["step"] == "finish"
    if is_finished:
        run(row)
    row = restored(desk, row, then)
    assert row.step == "unsure"
    services.send_again(row.pk, actor=desk.cast["ana"].actor)
    assert run(row, 2).step == "sent"
    assert len(tipline.finished) == 1


def test_what_is_reported_while_held_is_left_to_a_person_if_it_is_old(
    desk: Desk, tipline: CyberTiplineServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    row, now = submitted(desk, "cybertipline", tipline), datetime.now(UTC)
    Restoration.objects.create(backup_at=now - timedelta(hours=1), restored_at=now, prepared_at=now)
    assert services.leave_unsure(new_cases={row.case_id}) == 0
    row.refresh_from_db()
    assert row.step == "submit"
    monkeypatch.setattr("leeward.administration.services.restoring.cases_first_informed_since", lambda _moment: set())
    run_until_idle(now + timedelta(minutes=1))
    assert confirm_restored(actor=desk.cast["adam"].actor, now=now) == 1
    row.refresh_from_db()
    assert row.step == "unsure"


def test_one_that_is_being_withdrawn_is_withdrawn(desk: Desk, tipline: CyberTiplineServer) -> None:
    row = submitted(desk, "cybertipline", tipline)
    tipline.next(None, None, None, 1000)
    services.withdraw(run(row).pk, actor=desk.cast["ana"].actor)
    assert services.leave_unsure() == 0
    assert run(row).step == "retracted"


def test_what_comes_back_with_its_hotline_is_left_to_a_person(
    desk: Desk, tipline: CyberTiplineServer, tmp_path: Path
) -> None:
    row = submitted(desk, "cybertipline", tipline)
    file, now = tmp_path / "jm.hotline", datetime.now(UTC)
    actor = Actor("command", hotline_id=desk.cast.hotline_id)
    export_hotline(file, [PUBLIC], shares_secret=True, actor=actor, now=now)
    Submission.objects.all().delete()
    reader = trusted(io.BytesIO(file.read_bytes()), key_of(RAW), keys.public_key())
    assert put_back_hotline(reader, is_trial=False, actor=SYSTEM, now=now).held == 1
    run_until_idle(now + timedelta(minutes=20))
    assert tipline.requests() == []
    assert Submission.objects.get(pk=row.pk).step == "unsure"
