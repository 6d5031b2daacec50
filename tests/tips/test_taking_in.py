"""Tips are stored once with their versions, fold, wait for people where something is odd, and become cases without
delaying anybody's report."""

from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from django_scopes import scope
from typer.testing import CliRunner

from leeward.casework.models import Case
from leeward.cli.intake import app
from leeward.foundation import sandbox
from leeward.foundation.actor import Actor
from leeward.foundation.errors import BadInput, NotAllowed, NotFound
from leeward.foundation.sandbox.limits import Code
from leeward.hashbank.rules.kinds import read_hash
from leeward.hashbank.services import add_record
from leeward.intake.models import Report
from leeward.intake.services import receive_report
from leeward.jobs.models import Job
from leeward.jobs.worker import claim, run_until_idle
from leeward.notices import services as notices_services
from leeward.notices.models import Contact, InboundMail
from leeward.tips import queries, services, tasks
from leeward.tips.errors import NotDecidable
from leeward.tips.models import TipRow, TipVersion
from leeward.tips.rules import pace
from leeward.tips.rules.tip import Tip, plain
from leeward.tips.services import deciding, opening, taking_in
from leeward.web_security.keys import new_form_key
from tests.intake.conftest import told_of
from tests.people.signing import events, signed_in
from tests.personas import Cast
from tests.tips.conftest import Bring, found_in
from tests.tips.samples import ICCAM, MD5, XARF, as_bytes, police

pytestmark = pytest.mark.django_db
FACTS = {"medium": "photograph", "age_band": "7-10", "act": "uk_a", "real_person": "yes"}


def settle(tip_id: int, outcome: str, *, actor: Actor) -> None:
    """Somebody records what became of a tip, having read its newest version."""
    newest = TipRow.objects.filter(pk=tip_id).values_list("versions", flat=True).first()
    services.settle(tip_id, outcome, seen=str(newest), actor=actor)


def analyst(cast: Cast) -> Actor:
    return Actor(
        kind="staff", id=cast["ana"].account_id, name="Ana", hotline_id=cast.hotline_id, roles=frozenset({"analyst"})
    )


def states() -> list[str]:
    return list(TipRow.objects.order_by("id").values_list("state", flat=True))


def test_a_tip_becomes_a_case_once(here: Cast, bring: Bring) -> None:
    assert (bring(police()).new, bring(police(), police()).same, Report.objects.count()) == (1, 2, 0)
    run_until_idle(most=2)
    report, row = Report.objects.get(), TipRow.objects.get()
    assert (row.state, row.report_id, row.label, row.versions) == ("opened", report.pk, "referral", 1)
    assert (report.source, report.urgency, report.where) == ("tip", "", "https://pictures.example/a/1?session=7")
    assert "CyberTip 123456" in report.text
    assert MD5 in report.text
    run_until_idle(datetime.now(UTC) + timedelta(seconds=1), most=6)
    assert Case.objects.get().source == "tip"
    assert bring(police()).same == 1
    assert Report.objects.count() == 1
    assert {"tips.taken_in", "tip.opened"} <= set(events(here.hotline_id))


def test_later_versions_stand_beside_and_reach_the_report(here: Cast, bring: Bring) -> None:
    bring(police())
    services.open_some(urgent=False)
    taken = bring(police(escalate="A child is with them", urls=["https://pictures.example/new"]))
    assert (taken.new, taken.versions) == (0, 1)
    row = TipRow.objects.get()
    assert (row.versions, row.is_urgent, row.raised) == (2, True, ["escalated"])
    assert Job.objects.get(kind=services.ADD).urgent
    services.add_newest(row.pk)
    services.add_newest(row.pk)
    report = Report.objects.get()
    assert report.urgency == "marked"
    assert "the sender calls it urgent" in report.marked_because
    assert sorted(report.items.values_list("typed", flat=True)) == [
        "https://pictures.example/a/1?session=7", "https://pictures.example/new",
    ]  # fmt: skip
    page = queries.tip(row.pk, here.hotline_id)
    assert page is not None
    assert [one.number for one in page.versions] == [2, 1]
    bring(police())
    assert TipRow.objects.get().is_urgent, "an older version that comes again makes it no less urgent"


