"""What templates ask about permissions is what the table of permissions says."""

from dataclasses import asdict

import pytest

from leeward.casework.rules.permitted import ACTS, permitted
from leeward.people.rules import permissions


def test_every_name_stands_for_an_act_that_somebody_has() -> None:
    assert set(ACTS.values()) <= set(permissions.ACTS)
    assert asdict(permitted(frozenset(ACTS.values()))) == dict.fromkeys(ACTS, True)


@pytest.mark.parametrize(("name", "act"), ACTS.items())
def test_one_act_permits_one_thing(name: str, act: str) -> None:
    assert [one for one, given in asdict(permitted(frozenset([act]))).items() if given] == [name]
