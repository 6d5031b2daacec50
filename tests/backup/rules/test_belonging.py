"""What belongs to a hotline that moves."""

import pytest

from leeward.backup.rules.belonging import is_place, path_of

NAME = "0123456789abcdef" * 4


def test_a_table_of_which_nobody_decided_is_no_table_to_be_forgotten() -> None:
    assert path_of("casework.Case", frozenset({"hotline", "by"})) == "hotline"
    assert path_of("people.Helpline", frozenset({"portal"})) == "portal__hotline"
    assert path_of("web_security.Bucket", frozenset({"hotline"})) is None
    with pytest.raises(LookupError, match=r"new\.Table"):
        path_of("new.Table", frozenset({"by"}))


@pytest.mark.parametrize(
    ("path", "is_one"),
    [
        (f"lists/states/{NAME}.gz", True),
        (f"lists/snapshots/{NAME}.snapshot", True),
        (f"lists/states/{NAME}", False),
        (f"lists/snapshots/{NAME}.gz", False),
        (f"lists/states/{NAME[:-1]}.gz", False),
        (f"lists/states/{NAME[:-1]}g.gz", False),
        ("lists/states/" + "../" * 21 + "a.gz", False),
        ("audit.key", False),
        ("", False),
    ],
)
def test_a_moved_hotline_writes_no_other_file_than_its_lists(path: str, is_one: bool) -> None:
    assert is_place(path) is is_one