def test_what_goes_round_is_folded_and_raises_nothing(bring: Bring) -> None:
    taken = bring(*(police(str(100_000 + n), urls=[f"https://pictures.example/a/1?session={n}"]) for n in range(5)))
    assert (taken.new, taken.folded, taken.urgent) == (5, 4, 0)
    urgent = bring(police("200000", escalate="now"), police("200001", provider="Two"))
    assert (urgent.folded, urgent.urgent) == (0, 1), "an urgent one goes by itself, another provider's too"
    first = TipRow.objects.order_by("id")[0]
    assert states() == ["waiting", *["folded"] * 4, "waiting", "waiting"]
    assert not first.is_urgent
    assert [row["outcome"] for row in queries.feedback_rows("NCMEC")][:2] == ["received", "duplicate"]
    services.open_some(urgent=False)
    assert Report.objects.count() == 2


def test_what_is_odd_waits_for_a_person_unless_it_is_urgent(here: Cast, bring: Bring) -> None:
    away = {"recipients": [{"country": "TO"}]}
    bring(police("300001", **away), police("300002", escalate="now", **away), ICCAM)
    assert states() == ["held", "waiting", "waiting"]
    held = TipRow.objects.order_by("id")[0]
    assert held.doubts == ["other_country"]
    settle(held.pk, "not_ours", actor=analyst(here))
    assert states()[0] == "closed"
    with pytest.raises(NotDecidable):
        services.take_anyway(held.pk, actor=analyst(here))
    bring(police("300001", provider="Another", **away))
    held.refresh_from_db()
    assert (held.state, held.doubts, held.outcome) == ("held", ["other_country", "came_again"], "not_ours")
    report_id = services.take_anyway(held.pk, actor=analyst(here))
    assert services.take_anyway(held.pk, actor=analyst(here)) == report_id, "two people at once make one case"
    assert Report.objects.get().entered_by_id == here["ana"].account_id


def test_nothing_is_folded_into_what_a_person_may_refuse(bring: Bring) -> None:
    bring(police("310001", recipients=[{"country": "TO"}]), police("310002"), police("310003"))
    bring(police("310004"))
    assert states() == ["held", "waiting", "folded", "folded"]
    assert set(TipRow.objects.filter(state="folded").values_list("bundle__number", flat=True)) == {"310002"}


def test_a_tip_that_came_again_is_closed_again_as_before(here: Cast, bring: Bring) -> None:
    away = {"recipients": [{"country": "TO"}]}
    bring(police("320001", **away))
    row = TipRow.objects.get()
    settle(row.pk, "not_ours", actor=analyst(here))
    bring(police("320001", provider="Another", **away))
    assert states() == ["held"]
    settle(row.pk, "not_ours", actor=analyst(here))
    assert states() == ["closed"]
    settle(row.pk, "investigating", actor=analyst(here))
    assert states() == ["held"], "what was closed by mistake is decided again"
    settle(row.pk, "unfounded", actor=analyst(here))
    bring(police("320001", escalate="now", **away))
    assert states() == ["waiting"], "urgent ones wait for nobody"
    settle(row.pk, "not_ours", actor=analyst(here))
    bring(police("320001", escalate="now", person={"accessToChildren": True}, **away))
    assert states() == ["waiting"], "nor does a new reason why one is urgent"
    settle(row.pk, "not_ours", actor=analyst(here))
    bring(police("320001", escalate="now", provider="A third", **away))
    assert states() == ["held"], "who decided about the same reasons sees it again"


@pytest.mark.parametrize("how", ["closed", "doubted"])
def test_what_was_folded_into_a_tip_that_becomes_no_case_becomes_one_itself(here: Cast, bring: Bring, how: str) -> None:
    bring(police("330001"), police("330002"), police("330003"))
    if how == "closed":
        settle(TipRow.objects.order_by("id")[0].pk, "not_ours", actor=analyst(here))
    else:
        bring(police("330001", recipients=[{"country": "TO"}]))
    assert states()[1:] == ["waiting", "folded"]
    _first, second, third = TipRow.objects.order_by("id")
    assert (second.bundle_id, third.bundle_id) == (None, second.pk)
    assert Job.objects.filter(kind=services.OPEN).exists()
    services.open_some(urgent=False)
    assert Report.objects.count() == 1
    assert queries.feedback_rows("NCMEC")[2]["outcome"] == "duplicate", "of one that is a case"


