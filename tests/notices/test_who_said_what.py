"""The history and the page of a letter give nobody another's words: what the police say and what staff enter for them stay apart."""

import re
from datetime import datetime

import pytest
from django.test import Client

from leeward.notices import queries, services
from leeward.notices.models import Referral
from leeward.notices.rules.briefs import CaseBrief
from tests.having_read import confirm_entered
from tests.notices.conftest import ABUSE, POLICE, Office
from tests.notices.test_holds import DAY, THEY, _brief, letters
from tests.notices.test_said_of_the_host import restore
from tests.notices.test_services import link_in
from tests.people.signing import signed_in

__all__ = ["_brief"]
pytestmark = pytest.mark.django_db
CONFIRMED, RELEASED, HELD = (
    "Police confirmed that they have it",
    "Police released the notice",
    "Entered by hand: police hold the notice",
)
ENTERED, NOTED, ANSWERED = (
    "Entered by hand: police confirmed that they have it",
    "Entered by hand: police answered",
    "Police answered",
)


def say(office: Office, act: str, who: str = "", note: str = "", until: datetime | None = None) -> None:
    """One act by the first letter, by the police or by one of us, and an hour that passes."""
    actor = office.cast[who].actor if who else THEY
    services.answer_referral(letters()[0].pk, act, note=note, until=until, actor=actor)
    office.work(DAY / 24)


def told(brief: CaseBrief, office: Office) -> list[tuple[str, str, str]]:
    """Each answer of the history: its title, the words without their time, and who entered it."""
    names = {office.cast[who].account_id: who for who in ("carl", "ana")}
    return [
        (row.title, re.sub(r"^[0-9-]{10} [0-9:]{5} \w+: ", "", row.note), names.get(row.entered_by or 0, ""))
        for row in queries.history_of(brief.case_id)
        if row.what in ("referral_answered", "referral_note")
    ]


def test_a_note_of_staff_is_not_said_by_the_police_who_confirm_later(office: Office, brief: CaseBrief) -> None:
    say(office, "note", "carl", note="We left a message.")
    say(office, "acknowledge")
    assert told(brief, office) == [(NOTED, "We left a message.", "carl"), (CONFIRMED, "", "")]


def test_a_later_note_of_staff_leaves_the_police_their_own_confirmation(office: Office, brief: CaseBrief) -> None:
    at = office.reached
    say(office, "acknowledge")
    say(office, "note", "carl", note="We rang them.")
    assert told(brief, office) == [(CONFIRMED, "", ""), (NOTED, "We rang them.", "carl")]
    assert at in [row.at for row in queries.history_of(brief.case_id) if row.title == CONFIRMED]


def test_a_note_of_the_police_confirms_nothing_that_staff_entered(office: Office, brief: CaseBrief) -> None:
    say(office, "acknowledge", "carl")
    say(office, "note", note="We know nothing of this.")
    assert told(brief, office) == [(ENTERED, "", "carl"), (ANSWERED, "We know nothing of this.", "")]


def test_the_police_confirm_beside_a_hold_that_staff_entered(office: Office, brief: CaseBrief) -> None:
    until = office.reached + 9 * DAY
    say(office, "hold", "carl", until=until)
    say(office, "acknowledge")
    assert told(brief, office) == [(HELD, f"Until {until.date().isoformat()}", "carl"), (CONFIRMED, "", "")]


def test_a_release_from_before_a_restoring_stays_one(office: Office, brief: CaseBrief) -> None:
    office.post.defer(ABUSE, times=400)
    say(office, "release", note="Go ahead.")
    restore(office)
    say(office, "note", note="As we said.")
    assert told(brief, office) == [(RELEASED, "Go ahead.", ""), (ANSWERED, "As we said.", "")]


def test_an_entered_release_counts_with_its_own_words(office: Office, brief: CaseBrief) -> None:
    say(office, "release", "carl", note="By telephone.")
    say(office, "note", note="Ask us first.")
    [waiting] = [row for row in queries.history_of(brief.case_id) if row.what == "referral_said_released"]
    assert waiting.note.endswith("By telephone.")
    confirm_entered(letters()[0].pk, actor=office.cast["ana"].actor)
    by_hand = (f"Entered by hand: {RELEASED[0].lower()}{RELEASED[1:]}", "By telephone.", "carl")
    assert sorted(told(brief, office)) == sorted([by_hand, (ANSWERED, "Ask us first.", "")])


def test_words_from_before_name_nobody(office: Office, brief: CaseBrief) -> None:
    say(office, "note", note="From before.")
    Referral.objects.update(note_parts=[])
    say(office, "note", "carl", note="Since then.")
    assert sorted(told(brief, office)) == sorted(
        [(ANSWERED, "", ""), ("Notes", "From before.", ""), (NOTED, "Since then.", "carl")]
    )


def test_how_we_told_the_police_stands_apart_from_what_they_say(office: Office) -> None:
    office.post.refuse(POLICE)
    brief = office.case()
    office.act(brief)
    office.work()
    number = letters()[0].notice_case_id
    services.enter_police_informed(number, note="At the counter.", actor=office.cast["carl"].actor)
    say(office, "note", note="Thank you.")
    [row] = [row for row in queries.history_of(brief.case_id) if row.what == "referral_told"]
    assert row.note.endswith(": At the counter.")
    assert told(brief, office) == [(ANSWERED, "Thank you.", "")]


def test_each_page_of_a_letter_says_which_words_staff_entered(office: Office, brief: CaseBrief) -> None:
    say(office, "note", "carl", note="We left a message.")
    say(office, "note", note="We have it.")
    theirs = Client().get(link_in(office.mails(POLICE)[0], "referral"))
    ours = signed_in(office.cast, "carl").get(f"/desk/referrals/{letters()[0].pk}")
    for page, by_staff in (
        (theirs, "entered by the hotline, not by you"),
        (ours, "Entered by hand by Carl, not by the police themselves"),
    ):
        parts = re.findall(r"<dd>(.*?)</dd>", " ".join(page.content.decode().split()))
        [left] = [part for part in parts if "We left a message." in part]
        [have] = [part for part in parts if "We have it." in part]
        assert (by_staff in left, by_staff in have) == (True, False)
    assert "Carl" not in theirs.content.decode()
