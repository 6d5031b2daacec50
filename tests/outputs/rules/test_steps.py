"""What follows from each answer of a receiver: exhaustively, nothing is finished twice and nothing is called sent that is not."""

from datetime import timedelta

import pytest

from leeward.outputs.rules import cybertip_steps, iccam_steps, unsure

ALL_CODES = sorted(cybertip_steps.CODES)


@pytest.mark.parametrize("code", ALL_CODES)
@pytest.mark.parametrize("step", cybertip_steps.STEPS)
def test_sent_needs_a_receipt_and_a_refusal_is_one(step: str, code: int) -> None:
    following = cybertip_steps.after(step, code, has_list=True)
    is_receipt = (step == cybertip_steps.FINISH and code in (0, 5102)) or (
        step in (cybertip_steps.DOUBT, cybertip_steps.RETRACT) and code == 5102
    )
    assert (following.step == cybertip_steps.SENT) is is_receipt
    is_withdrawal = step in (cybertip_steps.DOUBT, cybertip_steps.RETRACT)
    if code in (2000, 3000, 3100, 3300, 4000, 4100, 4110, 4200, 1210) and not is_withdrawal:
        assert following == cybertip_steps.Next(cybertip_steps.REFUSED)
    assert not (is_withdrawal and following.step == cybertip_steps.REFUSED), "it may have been finished"
    if code in (2000, 3000, 3100, 3300) and is_withdrawal:
        assert following == cybertip_steps.Next(step, again=True)
    if code in (4000, 4100, 4110, 4200, 1210, 5002) and is_withdrawal:
        assert following == cybertip_steps.Next(cybertip_steps.HELD)
    if code in cybertip_steps.AGAIN:
        assert following.again
        assert following.step == step
        assert following.begun is (step not in (cybertip_steps.DOUBT, cybertip_steps.RETRACT))


def test_the_usual_way() -> None:
    assert cybertip_steps.after("submit", 0, has_list=True) == cybertip_steps.Next("upload")
    assert cybertip_steps.after("submit", 0, has_list=False) == cybertip_steps.Next("finish")
    assert cybertip_steps.after("upload", 0, has_list=True) == cybertip_steps.Next("fileinfo")
    assert cybertip_steps.after("fileinfo", 0, has_list=True) == cybertip_steps.Next("finish")
    assert cybertip_steps.after("finish", 0, has_list=True) == cybertip_steps.Next("sent")


@pytest.mark.parametrize("step", ["upload", "fileinfo", "finish"])
def test_what_vanished_or_was_withdrawn_is_submitted_anew(step: str) -> None:
    for code in (5001, 5002, 5101):
        assert cybertip_steps.after(step, code, has_list=True) == cybertip_steps.Next("submit", again=True)
        assert cybertip_steps.after("submit", code, has_list=True) == cybertip_steps.Next("refused")
    assert cybertip_steps.after("upload", 5102, has_list=True) == cybertip_steps.Next("refused")


def test_a_withdrawal_says_how_far_it_came() -> None:
    for code in (0, 5001, 5101):
        assert cybertip_steps.after("doubt", code, has_list=True) == cybertip_steps.Next("submit")
        assert cybertip_steps.after("retract", code, has_list=True) == cybertip_steps.Next("retracted")
    assert cybertip_steps.after("retract", 4000, has_list=True) == cybertip_steps.Next("held")


def test_after_a_crash_what_may_have_arrived_is_withdrawn_first() -> None:
    assert [cybertip_steps.resumed(step, begun=True) for step in cybertip_steps.STEPS] == [
        "submit",
        "doubt",
        "doubt",
        "doubt",
        "doubt",
        "retract",
    ]
    assert [cybertip_steps.resumed(step, begun=False) for step in cybertip_steps.STEPS] == list(cybertip_steps.STEPS)
    assert cybertip_steps.after_silence("finish", was_sent=True) == cybertip_steps.Next(
        "finish", begun=True, again=True
    )
    assert cybertip_steps.after_silence("finish", was_sent=False) == cybertip_steps.Next(
        "finish", begun=False, again=True
    )


def test_what_is_over_can_not_be_withdrawn() -> None:
    for begun in (True, False):
        assert [cybertip_steps.wanted_back(step, begun=begun) for step in cybertip_steps.ENDS] == [None] * 4
        assert cybertip_steps.wanted_back("finish", begun=begun) == cybertip_steps.Next("retract")
    assert cybertip_steps.wanted_back("submit", begun=False) == cybertip_steps.Next("retracted")
    assert cybertip_steps.wanted_back("submit", begun=True) == cybertip_steps.Next("retract")


def test_waiting_grows_and_stays_bounded() -> None:
    assert [cybertip_steps.delay(count) for count in (0, 1, 2, 3, 4, 99)] == [
        timedelta(minutes=minutes) for minutes in (1, 1, 5, 15, 60, 60)
    ]


def test_iccams_usual_way() -> None:
    assert iccam_steps.after("report", 201, has_number=True) == iccam_steps.Next("assessment")
    assert iccam_steps.after("assessment", 204) == iccam_steps.Next("fields")
    assert iccam_steps.after("fields", 200) == iccam_steps.Next("actions", again=True)
    assert iccam_steps.after("actions", 204) == iccam_steps.Next("sent")


def test_iccams_answers_that_are_no_success() -> None:
    for status in (0, 401, 429, 500, 503):
        for step in iccam_steps.STEPS:
            assert iccam_steps.after(step, status) == iccam_steps.Next(step, again=True)
    for status in (199, 300, 400, 403, 404, 499):
        for step in iccam_steps.STEPS:
            assert iccam_steps.after(step, status) == iccam_steps.Next("refused")
    assert iccam_steps.after("report", 409) == iccam_steps.Next("held")
    assert iccam_steps.after("report", 409, has_number=True) == iccam_steps.Next("assessment")
    assert iccam_steps.after("assessment", 409) == iccam_steps.Next("fields")
    assert iccam_steps.after("fields", 409) == iccam_steps.Next("refused")
    assert iccam_steps.after("actions", 409) == iccam_steps.Next("refused")


def test_only_actions_that_are_not_there_are_left() -> None:
    wanted = [{"actionType": 1}, {"actionType": 3}]
    assert iccam_steps.actions_left(wanted, [{"actionType": 1}, "x"]) == [{"actionType": 3}]
    assert iccam_steps.actions_left(wanted, []) == wanted


@pytest.mark.parametrize(
    ("service", "is_number_known", "step"),
    [
        ("cybertipline", True, cybertip_steps.DOUBT),
        ("cybertipline", False, cybertip_steps.SUBMIT),
        ("iccam", True, iccam_steps.REPORT),
        ("iccam", False, iccam_steps.REPORT),
    ],
)
def test_a_report_that_may_have_gone_is_asked_about_where_its_number_is_known(
    service: str, step: str, *, is_number_known: bool
) -> None:
    assert unsure.again(service, is_number_known=is_number_known) == step