def test_a_folded_tip_that_comes_to_name_something_else_is_folded_no_more(bring: Bring) -> None:
    bring(police("340001"), police("340002"))
    bring(police("340002", note="A word more"))
    assert states() == ["waiting", "folded"]
    bring(police("340002", urls=["https://pictures.example/other"]))
    assert states() == ["waiting", "waiting"]
    services.open_some(urgent=False)
    assert "https://pictures.example/other" in set(Report.objects.values_list("where", flat=True))


def test_a_first_that_comes_to_name_something_else_holds_its_bundle_no_more(bring: Bring) -> None:
    elsewhere = {"urls": ["https://pictures.example/other"]}
    bring(
        police("350001"),
        police("350002"),
        police("350001", **elsewhere),
        police("350003"),
        police("350004", **elsewhere),
    )
    assert states() == ["waiting", "waiting", "folded", "folded"]
    assert list(TipRow.objects.filter(state="folded").order_by("id").values_list("bundle__number", flat=True)) == [
        "350002", "350001",
    ]  # fmt: skip


def test_who_decides_and_what_is_on_record(here: Cast, bring: Bring) -> None:
    bring(police())
    row, ana = TipRow.objects.get(), analyst(here)
    services.assign(row.pk, here["bela"].account_id, actor=ana)
    settle(row.pk, "investigating", actor=ana)
    settle(row.pk, "investigating", actor=ana)
    services.label(row.pk, "informational", actor=ana)
    row.refresh_from_db()
    assert (row.assigned_to_id, row.outcome, row.outcome_by_id, row.label, row.state) == (
        here["bela"].account_id, "investigating", ana.id, "informational", "waiting",
    )  # fmt: skip
    with pytest.raises(NotFound):
        services.assign(row.pk, here["dora"].account_id, actor=ana)
    for wrong in (lambda: settle(row.pk, "x", actor=ana), lambda: services.label(row.pk, "x", actor=ana)):
        with pytest.raises(BadInput):
            wrong()
    text = services.feedback(sender="NCMEC", hotline_id=here.hotline_id, actor=ana)
    assert "CyberTip,123456,NCMEC,Provider One,informational" in text
    assert ",investigating," in text
    assert services.feedback(sender="Nobody", hotline_id=here.hotline_id, actor=ana).count("\n") == 1
    assert events(here.hotline_id)[:2] == ["tips.feedback_given", "tips.feedback_given"]
    assert events(here.hotline_id).count("tip.settled") == 1
    administrator = Actor(
        kind="staff", id=here["adam"].account_id, hotline_id=here.hotline_id, roles=frozenset({"administrator"})
    )
    for act in (
        lambda: settle(row.pk, "arrest", actor=administrator),
        lambda: services.preview([], hotline_id=here.hotline_id, actor=administrator),
        lambda: bring(police("5"), actor=administrator, way="desk"),
    ):
        with pytest.raises(NotAllowed):
            act()


def test_another_country_sees_nothing(here: Cast, bring: Bring) -> None:
    bring(police())
    row = TipRow.objects.get()
    with scope(hotline=here.other_hotline_id):
        assert queries.tip(row.pk, here.other_hotline_id) is None
        assert not queries.feedback_rows("")
        assert queries.counts()["waiting"] == 0
        with pytest.raises(NotFound):
            settle(row.pk, "arrest", actor=analyst(here))


def test_the_preview_is_what_happens(here: Cast, bring: Bring) -> None:
    actor = Actor(kind="command", hotline_id=here.hotline_id)
    add_record([read_hash("md5", MD5)], facts=FACTS, actor=actor)
    bring(police())
    run_until_idle(most=4)
    documents = (
        police(),
        police(provider="Two"),
        police("9", recipients=[{"country": "TO"}]),
        police("8", escalate="x"),
        XARF,
    )
    coming = services.preview(found_in(*documents), hotline_id=here.hotline_id, actor=actor)
    assert [one.effect for one in coming] == ["same", "version", "new", "new", "new"]
    assert [one.is_known for one in coming] == [True, True, True, True, False]
    assert [one.has_case for one in coming] == [True, True, True, True, False]
    assert [one.doubts for one in coming][2] == ("other_country",)
    assert [one.folds for one in coming] == [False] * 5, "what a person decides about is folded into nothing"
    assert [one.is_urgent for one in coming] == [False, False, False, True, False]
    assert TipRow.objects.count() == 1, "nothing is changed"


