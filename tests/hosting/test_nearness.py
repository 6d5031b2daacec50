"""How near two addresses are, against the plain way to say it."""

from hypothesis import given
from hypothesis import strategies as st

from leeward.hosting.rules.nearness import Nearness, differ_at_most_by_one, halves, nearness

TEXT = st.text("ab:/.0", max_size=6)


def changed_once(text: str) -> set[str]:
    """Every text that one character added, left out or changed makes of this one."""
    letters = "ab:/.0"
    places = range(len(text) + 1)
    added = {text[:at] + letter + text[at:] for at in places for letter in letters}
    left_out = {text[:at] + text[at + 1 :] for at in places}
    return added | left_out | {text[:at] + letter + text[at + 1 :] for at in places[:-1] for letter in letters}


@given(first=TEXT, second=TEXT)
def test_one_character_is_one_character(first: str, second: str) -> None:
    assert differ_at_most_by_one(first, second) == (first == second or second in changed_once(first))


@given(first=st.text("abc", min_size=2, max_size=12), at=st.integers(0, 12), letter=st.sampled_from("abc"))
def test_one_half_is_always_left(first: str, at: int, letter: str) -> None:
    other = first[:at] + letter + first[at + 1 :]
    assert any(part in other for part in halves(first))


def test_what_people_leave_out_or_add() -> None:
    kept = "pictures.example:8080/Gallery/"
    for near in (
        "pictures.example/gallery",
        "www.pictures.example:80/Gallery",
        "pictures.example/galery",
        "picture.example/gallery",
    ):
        assert nearness(near, kept) is Nearness.NEAR
    assert nearness(kept, kept) is Nearness.SAME
    assert nearness("pictures.example/other", kept) is Nearness.ON_HOST
    assert nearness("other.example/gallery", kept) is None
    assert nearness("snapchat:somebody", "snapchat:another") is None
