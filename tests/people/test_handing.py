"""The name under which a handed over portal stays, and the keys that can go along."""

from leeward.people.models import SLUG
from leeward.people.rules.handing import KEY_SCOPES, MOST_LETTERS, name_of_record


def test_a_record_has_a_name_of_its_own_that_a_portal_can_have() -> None:
    assert name_of_record("bb", 7) == "bb-7"
    longest = "a" * MOST_LETTERS
    assert name_of_record(longest, 12) == "a" * 28 + "-12"
    assert name_of_record("a" * 27 + "-bcd", 12) == "a" * 27 + "-12", "no hyphen twice"
    for name in ("bb", longest, "a" * 27 + "-bcd"):
        made = name_of_record(name, 1_234_567)
        assert len(made) <= MOST_LETTERS
        SLUG(made)


def test_only_keys_by_which_reports_come_in_go_along() -> None:
    assert sorted(KEY_SCOPES) == ["intake", "sms"]
