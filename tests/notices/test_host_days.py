"""No day is named on which the host isn't told, and nothing is said to be under way that isn't."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from leeward.hosting.services import correct_finding
from leeward.jobs.clockwatch import Jump, note
from leeward.notices import queries, services
from leeward.notices.models import Notice
from leeward.notices.rules.briefs import CaseBrief
from tests.notices.conftest import ABUSE, POLICE, Office
from tests.notices.test_holds import DAY, THEY, _brief, hold, letters, more_comes
from tests.notices.test_said_of_the_host import (
    ANSWER,
    ASKED_NOW,
    HELD,
    LATER,
    NOT_YET,
    NOW,
    ON_TIME,
    due,
    page_of,
    said,
)
from tests.people.signing import signed_in

__all__ = ["_brief"]
pytestmark = pytest.mark.django_db
SILENCE, NOBODY = "hours after this message", "No contact is known. Locate it again, or correct the location."


def newest_letter(office: Office) -> str:
    return " ".join(office.mails(POLICE)[-1].text.split())


def test_where_nobody_is_known_no_day_is_named(office: Office) -> None:
    brief = office.case(host="nobody-known.example", urgent=True)
    office.act(brief)
    office.work()
    assert said(letters()[0]) == NOT_YET
    assert ASKED_NOW not in page_of(letters()[0])
    assert ON_TIME not in page_of(letters()[0])
    assert SILENCE not in newest_letter(office)
    office.work(2 * DAY)
    more_comes(office, brief)
    hold(office, letters()[1], days=3)
    assert [said(one) for one in letters()] == [NOT_YET] * 2
    assert due(brief) == []
    assert [row.state for row in queries.history_of(brief.case_id) if row.title == NOBODY] == ["now"]
    assert "left" not in signed_in(office.cast, "carl").get("/desk/referrals").content.decode()


def test_the_list_says_when_the_host_was_told(office: Office, brief: CaseBrief) -> None:
    services.answer_referral(letters()[0].pk, "release", actor=THEY)
    office.work()
    listed = signed_in(office.cast, "carl").get("/desk/referrals?view=all").content.decode()
    cell = listed.partition('data-name="Host is told"')[2].partition("</td>")[0]
    told_at = Notice.objects.get().sent_at
    assert told_at is not None
    assert told_at.isoformat(timespec="minutes")[:16] in cell


def test_once_somebody_is_known_the_day_is_named(office: Office) -> None:
    brief = office.case(host="nobody-known.example", urgent=True)
    office.act(brief)
    office.work()
    ana = office.cast["ana"].actor
    correct_finding(brief.location_id, kind="abuse_email", value="abuse@elsewhere.example", reason="page", actor=ana)
    assert said(letters()[0]).startswith(LATER)
    assert due(brief) == [letters()[0].wait_until]


def test_while_the_clock_is_in_doubt_no_day_is_named(office: Office, brief: CaseBrief) -> None:
    at = office.reached
    note(Jump(at, at + 3 * DAY), "here:0")
    more_comes(office, brief)
    assert SILENCE not in newest_letter(office)
    office.work(after=3 * DAY)
    assert office.mails(ABUSE) == []
    assert [said(one) for one in letters()] == [ANSWER] * 2
    assert due(brief) == []
    assert "left" not in signed_in(office.cast, "carl").get("/desk/referrals").content.decode()
    assert queries.case_time_over_at(brief.case_id) is None


def test_what_the_mail_server_does_not_take_is_tried_since_a_time(office: Office, brief: CaseBrief) -> None:
    office.post.defer(ABUSE, times=400)
    services.answer_referral(letters()[0].pk, "release", actor=THEY)
    assert said(letters()[0]) == NOW
    office.work()
    office.work(DAY)
    assert "we have been trying to send it since 24 November 2026" in said(letters()[0])


def test_without_a_mail_server_nothing_is_being_sent(
    office: Office, brief: CaseBrief, configure: Callable[..., None]
) -> None:
    services.answer_referral(letters()[0].pk, "release", actor=THEY)
    configure(smtp_host="")
    office.work()
    assert said(letters()[0]) == NOW
    office.work(timedelta(hours=1))
    assert said(letters()[0]) == NOT_YET


def test_of_what_is_held_nobody_says_that_it_goes_on_time(office: Office, brief: CaseBrief) -> None:
    assert ON_TIME in page_of(letters()[0])
    hold(office, letters()[0], days=9)
    more_comes(office, brief)
    assert [said(one).startswith(HELD) for one in letters()] == [True] * 2
    assert ON_TIME not in page_of(letters()[1])
