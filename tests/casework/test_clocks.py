"""The clocks of real cases: they follow what happens, they escalate each step once, they follow their rules."""

import re
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from leeward.audit.queries import log_of
from leeward.audit.services import hotline_transaction
from leeward.casework import services
from leeward.casework.models import Appeal, Case
from leeward.casework.queue.rules.priority import first_assessment_due_of
from leeward.casework.timing import keep
from leeward.clocks.models import Clock, Escalation, RuleVersion
from leeward.clocks.queries import clocks_of_case, rule_of
from leeward.clocks.services import set_on_call, take_due_steps
from leeward.foundation.actor import Actor
from leeward.jobs.clockwatch import Jump, note
from leeward.jobs.models import Job
from leeward.jobs.worker import run_until_idle
from leeward.notices.models import AlertCase, Message, Referral
from leeward.people.models import Portal
from leeward.people.services import set_leave
from leeward.web_security.keys import new_form_key
from tests.casework.conftest import Desk
from tests.having_read import seen_on
from tests.personas import date_roles

pytestmark = pytest.mark.django_db


def seen(client: Client, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status
    return answer.content.decode()


def once(page: str) -> str:
    found = re.search(r'name="once" value="([^"]+)"', page)
    assert found
    return found[1]


def states(case: Any) -> dict[str, str]:
    return {row.kind: row.state for row in clocks_of_case(case.pk)}


def overdue(case: Any, kind: str, hours: float = 1) -> Clock:
    """Let a clock of a case have run out so long ago."""
    row = Clock.objects.get(case_id=case.pk, kind=kind)
    row.due_at = datetime.now(UTC) - timedelta(hours=hours)
    row.started_at = row.due_at - timedelta(days=1)
    row.save()
    Job.objects.filter(kind="clocks.escalate", subject_id=row.pk).update(due_at=datetime.now(UTC))
    return row


def test_what_a_clock_that_was_ahead_did_early_is_done_again_in_time(desk: Desk) -> None:
    row = Clock.objects.get(case_id=desk.first().pk, kind="first_assessment")
    now, ahead = datetime.now(UTC), row.due_at + timedelta(days=9)
    note(Jump(now, ahead), "here:0")
    take_due_steps(row.pk, ahead)
    assert Escalation.objects.filter(clock=row, act="page").exists()
    Job.objects.filter(kind="clocks.escalate", subject_id=row.pk).delete()
    note(Jump(ahead, now), "here:0")
    assert not Escalation.objects.filter(clock=row).exists()
    assert Job.objects.filter(kind="clocks.escalate", subject_id=row.pk).exists()
    later = row.due_at + timedelta(days=1)
    take_due_steps(row.pk, later)
    assert Escalation.objects.filter(clock=row, act="page", at=later).exists(), "somebody is paged when time runs out"


def test_the_clocks_follow_a_case_through_its_life(desk: Desk) -> None:
    case = desk.first()
    assert states(case) == {"first_assessment": "running"}
    services.change_urgency(case.pk, urgent=True, reason="they called again", actor=desk.cast["ana"].actor)
    row = Clock.objects.get(case_id=case.pk, kind="first_assessment")
    assert (row.rule_kind, row.due_at - row.started_at) == ("urgent_assessment", timedelta(hours=1))
    assert states(case) == {"first_assessment": "running", "police_told": "running"}, (
        "an urgent one waits for no decision"
    )
    desk.assess(case)
    assert states(case) == {"first_assessment": "met", "police_told": "running"}
    desk.act(case)
    assert states(case)["police_told"] == "met"
    assert states(case).get("host_told") in ("running", "met")
    desk.until(case, lambda row: row.host_told_at is not None)
    assert states(case) == {
        "first_assessment": "met",
        "police_told": "met",
        "police_answered": "running",
        "host_told": "met",
        "removed": "running",
    }
    page = seen(desk.signed_in("ana"), f"/desk/case/{case.reference}")
    assert "target: default" in page
    services.change_urgency(case.pk, urgent=False, reason="They found it.", actor=desk.cast["ana"].actor)
    Referral.objects.filter(case_id=case.pk).update(
        acknowledged_at=datetime.now(UTC), outcome="child_safe", outcome_at=datetime.now(UTC)
    )
    services.close_case(case.pk, reason=16, comment="Settled.", actor=desk.cast["ana"].actor)
    assert states(case)["removed"] == "ended"
    number = services.open_appeal(case.pk, origin="outside", origin_id=7, text="It is a holiday picture.")
    appeal = Appeal.objects.get(pk=number)
    clock = Clock.objects.get(case_id=case.pk, kind="appeal", about_id=number)
    assert (clock.state, clock.due_at, clock.about_id) == ("running", appeal.due_at, appeal.pk)
    before = list(Clock.objects.filter(case_id=case.pk).order_by("pk").values())
    with hotline_transaction():
        keep(Case.objects.get(pk=case.pk))
    assert list(Clock.objects.filter(case_id=case.pk).order_by("pk").values()) == before, (
        "looking again changes nothing"
    )


def test_a_police_hold_makes_the_clock_stand_still(desk: Desk) -> None:
    from leeward.casework.acting.services.following import hold_changed

    case = desk.first()
    desk.assess(case)
    now = datetime.now(UTC)
    Case.objects.filter(pk=case.pk).update(state="acting", lane="up", police_told_at=now)
    from leeward.casework.acting.services.acting import note
    from leeward.notices.models import NoticeCase

    NoticeCase.objects.create(
        hotline_id=case.hotline_id, portal_id=case.portal_id, case_id=case.pk, location_id=case.location_id,
        brief={"reference": case.reference},
        tells_host=True, started_at=now,
    )  # fmt: skip
    note(case.pk, text="Told.", actor=desk.cast["ana"].actor)
    due = Clock.objects.get(case_id=case.pk, kind="host_told").due_at
    assert due == now + timedelta(hours=26)
    hold_changed(case.pk, now + timedelta(days=3))
    clock = Clock.objects.get(case_id=case.pk, kind="host_told")
    assert (clock.state, clock.pause_reason) == ("paused", "police_hold")
    assert take_due_steps(clock.pk, now + timedelta(days=2)) is None, "no step while it stands still"
    assert case.reference in seen(desk.signed_in("carl"), "/desk/clocks?when=paused&kind=host_told")
    Clock.objects.filter(pk=clock.pk).update(paused_at=now - timedelta(hours=5))
    hold_changed(case.pk, None)
    clock.refresh_from_db()
    assert clock.state == "running"
    assert clock.due_at - due >= timedelta(hours=5)


def test_each_step_is_taken_once_whatever_happens_in_between(desk: Desk) -> None:
    cast = desk.cast
    set_on_call(cast.portal_id, "night@hotline.example", actor=Actor("command", hotline_id=cast.hotline_id))
    desk.world.mail.clear()
    held, waiting = desk.case("http://a.example/1"), desk.case("http://a.example/2")
    services.claim_case(held.pk, actor=cast["bela"].actor)
    desk.assess(held, "bela")
    clocks = [overdue(held, "police_told"), overdue(waiting, "first_assessment")]
    for clock in clocks:  # the machine stops in the middle of it
        with suppress(RuntimeError), transaction.atomic():
            take_due_steps(clock.pk, datetime.now(UTC))
            raise RuntimeError
    assert not Escalation.objects.exists()
    for _ in range(3):  # begun again and again
        Job.objects.filter(kind="clocks.escalate").update(leased_until=None)
        for clock in clocks:
            take_due_steps(clock.pk, datetime.now(UTC))
        desk.work()
    assert sorted(Escalation.objects.values_list("clock_id", "act")) == sorted(
        (clock.pk, act) for clock in clocks for act in ("remind", "reassign", "page")
    )
    waiting.refresh_from_db()
    held.refresh_from_db()
    assert held.claimed_by_id not in (None, cast["bela"].account_id), "it went to somebody who does not hold it"
    assert waiting.claimed_by_id is not None
    assert waiting.state == "assessing"
    assert waiting.first_assessed_at is None, "being given a case is no look at it"
    assert states(waiting)["first_assessment"] == "running"
    desk.until(held, lambda _: not Message.objects.filter(kind="alert").exclude(state="sent").exists())
    paged = [mail.text for mail in desk.world.mail.messages("night@hotline.example")]
    assert sum(text.count(held.reference) for text in paged) == 1
    assert sum(text.count(waiting.reference) for text in paged) == 1
    reminded = [mail.text for mail in desk.world.mail.messages("bela@staff.example")]
    assert sum(text.count(held.reference) for text in reminded) == 1
    everything = "".join(mail.text for mail in desk.world.mail.messages())
    assert "a.example" not in everything, "a mailbox is not the desk: no address goes into it"
    given = [mail.text for mail in desk.world.mail.messages() if "reassigned to you" in mail.text]
    assert sum(text.count(waiting.reference) for text in given) == 1
    taker = next(name for name in cast.people if cast[name].account_id == waiting.claimed_by_id)
    assert waiting.reference in seen(desk.signed_in(taker), "/desk/")
    assert "their time is running out" in seen(desk.signed_in(taker), "/desk/"), "and it stands on the desk"
    services.save_draft(waiting.pk, {}, actor=cast[taker].actor)
    assert states(waiting)["first_assessment"] == "met", "now they look"


def test_a_thousand_late_cases_are_one_mail(desk: Desk) -> None:
    cases = [desk.case(f"http://a.example/{number}") for number in range(4)]
    set_on_call(desk.cast.portal_id, "night@hotline.example", actor=Actor("command", hotline_id=desk.cast.hotline_id))
    for case in cases:
        take_due_steps(overdue(case, "first_assessment").pk, datetime.now(UTC))
    pages = Message.objects.filter(kind="alert", to="night@hotline.example")
    assert pages.count() == 1
    assert AlertCase.objects.filter(alert_id=pages.get().subject_id).count() == 4


def test_nobody_is_there_to_take_it(desk: Desk) -> None:
    case = desk.first()
    for name in ("ana", "bela", "carl"):
        set_leave(desk.cast[name].account_id, date(2100, 1, 1), actor=desk.cast["adam"].actor)
    take_due_steps(overdue(case, "first_assessment").pk, datetime.now(UTC))
    desk.work()
    assert Escalation.objects.get(act="reassign").outcome == "nobody"
    assert Message.objects.filter(kind="alert", to="carl@staff.example").exists(), (
        "where all are away the page goes out"
    )


def test_who_is_away_is_asked_by_the_day_of_the_portal(desk: Desk) -> None:
    case, cast = desk.first(), desk.cast
    date_roles(cast["bela"].account_id, ["supervisor"])
    at_night = (datetime.now(UTC) + timedelta(days=2)).replace(
        hour=2
    )  # in Jamaica it is nine in the evening of the day before
    set_leave(cast["carl"].account_id, at_night.date(), actor=cast["adam"].actor)
    take_due_steps(overdue(case, "first_assessment").pk, at_night)
    paged = set(Message.objects.filter(kind="alert").values_list("to", flat=True))
    assert "bela@staff.example" in paged
    assert "carl@staff.example" not in paged, "their first day back has not begun there"


def test_a_rule_is_changed_with_a_preview_dated_and_followed(desk: Desk, django_assert_max_num_queries: Any) -> None:
    cast, carl = desk.cast, desk.signed_in("carl")
    case = desk.case()
    due = Clock.objects.get(case_id=case.pk).due_at
    path = f"/desk/time-limits/{cast.portal_id}/first_assessment"
    values = {"amount": "2", "unit": "hours", "remind": "1", "reassign": "", "page": "0"}
    values["seen"] = old = seen_on(seen(carl, path))
    page = carl.post(path, values | {"act": "look"}).content.decode()
    assert "1 open clock gets another due time." in page
    assert case.reference in page
    assert rule_of(cast.portal_id, "first_assessment").number == 0, "looking changes nothing"
    wrong = carl.post(path, values | {"remind": "3", "act": "set", "once": once(page)})
    assert wrong.status_code == 422
    assert 'value="3"' in wrong.content.decode(), "nothing that was written is lost"
    for _ in range(2):  # sent twice it counts once
        assert carl.post(path, values | {"act": "set", "once": once(page)}).status_code == 302
    for mark in (old, ""):
        late = values | {"amount": "3", "act": "set", "once": new_form_key(), "seen": mark}
        assert carl.post(path, late).status_code == 409, "a colleague has set it since"
    assert RuleVersion.objects.count() == 1
    line = log_of(cast.hotline_id, f"clock_rule:{RuleVersion.objects.get().pk}")[0]
    assert line.event == "clock_rule.set"
    assert (line.facts["amount"], line.facts["kind"], line.facts["number"]) == (2, "first_assessment", 1)
    desk.work()
    clock, case = Clock.objects.get(case_id=case.pk), Case.objects.get(pk=case.pk)
    assert clock.due_at == clock.started_at + timedelta(hours=2) != due
    assert clock.rule_id == RuleVersion.objects.get().pk
    assert first_assessment_due_of(case.priority) == clock.due_at.replace(microsecond=0), "the queue follows"
    services.claim_case(case.pk, actor=cast["ana"].actor)
    with django_assert_max_num_queries(12):
        page = seen(carl, "/desk/time-limits")
        assert "reassign it 15 min before" in page
    assert "2 hours" in page
    assert desk.signed_in("ana").get("/desk/time-limits").status_code == 403
    assert desk.signed_in("dora").get(path).status_code == 404, "another hotline’s portal is none of theirs"


def test_holidays_of_the_country_more_and_fewer(desk: Desk) -> None:
    cast, carl = desk.cast, desk.signed_in("carl")
    case = desk.case()
    path = f"/desk/time-limits/{cast.portal_id}/calendar"
    assert "No days off" in seen(carl, path)
    today = datetime.now(UTC).date()
    week = "\n".join((today + timedelta(days=number)).isoformat() for number in range(-1, 10))
    values = {"follows": "on", "added": week, "on_call": "night@hotline.example", "seen": seen_on(seen(carl, path))}
    page = carl.post(path, values | {"act": "look"}).content.decode()
    assert "1 open clock gets another due time." in page
    assert "Independence Day" in page
    assert not Portal.objects.get(pk=cast.portal_id).follows_holidays
    before = Clock.objects.get(case_id=case.pk).due_at
    assert carl.post(path, values | {"act": "set", "once": once(page)}).status_code == 302
    run_until_idle()
    after = Clock.objects.get(case_id=case.pk).due_at
    assert after >= before + timedelta(days=3)
    assert first_assessment_due_of(Case.objects.get(pk=case.pk).priority) == after.replace(microsecond=0)
    page = seen(carl, path)
    late = carl.post(path, values | {"act": "set", "once": new_form_key()})
    assert late.status_code == 409, "the days are others than it showed"
    values["seen"] = seen_on(page)
    emancipation = re.search(r'value="(\d{4}-08-01)"', page)
    assert emancipation, "a holiday of the next twelve months can be taken away"
    page = carl.post(path, values | {"worked": emancipation[1], "act": "look"}).content.decode()
    carl.post(path, values | {"worked": emancipation[1], "act": "set", "once": once(page)})
    portal = Portal.objects.get(pk=cast.portal_id)
    assert portal.worked_holidays == [emancipation[1]]
    copied = carl.post(path, values | {"added": f"{today.year + 1}-02-03 Day of the office", "act": "look"})
    assert copied.status_code == 200, "a line as the page itself shows it"
    bad = carl.post(path, values | {"added": "tomorrow", "act": "look"})
    assert bad.status_code == 422
    assert "tomorrow" in bad.content.decode()
