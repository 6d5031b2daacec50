"""What the pages about a letter to the police, and the history, say of the host is true of this case, whichever letter is looked at."""

import re
from datetime import datetime
from urllib.parse import urlsplit

import pytest
from django.test import Client

from leeward.backup.models import Restoration
from leeward.notices import queries, services
from leeward.notices.models import NoticeCase, Referral
from leeward.notices.rules.briefs import CaseBrief
from leeward.notices.services.police_first import hold_back, let_go_on, wait_for_police
from leeward.notices.writing.compose import REFERRAL, link_to
from leeward.people.models import Portal
from leeward.web_security.keys import new_form_key
from tests.having_read import confirm_entered, seen_on
from tests.notices.conftest import ABUSE, POLICE, Office
from tests.notices.test_holds import DAY, THEY, _brief, hold, letters, more_comes
from tests.people.signing import signed_in

__all__ = ["_brief"]
pytestmark = pytest.mark.django_db
NOW, ANSWER, NOT_YET = "is being sent now", "waits for your answer", "not yet"
LATER, HELD, SENT, NO_REMINDER = "will be sent on", "waits until", "sent on", "no reminder before"
UNKNOWN, OVER = (
    "It is not known whether the notice has reached the host.",
    "Time for the police to answer is over",
)
ON_TIME, ASKED_NOW, REMINDED = "is still sent on time", "is asked to remove the material now", "may be reminded again"


def page_of(letter: Referral) -> str:
    response = Client().get(urlsplit(link_to(REFERRAL, letter.pk)).path)
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def said(letter: Referral) -> str:
    """What the page says of the notice to the host; empty where it says nothing of one."""
    found = re.search(r"<dt>Notice to the host</dt>\s*<dd>(.*?)</dd>", page_of(letter))
    return re.sub("<.*?>", "", found[1]).strip() if found else ""


def offered(letter: Referral) -> list[str]:
    found = re.findall(r'name="act" value="(\w+)"|href="\?(release)=1"', page_of(letter))
    return ["".join(one) for one in found]


def due(brief: CaseBrief) -> list[datetime]:
    return [row.at for row in queries.history_of(brief.case_id) if row.what == "notice_due"]


def restore(office: Office) -> None:
    at = office.reached
    Restoration.objects.create(backup_at=at, restored_at=at, confirmed_at=at)
    wait_for_police(at)


def test_while_a_wait_runs_its_end_is_said(office: Office, brief: CaseBrief) -> None:
    assert said(letters()[0]).startswith(LATER)
    assert ON_TIME in page_of(letters()[0])
    assert due(brief) == [letters()[0].wait_until]
    services.answer_referral(letters()[0].pk, "release", actor=THEY)
    assert said(letters()[0]) == NOW
    assert due(brief) == []
    office.work()
    assert said(letters()[0]).startswith(SENT)


@pytest.mark.parametrize("hours", [12, 60])
def test_the_end_of_a_hold_is_said_while_it_ends_by_itself(office: Office, brief: CaseBrief, hours: int) -> None:
    until = hold(office, letters()[0], days=hours / 24)
    assert said(letters()[0]).startswith(HELD)
    assert due(brief) == [until]
    office.work(hours * DAY / 24 - DAY / 24)
    assert office.mails(ABUSE) == []
    office.work(DAY / 24)
    assert said(letters()[0]).startswith(SENT)


def test_after_a_restoring_no_day_is_named_on_which_nothing_happens(office: Office, brief: CaseBrief) -> None:
    hold(office, letters()[0], days=5)
    more_comes(office, brief)
    restore(office)
    for _ in range(2):
        assert [said(one) for one in letters()] == [ANSWER] * 2
        assert ON_TIME not in page_of(letters()[0])
        assert due(brief) == []
        listed = signed_in(office.cast, "carl").get("/desk/referrals").content.decode()
        assert "left" not in listed
        assert " over<" not in listed
        office.work(10 * DAY)
    until = hold(office, letters()[0], days=3)
    assert [said(one).startswith(HELD) for one in letters()] == [True] * 2
    assert due(brief) == [until]
    assert "left" in signed_in(office.cast, "carl").get("/desk/referrals").content.decode()
    restore(office)
    assert [said(one) for one in letters()] == [ANSWER] * 2
    services.answer_referral(letters()[0].pk, "release", actor=THEY)
    office.work()
    assert [said(one).startswith(SENT) for one in letters()] == [True] * 2


