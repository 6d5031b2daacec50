"""When a portal has the page of a person's own picture: only where somebody reads what comes and there is a list."""

import pytest

from leeward.people.rules.own_picture import WAYS, offers_own_picture

ALL = {"way": "wish", "mode": "assess", "has_bank": True, "takes_reports": True}


def test_it_is_there_when_all_of_it_holds() -> None:
    assert [offers_own_picture(**{**ALL, "way": way}) for way in WAYS] == [False, True, True]


@pytest.mark.parametrize(
    "less", [{"way": "other"}, {"mode": "forward"}, {"has_bank": False}, {"takes_reports": False}], ids=str
)
def test_it_is_not_there_where_one_is_missing(less: dict[str, object]) -> None:
    assert not offers_own_picture(**{**ALL, **less})