def test_a_flood_of_tips_is_behind_a_public_report(here: Cast, bring: Bring, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pace, "MOST_AT_ONCE", 2)
    bring(*(police(str(400_000 + n), provider=f"P{n}") for n in range(30)))
    assert Job.objects.filter(kind__startswith="tips.").count() == 1, "however many tips, one job"
    assert services.open_some(urgent=False) == timedelta(seconds=pace.PAUSE_SECONDS)
    assert Report.objects.count() == 2, "some at a time"
    Job.objects.all().delete()
    receive_report(
        told_of("http://public.example/x"),
        hotline_id=here.hotline_id,
        portal_id=here.portal_id,
        language="en",
        form_key=new_form_key(),
    )
    job = claim(datetime.now(UTC), "here")
    assert job is not None
    assert job.kind.endswith("take_in"), "it comes first"
    monkeypatch.setattr(opening, "backlog", lambda now: type("Backlog", (), {"due": pace.MOST_WAITING}))
    assert services.open_some(urgent=False) == timedelta(seconds=pace.PAUSE_SECONDS)
    assert Report.objects.count() == 3, "no more of them while other work waits"


def test_urgent_tips_go_first_as_many_an_hour_as_people_are_paged_for(
    bring: Bring, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pace, "URGENT_AN_HOUR", 3)
    bring(*(police(str(500_000 + n), provider=f"P{n}", escalate="now") for n in range(4)))
    job = Job.objects.get(kind__startswith="tips.")
    assert (job.kind, job.urgent) == (services.OPEN_URGENT, True)
    assert services.open_some(urgent=True) == timedelta(seconds=pace.URGENT_PAUSE_SECONDS)
    assert Report.objects.filter(urgency="marked").count() == 3
    services.open_some(urgent=True)
    assert Report.objects.count() == 3
    assert services.open_some(urgent=True, now=datetime.now(UTC) + timedelta(hours=2)) is None
    assert Report.objects.count() == 4, "none is lost"


def test_urgent_tips_opened_while_the_clock_was_ahead_keep_none_waiting(
    bring: Bring, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pace, "URGENT_AN_HOUR", 1)
    bring(*(police(str(510_000 + n), provider=f"P{n}", escalate="now") for n in range(2)))
    services.open_some(urgent=True)
    TipRow.objects.filter(state="opened").update(opened_at=datetime.now(UTC) + timedelta(days=30))
    assert services.open_some(urgent=True) is None
    assert Report.objects.filter(urgency="marked").count() == 2