def test_what_was_put_back_says_so_until_it_may_go_on(office: Office, brief: CaseBrief) -> None:
    more_comes(office, brief)
    hold_back([letters()[1].pk], [], office.reached)
    office.work(5 * DAY)
    assert office.mails(ABUSE) == []
    assert [said(one) for one in letters()] == [ANSWER] * 2
    assert due(brief) == []
    let_go_on(office.reached)
    assert [said(one).startswith(LATER) for one in letters()] == [True] * 2
    assert due(brief) == [letters()[1].wait_until]


def test_an_earlier_letter_says_when_the_newest_is_over_and_lets_nothing_go(office: Office, brief: CaseBrief) -> None:
    office.work(DAY / 2)
    more_comes(office, brief)
    first, second = letters()
    assert first.wait_until is not None
    assert second.wait_until is not None
    assert said(first) == said(second) != ""
    assert due(brief) == [second.wait_until]
    assert "release" not in offered(first)
    assert "release" in offered(second)
    assert ASKED_NOW in page_of(second)
    hold(office, first)
    assert "release" in offered(first)
    assert ASKED_NOW in page_of(first)


def test_a_hold_that_leaves_the_newest_its_own_wait_is_said_to_last_as_long(office: Office, brief: CaseBrief) -> None:
    hold(office, letters()[0], days=2)
    office.work(DAY + 23 * DAY / 24)
    more_comes(office, brief)
    assert letters()[1].sent_at is not None
    assert due(brief) == [letters()[1].sent_at + DAY]
    office.work(DAY)
    assert len(office.mails(ABUSE)) == 1


def test_what_a_release_does_not_do_is_not_said(office: Office, brief: CaseBrief) -> None:
    hold(office, letters()[0])
    office.post.refuse(POLICE)
    more_comes(office, brief)
    assert NoticeCase.objects.get().state == "untold"
    assert "release" in offered(letters()[0])
    assert ASKED_NOW not in page_of(letters()[0])
    assert [said(one) for one in letters()] == [NOT_YET, ANSWER]


def test_of_a_host_that_was_told_only_reminders_are_said(office: Office, brief: CaseBrief) -> None:
    services.answer_referral(letters()[0].pk, "release", actor=THEY)
    office.work()
    more_comes(office, brief)
    assert due(brief) == []
    services.answer_referral(letters()[1].pk, "release", actor=THEY)
    services.answer_referral(letters()[0].pk, "hold", until=office.reached + 9 * DAY, actor=THEY)
    assert NO_REMINDER in said(letters()[1])
    assert REMINDED in page_of(letters()[1])
    restore(office)
    assert NO_REMINDER not in said(letters()[1])
    assert said(letters()[1]).startswith(SENT)


def test_reminders_that_no_time_lets_go_on_can_be_released(office: Office, brief: CaseBrief) -> None:
    services.answer_referral(letters()[0].pk, "release", actor=THEY)
    office.work()
    more_comes(office, brief)
    assert "release" not in offered(letters()[1])
    restore(office)
    office.work(5 * DAY)
    assert len(office.mails(ABUSE)) == 1
    assert "release" in offered(letters()[1])
    assert REMINDED in page_of(letters()[1])
    services.answer_referral(letters()[1].pk, "release", actor=THEY)
    office.work()
    assert len(office.mails(ABUSE)) == 2


def test_of_a_case_that_was_stopped_no_notice_is_said(office: Office) -> None:
    brief = office.case()
    office.act(brief)
    office.work()
    services.withdraw(brief.case_id, actor=office.cast["ana"].actor)
    assert said(letters()[0]) == ""
    assert "The notice" not in page_of(letters()[0])
    assert offered(letters()[0]) == ["acknowledge", "outcome", "note"]


def test_a_hold_of_a_case_that_was_stopped_can_be_ended(office: Office) -> None:
    """After a restoring no day ends it, and a case that was removed would wait for its end for ever."""
    brief = office.case()
    office.act(brief)
    office.work(DAY / 24)
    more_comes(office, brief)
    hold(office, letters()[1], days=5)
    services.withdraw(brief.case_id, reason="removed")
    restore(office)
    office.work(10 * DAY)
    for letter in letters():
        assert offered(letter)[-2:] == ["release", "note"]
        assert REMINDED not in page_of(letter)
        assert ASKED_NOW not in page_of(letter)
    services.answer_referral(letters()[0].pk, "release", actor=THEY)
    assert [one.state for one in letters()] == ["released"] * 2
    assert not queries.is_held_by_police([brief.case_id])
    assert ["release" in offered(one) for one in letters()] == [False] * 2
    office.work()
    assert office.mails(ABUSE) == []


