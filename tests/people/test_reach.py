"""Which changes of a portal one person alone can't make."""

import pytest

from leeward.people.rules.reach import GUARDED, waiting_fields

BEFORE = dict.fromkeys(GUARDED, "now") | {"helpline_number": "", "title": "now"}


@pytest.mark.parametrize(
    ("wanted", "waits"),
    [
        ({}, set()),
        ({"police_email": "now"}, set()),
        ({"police_email": "other"}, {"police_email"}),
        ({"police_email": ""}, {"police_email"}),
        ({"helpline_number": "116 111"}, set()),
        ({"title": "other"}, set()),
        ({"police_email": "other", "emergency_number": "119", "title": "other"}, {"police_email", "emergency_number"}),
    ],
)
def test_what_a_portal_says_already_waits_for_a_second_person(wanted: dict[str, str], waits: set[str]) -> None:
    assert waiting_fields(BEFORE, wanted) == waits
