"""Nobody outside is told before the police have it; what can't reach them stops the chain until a person settles it."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from leeward.foundation.actor import Actor
from leeward.foundation.errors import LeewardError, NotAllowed
from leeward.notices import queries, services
from leeward.notices.channels import registry
from leeward.notices.models import Message, NoticeCase, Referral, StaffNote
from leeward.notices.rules.briefs import Plan
from leeward.notices.rules.delivery import Outcome
from leeward.notices.sent_before import sent_counts_of
from leeward.notices.services import delivery
from leeward.notices.services.delivery import settle
from leeward.web_security.keys import new_form_key
from tests.having_read import seen_on
from tests.notices.conftest import ABUSE, POLICE, Office
from tests.notices.test_pages import signed_in
from tests.police_first import OthersBeforePolice, assert_police_first

POLICE_ACTOR = Actor("police")
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
THERE = "hotline@example.test"


def referral_message() -> Message:
    return Message.objects.get(kind="referral")


def outsiders(office: Office) -> list[str]:
    """Everybody but the police and our own people who got mail."""
    staff = {mail.to for mail in Message.objects.filter(kind="staff")}
    every = {to for mail in office.post.messages() for to in mail.recipients}
    return sorted(every - staff - {POLICE, "duty@constabulary.example"})


def told_of_it(state: str) -> Counter[str]:
    """Who of our own people was written to that the police were not told, and how often."""
    notes = StaffNote.objects.filter(what="police_not_told").values("pk")
    return Counter(Message.objects.filter(kind="staff", subject_id__in=notes, state=state).values_list("to", flat=True))


def refused(office: Office) -> None:
    office.post.refuse(POLICE)


def dropped(office: Office) -> None:
    office.post.drop_after_message(POLICE, kept=False)


def told_abroad(office: Office) -> None:
    details = services.ContactDetails(kind="hotline", country="CA", name="There", email=THERE)
    services.add_contact(details, hotline_id=office.cast.hotline_id, actor=office.cast["carl"].actor)


@pytest.mark.parametrize("trouble", [refused, dropped])
@pytest.mark.parametrize("country", ["JM", "CA"])
def test_where_the_police_can_not_be_told_nobody_is(office: Office, trouble: Any, country: str) -> None:
    told_abroad(office)
    trouble(office)
    office.act(office.case(country=country), Plan(foreign=True))
    office.work()
    office.work(6 * DAY)
    assert outsiders(office) == []
    [problem] = [row.problem for row in queries.open_notice_cases()]
    assert problem == ("police_not_told" if trouble is refused else "police_unsure")
    assert told_of_it("sent") == {office.cast[who].email: 1 for who in ("carl", "pia")}


def test_the_same_trouble_is_written_about_once_and_again_when_it_comes_back(office: Office) -> None:
    office.post.refuse(POLICE)
    acted = office.act(office.case())
    office.work()
    office.work(DAY)
    assert set(told_of_it("sent").values()) == {1}
    services.tell_police_again(acted.notice_case_id, actor=office.cast["pia"].actor)
    office.work()
    assert set(told_of_it("sent").values()) == {2}


def test_told_otherwise_the_time_for_the_police_begins(office: Office) -> None:
    office.post.refuse(POLICE)
    acted = office.act(office.case())
    office.work(2 * DAY)
    with pytest.raises(LeewardError, match="Write how the police were told"):
        services.enter_police_informed(acted.notice_case_id, note="  ", actor=office.cast["pia"].actor)
    services.enter_police_informed(
        acted.notice_case_id, note="By telephone to the duty officer", actor=office.cast["pia"].actor
    )
    office.work(23 * HOUR)
    assert outsiders(office) == []
    office.work(2 * HOUR)
    assert outsiders(office) == [ABUSE]
    [row] = [row for row in queries.history_of(1) if row.what == "referral_told"]
    assert "By telephone to the duty officer" in row.note
    assert queries.dead_letters() == []
    with pytest.raises(LeewardError, match="There is nothing to settle"):
        services.enter_police_informed(acted.notice_case_id, note="Again", actor=office.cast["pia"].actor)


def test_without_any_address_a_person_can_tell_the_police(office: Office) -> None:
    from leeward.people.models import Portal

    Portal.objects.filter(pk=office.cast.portal_id).update(police_email="")
    acted = office.act(office.case())
    office.work()
    assert acted.problems == ("no_police_contact",)
    services.enter_police_informed(acted.notice_case_id, note="At their desk", actor=office.cast["pia"].actor)
    row = queries.referral_of(1)
    assert row is not None
    services.answer_referral(row.id, "release", actor=office.cast["pia"].actor)
    office.work()
    assert outsiders(office) == [ABUSE]


def test_sent_again_to_the_police_as_the_portal_has_them_now(office: Office) -> None:
    from leeward.people.models import Portal

    office.post.refuse(POLICE)
    acted = office.act(office.case())
    office.work()
    Portal.objects.filter(pk=office.cast.portal_id).update(police_email="duty@constabulary.example")
    services.tell_police_again(acted.notice_case_id, actor=office.cast["pia"].actor)
    office.work()
    assert len(office.mails("duty@constabulary.example")) == 1
    assert queries.open_notice_cases() == []
    office.work(23 * HOUR)
    assert outsiders(office) == []
    office.work(2 * HOUR)
    assert outsiders(office) == [ABUSE]


def test_a_police_address_that_changes_while_the_message_waits_is_the_one_that_gets_it(office: Office) -> None:
    from leeward.people.models import Portal

    office.post.defer(POLICE, times=20)
    office.act(office.case())
    office.work()
    Portal.objects.filter(pk=office.cast.portal_id).update(police_email="duty@constabulary.example")
    office.work(HOUR)
    assert (len(office.mails(POLICE)), len(office.mails("duty@constabulary.example"))) == (0, 1)


def test_of_several_police_addresses_one_that_takes_mail_is_written_to_again(office: Office) -> None:
    from leeward.people.models import Portal

    Portal.objects.filter(pk=office.cast.portal_id).update(police_email="")
    for email in (POLICE, "duty@constabulary.example"):
        details = services.ContactDetails(kind="police", country="JM", name="Police", email=email)
        services.add_contact(details, hotline_id=office.cast.hotline_id, actor=Actor("command"))
    office.post.refuse(POLICE)
    acted = office.act(office.case())
    office.work()
    services.tell_police_again(acted.notice_case_id, actor=office.cast["pia"].actor)
    office.work()
    assert len(office.mails("duty@constabulary.example")) == 1


@pytest.mark.parametrize("act", ["acknowledge", "hold", "release"])
def test_police_who_answer_have_it_whatever_became_of_the_message(office: Office, act: str) -> None:
    office.post.drop_after_message(POLICE, kept=True)
    acted = office.act(office.case())
    office.work(2 * DAY)
    until = office.reached + 3 * DAY if act == "hold" else None
    services.answer_referral(acted.referral_id, act, actor=POLICE_ACTOR, until=until)
    assert (queries.dead_letters(), queries.open_notice_cases()) == ([], [])
    office.work(20 * HOUR)
    assert outsiders(office) == ([ABUSE] if act == "release" else [])
    office.work(3 * DAY)
    assert outsiders(office) == [ABUSE]


def test_a_note_proves_nothing(office: Office) -> None:
    office.post.refuse(POLICE)
    acted = office.act(office.case())
    office.work()
    services.answer_referral(acted.referral_id, "note", actor=office.cast["pia"].actor, note="Paid by 4111111111111111")
    assert Referral.objects.get(pk=acted.referral_id).note.endswith("Paid by [visa *1111]"), (
        "they write by their link too"
    )
    office.work(3 * DAY)
    assert outsiders(office) == []


def test_a_message_that_comes_back_stops_what_was_under_way(office: Office) -> None:
    acted = office.act(office.case())
    office.work()
    office.work(25 * HOUR)
    assert outsiders(office) == [ABUSE]
    delivery.came_back(referral_message(), "hard", now=office.reached)
    office.work(4 * DAY)
    assert len(office.mails(ABUSE)) == 1  # no reminder
    assert Referral.objects.get().sent_at is None
    services.enter_police_informed(acted.notice_case_id, note="By telephone", actor=office.cast["pia"].actor)
    office.work(25 * HOUR)
    assert len(office.mails(ABUSE)) == 2


def test_a_message_that_comes_back_after_the_police_answered_changes_nothing(office: Office) -> None:
    acted = office.act(office.case())
    office.work()
    services.answer_referral(acted.referral_id, "release", actor=POLICE_ACTOR)
    delivery.came_back(referral_message(), "hard", now=office.reached)
    office.work()
    assert outsiders(office) == [ABUSE]


def test_a_worker_killed_in_mid_sending_tells_nobody(office: Office) -> None:
    """What a restart finds half sent is unsure: the wait has not begun."""
    office.act(office.case())
    message = referral_message()
    Message.objects.filter(pk=message.pk).update(state="sending", sending_since=office.reached)
    office.work(3 * DAY)
    assert outsiders(office) == []
    assert referral_message().state == "unsure"
    services.call_arrived(message.pk, actor=office.cast["carl"].actor)  # it went three days ago: their time is over
    office.work()
    assert outsiders(office) == [ABUSE]


def test_the_message_to_the_police_can_not_be_given_up_while_the_case_waits_for_it(office: Office) -> None:
    office.post.refuse(POLICE)
    office.act(office.case())
    office.work()
    with pytest.raises(LeewardError, match="nobody else is told before them"):
        services.drop(referral_message().pk, actor=office.cast["carl"].actor)
    services.withdraw(1, actor=office.cast["carl"].actor)
    services.drop(referral_message().pk, actor=office.cast["carl"].actor)


def test_a_case_that_was_passed_on_and_then_assessed_is_referred_before_the_host_hears(office: Office) -> None:
    brief = office.case()
    services.forward_to_police(replace(brief, judged=""), more="urgent")
    office.work()
    office.post.refuse(POLICE)
    office.act(brief)
    office.work(3 * DAY)
    assert [message.kind for message in Message.objects.filter(state="dead")] == ["referral"]
    assert outsiders(office) == []


@pytest.mark.parametrize("ahead", [DAY, -DAY])
def test_what_comes_back_is_told_anew_to_the_police_and_the_host_whatever_the_clock_said_before(
    office: Office, ahead: timedelta
) -> None:
    """Found by make chaos: a referral dated a day ahead was taken for one of the next round, and the host was told without another."""
    brief = office.case()
    office.clock.move_to(office.reached + ahead)
    office.act(brief)
    office.work(ahead)
    services.answer_referral(Referral.objects.get().pk, "release", actor=POLICE_ACTOR)
    office.work()
    assert len(office.mails(ABUSE)) == 1
    office.reached -= ahead
    office.clock.move_to(office.reached)
    services.withdraw(1)
    office.act(brief)
    office.work()
    assert [referral.round for referral in Referral.objects.order_by("pk")] == [1, 2]
    assert (len(office.mails(POLICE)), len(office.mails(ABUSE))) == (2, 1)
    [before] = sent_counts_of([(1, brief.location_id)], contact_id=None).values()
    assert before.host == 0
    services.answer_referral(Referral.objects.latest("pk").pk, "release", actor=POLICE_ACTOR)
    office.work()
    assert (len(office.mails(POLICE)), len(office.mails(ABUSE))) == (2, 2)


@pytest.mark.parametrize("who", ["ana", "dora"])
def test_only_those_who_speak_with_the_police_can_settle_it(office: Office, who: str) -> None:
    office.post.refuse(POLICE)
    acted = office.act(office.case())
    office.work()
    with pytest.raises(NotAllowed):
        services.enter_police_informed(acted.notice_case_id, note="By telephone", actor=office.cast[who].actor)
    with pytest.raises(NotAllowed):
        services.tell_police_again(acted.notice_case_id, actor=office.cast[who].actor)
    assert NoticeCase.objects.get().state == "untold"


def test_a_try_that_ends_late_does_not_begin_the_wait(office: Office) -> None:
    office.act(office.case())
    message = referral_message()
    settle(message.pk, registry.for_everybody(), Outcome("connect", 0, "not_reached"))
    assert Referral.objects.get().wait_until is None


def row(number: int, event: str, **facts: Any) -> dict[str, Any]:
    return {"chain": 1, "number": number, "event": event, "actor": "system", "facts": facts}


SENT, FREED = row(1, "referral.sent", case=1), row(2, "referral.timed_out", case=1)
HOST = row(3, "notice.sent", kind="host", step=1, cases=[1])
GONE, WITHDRAWN = (row(3, "notice_case.stopped", case=1, why=why, step=1) for why in ("removed", "withdrawn"))
FIRST_OVER = [one | {"subject": "referral:1"} for one in (SENT, FREED)]
SECOND, FAILED, FIRST_FAILED = (
    row(2, event, case=1) | {"subject": f"referral:{number}"}
    for event, number in (("referral.sent", 2), ("referral.failed", 2), ("referral.failed", 1))
)
AGAIN, HELD = row(4, "notice_case.opened", case=1, police=True), row(4, "referral.held", case=1)
NOT_ASKED = row(1, "notice_case.opened", case=1, police=False) | {"actor": "staff:1"}
FIRM = row(5, "payment_alert.sent", kind="payment", cases=[1])


@pytest.mark.parametrize(
    "rows",
    [
        [FIRM],
        [SENT, FIRM],
        [SENT, GONE, FIRM],
        [NOT_ASKED, GONE, FIRM],
        [SENT, FREED, WITHDRAWN, FIRM],
        [SENT, FREED, GONE, WITHDRAWN, FIRM],
        [SENT, FREED, GONE, HOST],
        [SENT, FREED, GONE, AGAIN, FIRM],
        [SENT, FREED, GONE, HELD, FIRM],
        [SENT, FREED, GONE, row(4, "referral.failed", case=1), FIRM],
        [SENT, FREED, GONE, row(5, "payment_alert.sent", kind="payment", cases=[1, 2])],
        [HOST],
        [SENT, HOST],
        [FREED, HOST],
        [SENT, FREED, row(2, "referral.failed", case=1), HOST],
        [SENT, FREED, row(2, "notice_case.stopped", case=1), HOST],
        [row(1, "referral.sent", case=2), row(2, "referral.released", case=2), HOST],
        [row(3, "notice.sent", kind="foreign_police", step=1, cases=[1])],
        [*FIRST_OVER, FAILED, HOST],
        [*FIRST_OVER, SECOND, FAILED, HOST],
        [*FIRST_OVER, SECOND, FIRST_FAILED, HOST],
    ],
)
def test_the_check_of_the_log_sees_every_early_message(rows: list[dict[str, Any]]) -> None:
    with pytest.raises(OthersBeforePolice):
        assert_police_first(rows)


def test_the_check_of_the_log_lets_good_order_pass() -> None:
    abroad = row(2, "notice.sent", kind="foreign_police", step=1, cases=[1])
    assert assert_police_first([SENT, abroad, FREED, HOST]) == 2
    released = row(2, "referral.released", case=1) | {"subject": "referral:1"}
    assert assert_police_first([FIRST_OVER[0], SECOND, released, FIRST_FAILED, HOST]) == 1, "it lets both go"


def test_who_answers_while_the_mail_server_still_takes_a_message_had_it_then() -> None:
    late = HOST | {"subject": "notice:7"}
    answered = row(4, "notice.answered", case=1, item=1, answer="removed") | {"subject": "notice:7"}
    assert assert_police_first([SENT, FREED, answered, GONE, late]) == 1
    for rows in ([SENT, answered, FREED, GONE, late], [SENT, FREED, answered, GONE, HOST | {"subject": "notice:8"}]):
        with pytest.raises(OthersBeforePolice):
            assert_police_first(rows)


def test_a_message_that_was_on_its_way_when_its_page_was_found_gone_left_before_that() -> None:
    noon = datetime(2026, 1, 1, 12, tzinfo=UTC)
    gone, before, after = GONE | {"at": noon}, noon - timedelta(seconds=1), noon + timedelta(seconds=1)
    assert assert_police_first([SENT, FREED, gone, HOST | {"begun": before}]) == 1
    for rows in (
        [SENT, FREED, gone, HOST | {"begun": after}],
        [SENT, gone, HOST | {"begun": before}],
        [SENT, FREED, gone, AGAIN, HOST | {"begun": before}],
    ):
        with pytest.raises(OthersBeforePolice):
            assert_police_first(rows)


def test_a_message_that_a_person_calls_arrived_left_before_its_page_was_found_gone() -> None:
    """A restoring left it unsure before; the row of its sending is of when somebody said so."""
    late, called = HOST | {"subject": "notice:7"}, row(4, "message.called_arrived", kind="notice", about=7)
    unsure = row(3, "message.left_unsure", kind="notice", about=7)
    assert assert_police_first([SENT, FREED, unsure, GONE, called, late]) == 1
    for rows in (
        [SENT, FREED, GONE, called, late],
        [SENT, FREED, GONE, unsure, called, late],
        [SENT, FREED, unsure, GONE, late],
        [SENT, unsure, GONE, called, late],
        [SENT, FREED, unsure, GONE, AGAIN, called, late],
        [SENT, FREED, unsure, GONE, called, HOST | {"subject": "notice:8"}],
    ):
        with pytest.raises(OthersBeforePolice):
            assert_police_first(rows)


def test_a_payment_firm_may_hear_of_a_page_that_is_gone_if_the_police_let_others_be_told_before() -> None:
    assert assert_police_first([SENT, FREED, HOST, GONE, FIRM]) == 2
    assert assert_police_first([SENT, FREED, GONE, GONE, FIRM]) == 1


def test_whoever_speaks_with_the_police_settles_it_on_the_desk(office: Office) -> None:
    office.post.refuse(POLICE)
    acted = office.act(office.case())
    office.work()
    page = f"/desk/referrals/untold/{acted.notice_case_id}"
    assert signed_in(office, "ana").get(page).status_code == 403
    assert signed_in(office, "dora").get(page).status_code == 404
    dora = signed_in(office, "dora").post(page, {"once": new_form_key(), "act": "told", "note": "By telephone"})
    assert dora.status_code == 404
    pia = signed_in(office, "pia")
    assert page in pia.get("/desk/referrals").content.decode()
    assert "could not be delivered" in pia.get(page).content.decode()
    assert pia.post(page, {"once": new_form_key(), "act": "told", "note": " "}).status_code == 422
    seen = seen_on(pia.get(page).content.decode())
    assert (
        "goes to the police again"
        in pia.post(page, again := {"once": new_form_key(), "act": "again", "seen": seen}, follow=True).content.decode()
    )
    assert pia.post(page, again).status_code == 302  # pressed twice
    assert Message.objects.filter(kind="referral", state="waiting").count() == 1
    told = {"once": new_form_key(), "act": "told", "note": "By telephone at noon"}
    assert "There is nothing to settle" in pia.post(page, told, follow=True).content.decode()
    assert page not in pia.get("/desk/referrals").content.decode()
    row = queries.referral_of(1)
    assert row is not None
    assert (row.sent_at is not None, "By telephone at noon" in row.note) == (True, True)
