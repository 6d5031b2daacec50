"""One hotline put back where it was, under its old numbers, while another goes on: only what is missing, and never over another's rows."""

import io
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.db import connection, transaction
from django_scopes import scope, scopes_disabled

from leeward.administration.services import PutBack, export_hotline, put_back_hotline
from leeward.audit import keys
from leeward.audit.models import AuditRow, AuditTip
from leeward.audit.queries import verdict
from leeward.audit.services import record
from leeward.backup.errors import HotlineNotMoved
from leeward.backup.hotline.file import trusted
from leeward.backup.hotline.rows import lines_of, rows_of, tables
from leeward.backup.queries import is_held
from leeward.casework.models import Case
from leeward.cli.main import run
from leeward.foundation.actor import SYSTEM, Actor
from leeward.intake.models import Report
from leeward.intake.services import withdraw_report
from leeward.jobs.models import Job
from leeward.jobs.services import schedule
from leeward.notices.models import Message, Notice, NoticeCase, NoticeItem, Referral
from leeward.notices.services import answer_referral, forward_to_police
from leeward.people.models import Helpline, Hotline, Portal, User
from leeward.people.services import ask_second_factor_reset, settle_second_factor_reset
from leeward.sealing.age import key_of, new_key
from leeward.spool.models import Mark
from tests.having_read import confirm_entered
from tests.intake.conftest import new_form_key, receive_report, told_of
from tests.notices.conftest import ABUSE, START, Office, _nobody_above_listens, configure, internet, office
from tests.notices.conftest import post as mail_server
from tests.personas import Cast

__all__ = ["_nobody_above_listens", "configure", "internet", "mail_server", "office"]
RAW, PUBLIC = new_key()
KEY = key_of(RAW)
pytestmark = pytest.mark.django_db


@pytest.fixture(name="post")
def _post(mail_server: Any) -> Any:
    return mail_server


def written(cast: Cast, folder: Path) -> bytes:
    """The file of the hotline of Jamaica."""
    file = folder / "jm.hotline"
    actor = Actor("command", hotline_id=cast.hotline_id)
    export_hotline(file, [PUBLIC], shares_secret=True, actor=actor, now=START)
    return file.read_bytes()


def put_back(raw: bytes, *, is_trial: bool = False, now: datetime = START, **more: Any) -> PutBack:
    """Put it back."""
    reader = trusted(io.BytesIO(raw), KEY, keys.public_key())
    return put_back_hotline(reader, is_trial=is_trial, actor=SYSTEM, now=now, **more)


def lose_notices(cast: Cast) -> None:
    """Delete what was told about its cases, and its jobs."""
    for model in (Message, Referral, NoticeItem, Notice, NoticeCase):
        query = model._base_manager.filter(hotline_id=cast.hotline_id)
        query._raw_delete(query.db)
    Job.objects.filter(hotline_id=cast.hotline_id).delete()


def grouped(hotline_id: int) -> dict[str, list[Any]]:
    """The rows of a hotline by their table, but for those that putting back adds to or that are of the moment."""
    found: dict[str, list[Any]] = {}
    table = ""
    for line in lines_of(hotline_id):
        table = line["table"] if isinstance(line, dict) and "table" in line else table
        found.setdefault(table, []).append(line)
    return {name: rows for name, rows in found.items() if not name.startswith("audit.")}


def _changed_fields(before: list[Any], after: list[Any]) -> set[str]:
    names = before[0]["fields"]
    pairs = [pair for one, two in zip(before[1:], after[1:], strict=True) for pair in zip(names, one, two, strict=True)]
    return {name for name, was, now in pairs if was != now}


def empty(hotline_id: int) -> None:
    """Delete everything of a hotline but its log, as a mistake at the server's prompt would."""
    numbers = {
        model: list(rows_of(model, path, hotline_id).values_list("pk", flat=True))
        for model, path in tables()
        if model._meta.app_label != "audit"
    }
    for model, of_model in numbers.items():
        query = model._base_manager.filter(pk__in=of_model)
        query._raw_delete(query.db)


def without_triggers() -> None:
    """Let the log be changed, as whoever owns the server can; the test's transaction brings the triggers back."""
    is_sqlite = connection.vendor == "sqlite"
    with connection.cursor() as cursor:
        for name in ("no_update", "no_delete", "no_replace") if is_sqlite else ("only_grows",):
            cursor.execute(f"DROP TRIGGER audit_auditrow_{name}" + ("" if is_sqlite else " ON audit_auditrow"))


