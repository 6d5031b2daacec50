"""What was due before a restoring is done before anybody confirms it: confirmed earlier, what it writes would go a second time by itself."""

from datetime import timedelta
from typing import Any

import pytest

from leeward.administration.services import confirm_restored, restoring, take_up
from leeward.backup.errors import StillBeingDone
from leeward.foundation.actor import Actor
from leeward.jobs.models import Job
from leeward.jobs.queries import undone
from leeward.notices import services as notices_services
from leeward.notices.models import Message, NoticeCase, Referral
from leeward.sealing.errors import WordsLocked
from tests.backup.test_held import NOON, _post, restored, states
from tests.having_read import seen_on
from tests.notices.conftest import ABUSE, POLICE, Office, _nobody_above_listens, configure, internet, office
from tests.notices.conftest import post as mail_server
from tests.people.signing import signed_in

__all__ = ["_nobody_above_listens", "_post", "configure", "internet", "mail_server", "office"]
pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _is_impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(restoring, "PATIENCE_SECONDS", 0.0)


def late_step(office: Office) -> None:
    """A host was told, and the next step is due by the time at which a backup of now is restored."""
    office.act(office.case())
    office.work()
    notices_services.answer_referral(Referral.objects.get().pk, "release", actor=Actor("police"))
    office.work()
    assert len(office.mails(ABUSE)) == 1
    office.reached += 10 * DAY
    office.clock.move_to(office.reached)
    restored(office.reached)
    take_up(office.reached)


def confirm(office: Office) -> int:
    return confirm_restored(actor=office.cast["adam"].actor, now=office.reached)


def test_a_step_that_was_due_is_taken_first_and_left_to_a_person(office: Office) -> None:
    late_step(office)
    with pytest.raises(StillBeingDone) as refused:
        confirm(office)
    assert "Let leeward serve run" in str(refused.value.hint)
    adam = signed_in(office.cast, "adam")
    path = "/desk/administration/restored"
    sent = {"sure": "yes", "seen": seen_on(adam.get(path).content.decode())}
    page = adam.post(f"{path}/confirm", sent, follow=True).content.decode()
    assert "is still being done" in page
    assert "Before you confirm" in page
    office.work()
    confirm(office)
    office.work()
    assert len(office.mails(ABUSE)) == 1, "the second notice went from where it was before"
    assert ("unsure", "restored") in states("notice")


def test_what_waits_for_the_key_of_words_counts_although_it_is_due_later(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    late_step(office)

    def locked(_subject: int) -> None:
        raise WordsLocked

    with monkeypatch.context() as away:
        away.setattr("leeward.notices.tasks.services.advance", locked)
        office.work(timedelta(seconds=1))
    assert NoticeCase.objects.exists()
    assert undone(office.reached, before=office.reached) == 1
    with pytest.raises(StillBeingDone):
        confirm(office)
    office.work(timedelta(minutes=6))
    assert confirm(office) >= 1


@pytest.mark.parametrize("then", ["call_arrived", "retry"])
def test_the_police_may_hold_what_an_older_act_writes_while_held(office: Office, then: str) -> None:
    """They had the letter from where it was before, and answered there; its link opens nothing here."""
    restored(office.reached - timedelta(minutes=1))
    take_up(office.reached)
    office.act(office.case())  # as a job of before does now
    office.work()
    assert confirm(office) == 1
    letter = Message.objects.get(kind="referral")
    getattr(notices_services, then)(letter.pk, actor=office.cast["carl"].actor)
    office.work(60 * DAY)
    assert (len(office.mails(POLICE)), office.mails(ABUSE)) == (0 if then == "call_arrived" else 1, [])
    notices_services.answer_referral(Referral.objects.get().pk, "release", actor=Actor("police"))
    office.work()
    assert len(office.mails(ABUSE)) == 1


def test_what_repeats_looks_or_speaks_keeps_nobody_waiting(office: Office) -> None:
    restored()
    take_up(NOON)
    for kind in ("every:notices.follow_holds", "monitoring.check", "notices.deliver", "hosting.heal"):
        Job.objects.create(kind=kind, subject_id=1, hotline_id=office.cast.hotline_id, due_at=NOON - DAY)
    Job.objects.update(created_at=NOON - DAY)
    assert confirm_restored(actor=office.cast["adam"].actor, now=NOON) == 0


def test_what_an_older_job_began_is_waited_for_a_moment(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    restored()
    take_up(NOON)
    waited: list[Any] = []

    def sleep(_seconds: float) -> None:
        waited.append(Job.objects.filter(kind="casework.settle_act").delete())

    monkeypatch.setattr(restoring, "PATIENCE_SECONDS", 5.0)
    monkeypatch.setattr("leeward.administration.services.restoring.time.sleep", sleep)
    Job.objects.create(kind="casework.settle_act", subject_id=1, hotline_id=office.cast.hotline_id, due_at=NOON)
    assert confirm_restored(actor=office.cast["adam"].actor, now=NOON) == 0
    assert len(waited) == 1
