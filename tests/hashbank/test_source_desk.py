"""Sources on the desk, by the job that pulls, in the doctor and by the command."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from leeward.casework.acting.services.alerting import live_source_alarmed
from leeward.demo.world.feeds import NcmecFeed
from leeward.demo.world.web import Answer
from leeward.hashbank.models import LiveSource, Record, SourceFeedback
from leeward.hashbank.sources.services import feeding_back, watching
from leeward.hashbank.tasks import pull_source, pull_sources
from leeward.jobs.models import Job
from leeward.notices.models import StaffNote
from leeward.site.doctor_sources import of_sources
from leeward.web_security.keys import new_form_key
from tests.hashbank.conftest import Desk, decide
from tests.hashbank.feeds import agreed_source, prints, pull
from tests.hashbank.test_pages import signed_in
from tests.having_read import confirm_agreement, seen_on
from tests.personas import Cast

PAGE = "/desk/bank/live-sources"


@pytest.fixture
def ncmec(reach: None) -> Any:
    with NcmecFeed() as feed:
        feed.add("one", prints("one"))
        yield feed


def text(client: Client) -> str:
    return " ".join(client.get(PAGE).content.decode().split())


def press(client: Client, live_id: int, act: str, **more: str) -> Any:
    return client.post(f"{PAGE}/{live_id}", {"act": act, "once": new_form_key(), **more})


def test_two_people_agree_on_the_page_and_see_how_pulls_go(ncmec: NcmecFeed, cast: Cast, bank: Desk) -> None:
    carl, adam = signed_in(cast, "carl"), signed_in(cast, "adam")
    assert "leeward bank sources add" in text(carl), "what to do next, before there is a source"
    number = agreed_source(cast, ncmec, "ncmec", agreed=False)
    assert "Off: no agreement" in text(carl)
    wrong = press(carl, number, "agree", terms="x", agreed_on="soon")
    assert wrong.status_code == 422
    press(carl, number, "agree", terms="Memorandum 2026-4", agreed_on="2026-05-31")
    assert "somebody else has to confirm it" in text(carl)
    assert "Confirm as the second person" not in text(carl)
    assert press(carl, number, "confirm").status_code == 403
    assert "Confirm as the second person" in text(adam)
    press(adam, number, "confirm", seen=seen_on(text(adam)))
    shown = text(adam)
    assert "Memorandum 2026-4, in force since 31 May 2026, recorded by Carl" in shown
    assert "confirmed by Adam" in shown
    pull(number, cast)
    assert "Up to date" in text(carl)
    ncmec.next(Answer(500, b"", "text/plain"))
    pull(number, cast)
    shown = text(carl)
    assert "The last pull failed: it answers with an error (500)." in shown
    assert "Failing" in shown
    press(carl, number, "pause")
    assert "Paused" in text(carl)
    press(carl, number, "resume")
    assert Job.objects.filter(kind=watching.PULL).count() == 0
    press(carl, number, "pull")
    assert Job.objects.filter(kind=watching.PULL, subject_id=number).count() == 1
    assert "demonstration" not in text(carl), "no secret is on the page"


def test_what_goes_back_is_shown_on_the_desk_before_anything_is_sent(ncmec: NcmecFeed, cast: Cast, bank: Desk) -> None:
    number = agreed_source(cast, ncmec, "ncmec")
    pull(number, cast)
    decide(Record.objects.get().pk, "not_illegal", actor=bank.supervisor)
    carl, page = signed_in(cast, "carl"), f"{PAGE}/{number}/feedback"

    def press_there(act: str) -> Any:
        seen = seen_on(carl.get(page).content.decode())
        return carl.post(f"{page}/change", {"act": act, "once": new_form_key(), "seen": seen})

    assert page in text(carl)
    shown = carl.get(page).content.decode()
    assert ("Nobody has had it put together" in shown, "I have looked at it" in shown) == (True, False)
    assert press_there("allow").status_code == 409, "not before somebody has seen it"
    press_there("look")
    shown = carl.get(page).content.decode()
    assert ("negative" in shown, f"/desk/bank/{Record.objects.get().pk}" in shown) == (True, True)
    watching.carry_on(number)
    assert ncmec.replied == [], "nothing goes by having looked"
    older = seen_on(shown)
    press_there("look")
    for seen in ("", older):
        values = {"act": "allow", "once": new_form_key(), "seen": seen}
        late = carl.post(f"{page}/change", values, follow=True).content.decode()
        assert "Something else was entered since you opened this page." in late
        assert not LiveSource.objects.get().feeds_back
    press_there("allow")
    watching.carry_on(number)
    assert [one["word"] for one in ncmec.replied] == ["down"]
    shown = carl.get(page).content.decode()
    assert ("There is nothing to send." in shown, "Send nothing by itself" in shown) == (True, True)
    press_there("stop")
    assert not LiveSource.objects.get().feeds_back
    assert signed_in(cast, "ana").get(page).status_code == 403
    assert signed_in(cast, "dora").get(page).status_code == 404


def test_what_may_have_arrived_goes_again_only_by_a_page_that_shows_it(
    ncmec: NcmecFeed, cast: Cast, bank: Desk
) -> None:
    number = agreed_source(cast, ncmec, "ncmec")
    pull(number, cast)
    record_id = Record.objects.get().pk
    decide(record_id, "not_illegal", actor=bank.supervisor)
    carl, page = signed_in(cast, "carl"), f"{PAGE}/{number}/feedback"
    again = {"act": "again", "again": str(record_id)}
    shown = carl.get(page).content.decode()
    carl.post(f"{page}/change", {"act": "look", "once": new_form_key(), "seen": seen_on(shown)})
    older = seen_on(carl.get(page).content.decode())
    SourceFeedback.objects.update(state="unsure")
    for seen in ("", older):
        late = carl.post(f"{page}/change", again | {"once": new_form_key(), "seen": seen}, follow=True)
        assert "Something else was entered since you opened this page." in late.content.decode()
        assert SourceFeedback.objects.get().state == "unsure"
    shown = carl.get(page).content.decode()
    assert "Send it again" in shown
    carl.post(f"{page}/change", again | {"once": new_form_key(), "seen": seen_on(shown)})
    assert SourceFeedback.objects.get().state == "waiting"


def test_who_sees_and_does_what(ncmec: NcmecFeed, cast: Cast, bank: Desk) -> None:
    number = agreed_source(cast, ncmec, "ncmec", agreed=False)
    seen = {
        name: signed_in(cast, name).get(PAGE).status_code for name in ("ana", "carl", "adam", "pia", "otto", "dora")
    }
    assert seen == {"ana": 403, "carl": 200, "adam": 200, "pia": 403, "otto": 403, "dora": 200}
    dora = signed_in(cast, "dora")
    assert "Clearing House" not in text(dora), "the other country sees nothing of it"
    assert press(dora, number, "agree", terms="Memorandum", agreed_on="2026-05-31").status_code == 404
    assert press(signed_in(cast, "ana"), number, "pause").status_code == 403
    row = LiveSource.objects.get()
    assert (row.agreed_at, row.paused_at) == (None, None)


def test_a_job_pulls_what_is_due_and_tells_of_what_fails_for_a_day(ncmec: NcmecFeed, cast: Cast, bank: Desk) -> None:
    number = agreed_source(cast, ncmec, "ncmec")
    off = agreed_source(cast, ncmec, "ncmec", name="off", source="Another", url=ncmec.url + "/other", agreed=False)
    pull_sources()
    assert list(Job.objects.filter(kind=watching.PULL).values_list("subject_id", flat=True)) == [number]
    pull_source(number)
    pull_source(off)
    assert Record.objects.count() == 1
    Job.objects.all().delete()
    pull_sources()
    assert Job.objects.filter(kind=watching.PULL).count() == 0, "it is not due for an hour"
    LiveSource.objects.filter(pk=number).update(next_at=datetime.now(UTC) + timedelta(days=30))
    pull_sources()
    assert Job.objects.filter(kind=watching.PULL).count() == 1, "a clock was ahead"
    LiveSource.objects.filter(pk=number).update(good_at=datetime.now(UTC) - timedelta(hours=25))
    ncmec.next(Answer(500, b"", "text/plain"), Answer(500, b"", "text/plain"))
    pull_source(number)
    assert live_source_alarmed(number) > 0
    pull_source(number)
    assert live_source_alarmed(number) == 0, "told once"
    assert set(StaffNote.objects.values_list("what", flat=True)) == {"source_failing"}
    told = [(number_, sentence) for number_, sentence, _hint in of_sources()]
    assert [one for one, _sentence in told] == ["leeward.hashbank.W003", "leeward.hashbank.W004"]
    assert "failed 2 times: it answers with an error (500)." in told[0][1]
    pull_source(number)
    assert LiveSource.objects.get(pk=number).alarm_at is None
    assert live_source_alarmed(number) == 0
    pull_source(999_999)


def test_who_would_withdraw_most_raises_the_alarm_at_once_and_waits_on_the_page(
    ncmec: NcmecFeed, cast: Cast, bank: Desk
) -> None:
    number = agreed_source(cast, ncmec, "ncmec")
    held = {"withdraws": 30, "says": 31}
    LiveSource.objects.filter(pk=number).update(failures=1, held=held, problem=None, good_at=datetime.now(UTC))
    ncmec.next(Answer(500, b"", "text/plain"))
    pull_source(number)
    assert live_source_alarmed(number) > 0
    assert set(StaffNote.objects.values_list("what", flat=True)) == {"source_held"}
    carl = signed_in(cast, "carl")
    assert "Withdraw 30 of 31 entries" in text(carl)
    assert press(carl, number, "withdraw", number="31").status_code == 400
    press(carl, number, "withdraw", number="30")
    row = LiveSource.objects.get()
    assert (row.may_withdraw, row.held) == (30, None)
    assert "Withdraw 30 of 31 entries" not in text(carl)


def test_what_we_say_goes_back_after_a_pull_once_somebody_has_let_it(ncmec: NcmecFeed, cast: Cast, bank: Desk) -> None:

    number = agreed_source(cast, ncmec, "ncmec")
    pull(number, cast)
    decide(Record.objects.get().pk, "confirm", actor=bank.supervisor)
    pull_source(number)
    assert ncmec.replied == []
    feeding_back.preview_feedback("feed", actor=bank.supervisor)
    pull_source(number)
    assert ncmec.replied == [], "seen, and not sent by anybody"
    feeding_back.send_feedback("feed", actor=bank.supervisor)
    decide(Record.objects.get().pk, "not_illegal", actor=bank.supervisor)
    pull_source(number)
    assert [one["word"] for one in ncmec.replied] == ["up", "down"]
    feeding_back.stop_feedback("feed", actor=bank.supervisor)
    decide(Record.objects.get().pk, "confirm", actor=bank.supervisor)
    pull_source(number)
    assert len(ncmec.replied) == 2


def test_the_command_adds_pulls_and_tells(
    ncmec: NcmecFeed,
    cast: Cast,
    bank: Desk,
    tmp_path: Any,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from contextlib import nullcontext

    from typer.testing import CliRunner

    from leeward.cli import bank_sources
    from leeward.foundation.actor import Actor

    command = Actor(kind="command", hotline_id=cast.hotline_id)
    monkeypatch.setattr(bank_sources, "in_hotline", lambda _slug: nullcontext(command))
    secrets = tmp_path / "secrets"
    secrets.write_text("user=leeward\npassword=demonstration\n")

    def run(*words: str) -> tuple[int, str]:
        done = CliRunner().invoke(bank_sources.app, [*words], standalone_mode=False)
        if done.exception:
            raise done.exception
        return int(done.return_value or 0), done.stdout

    said = ["--protocol", "ncmec", "--url", ncmec.url, "--source", "Clearing House", "--secrets", str(secrets)]
    assert "added and off" in run("add", "feed", *said)[1]
    run("agree", "feed", "--terms", "Memorandum 2026-4", "--date", "2026-05-31")
    confirm_agreement("feed", actor=cast["adam"].actor)
    [row] = [json.loads(line) for line in run("pull", "feed", "--dry-run", "--json")[1].splitlines()]
    assert (row["added"], row["why"], Record.objects.count()) == (1, None, 0)
    code, told = run("pull", "feed")
    assert (code, "added 1" in told) == (0, True)
    [row] = [json.loads(line) for line in run("list", "--json")[1].splitlines()]
    assert (row["state"], row["rows"], row["problem"]) == ("up_to_date", 1, None)
    ncmec.next(Answer(500, b"", "text/plain"))
    assert run("pull", "feed")[0] == 1
    assert run("status", "feed")[0] == 1
    run("pause", "feed")
    run("pause", "feed", "--resume")
    assert "0 votes" in run("remove", "feed")[1]