@pytest.fixture
def worked(office: Office, cast: Cast) -> Cast:
    """Both hotlines have something."""
    for _ in range(2):
        office.act(office.case())
    for hotline, portal in ((cast.hotline_id, cast.portal_id), (cast.other_hotline_id, cast.other_portal_id)):
        receive_report(told_of(), hotline_id=hotline, portal_id=portal, language="en", form_key=new_form_key())
        schedule("monitoring.check", subject_id=7_000_007, hotline_id=hotline, due_at=START)
        schedule("notices.nobody_knows_this", subject_id=7_000_007, hotline_id=hotline, due_at=START)
    return cast


def test_an_emptied_hotline_comes_back_and_nobody_else_notices(worked: Cast, tmp_path: Path) -> None:
    raw = written(worked, tmp_path)
    before, others = grouped(worked.hotline_id), grouped(worked.other_hotline_id)
    with scope(hotline=worked.hotline_id):
        assert Message.objects.filter(state="waiting").exists()
    empty(worked.hotline_id)
    assert not Hotline.objects.filter(pk=worked.hotline_id).exists()

    seen = put_back(raw, is_trial=True)
    assert seen.found.rows > 20
    assert not Hotline.objects.filter(pk=worked.hotline_id).exists(), "that was only a preview"
    done = put_back(raw)
    assert done.found.rows == seen.found.rows
    after = grouped(worked.hotline_id)
    changed = {name for name in before if after.get(name) != before[name]}
    assert changed <= {
        "jobs.Job",
        "notices.Message",
        "notices.NoticeCase",
        "notices.StaffNote",
        "casework.CaseSequence",
        "people.User",
    }
    ended = {"session_epoch"}
    assert _changed_fields(before["people.User"], after["people.User"]) == ended, "their sessions alone"
    assert done.held >= 1
    with scope(hotline=worked.hotline_id):
        waiting = Message.objects.filter(state="waiting")
        assert set(waiting.values_list("kind", flat=True)) == {"staff"}, (
            "a person decides about each that leaves the house"
        )
        jobs = Job.objects.filter(hotline_id=worked.hotline_id, kind="notices.deliver")
        assert set(jobs.values_list("subject_id", flat=True)) == set(waiting.values_list("pk", flat=True))
    kinds = set(Job.objects.filter(hotline_id=worked.hotline_id, subject_id=7_000_007).values_list("kind", flat=True))
    assert kinds == {"monitoring.check"}, "what may reach others isn't done again"
    assert done.found.quiet >= 1
    assert verdict(worked.hotline_id, is_begun=True).fault is None
    row = AuditRow.objects.filter(chain=worked.hotline_id).order_by("-number")[0]
    assert row.event == "hotline.put_back"

    assert grouped(worked.other_hotline_id) == others
    assert not is_held(), "the other hotline speaks on"
    again = {name for name, one in put_back(raw).found.tables.items() if one.put_back}
    assert again <= {"jobs.Job"}, "twice is once; a job of a message that waits for a person does nothing"


def test_what_is_here_stays_also_where_it_was_taken_back(worked: Cast, tmp_path: Path) -> None:
    raw = written(worked, tmp_path)
    with scope(hotline=worked.hotline_id):
        report = Report.objects.get()
        withdraw_report(report.pk)
        gone, waiting = Message.objects.filter(state="waiting", kind="referral").order_by("pk")[:2]
        query = Message._base_manager.filter(pk=gone.pk)
        query._raw_delete(query.db)
    Hotline.objects.filter(pk=worked.hotline_id).update(name="Another name since")
    done = put_back(raw)
    assert done.found.tables["people.Hotline"].differing == 1
    assert done.found.tables["intake.Report"].differing == 1
    assert Hotline.objects.get(pk=worked.hotline_id).name == "Another name since"
    with scope(hotline=worked.hotline_id):
        assert Report.objects.get().withdrawn_at is not None
        assert Message.objects.get(pk=gone.pk).state == "unsure"
        assert Message.objects.get(pk=waiting.pk).state == "waiting", "what was here goes on"


