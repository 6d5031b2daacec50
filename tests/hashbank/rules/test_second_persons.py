"""What one person may say in the hotline's name, and what takes two."""

import pytest

from leeward.hashbank.rules.second_persons import import_takes_two, ruling_takes_two, vote_takes_two

CONFIRM, DISPUTE, DENY, HARMLESS = "confirm", "dispute", "not_illegal", "harmless"


@pytest.mark.parametrize(
    ("verdict", "before", "after", "ours", "ruling", "takes_two"),
    [
        (CONFIRM, "confirmed", "confirmed", None, None, False),  # nothing changes
        (DISPUTE, "quarantined", "quarantined", None, None, False),
        (CONFIRM, "withdrawn", "confirmed", None, None, False),  # nobody here has denied it
        (CONFIRM, "harmless", "conflict", None, None, False),
        (CONFIRM, "withdrawn", "confirmed", DENY, None, True),  # opened again
        (CONFIRM, "quarantined", "confirmed", DISPUTE, None, True),
        (DENY, "confirmed", "withdrawn", CONFIRM, None, True),
        (DISPUTE, "confirmed", "quarantined", None, None, True),
        (HARMLESS, "confirmed", "conflict", None, None, True),
        (HARMLESS, "withdrawn", "harmless", None, None, True),
        (CONFIRM, "quarantined", "quarantined", DENY, DENY, True),  # what people settled would end
        (DENY, "withdrawn", "withdrawn", DENY, DENY, False),
        (CONFIRM, "confirmed", "confirmed", CONFIRM, CONFIRM, False),
    ],
)
def test_which_votes_of_the_hotline_take_two(
    verdict: str, before: str, after: str, ours: str | None, ruling: str | None, takes_two: bool
) -> None:
    assert (
        vote_takes_two(verdict, before=before, after=after, ours=ours, ruling=ruling, is_unconfirmed=False) is takes_two
    )


def test_one_person_may_call_illegal_what_only_unconfirmed_keys_call_so() -> None:
    given = {"before": "quarantined", "after": "confirmed", "ruling": None, "is_unconfirmed": True}
    assert not vote_takes_two(CONFIRM, ours=None, **given)
    assert vote_takes_two(CONFIRM, ours=DENY, **given)
    assert vote_takes_two(HARMLESS, ours=None, **given | {"after": "conflict"})


@pytest.mark.parametrize(
    ("verdict", "ours", "ruling", "takes_two"),
    [
        (CONFIRM, None, None, False),
        (CONFIRM, CONFIRM, CONFIRM, False),
        (CONFIRM, DENY, None, True),
        (CONFIRM, None, HARMLESS, True),
        (DENY, None, None, True),
        (HARMLESS, HARMLESS, HARMLESS, True),
    ],
)
def test_which_rulings_take_two(verdict: str, ours: str | None, ruling: str | None, takes_two: bool) -> None:
    assert ruling_takes_two(verdict, ours=ours, ruling=ruling, is_by_voter=False) is takes_two
    assert ruling_takes_two(verdict, ours=ours, ruling=ruling, is_by_voter=True), "nobody both votes and settles"


@pytest.mark.parametrize(
    ("is_registered", "effects", "withdrawn", "takes_two"),
    [
        (True, {}, 0, False),
        (True, {"baseline": 0}, 0, False),
        (False, {}, 0, True),
        (True, {"baseline": 1}, 0, True),
        (True, {}, 1, True),
    ],
)
def test_which_lists_take_two(is_registered: bool, effects: dict[str, int], withdrawn: int, takes_two: bool) -> None:
    assert import_takes_two(is_registered=is_registered, effects=effects, withdrawn=withdrawn) is takes_two
