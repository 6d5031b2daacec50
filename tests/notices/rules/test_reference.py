"""Marks in subject lines."""

from hypothesis import given
from hypothesis import strategies as st

from leeward.notices.rules.reference import mark, marks_in, return_path, without_marks

SECRET = b"a secret that only tests use"


@given(st.sampled_from(["N", "R"]), st.integers(0, 10**15), st.text(max_size=40), st.text(max_size=40))
def test_a_mark_is_found_in_any_text(letter: str, number: int, before: str, after: str) -> None:
    text = f"{before} [{mark(SECRET, letter, number)}] {after}"
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


def test_marks_that_are_out_there_are_still_found() -> None:
    assert mark(SECRET, "N", 17) == "LW-N17-cxm7uaow"
    assert marks_in(SECRET, "x" * 19_985 + mark(SECRET, "N", 17)) == [("N", 17)]
    assert marks_in(SECRET, "x" * 19_986 + mark(SECRET, "N", 17)) == []
    assert marks_in(SECRET, mark(SECRET, "N", 17) + "a") == []
    two = [mark(SECRET, "N", 17), mark(SECRET, "M", 3)]
    assert marks_in(SECRET, " ".join([two[1], mark(b"another", "N", 1), two[0], two[1]])) == [("M", 3), ("N", 17)]


def test_a_server_returns_mail_to_the_address_of_its_message() -> None:
    one = return_path(SECRET, "bounces@host.example", 17)
    assert one == f"bounces+{mark(SECRET, 'M', 17).lower()}@host.example"
    assert marks_in(SECRET, one) == [("M", 17)]
    assert return_path(SECRET, '"a@b"@host.example', 17).startswith('"a@b"+lw-m17-')


@given(st.sampled_from(["N", "R", "M", "P"]), st.integers(0, 10**15), st.text(max_size=40), st.text(max_size=40))
def test_a_mark_in_words_names_nothing_any_more(letter: str, number: int, before: str, after: str) -> None:
    text = f"{before} {mark(SECRET, letter, number)} {after}"
    assert marks_in(SECRET, without_marks(SECRET, text, but="")) == []
    assert without_marks(SECRET, text, but="").replace(" ", "") == text.replace(" ", "")


def test_a_letter_keeps_its_own_mark_and_what_only_looks_like_one() -> None:
    one, two = mark(SECRET, "N", 17), mark(SECRET, "R", 3)
    made_up = "LW-N1-aaaaaaaa http://x.example/LW-N1-aaaaaaaa/"
    text = f"{one} {two.upper()}: {made_up}\n{one.upper()}"
    assert without_marks(SECRET, text, but=one) == text.replace("LW-R3", "LW -R3")
    assert without_marks(SECRET, f"{two}x LW-N1-{two}", but=one) == f"LW -{two[3:]}x LW-N1-LW -{two[3:]}"
