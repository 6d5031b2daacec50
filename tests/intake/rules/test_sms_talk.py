"""The conversation by text message: every answer leads on, nothing that says something is dropped, danger comes first."""

import pytest

from leeward.intake.rules.sms_talk import (
    DONE,
    INFORMED,
    KIND,
    KIND_AGAIN,
    QUIETED,
    REACH,
    START,
    STEPS,
    STOPPED,
    THREAT,
    WHERE,
    WISH,
    WISH_AGAIN,
    Turn,
    turn,
)

WORDS = "somebody has put up a bad page"


def after(step: str, text: str, *, names_place: bool = False) -> Turn:
    return turn(step, text, names_place=names_place)


@pytest.mark.parametrize(
    ("step", "text", "expected"),
    [
        (START, "hello", Turn(KIND, ("ask_kind", "notes"))),
        (START, "a" * 14, Turn(KIND, ("ask_kind", "notes"))),
        (START, "a" * 15, Turn(KIND, ("ask_kind", "notes"), text="a" * 15)),
        (START, WORDS, Turn(KIND, ("ask_kind", "notes"), text=WORDS)),
        (START, "1", Turn(WHERE, ("danger", "ask_where"), "danger")),
        (START, "1. she is at home", Turn(WHERE, ("danger", "ask_where"), "danger", text="she is at home")),
        (KIND, "2", Turn(WHERE, ("keep_messages", "ask_where"), "contact")),
        (KIND, "3 of me", Turn(THREAT, ("not_your_fault", "ask_threat"), "me", text="of me")),
        (KIND, "4)", Turn(WHERE, ("ask_where",), "page")),
        (KIND, "٥", Turn(WHERE, ("ask_where",), "else")),
        (KIND, "what", Turn(KIND_AGAIN, ("ask_kind",), text="what")),
        (KIND, "Xstop", Turn(KIND_AGAIN, ("ask_kind",), text="Xstop")),
        (KIND, "12", Turn(KIND_AGAIN, ("ask_kind",), text="12")),
        (KIND, "6", Turn(KIND_AGAIN, ("ask_kind",), text="6")),
        (KIND_AGAIN, "4", Turn(WHERE, ("ask_where",), "page")),
        (KIND_AGAIN, "what", Turn(WHERE, ("ask_where",), "else", text="what")),
        (THREAT, "1", Turn(WHERE, ("under_threat", "keep_messages", "ask_where"), "me", "yes")),
        (THREAT, "2", Turn(WHERE, ("ask_where",), "me", "no")),
        (THREAT, "3 maybe", Turn(WHERE, ("under_threat", "keep_messages", "ask_where"), "me", "unsure", "maybe")),
        (THREAT, "help", Turn(WHERE, ("under_threat", "keep_messages", "ask_where"), "me", "unsure", "help")),
        (WISH, "1", Turn(QUIETED, ("ask_where",), "me", wish="quiet")),
        (WISH, "1 of my friends has it", Turn(WISH_AGAIN, ("ask_wish",), "me", text="1 of my friends has it")),
        (WISH, "2 please", Turn(WISH_AGAIN, ("ask_wish",), "me", text="2 please")),
        (WISH, "2", Turn(INFORMED, ("ask_where",), "me", wish="police")),
        (WISH, "help", Turn(WISH_AGAIN, ("ask_wish",), "me", text="help")),
        (WISH_AGAIN, "1.", Turn(QUIETED, ("ask_where",), "me", wish="quiet")),
        (WISH_AGAIN, "1 please", Turn(QUIETED, ("ask_where",), "me", text="1 please", wish="quiet")),
        (WISH_AGAIN, "2 please", Turn(INFORMED, ("ask_where",), "me", text="2 please", wish="police")),
        (WISH_AGAIN, "help", Turn(WHERE, ("ask_where",), "me", text="help")),
        (QUIETED, "1", Turn(WHERE, ("added", "ask_where"), "me", text="1")),
        (QUIETED, "2.", Turn(WHERE, ("ask_where",), "me", wish="police")),
        (QUIETED, "0", Turn(REACH, ("ask_reach",))),
        (QUIETED, "1 Long Road", Turn(REACH, ("ask_reach",), text="1 Long Road")),
        (INFORMED, "1", Turn(REACH, ("danger", "ask_reach"), "danger")),
        (INFORMED, "2", Turn(WHERE, ("ask_where",), "me", wish="police")),
        (INFORMED, "2 Long Road", Turn(REACH, ("ask_reach",), text="2 Long Road")),
        (INFORMED, "kite.example", Turn(REACH, ("ask_reach",), text="kite.example")),
        (WHERE, "1.", Turn(REACH, ("danger", "ask_reach"), "danger")),
        (WHERE, "\u0661", Turn(REACH, ("danger", "ask_reach"), "danger")),
        (WHERE, " 1 ", Turn(REACH, ("danger", "ask_reach"), "danger")),
        (WHERE, "0", Turn(REACH, ("ask_reach",))),
        (WHERE, "1 Long Road", Turn(REACH, ("ask_reach",), text="1 Long Road")),
        (REACH, "1", Turn(DONE, ("receipt", "next"), reach=True)),
        (REACH, "2", Turn(DONE, ("receipt", "next"))),
        (REACH, "who are you", Turn(DONE, ("receipt", "next"), text="who are you")),
        (DONE, "thanks", Turn(DONE, ("added",), text="thanks")),
        (DONE, "1 now", Turn(DONE, ("danger", "added"), "danger", text="now")),
        (STOPPED, "more", Turn(STOPPED, (), text="more")),
        (STOPPED, "1 now", Turn(STOPPED, (), "danger", text="now")),
        (WHERE, "START!", Turn(KIND, ("ask_kind", "notes"))),
        (STOPPED, "Start", Turn(KIND, ("ask_kind", "notes"))),
        (STOPPED, "Stop", Turn(STOPPED, ())),
    ],
)
def test_what_follows(step: str, text: str, expected: Turn) -> None:
    assert after(step, text) == expected


