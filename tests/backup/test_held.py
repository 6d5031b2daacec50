"""After restoring: nothing is said twice, no number is given twice, and nothing goes out until somebody confirms it."""

from datetime import UTC, datetime, timedelta
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.test import Client
from django_scopes import scope

from leeward.administration.services import confirm_restored, take_up
from leeward.audit.errors import LogKeyUnusable
from leeward.audit.models import AuditTip, KeyPrint
from leeward.audit.queries import log_page
from leeward.audit.services import hotline_transaction, record
from leeward.audit.tree.checkpoints import begin_anew, publish, signed_since
from leeward.audit.tree.own_key import forget_log_key, need_log_key
from leeward.backup.errors import NothingToConfirm, StillHeld
from leeward.backup.models import Restoration
from leeward.backup.queries import times_lost
from leeward.casework.models import CaseSequence
from leeward.casework.queue.services.references import next_reference
from leeward.exchange.line import client as exchange_client
from leeward.foundation.actor import SYSTEM, Actor
from leeward.foundation.errors import NotAllowed
from leeward.hashbank.sources.services.pulling import client as source_client
from leeward.jobs.clockwatch import Reading, keep
from leeward.jobs.models import Job
from leeward.jobs.services import schedule
from leeward.jobs.worker import claim
from leeward.notices import services as notices_services
from leeward.notices.models import Message, NoticeCase, Referral
from leeward.notices.services import Letter, post, post_signed
from leeward.site import health
from leeward.site.doctor import findings
from leeward.witnessing import services as witnessing_services
from tests.having_read import seen_on
from tests.notices.conftest import ABUSE, POLICE, START, Office, _nobody_above_listens, configure, internet, office
from tests.notices.conftest import post as mail_server
from tests.people.signing import signed_in
from tests.personas import Cast
from tests.signers import signing_here

__all__ = ["_nobody_above_listens", "configure", "internet", "mail_server", "office"]
pytestmark = pytest.mark.django_db
DERIVE = import_module("leeward.backup.migrations.0005_facts_of_the_log").derive
NOON = START


@pytest.fixture(name="post")
def _post(mail_server: Any) -> Any:
    """What the office of the notices' tests calls its mail server."""
    return mail_server


def restored(at: datetime = NOON) -> Restoration:
    """The row that restoring leaves in the database: a backup of two days before."""
    return Restoration.objects.create(backup_at=at - timedelta(days=2), restored_at=at)


def states(*kinds: str) -> list[tuple[str, str]]:
    """The states of all messages, or of those of these kinds."""
    found = Message.objects.filter(kind__in=kinds) if kinds else Message.objects.all()
    return list(found.order_by("pk").values_list("state", "problem"))


