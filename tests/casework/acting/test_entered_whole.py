"""What staff enter for the police is kept whole, or refused with all of it still there."""

import pytest
from django.test import Client

from leeward.casework.models import Case
from leeward.foundation.errors import BadInput
from leeward.notices.models import NoticeCase
from leeward.notices.rules.answers import MOST_NOTE
from leeward.notices.services import answer_referral
from leeward.web_security.keys import new_form_key
from tests.casework.acting.test_news_of_police import referred
from tests.casework.acting.test_room_for_words import letter_of
from tests.casework.acting.test_urgent import link
from tests.casework.conftest import Desk

__all__ = ["referred"]
pytestmark = pytest.mark.django_db
LINES = "\r\n".join(["twelve chars"] * 306)
assert len(LINES.replace("\r\n", "\n")) < MOST_NOTE < len(LINES)


@pytest.fixture
def path(referred: Case, act: str) -> str:
    """The page of its letter, or of what the police could not be told."""
    if act == "note":
        return f"/desk/referrals/{letter_of(referred).pk}"
    NoticeCase.objects.filter(case_id=referred.pk).update(state="untold", problem="no_police_contact")
    return f"/desk/referrals/untold/{NoticeCase.objects.get(case_id=referred.pk).pk}"


@pytest.mark.parametrize("act", ["note", "informed"])
def test_many_short_lines_are_kept_to_their_end(desk: Desk, referred: Case, act: str, path: str) -> None:
    sent = {"act": act, "note": LINES, "once": new_form_key()}
    assert desk.signed_in("carl").post(path, sent).status_code == 302
    kept = letter_of(referred).note
    assert kept.endswith(LINES.replace("\r\n", "\n"))


@pytest.mark.parametrize("act", ["note", "informed"])
def test_what_is_too_long_is_refused_and_stays_in_its_field(desk: Desk, referred: Case, act: str, path: str) -> None:
    before = letter_of(referred).note
    long = "y" * (MOST_NOTE + 1)
    answer = desk.signed_in("carl").post(path, {"act": act, "note": long, "once": new_form_key()})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert f"This is {MOST_NOTE + 1} characters long" in page
    assert f"{long}</textarea>" in page
    assert letter_of(referred).note == before


def test_nothing_is_cut_off_whoever_enters_it(desk: Desk, referred: Case) -> None:
    number, carl = letter_of(referred).pk, desk.cast["carl"].actor
    answer_referral(number, "note", actor=carl, note="w" * MOST_NOTE)
    with pytest.raises(BadInput, match="4000"):
        answer_referral(number, "note", actor=carl, note="v" * (MOST_NOTE + 1))
    assert letter_of(referred).note.endswith("w" * MOST_NOTE)


def test_a_line_s_end_counts_once_on_the_police_s_page_too(desk: Desk, referred: Case) -> None:
    answer = Client().post(link(referred), {"act": "note", "note": LINES, "once": new_form_key()})
    assert answer.status_code == 303
    assert letter_of(referred).note.endswith("twelve chars")
