"""A hotline that is put back while it goes on carries out no act of its file: that was carried out or undone since."""

import io
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from leeward.administration.services import export_hotline, put_back_hotline
from leeward.audit import keys
from leeward.backup.hotline.file import trusted
from leeward.casework import services
from leeward.casework.acting.services.undoing import EFFECTS, SETTLE
from leeward.casework.models import Case, PendingAction
from leeward.foundation.actor import SYSTEM, Actor
from leeward.jobs.models import Job
from leeward.jobs.services import schedule
from leeward.notices.models import Message, Referral
from leeward.notices.queries import history_of
from leeward.sealing.age import key_of, new_key
from tests.casework.acting.test_undoing import later, slow
from tests.casework.conftest import Desk

__all__ = ["slow"]
pytestmark = pytest.mark.django_db
RAW, PUBLIC = new_key()


def written(desk: Desk, folder: Path) -> bytes:
    """The file of the hotline as it is now."""
    file = folder / "jm.hotline"
    actor = Actor("command", hotline_id=desk.cast.hotline_id)
    export_hotline(file, [PUBLIC], shares_secret=True, actor=actor, now=datetime.now(UTC))
    return file.read_bytes()


def put_back(raw: bytes, **more: Any) -> None:
    """Put it back, and let the worker do what is due then."""
    reader = trusted(io.BytesIO(raw), key_of(RAW), keys.public_key())
    put_back_hotline(reader, is_trial=False, actor=SYSTEM, now=datetime.now(UTC), **more)
    later(60)


def urgent(desk: Desk) -> Case:
    case = desk.case()
    services.change_urgency(case.pk, urgent=True, reason="A child may be in danger.", actor=desk.cast["ana"].actor)
    later()
    return case


@pytest.mark.parametrize("only", [(), ("casework", "jobs")])
def test_what_was_passed_to_the_police_since_is_not_passed_again(slow: Desk, tmp_path: Path, only: Any) -> None:
    case = urgent(slow)
    services.pass_to_police(case.pk, actor=slow.cast["ana"].actor)
    raw = written(slow, tmp_path)
    later()
    before = Referral.objects.count()
    assert before
    Message.objects.update(state="sent", sent_at=datetime.now(UTC))
    put_back(raw, only=only)
    assert Referral.objects.count() == before
    assert not PendingAction.objects.exists()


def test_a_passing_that_was_undone_since_stays_undone(slow: Desk, tmp_path: Path) -> None:
    case = urgent(slow)
    services.pass_to_police(case.pk, actor=slow.cast["ana"].actor)
    raw = written(slow, tmp_path)
    services.undo(case.pk, actor=slow.cast["ana"].actor)
    put_back(raw)
    assert not Referral.objects.exists()


def test_an_act_that_was_undone_since_stays_undone(slow: Desk, tmp_path: Path) -> None:
    case, ana = slow.case(), slow.cast["ana"].actor
    slow.assess(case)
    services.act(case.pk, actor=ana)
    raw = written(slow, tmp_path)
    assert services.undo(case.pk, actor=ana) == "act"
    put_back(raw)
    assert history_of(case.pk) == []
    assert not Message.objects.exclude(kind="staff").exists()


def test_an_act_that_waits_here_goes_on_by_its_job_that_comes_back(slow: Desk, tmp_path: Path) -> None:
    case = urgent(slow)
    services.pass_to_police(case.pk, actor=slow.cast["ana"].actor)
    raw = written(slow, tmp_path)
    Job.objects.filter(kind=SETTLE).delete()
    put_back(raw)
    assert Referral.objects.filter(case_id=case.pk).count() == 1


def test_jobs_that_tell_the_police_of_a_case_stay_out(slow: Desk, tmp_path: Path) -> None:
    for kind in services.PASSING_ON:
        schedule(kind, subject_id=7_000_007, hotline_id=slow.cast.hotline_id)
    raw = written(slow, tmp_path)
    Job.objects.filter(subject_id=7_000_007).delete()
    reader = trusted(io.BytesIO(raw), key_of(RAW), keys.public_key())
    put_back_hotline(reader, only=("jobs",), is_trial=False, actor=SYSTEM, now=datetime.now(UTC))
    assert not Job.objects.filter(subject_id=7_000_007).exists()


def test_the_police_are_told_of_no_case_that_says_it_was_not_passed_on(slow: Desk) -> None:
    case = urgent(slow)
    assert case.passed_at is None
    EFFECTS["pass_to_police"](case, SYSTEM, {})
    assert not Referral.objects.exists()
