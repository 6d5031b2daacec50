"""Marks in subject lines."""

from hypothesis import given
from hypothesis import strategies as st

from leeward.notices.rules.reference import mark, marks_in

SECRET = b"a secret that only tests use"


@given(st.sampled_from(["N", "R"]), st.integers(0, 10**15), st.text(max_size=40), st.text(max_size=40))
def test_a_mark_is_found_in_any_text(letter: str, number: int, before: str, after: str) -> None:
    text = f"{before} [{mark(SECRET, letter, number)}] {after}"  # type: ignore[arg-type]
    assert (letter, number) in marks_in(SECRET, text)


def test_a_mark_survives_capitals_and_is_listed_once() -> None:
    one = mark(SECRET, "N", 17)
    assert marks_in(SECRET, f"AW: RE: [{one.upper()}] {one}") == [("N", 17)]


@given(st.text())
def test_no_text_makes_a_mark_by_itself(text: str) -> None:
    assert marks_in(SECRET, text) == []


def test_a_mark_of_another_installation_or_number_is_none() -> None:
    one = mark(SECRET, "N", 17)
    assert marks_in(b"another secret", one) == []
    assert marks_in(SECRET, one.replace("N17", "N18").replace("LW-", "lw-")) == []
    assert marks_in(SECRET, one.replace("-N17", "-R17")) == []