def test_the_wish_is_asked_only_where_it_may_be_and_nobody_threatens() -> None:
    asked = turn(THREAT, "2", names_place=False, asks_wish=True)
    assert asked == Turn(WISH, ("ask_wish",), "me", "no")
    more = turn(THREAT, "2 I am afraid", names_place=False, asks_wish=True)
    assert more == Turn(WISH, ("ask_wish",), "me", "no", "I am afraid")
    for answer in ("1", "3", "what"):
        assert turn(THREAT, answer, names_place=False, asks_wish=True).step == WHERE


def test_a_short_text_that_names_a_place_is_kept() -> None:
    assert after(START, "a.example", names_place=True) == Turn(KIND, ("ask_kind", "notes"), text="a.example")


@pytest.mark.parametrize("step", STEPS)
def test_stop_ends_it_at_any_step_and_is_confirmed_once(step: str) -> None:
    expected = Turn(STOPPED, () if step == STOPPED else ("stopped",))
    assert {after(step, text) for text in ("STOP", " stop. ", "Arrêt", "QUIT")} == {expected}
    assert not expected.keeps
    assert after(step, "START").step == KIND


@pytest.mark.parametrize("step", [step for step in STEPS if step not in (THREAT, WISH, WISH_AGAIN, QUIETED, REACH)])
def test_danger_is_understood_wherever_one_means_nothing_else(step: str) -> None:
    assert after(step, "1").kind == "danger"
    assert after(step, "1").is_urgent


def test_what_keeps_and_what_is_urgent() -> None:
    assert not Turn(KIND, ()).keeps
    for more in ({"kind": "page"}, {"threat": "no"}, {"text": "x"}, {"reach": True}, {"wish": "quiet"}):
        assert Turn(KIND, (), **more).keeps  # type: ignore[arg-type]
    assert [Turn(KIND, (), kind).is_urgent for kind in ("danger", "contact", "me", "page", "else", "")] == [
        True, True, False, False, False, False,
    ]  # fmt: skip
    assert [Turn(KIND, (), "me", threat).is_urgent for threat in ("yes", "unsure", "no")] == [True, True, False]
