"""What follows from each answer of a receiver: exhaustively, nothing is finished twice and nothing is called sent that is not."""

from datetime import timedelta

import pytest

from leeward.outputs.rules import cybertip_steps as tip
from leeward.outputs.rules import iccam_steps as iccam

ALL_CODES = sorted(tip.CODES)


@pytest.mark.parametrize("code", ALL_CODES)
@pytest.mark.parametrize("step", tip.STEPS)
def test_sent_needs_a_receipt_and_a_refusal_is_one(step: str, code: int) -> None:
    following = tip.after(step, code, has_list=True)
    is_receipt = (step == tip.FINISH and code in (0, 5102)) or (step in (tip.DOUBT, tip.RETRACT) and code == 5102)
    assert (following.step == tip.SENT) is is_receipt
    if code in (2000, 3000, 3100, 3300, 4000, 4100, 4110, 4200, 1210):
        assert following == tip.Next(tip.REFUSED)
    if code in tip.AGAIN:
        assert following.again
        assert following.step == step
        assert following.begun is (step not in (tip.DOUBT, tip.RETRACT))


def test_the_usual_way() -> None:
    assert tip.after("submit", 0, has_list=True) == tip.Next("upload")
    assert tip.after("submit", 0, has_list=False) == tip.Next("finish")
    assert tip.after("upload", 0, has_list=True) == tip.Next("fileinfo")
    assert tip.after("fileinfo", 0, has_list=True) == tip.Next("finish")
    assert tip.after("finish", 0, has_list=True) == tip.Next("sent")


@pytest.mark.parametrize("step", ["upload", "fileinfo", "finish"])
def test_what_vanished_or_was_withdrawn_is_submitted_anew(step: str) -> None:
    for code in (5001, 5002, 5101):
        assert tip.after(step, code, has_list=True) == tip.Next("submit", again=True)
        assert tip.after("submit", code, has_list=True) == tip.Next("refused")
    assert tip.after("upload", 5102, has_list=True) == tip.Next("refused")


def test_a_withdrawal_says_how_far_it_came() -> None:
    for code in (0, 5001, 5101):
        assert tip.after("doubt", code, has_list=True) == tip.Next("submit")
        assert tip.after("retract", code, has_list=True) == tip.Next("retracted")
    assert tip.after("retract", 4000, has_list=True) == tip.Next("refused")


def test_after_a_crash_what_may_have_arrived_is_withdrawn_first() -> None:
    assert [tip.resumed(step, begun=True) for step in tip.STEPS] == [
        "submit",
        "doubt",
        "doubt",
        "doubt",
        "doubt",
        "retract",
    ]
    assert [tip.resumed(step, begun=False) for step in tip.STEPS] == list(tip.STEPS)
    assert tip.after_silence("finish", was_sent=True) == tip.Next("finish", begun=True, again=True)
    assert tip.after_silence("finish", was_sent=False) == tip.Next("finish", begun=False, again=True)


def test_what_is_over_can_not_be_withdrawn() -> None:
    assert [tip.wanted_back(step) for step in tip.ENDS] == [None] * 3
    assert tip.wanted_back("submit") == tip.Next("retracted")
    assert tip.wanted_back("finish") == tip.Next("retract")


def test_waiting_grows_and_stays_bounded() -> None:
    assert [tip.delay(count) for count in (0, 1, 2, 3, 4, 99)] == [
        timedelta(minutes=minutes) for minutes in (1, 1, 5, 15, 60, 60)
    ]


def test_iccams_usual_way() -> None:
    assert iccam.after("report", 201, has_number=True) == iccam.Next("assessment")
    assert iccam.after("assessment", 204) == iccam.Next("fields")
    assert iccam.after("fields", 200) == iccam.Next("actions", again=True)
    assert iccam.after("actions", 204) == iccam.Next("sent")


def test_iccams_answers_that_are_no_success() -> None:
    for status in (0, 401, 429, 500, 503):
        for step in iccam.STEPS:
            assert iccam.after(step, status) == iccam.Next(step, again=True)
    for status in (199, 300, 400, 403, 404, 499):
        for step in iccam.STEPS:
            assert iccam.after(step, status) == iccam.Next("refused")
    assert iccam.after("report", 409) == iccam.Next("held")
    assert iccam.after("report", 409, has_number=True) == iccam.Next("assessment")
    assert iccam.after("assessment", 409) == iccam.Next("fields")
    assert iccam.after("fields", 409) == iccam.Next("refused")
    assert iccam.after("actions", 409) == iccam.Next("refused")


def test_only_actions_that_are_not_there_are_left() -> None:
    wanted = [{"actionType": 1}, {"actionType": 3}]
    assert iccam.actions_left(wanted, [{"actionType": 1}, "x"]) == [{"actionType": 3}]
    assert iccam.actions_left(wanted, []) == wanted
