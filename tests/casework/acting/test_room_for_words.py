"""Whoever holds the link can't fill a letter's room: what staff enter as an outcome, and of who was told, always fits."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from leeward.casework.models import Case
from leeward.foundation.actor import Actor
from leeward.notices.errors import NoRoomForWords
from leeward.notices.models import NoticeCase, Referral
from leeward.notices.rules.answers import MOST_NOTE, MOST_WORDS
from leeward.notices.services import answer_referral, enter_police_informed, give_up_answer
from tests.casework.acting.test_at_risk import office, tell
from tests.casework.acting.test_news_of_police import referred
from tests.casework.conftest import Desk

__all__ = ["referred"]
pytestmark = pytest.mark.django_db
THE_POLICE = Actor("police")
REASON = "Inspector Brown by telephone at 14:05: the child is safe. "


def letter_of(case: Case) -> Referral:
    return Referral.objects.filter(case_id=case.pk).latest("pk")


def fill(number: int, *acts: str, **more: Any) -> None:
    """Whoever holds the link writes as much as they can."""
    for act in acts:
        for length in (MOST_NOTE, 100, 1):
            for time in range(60):
                try:
                    given = more if act == "hold" else {}
                    note = f"{time:02}{'x' * length}"[:MOST_NOTE]
                    outcome = ("child_safe", "investigating")[time % 2] if act == "outcome" else ""
                    answer_referral(number, act, actor=THE_POLICE, note=note, outcome=outcome, **given)
                except NoRoomForWords:
                    break


@pytest.mark.parametrize("acts", [("note",), ("acknowledge",), ("hold",), ("release",), ("outcome", "note")])
def test_an_outcome_finds_room_whatever_was_written_by_the_link(
    desk: Desk, referred: Case, acts: tuple[str, ...]
) -> None:
    number = letter_of(referred).pk
    fill(number, *acts, until=datetime.now(UTC) + timedelta(days=3))
    written = len(letter_of(referred).note)
    assert written > MOST_WORDS // 2 - 5000
    reason = (REASON * 100)[:MOST_NOTE].strip()
    answer_referral(number, "outcome", actor=desk.cast["carl"].actor, outcome="no_danger", note=reason)
    assert letter_of(referred).note.endswith(reason)
    answer_referral(number, "acknowledge", actor=THE_POLICE)
    answer_referral(number, "release", actor=THE_POLICE)
    assert letter_of(referred).state == "released", "without words nothing is refused"


def test_the_police_find_room_for_an_outcome_where_notes_filled_theirs(desk: Desk, referred: Case) -> None:
    number = letter_of(referred).pk
    fill(number, "acknowledge", "note")
    answer_referral(number, "outcome", actor=THE_POLICE, outcome="other", note="z" * MOST_NOTE)
    assert letter_of(referred).note.endswith("z" * MOST_NOTE)


def test_so_does_why_no_answer_comes(desk: Desk) -> None:
    case = desk.first()
    desk.assess(case)
    tell(desk, case, office(desk))
    desk.work()
    number = Referral.objects.get(kind="protection").pk
    fill(number, "acknowledge", "note")
    give_up_answer(number, reason="y" * MOST_NOTE, actor=desk.cast["carl"].actor)
    assert Referral.objects.get(pk=number).note.endswith("y" * MOST_NOTE)


def test_so_does_how_the_police_were_informed(desk: Desk, referred: Case) -> None:
    number = letter_of(referred).pk
    fill(number, "acknowledge", "note")
    NoticeCase.objects.filter(case_id=referred.pk).update(state="untold", problem="no_police_contact")
    about = NoticeCase.objects.get(case_id=referred.pk).pk
    enter_police_informed(about, note="y" * MOST_NOTE, actor=desk.cast["carl"].actor)
    assert letter_of(referred).note.endswith("y" * MOST_NOTE)