def test_where_nobody_is_known_nothing_is_being_sent(office: Office) -> None:
    office.act(office.case(host="nobody-known.example", urgent=True))
    office.work()
    services.answer_referral(letters()[0].pk, "release", actor=THEY)
    office.work()
    assert said(letters()[0]) == NOT_YET


def test_no_letter_says_that_silence_lets_the_host_be_told_where_it_does_not(office: Office, brief: CaseBrief) -> None:
    silence, link = "hours after this message", "you can hold or release it there"

    def newest() -> str:
        return " ".join(office.mails(POLICE)[-1].text.split())

    assert silence in newest()
    hold(office, letters()[0], days=2)
    more_comes(office, brief)
    assert (silence in newest(), link in newest()) == (False, True)
    office.work(5 * DAY)
    second = office.case(urgent=True)
    office.act(second)
    office.work()
    assert silence in newest()
    restore(office)
    more_comes(office, second)
    assert (silence in newest(), link in newest()) == (False, True)
    assert said(letters()[-1]) == ANSWER


def test_the_history_says_by_which_letter_they_held_or_released(office: Office, brief: CaseBrief) -> None:
    more_comes(office, brief)
    services.answer_referral(letters()[1].pk, "acknowledge", actor=office.cast["carl"].actor)
    acknowledged_at = office.reached
    office.work(DAY / 24)
    hold(office, letters()[0])

    def answers() -> list[tuple[datetime, str]]:
        rows = queries.history_of(brief.case_id)
        return [(row.at, row.title) for row in rows if row.what == "referral_answered"]

    by_hand = (acknowledged_at, "Entered by hand: police confirmed that they have it")
    held = (office.reached, "Police hold the notice")
    assert answers() == [by_hand, held]
    services.answer_referral(letters()[0].pk, "release", actor=THEY)
    assert answers() == [by_hand, held, (office.reached, "Police released the notice")]


@pytest.mark.parametrize("zone", ["America/Jamaica", "Asia/Kolkata", "Pacific/Apia"])
def test_the_day_of_a_hold_is_that_of_the_portal(office: Office, brief: CaseBrief, zone: str) -> None:
    Portal.objects.update(time_zone=zone)
    values = {"once": new_form_key(), "act": "hold", "until": "2026-12-03", "note": ""}
    carl, path = signed_in(office.cast, "carl"), f"/desk/referrals/{letters()[0].pk}"
    carl.post(path, values | {"seen": seen_on(carl.get(path).content.decode())})
    office.work()
    assert "has to wait until 2026-12-03." in office.mails(POLICE)[-1].text
    assert [row.note for row in queries.history_of(brief.case_id) if "hold the notice" in row.title] == [
        "Until 2026-12-03"
    ]


@pytest.mark.parametrize("act", ["hold", "release"])
@pytest.mark.parametrize("by_hand", [True, False])
def test_a_later_note_changes_neither_when_they_held_or_released_nor_who_said_so(
    office: Office, act: str, *, by_hand: bool
) -> None:
    brief = office.case()
    office.act(brief)
    office.work()
    one, other = (office.cast["carl"].actor, THEY) if by_hand else (THEY, office.cast["carl"].actor)
    until = office.reached + 9 * DAY if act == "hold" else None
    services.answer_referral(letters()[0].pk, act, until=until, note="First.", actor=one)
    decided_at = office.reached
    office.work(DAY)
    services.answer_referral(letters()[0].pk, "note", note="Second.", actor=other)
    decided, noted = [row for row in queries.history_of(brief.case_id) if row.what == "referral_answered"]
    what = "hold the notice" if act == "hold" else "released the notice"
    titles = [f"Entered by hand: police {what}", "Police answered"]
    if not by_hand:
        titles = [f"Police {what}", "Entered by hand: police answered"]
    assert [(row.at, row.title) for row in (decided, noted)] == list(
        zip([decided_at, office.reached], titles, strict=True)
    )
    assert (decided.entered_by is not None, noted.entered_by is not None) == (by_hand, not by_hand)
    assert "Until" in decided.note or act == "release"
    assert "Second." in noted.note


