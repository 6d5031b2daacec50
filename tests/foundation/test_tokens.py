"""Links that prove themselves."""

from hypothesis import given
from hypothesis import strategies as st

from leeward.foundation.crypto.tokens import make_token, read_token

SECRET = b"only for tests"


@given(st.integers(0, 10**17), st.sampled_from(["notice", "referral"]))
def test_a_token_names_its_row_for_its_purpose_only(number: int, purpose: str) -> None:
    token = make_token(SECRET, purpose, number)
    assert read_token(SECRET, purpose, token) == number
    assert read_token(SECRET, purpose + "x", token) is None
    assert read_token(b"another", purpose, token) is None


@given(st.text(max_size=60))
def test_anything_else_is_refused(token: str) -> None:
    assert read_token(SECRET, "notice", token) is None


@given(st.integers(1, 10**6), st.integers(0, 25))
def test_one_changed_letter_is_refused(number: int, place: int) -> None:
    head, proof = make_token(SECRET, "notice", number).split("-")
    other = "a" if proof[place] != "a" else "b"
    assert read_token(SECRET, "notice", f"{head}-{proof[:place]}{other}{proof[place + 1 :]}") is None
    assert read_token(SECRET, "notice", f"{number + 1}-{proof}") is None