def test_whatever_key_the_log_has_after_a_restoring_is_the_right_one(
    cast: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Signers are in no backup, and its checkpoints may be dated ahead. Found by make chaos."""
    signing_here(monkeypatch, tmp_path / "lost")
    assert need_log_key(NOON) == ""
    with hotline_transaction(cast.hotline_id):
        record("case.opened", actor=SYSTEM, hotline_id=cast.hotline_id, subject="case:1")
    newest = publish(cast.hotline_id, NOON + timedelta(days=1)).row.pk
    signing_here(monkeypatch, tmp_path / "new")
    with pytest.raises(LogKeyUnusable):
        need_log_key(NOON)
    restored()
    assert take_up(NOON)
    assert need_log_key(NOON) == ""
    assert Restoration.objects.get().checkpoint == newest


def one_more_row(cast: Cast) -> None:
    """In the log of the hotline."""
    with hotline_transaction(cast.hotline_id):
        record("case.opened", actor=SYSTEM, hotline_id=cast.hotline_id, subject="case:1")


def signed(cast: Cast, at: datetime = NOON) -> int:
    """One more row, and the number of the checkpoint that has it."""
    one_more_row(cast)
    return publish(cast.hotline_id, at).row.pk


def prints() -> list[str]:
    """What the database knows of the log's key."""
    return list(KeyPrint.objects.filter(name="log.key").values_list("print", flat=True))


def test_an_upgrade_takes_the_key_that_signed_the_log_for_the_true_one(
    cast: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before 0.2.0 nobody wrote down which it was."""
    signing_here(monkeypatch, tmp_path / "true")
    DERIVE(apps, None)
    assert prints() == [], "nothing was ever signed"
    signed(cast)
    assert need_log_key(NOON) == ""
    true = prints()
    forget_log_key()
    DERIVE(apps, None)
    assert prints() == true
    DERIVE(apps, None)
    signing_here(monkeypatch, tmp_path / "another")
    with pytest.raises(LogKeyUnusable):
        need_log_key(NOON)
    forget_log_key()
    begin_anew(cast.hotline_id, actor=SYSTEM)  # its signer was lost
    DERIVE(apps, None)
    assert prints() == [], "the next key is the right one"
    assert signed(cast)
    assert need_log_key(NOON) == ""
    another = prints()
    forget_log_key()
    DERIVE(apps, None)
    assert prints() == another != true


def test_an_upgrade_while_a_restoring_is_held_lets_the_log_begin_anew(
    cast: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before 0.2.0 a restoring didn't write down how far its backup was signed."""
    signing_here(monkeypatch, tmp_path / "lost")
    newest, origin = signed(cast, NOON), AuditTip.objects.get(chain=cast.hotline_id).origin
    restored()
    assert take_up(NOON)
    Restoration.objects.update(checkpoint=0)
    DERIVE(apps, None)
    assert (Restoration.objects.get().checkpoint, prints()) == (newest, []), "the next key is the right one"
    Restoration.objects.update(confirmed_at=NOON + timedelta(hours=1))
    DERIVE(apps, None)
    assert prints() == [], "nor was anything signed since it was confirmed"
    one_more_row(cast)
    signing_here(monkeypatch, tmp_path / "new")
    assert witnessing_services.signing_trouble(NOON) == ""
    assert AuditTip.objects.get(chain=cast.hotline_id).origin != origin
    assert signed_since(cast.hotline_id, newest)
    mine = prints()
    forget_log_key()
    signed(cast, NOON + timedelta(hours=2))
    DERIVE(apps, None)
    assert prints() == mine


def test_a_worker_of_the_machine_before_is_missed_only_once_it_was_heard_again() -> None:
    """Its machine may be gone, and nothing would end the alarm for a week."""

    def missing(now: datetime) -> list[str]:
        return [alarm.about for alarm in health.current_alarms(now) if alarm.code == "worker_missing"]

    for owner, at in (("before:0", NOON - timedelta(days=2)), ("here:0", NOON)):
        keep(owner, Reading(at, 0.0, "boot"))
    assert missing(NOON) == ["before:0"]
    restored()
    assert take_up(NOON)
    keep("here:0", Reading(NOON, 0.0, "boot"))
    assert missing(NOON) == []
    keep("before:0", Reading(NOON, 0.0, "boot"))
    keep("here:0", Reading(NOON + timedelta(hours=1), 0.0, "boot"))
    assert missing(NOON + timedelta(hours=1)) == ["before:0"]


def test_what_a_worker_of_the_machine_before_was_running_is_run_at_once() -> None:
    """Its lease may last for hours, and nobody has its name any more."""
    schedule("test.do", subject_id=1, hotline_id=0, due_at=NOON)
    assert claim(NOON, "before:0")
    restored()
    assert claim(NOON, "here:0") is None
    assert take_up(NOON)
    assert claim(NOON, "here:0")


def test_what_waited_is_left_to_a_person_who_may_send_it(office: Office) -> None:
    office.act(office.case())
    before = Message.objects.get()
    restored()
    assert take_up(NOON)
    assert not take_up(NOON), "once"
    assert states("referral") == [("unsure", "restored")]
    office.work(timedelta(days=3))
    assert office.post.messages() == []
    assert confirm_restored(actor=office.cast["adam"].actor, now=office.reached) == 0
    office.work(timedelta(days=3))
    assert office.mails(POLICE) == [], "the police don't hear it twice"
    assert office.mails(ABUSE) == [], "nor the host before them"
    notices_services.retry(before.pk, actor=office.cast["carl"].actor)
    office.work()
    assert len(office.mails(POLICE)) == 1


def test_what_is_written_while_held_waits_and_is_left_to_a_person_if_it_is_old(office: Office) -> None:
    restored()
    take_up(NOON)
    office.act(office.case())
    office.act(office.case())
    office.work(timedelta(hours=2))
    assert office.post.messages() == []
    assert set(states()) == {("waiting", "")}, "no try was made"
    lead = Message.objects.order_by("pk").first()
    assert lead is not None
    assert notices_services.leave_unsure(office.reached, new_cases={1, 2}) == 0
    assert notices_services.leave_unsure(office.reached, new_cases={2}) >= 1
    assert ("unsure", "restored") in states()


def test_what_is_new_goes_once_confirmed(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    restored()
    take_up(NOON)
    office.act(office.case())
    monkeypatch.setattr("leeward.administration.services.restoring.cases_first_informed_since", lambda _moment: {1})
    assert confirm_restored(actor=office.cast["adam"].actor, now=NOON) == 0
    office.work()
    assert len(office.post.messages()) == 1


def lose_what_the_police_said(office: Office) -> Referral:
    """Restore a backup from before the police answered, confirm it, and let every wait end."""
    restored(office.reached)
    take_up(office.reached)
    confirm_restored(actor=office.cast["adam"].actor, now=office.reached)
    office.work(timedelta(days=30))
    assert office.mails(ABUSE) == [], "what the police said since the backup may be lost"
    return Referral.objects.get()


def test_no_host_is_told_by_a_wait_whose_answer_may_be_lost(office: Office) -> None:
    office.act(office.case())
    office.work()
    assert len(office.mails(POLICE)) == 1
    referral = lose_what_the_police_said(office)
    assert referral.wait_until is None
    page = signed_in(office.cast, "carl").get(f"/desk/referrals/{referral.pk}").content.decode()
    assert "waits for your answer" in page
    notices_services.answer_referral(referral.pk, "acknowledge", actor=Actor("police"))
    office.work(timedelta(days=30))
    assert office.mails(ABUSE) == [], "that they have it says nothing of a hold"
    notices_services.answer_referral(referral.pk, "release", actor=office.cast["carl"].actor)
    office.work()
    assert len(office.mails(ABUSE)) == 1


def test_no_host_is_told_by_the_end_of_a_hold_that_may_have_been_prolonged(office: Office) -> None:
    office.act(office.case())
    office.work()
    until = office.reached + timedelta(days=2)
    notices_services.answer_referral(Referral.objects.get().pk, "hold", until=until, actor=Actor("police"))
    referral = lose_what_the_police_said(office)
    assert (referral.state, referral.hold_until) == ("held", until)
    notices_services.answer_referral(referral.pk, "release", actor=Actor("police"))
    office.work()
    assert len(office.mails(ABUSE)) == 1


def test_a_hold_that_is_entered_after_restoring_ends_by_itself(office: Office) -> None:
    office.act(office.case())
    office.work()
    referral = lose_what_the_police_said(office)
    until = office.reached + timedelta(days=3)
    notices_services.answer_referral(referral.pk, "hold", until=until, actor=office.cast["carl"].actor)
    office.work(timedelta(days=2))
    assert office.mails(ABUSE) == []
    office.work(timedelta(days=2))
    assert len(office.mails(ABUSE)) == 1


def test_a_gate_that_was_open_while_nobody_was_told_is_closed_again(office: Office) -> None:
    address = "http://nobody-known.example/a/1"
    office.act(office.case(address))
    office.work()
    notices_services.answer_referral(Referral.objects.get().pk, "release", actor=Actor("police"))
    office.work()
    assert (NoticeCase.objects.get().state, NoticeCase.objects.get().step) == ("open", 0)
    lose_what_the_police_said(office)
    assert NoticeCase.objects.get().state == "police"


def test_a_host_whose_server_took_nothing_is_not_told_by_the_next_step(office: Office) -> None:
    """The ladder’s first step was taken, and its message waited when the backup was made."""
    office.act(office.case())
    office.work()
    office.post.defer(ABUSE, times=1000)
    notices_services.answer_referral(Referral.objects.get().pk, "release", actor=Actor("police"))
    office.work()
    assert (NoticeCase.objects.get().state, NoticeCase.objects.get().step) == ("open", 1)
    office.post.accept_again(ABUSE)
    referral = lose_what_the_police_said(office)
    assert states("notice") == [("unsure", "restored")], "a person may send it"
    assert NoticeCase.objects.get().state == "police"
    notices_services.answer_referral(referral.pk, "release", actor=Actor("police"))
    office.work()
    assert len(office.mails(ABUSE)) == 1


def test_where_the_host_knows_its_notices_go_on(office: Office, django_assert_num_queries: Any) -> None:
    office.act(office.case())
    office.work()
    notices_services.answer_referral(Referral.objects.get().pk, "release", actor=Actor("police"))
    office.work()
    assert len(office.mails(ABUSE)) == 1
    restored(office.reached)
    take_up(office.reached)
    assert NoticeCase.objects.get().state == "open"
    with django_assert_num_queries(2):  # not one more for each case that is over
        notices_services.wait_for_police(office.reached)


def test_no_way_out_is_open(office: Office) -> None:
    restored()
    letter = Letter(ABUSE, "Subject", "Body", "Leeward")
    posted = post(letter)
    assert posted is not None
    assert (posted.is_sent, posted.problem) == (False, "held")
    hooked = post_signed("http://127.0.0.1:9/", delivery_id="1", signing=(b"s",), body=b"{}", now=NOON)
    assert hooked is not None
    assert (hooked.is_sent, hooked.problem) == (False, "held")
    for way in (exchange_client, source_client):
        with pytest.raises(StillHeld):
            way()
    assert office.post.messages() == []


def test_every_job_that_speaks_waits(office: Office) -> None:
    """Guards the list itself: these reach others or take what comes once, and nothing of them may run while held."""
    from leeward.jobs.registry import HANDLERS, load

    load()
    speaking = {kind for kind, handler in HANDLERS.items() if handler.speaks}
    assert {
        "notices.deliver",
        "every:notices.read_mailbox",
        "oncall.send",
        "exchange.deliver",
        "exchange.announce_key",
        "exchange.tell_restored",
        "witnessing.tell_restored",
        "hashbank.pull_source",
    } <= speaking
    asked = {kind for kind, handler in HANDLERS.items() if handler.waits_for == "chosen"}
    assert asked <= speaking
    restored()
    office.act(office.case())
    office.work()
    assert Job.objects.filter(kind="notices.deliver").exists(), "it is still to be done"


def test_numbers_jump(office: Office) -> None:
    CaseSequence.objects.create(hotline_id=office.cast.hotline_id, year=NOON.year, last=17)
    office.act(office.case())
    restored()
    take_up(NOON)
    number = int(next_reference(office.cast.hotline_id, NOON.year).removeprefix(f"{NOON.year}-"))
    assert number > 3_000_000, "a million for each day begun"
    assert signed_in(office.cast, "ana").get(f"/desk/case/{NOON.year}-{number}").status_code == 404, "a good address"
    office.act(office.case())
    newest = NoticeCase.objects.order_by("-pk").first()
    assert newest is not None
    assert newest.pk > 1_000_000, "links that were sent since the backup open nothing here"


def test_only_who_runs_the_installation_confirms_and_only_once(cast: Cast, tara: Any) -> None:
    with scope(hotline=cast.hotline_id), pytest.raises(NothingToConfirm):
        confirm_restored(actor=cast["adam"].actor, now=NOON)
    restored()
    take_up(NOON)
    for name in ("ana", "carl", "pia", "otto"):
        with pytest.raises(NotAllowed):
            confirm_restored(actor=cast[name].actor, now=NOON)
    confirm_restored(actor=cast["adam"].actor, now=NOON)
    assert Restoration.objects.get().confirmed_by == cast["adam"].actor.label
    assert [line.event for line in log_page(0)][:2] == ["installation.confirmed", "installation.restored"]


def test_everybody_at_the_desk_sees_it_and_an_administrator_confirms_it(cast: Cast) -> None:
    restored()
    take_up(NOON)
    health.refresh_alarms()
    try:
        assert "restored from a backup of" in signed_in(cast, "ana").get("/desk/").content.decode()
        assert not health.is_well()
        assert "leeward.backup.E001" in {finding.id for finding in findings()}
        adam = signed_in(cast, "adam")
        assert "Before you confirm" in adam.get("/desk/administration/restored").content.decode()
        by_accident = adam.post("/desk/administration/restored/confirm", follow=True).content.decode()
        assert "Nothing goes out yet. Tick first" in by_accident
        assert "Before you confirm" in by_accident
        older = {"sure": "yes", "seen": seen_on(by_accident)}
        restored(NOON + timedelta(hours=1))
        take_up(NOON + timedelta(hours=1))
        adam = signed_in(cast, "adam")  # nobody stays signed in
        for seen in ({"sure": "yes"}, older):
            late = adam.post("/desk/administration/restored/confirm", seen, follow=True).content.decode()
            assert ("Something else was entered since" in late, "Before you confirm" in late) == (True, True)
        now = {"sure": "yes", "seen": seen_on(late)}
        done = adam.post("/desk/administration/restored/confirm", now, follow=True).content.decode()
        assert "Messages go out again." in done
        assert "Before you confirm" not in done
        health.refresh_alarms()
        assert "restored" not in {alarm.code for alarm in health.current_alarms(NOON)}
    finally:
        health.forget()


def test_the_page_for_receipts_says_what_may_be_lost(cast: Cast, client: Client) -> None:
    assert "may be lost" not in client.get("/jm/receipt").content.decode()
    now = datetime.now(UTC)
    restored(now)
    assert times_lost(now + timedelta(days=500)) == []
    for page in (client.get("/jm/receipt"), client.post("/jm/receipt", {"receipt": "1234 5678 9012 3456"})):
        assert f"Reports that were sent between {now - timedelta(days=2):%Y-%m-%d %H:%M} and" in page.content.decode()
    Restoration.objects.update(waiting_since=now - timedelta(days=3))
    assert f"sent between {now - timedelta(days=3):%Y-%m-%d %H:%M} and" in client.get("/jm/receipt").content.decode()


def test_the_page_for_receipts_names_every_time_of_which_somebody_may_still_ask(cast: Cast, client: Client) -> None:
    """A planned move by a backup doesn't take back what was lost before it."""
    now, day = datetime.now(UTC), timedelta(days=1)
    for ago, lasted in ((500, 2), (30, 9), (35, 1), (30.5, 1), (20, 2), (0, 0.01)):
        Restoration.objects.create(backup_at=now - (ago + lasted) * day, restored_at=now - ago * day)
    Restoration.objects.create(backup_at=now - 10 * day, restored_at=now - 9 * day, moved=True)
    assert [(now - one.restored_at).days for one in times_lost(now)] == [30, 20, 9, 0], (
        "two lie within that of nine days"
    )
    page = client.get("/jm/receipt").content.decode()
    for since, until in ((39, 30), (22, 20), (0.01, 0)):
        assert f"between {now - since * day:%Y-%m-%d %H:%M} and {now - until * day:%Y-%m-%d %H:%M} (UTC)" in page
    assert page.index("Some reports may be lost") < page.index("We have moved")
    for minutes in range(30):
        at = now - minutes * timedelta(minutes=2)
        Restoration.objects.create(backup_at=at - timedelta(minutes=1), restored_at=at)
    assert len(times_lost(now)) == 20


@pytest.mark.parametrize("hours", [-5, 5])
def test_what_a_backup_holds_is_from_before_whatever_the_clock_said(cast: Cast, hours: int) -> None:
    """A machine whose clock is behind restores: no letter of the backup may look as if it had been written since."""
    at = NOON + timedelta(hours=hours)
    Restoration.objects.create(backup_at=NOON, restored_at=at)
    assert take_up(at)
    assert Restoration.objects.get().restored_at == max(at, NOON)


def test_what_is_lost_reaches_until_it_was_taken_up_where_the_clock_was_behind_when_it_was_restored(cast: Cast) -> None:
    """The server isn't started by such a clock; what came in since the backup is lost all the same, and so are the keys of its words."""
    Restoration.objects.create(backup_at=NOON - timedelta(days=3), restored_at=NOON - timedelta(days=60))
    assert take_up(NOON)
    (lost,) = times_lost(NOON)
    assert (lost.lost_since, lost.restored_at) == (NOON - timedelta(days=3), NOON)
