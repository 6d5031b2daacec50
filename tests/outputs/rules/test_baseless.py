"""How far a report goes whose case's decision no longer stands."""

import pytest

from leeward.outputs.rules.baseless import following, may_be_there


@pytest.mark.parametrize(
    ("service", "step", "begun", "wanted"),
    [
        ("cybertipline", "submit", False, "retracted"),
        ("cybertipline", "submit", True, "retract"),
        ("cybertipline", "upload", False, "retract"),
        ("cybertipline", "doubt", True, "retract"),
        ("cybertipline", "retract", False, "retract"),
        ("iccam", "report", False, "retracted"),
        ("iccam", "report", True, "held"),
        ("iccam", "actions", False, "held"),
    ],
)
def test_what_was_not_begun_ends_and_the_rest_is_taken_back_where_that_can_be(
    service: str, step: str, begun: bool, wanted: str
) -> None:
    assert following(service, step, begun=begun) == wanted


def test_a_receiver_may_have_what_was_sent_or_is_left_to_a_person() -> None:
    assert [step for step in ("sent", "held", "retracted", "refused") if may_be_there(step)] == ["sent", "held"]