def test_what_is_killed_in_the_middle_leaves_whole_tips_and_is_run_again(
    bring: Bring, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(taking_in, "AT_ONCE", 2)
    documents = [police(str(600_000 + n), provider=f"P{n}") for n in range(5)]
    calls = iter(range(3))

    def dying(tip: Tip) -> dict[str, object]:
        if next(calls, None) is None:
            raise KeyboardInterrupt
        return plain(tip)

    with monkeypatch.context() as patch:
        patch.setattr(taking_in, "plain", dying)
        with pytest.raises(KeyboardInterrupt):
            bring(*documents)
    assert TipRow.objects.count() == TipVersion.objects.count() == 2, "whole ones only"
    again = bring(*documents)
    assert (again.new, again.same, TipRow.objects.count()) == (3, 2, 5)


def mail(sender: str, *documents: bytes) -> bytes:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = sender, "desk@hotline.example", "A report"
    message["Message-ID"] = f"<{len(documents)}{sender}@far.example>"
    message.set_content("See the attachment.")
    for number, content in enumerate(documents):
        message.add_attachment(content, maintype="application", subtype="json", filename=f"{number}.json")
    return message.as_bytes()


def test_machine_readable_mail_of_a_hotline_waits_as_tips(here: Cast) -> None:
    Contact.objects.create(hotline_id=here.hotline_id, kind="hotline", email="desk@far.example", name="Far shore")
    report = XARF | {"evidence": [{"content_type": "image/png", "payload": "QUJD" * 900}]}
    mail_id = notices_services.take_in(mail("Far <Desk@far.example>", as_bytes(report), b'{"no": "tip"}', b"{broken"))
    assert mail_id is not None
    kept = InboundMail.objects.get(pk=mail_id)
    assert len(kept.documents) == 2
    assert "QUJDQUJD" not in str(kept.documents), "no picture is stored on the way"
    taken = services.take_mail(mail_id)
    assert taken is not None
    assert (taken.new, taken.held) == (1, 1)
    assert services.take_mail(mail_id) is None, "the same event again finds nothing left"
    row = TipRow.objects.get()
    assert (row.state, row.doubts, row.system) == ("held", ["unsigned_mail"], "xarf")
    kept.refresh_from_db()
    assert (kept.documents, kept.read_at) == ([], None), "people read the mail as any other"


@pytest.mark.parametrize("code", ["busy", "crashed", "too_slow", "too_much_memory"])
def test_a_mail_is_read_again_where_the_machine_had_no_room_for_it(
    here: Cast, monkeypatch: pytest.MonkeyPatch, code: Code
) -> None:
    Contact.objects.create(hotline_id=here.hotline_id, kind="hotline", email="desk@far.example", name="Far shore")
    notices_services.take_in(mail("Far <desk@far.example>", as_bytes(XARF), as_bytes(police())))
    call = sandbox.call

    def without_room(function: str, body: bytes, *rest: object, **more: Any) -> object:
        is_second = more.get("name", "").endswith(", 2")
        return sandbox.Finding(code) if is_second else call(function, body, *rest, **more)  # type: ignore[arg-type]

    with monkeypatch.context() as now:
        now.setattr(sandbox, "call", without_room)
        run_until_idle()
    assert [row.system for row in TipRow.objects.all()] == ["xarf"], "one document keeps no other from being taken in"
    assert len(InboundMail.objects.get().documents) == 2
    waiting = Job.objects.get(kind__contains="tips", subject_id=InboundMail.objects.get().pk)
    assert (waiting.attempts, waiting.dead, waiting.problem) == (1, False, "NotReadToTheEnd"), (
        "it is tried again, not for ever"
    )
    run_until_idle(datetime.now(UTC) + timedelta(minutes=5))
    assert sorted(TipRow.objects.values_list("system", flat=True)) == ["cybertip", "xarf"]
    assert InboundMail.objects.get().documents == []


def test_a_mail_with_the_number_of_an_opened_tip_writes_nothing_into_its_case(here: Cast, bring: Bring) -> None:
    """Whoever forges the sender's address could otherwise add to the case, or make it urgent."""
    bring(police())
    services.open_some(urgent=False)
    opened = TipRow.objects.values().get()
    forged = police(provider="Somebody else", urls=["https://elsewhere.example/"])
    taken = bring(forged, way="mail")
    assert (taken.new, taken.versions, taken.held) == (1, 0, 1)
    assert bring(forged, way="mail").same == 1
    assert TipRow.objects.values().get(pk=opened["id"]) == opened
    assert not Job.objects.filter(kind=services.ADD).exists()
    assert TipRow.objects.get(state="held").doubts == ["unsigned_mail"]


def test_a_sender_hears_of_mail_in_its_name_only_what_somebody_recorded(here: Cast, bring: Bring) -> None:
    bring(police())
    bring(police(provider="Somebody else"), XARF | {"reporter": {}}, way="mail")
    assert [row["provider"] for row in queries.feedback_rows("NCMEC")] == ["Provider One"]
    assert queries.senders() == ["NCMEC"], "a choice without a name would be the list of all"
    forged = TipRow.objects.get(state="held", sender="NCMEC")
    page = "".join(signed_in(here, "ana").get(f"/desk/tips/{forged.pk}").content.decode().split())
    assert "Foritssender</dt><dd>—" in page
    settle(forged.pk, "more_needed", actor=analyst(here))
    assert [row["outcome"] for row in queries.feedback_rows("NCMEC")] == ["received", "more_needed"]


def test_mail_of_anybody_else_is_mail(here: Cast) -> None:
    mail_id = notices_services.take_in(mail("x@elsewhere.example", as_bytes(XARF)))
    assert mail_id is not None
    assert InboundMail.objects.get(pk=mail_id).documents == []
    assert services.take_mail(mail_id) is None
    assert not TipRow.objects.exists()


def test_words_are_deleted_after_two_years(here: Cast, bring: Bring) -> None:
    bring(police())
    assert services.forget_old_facts(datetime.now(UTC) + timedelta(days=731)) == 0, "it waits to become a case of them"
    services.open_some(urgent=False)
    now = datetime.now(UTC)
    assert services.forget_old_facts(now + timedelta(days=729)) == 0
    assert services.forget_old_facts(now + timedelta(days=731)) == 1
    page = queries.tip(TipRow.objects.get().pk, here.hotline_id)
    assert page is not None
    assert page.versions[0].facts is None
    assert page.row.number == "123456"
    assert services.forget_old_facts(now + timedelta(days=732)) == 0


def test_the_words_of_a_flood_are_deleted_in_one_night(bring: Bring, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deciding, "AT_ONCE", 2)
    bring(*(police(str(700_000 + n), recipients=[{"country": "TO"}]) for n in range(5)))
    TipRow.objects.update(changed_at=datetime.now(UTC) - timedelta(days=731))
    tasks.forget_old_facts()
    assert not TipRow.objects.filter(forgotten_at=None).exists()


def test_what_comes_after_the_words_were_deleted_reaches_the_report_and_is_deleted_too(bring: Bring) -> None:
    bring(police())
    services.open_some(urgent=False)
    later = datetime.now(UTC) + timedelta(days=731)
    assert services.forget_old_facts(later) == 1
    bring(police(escalate="A child is with them"))
    services.add_newest(TipRow.objects.get().pk)
    assert Report.objects.get().urgency == "marked"
    assert services.forget_old_facts(later) == 1
    assert [one.facts for one in TipVersion.objects.all()] == [{}, {}]


def test_the_command_takes_a_folder_and_names_what_it_refuses(
    here: Cast, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path_factory.mktemp("tips")
    (folder / "a.json").write_bytes(as_bytes(police()))
    (folder / "b.xml").write_bytes(b"<!DOCTYPE x><x/>")
    (folder / "c.jpg").write_bytes(b"not opened")
    (folder / "a.pdf").write_bytes(b"%PDF says what a.json says")
    (folder / "alone").mkdir()
    (folder / "alone" / "CT5.pdf").write_bytes(b"%PDF-1.7")
    torn, read_bytes = folder / "e.json", Path.read_bytes
    torn.write_bytes(b"{}")
    monkeypatch.setattr(Path, "read_bytes", lambda path: read_bytes(folder) if path == torn else read_bytes(path))
    monkeypatch.setattr("leeward.site.start.start", lambda: None)
    options = ["--hotline", "jm", "--portal", "jm", "--label", "referral"]
    dry = CliRunner().invoke(app, ["cybertips", str(folder), "--dry-run", *options], standalone_mode=False)
    assert not TipRow.objects.exists()
    assert [line.rpartition("(")[2] for line in dry.output.splitlines() if line.endswith(")")] == [
        "doctype)", "unreadable)", "only_paper)",
    ], dry.output  # fmt: skip
    for _again in range(2):
        found = CliRunner().invoke(app, ["cybertips", str(folder), *options], standalone_mode=False)
        assert found.return_value == 1, found.output
    assert TipRow.objects.get().label == "referral"
    listed = CliRunner().invoke(app, ["feedback", "--hotline", "jm"], standalone_mode=False)
    assert "CyberTip,123456,NCMEC" in listed.output
    wrong = CliRunner().invoke(
        app, ["cybertips", str(folder), "--hotline", "jm", "--label", "x"], standalone_mode=False
    )
    assert isinstance(wrong.exception, BadInput)