def test_the_history_says_who_confirmed_a_release_and_since_when_it_counts(office: Office, brief: CaseBrief) -> None:
    services.answer_referral(letters()[0].pk, "release", actor=office.cast["carl"].actor)
    office.work(DAY / 24)
    confirm_entered(letters()[0].pk, actor=office.cast["ana"].actor)
    [row] = [row for row in queries.history_of(brief.case_id) if row.what == "referral_answered"]
    assert (row.at, row.title) == (office.reached, "Entered by hand: police released the notice")
    assert (row.entered_by, row.stands_behind) == tuple(office.cast[who].account_id for who in ("carl", "ana"))


@pytest.mark.parametrize("kept", [True, False])
def test_that_it_is_not_known_whether_the_host_has_it_is_said(office: Office, brief: CaseBrief, *, kept: bool) -> None:
    office.post.drop_after_message(ABUSE, kept=kept)
    services.answer_referral(letters()[0].pk, "release", actor=THEY)
    office.work()
    assert said(letters()[0]) == UNKNOWN
    assert page_of(letters()[0]).count(UNKNOWN) == 2, "also where a hold is offered"
    hold(office, letters()[0], days=9)
    assert f"{UNKNOWN} <br> {NO_REMINDER}" in page_of(letters()[0]), "a line of its own"
    office.work(8 * DAY)
    assert len(office.mails(ABUSE)) == kept
    office.work(DAY)
    assert said(letters()[0]).startswith(SENT)
    assert UNKNOWN not in page_of(letters()[0])


def told_by_time(brief: CaseBrief) -> list[tuple[datetime, str]]:
    return [
        (row.at, f"{row.title} {row.note}".strip())
        for row in queries.history_of(brief.case_id)
        if row.what in ("referral_answered", "referral_timed_out")
    ]


def test_the_history_keeps_a_hold_that_ended_by_itself(office: Office, brief: CaseBrief) -> None:
    asked_at = office.reached
    until = hold(office, letters()[0], days=3)
    held = (asked_at, f"Police hold the notice Until {until.date().isoformat()}")
    over = (until, OVER)
    office.work(4 * DAY)
    assert told_by_time(brief) == [held, over]
    services.answer_referral(letters()[0].pk, "note", note="Thank you.", actor=THEY)
    assert [row for row in told_by_time(brief) if row[0] < office.reached] == [held, over]
    services.answer_referral(letters()[0].pk, "release", actor=THEY)
    [first, ended, noted, released] = told_by_time(brief)
    assert (first, ended[1]) == (held, OVER)
    assert noted[1].endswith("Thank you.")
    assert released[1].startswith("Police released the notice")


def test_a_hold_waits_for_no_answer_while_a_restoring_is_not_confirmed(office: Office, brief: CaseBrief) -> None:
    Restoration.objects.create(backup_at=office.reached, restored_at=office.reached)
    wait_for_police(office.reached)
    letter = letters()[0]
    assert said(letter) == ANSWER
    hold(office, letter)
    assert said(letter) == NOT_YET, "they have answered"
    assert due(brief) == [], "nothing is known to go out on that day"


def test_the_history_keeps_a_wait_that_ended_before_they_held_the_case(office: Office, brief: CaseBrief) -> None:
    office.post.defer(ABUSE, times=400)
    office.work(2 * DAY)
    hold(office, letters()[0], days=9)
    assert [title for _, title in told_by_time(brief)] == [OVER, "Police hold the notice Until 2026-12-05"]


def test_an_entered_release_of_what_time_let_go_is_said_alike_everywhere(office: Office, brief: CaseBrief) -> None:
    office.work(2 * DAY)
    carl = office.cast["carl"]
    services.answer_referral(letters()[0].pk, "release", actor=carl.actor)
    office.work()
    assert letters()[0].state == "timed_out"
    assert [title for _, title in told_by_time(brief)] == [OVER, "Entered by hand: police answered"]
    page = signed_in(office.cast, "carl").get(f"/desk/referrals/{letters()[0].pk}").content.decode()
    assert "Time was over" in page
    entered = queries.entered_for([brief.case_id])
    assert entered is not None
    assert not entered.releases, "only that they have it waits for a second person"