def test_a_second_factor_that_two_people_took_off_stays_off(worked: Cast, tmp_path: Path) -> None:
    """It may be on a telephone that was stolen since."""
    lost = Authenticator.objects.create(user_id=worked["ana"].account_id, type="webauthn", data={"name": "stolen"})
    raw = written(worked, tmp_path)
    request = ask_second_factor_reset(worked["ana"].account_id, actor=worked["adam"].actor)
    settle_second_factor_reset(request, approve=True, actor=Actor("command"))
    done = put_back(raw)
    found = done.found.tables["mfa.Authenticator"]
    assert found.missing >= 1
    assert found.put_back == 0
    assert not Authenticator.objects.filter(pk=lost.pk).exists()
    put_back(raw, only=["mfa"])
    assert Authenticator.objects.filter(pk=lost.pk).exists(), "but for whoever names it"
    empty(worked.hotline_id)
    put_back(raw)
    assert Authenticator.objects.filter(pk=lost.pk).exists(), "it comes with its account"


def test_receipts_of_reports_that_come_back_show_them_soon(
    worked: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    raw = written(worked, tmp_path)
    empty(worked.hotline_id)
    monkeypatch.setattr("leeward.spool.where.is_apart", lambda: True)  # the public face has a database of its own
    put_back(raw)
    with scope(hotline=worked.hotline_id):
        marks = Mark.objects.filter(hotline_number=worked.hotline_id, kind="report")
        assert set(marks.values_list("number", flat=True)) == set(Report.objects.values_list("pk", flat=True)) != set()


def test_only_what_is_named_is_put_back(worked: Cast, tmp_path: Path) -> None:
    raw = written(worked, tmp_path)
    empty(worked.hotline_id)
    with pytest.raises(HotlineNotMoved, match="don’t fit to what is here"):
        put_back(raw, only=["notices"])
    done = put_back(raw, only=["people.Hotline"])
    assert done.found.rows == 1
    assert done.found.tables["people.Portal"].missing == 1


def test_a_number_that_another_hotline_has_is_a_refusal_that_changes_nothing(worked: Cast, tmp_path: Path) -> None:
    raw = written(worked, tmp_path)
    with scopes_disabled():
        Message._base_manager.filter(hotline_id=worked.hotline_id)._raw_delete("default")
        Portal.objects.filter(pk=worked.portal_id).update(hotline_id=worked.other_hotline_id)
        with pytest.raises(HotlineNotMoved, match=r"number \d+ of people\.Portal is taken by another hotline"):
            put_back(raw)
        assert not Message.objects.filter(hotline_id=worked.hotline_id).exists()


def test_a_log_that_was_cut_grows_back_and_one_that_was_changed_is_shown(cast: Cast, tmp_path: Path) -> None:
    chain = cast.hotline_id
    for _ in range(4):
        record("hotline.changed", actor=SYSTEM, hotline_id=chain, subject=f"hotline:{chain}")
    raw = written(cast, tmp_path)
    whole = AuditTip.objects.get(chain=chain)
    without_triggers()
    cut = AuditRow.objects.filter(chain=chain, number__gt=whole.number - 3)
    last = AuditRow.objects.get(chain=chain, number=whole.number - 3)
    cut.delete()
    hole = AuditRow.objects.filter(chain=chain, number=2)
    hole.delete()
    AuditTip.objects.filter(chain=chain).update(number=last.number, hash=last.hash, at=last.at)
    assert verdict(chain, is_begun=True).fault is not None
    done = put_back(raw)
    assert done.found.tables["audit.AuditRow"].put_back == 4
    assert (done.log_fault, done.found.log_differs_at) == ("", None)
    assert AuditTip.objects.get(chain=chain).number == whole.number + 1, "and a row says that it was put back"

    AuditRow.objects.filter(chain=chain, number=3).update(hash="0" * 64)
    AuditRow.objects.filter(chain=chain, number__in=(2, 5)).delete()
    Portal.objects.filter(pk=cast.portal_id).update(name="Changed")
    assert put_back(raw, is_trial=True).found.log_differs_at == 3
    with pytest.raises(HotlineNotMoved, match="from row 3 on its log is another here"):
        put_back(raw)
    done = put_back(raw, log_may_differ=True)
    assert done.log_fault.startswith("row")
    assert not AuditRow.objects.filter(chain=chain, number=5).exists(), "nothing is put behind another row"


def test_the_row_of_exporting_in_a_copy_is_no_difference(cast: Cast, tmp_path: Path) -> None:
    with transaction.atomic():  # a backup that was put back elsewhere
        raw = written(cast, tmp_path)
        transaction.set_rollback(True)
    for _ in range(2):
        record("hotline.changed", actor=SYSTEM, hotline_id=cast.hotline_id, subject=f"hotline:{cast.hotline_id}")
    portal = Portal._base_manager.filter(pk=cast.portal_id)
    portal._raw_delete("default")
    done = put_back(raw)
    assert (done.found.log_differs_at, done.log_fault) == (None, "")
    assert done.found.tables["people.Portal"].put_back == 1
    with transaction.atomic():
        record("hotline.changed", actor=SYSTEM, hotline_id=cast.hotline_id, subject="hotline:9")
        (tmp_path / "jm.hotline").unlink()
        written(cast, tmp_path)
        (tmp_path / "jm.hotline").unlink()
        raw = written(cast, tmp_path)
        transaction.set_rollback(True)
    record("hotline.changed", actor=SYSTEM, hotline_id=cast.hotline_id, subject=f"hotline:{cast.hotline_id}")
    assert put_back(raw, is_trial=True).found.log_differs_at, "there is more in it than the row of exporting"


def test_a_file_of_another_installation_is_refused(cast: Cast, tmp_path: Path) -> None:
    raw = written(cast, tmp_path)
    reader = trusted(io.BytesIO(raw), KEY, keys.public_key())
    reader.opening = reader.opening.model_copy(update={"secret": "another-secret-of-32-characters-or-so"})
    with pytest.raises(HotlineNotMoved, match="of another installation"):
        put_back_hotline(reader, is_trial=True, actor=SYSTEM, now=START)
    with pytest.raises(HotlineNotMoved, match="cut off or changed"):
        put_back(raw[:-9])


def test_the_command_shows_first_and_acts_when_told(
    worked: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    written(worked, tmp_path)
    (tmp_path / "move.key").write_bytes(RAW)
    monkeypatch.setattr("leeward.site.start.start", lambda: None)
    empty(worked.hotline_id)
    command = ["hotline", "put-back", str(tmp_path / "jm.hotline"), "--key", str(tmp_path / "move.key")]
    assert run(command) == 0
    said = capsys.readouterr()
    assert "people.Portal\t1\t0\t0\t1" in said.out
    assert "rows that --yes would put back:" in said.err
    assert not Hotline.objects.filter(pk=worked.hotline_id).exists()
    assert run([*command, "--yes"]) == 0
    assert "Messages for a person to decide" in capsys.readouterr().err
    with scope(hotline=worked.hotline_id):
        assert Report.objects.exists()
        assert not Case.objects.filter(hotline_id=worked.other_hotline_id).exists()
    assert run([*command, "--only", "nothing"]) == 2
    assert "there is no such table" in capsys.readouterr().err


def test_what_another_has_by_now_is_named_in_the_words_of_the_house(worked: Cast, tmp_path: Path) -> None:
    raw = written(worked, tmp_path)
    mine, theirs = worked.portal_id, worked.other_portal_id
    slug = Portal._base_manager.get(pk=mine).slug
    empty(worked.hotline_id)
    Portal._base_manager.filter(pk=theirs).update(slug=slug)
    for is_trial in (True, False):
        with pytest.raises(HotlineNotMoved) as refused:
            put_back(raw, is_trial=is_trial)
        assert refused.value.text == (
            f"The hotline was not moved: portal {mine} (people.Portal) can’t come back, since portal {theirs} of another hotline "
            f"has the same slug “{slug}” here."
        )
        assert "Its hotline works with it: leave it as it is" in str(refused.value.hint)
    assert not Hotline.objects.filter(pk=worked.hotline_id).exists()


def test_what_is_about_a_person_is_not_said_in_a_refusal(worked: Cast, tmp_path: Path) -> None:
    raw = written(worked, tmp_path)
    ana, dora = worked["ana"], worked["dora"]
    empty(worked.hotline_id)
    User._base_manager.filter(pk=dora.account_id).update(email=ana.email)
    with pytest.raises(HotlineNotMoved) as refused:
        put_back(raw)
    said = f"account {ana.account_id} (people.User) can’t come back, since account {dora.account_id} of another hotline has the same email here"
    assert said in refused.value.text
    assert ana.email not in refused.value.text + str(refused.value.hint)


def test_one_that_was_written_anew_since_is_named_as_ours(worked: Cast, tmp_path: Path) -> None:
    raw = written(worked, tmp_path)
    helpline = Helpline._base_manager.get(portal_id=worked.portal_id)
    anew = helpline.pk + 1_000_000
    Helpline._base_manager.filter(pk=helpline.pk).update(id=anew)
    with pytest.raises(HotlineNotMoved) as refused:
        put_back(raw, only=["people.Helpline"])
    said = (
        f"helpline {helpline.pk} (people.Helpline) can’t come back, since helpline {anew} has the same portal and name"
    )
    assert said in refused.value.text


def test_without_its_jobs_nobody_is_told_before_what_the_police_said_since_is_entered(
    office: Office, cast: Cast, tmp_path: Path
) -> None:
    day = timedelta(days=1)
    office.act(office.case())
    office.work()
    raw = written(cast, tmp_path)
    referral = Referral.objects.get()
    answer_referral(referral.pk, "hold", actor=Actor("police"), until=office.reached + 5 * day)
    lose_notices(cast)
    assert put_back(raw).found.quiet > 0
    assert Referral.objects.get().state == "waiting", "the file is from before the police answered"
    office.work(2 * day)
    assert office.mails(ABUSE) == []
    answer_referral(referral.pk, "hold", actor=Actor("police"), until=office.reached + 3 * day)
    put_back(raw, only=["jobs"])
    office.work(2 * day)
    assert office.mails(ABUSE) == []
    office.work(2 * day)
    assert len(office.mails(ABUSE)) == 1
    assert put_back(raw, only=["jobs"]).found.rows > 0, "somebody else brings them once more"
    office.work()
    assert len(office.mails(ABUSE)) == 1


def test_what_the_police_said_may_be_entered_in_any_order(office: Office, cast: Cast, tmp_path: Path) -> None:
    """The wait that comes back is long over: that they have the letter, entered first, tells no host."""
    day = timedelta(days=1)
    office.act(office.case())
    office.work()
    raw = written(cast, tmp_path)
    lose_notices(cast)
    office.work(10 * day)
    put_back(raw, now=office.reached)
    referral = Referral.objects.get()
    answer_referral(referral.pk, "acknowledge", actor=cast["carl"].actor)
    office.work()
    assert office.mails(ABUSE) == []
    answer_referral(referral.pk, "hold", actor=cast["carl"].actor, until=office.reached + 5 * day)
    office.work(4 * day)
    assert office.mails(ABUSE) == []
    office.work(2 * day)
    assert len(office.mails(ABUSE)) == 1


def test_where_the_police_said_nothing_their_wait_begins_anew_with_the_jobs(
    office: Office, cast: Cast, tmp_path: Path
) -> None:
    office.act(office.case())
    office.work()
    raw = written(cast, tmp_path)
    lose_notices(cast)
    office.work(timedelta(days=10))
    put_back(raw, now=office.reached)
    put_back(raw, now=office.reached, only=["jobs"])
    office.work()
    assert office.mails(ABUSE) == []
    assert Referral.objects.get().wait_until is not None
    office.work(timedelta(days=3))
    assert len(office.mails(ABUSE)) == 1


@pytest.mark.parametrize("by_answer", [True, False])
@pytest.mark.parametrize("told", [True, False])
def test_more_about_a_case_that_was_put_back_tells_no_host_until_the_police_or_a_person_say_so(
    office: Office, cast: Cast, tmp_path: Path, *, told: bool, by_answer: bool
) -> None:
    day, brief = timedelta(days=1), office.case(urgent=True)
    office.act(brief)
    office.work()
    if told:
        answer_referral(Referral.objects.get().pk, "release", actor=cast["carl"].actor)
        confirm_entered(Referral.objects.get().pk, actor=cast["ana"].actor)
        office.work()
    was = len(office.mails(ABUSE))
    assert was == told
    raw = written(cast, tmp_path)
    lose_notices(cast)
    put_back(raw, now=office.reached)
    forward_to_police(replace(brief, judged=""), more="urgent")
    office.work()
    assert Referral.objects.count() == 2
    office.work(10 * day)
    assert len(office.mails(ABUSE)) == was
    if by_answer:
        answer_referral(Referral.objects.latest("pk").pk, "release", actor=Actor("police"))
    else:
        put_back(raw, now=office.reached, only=["jobs"])
        office.work()
        assert len(office.mails(ABUSE)) == was, "their wait begins anew"
    office.work(3 * day)
    assert len(office.mails(ABUSE)) > was
