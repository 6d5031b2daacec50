"""Question and answer for whole digests: nothing tells how many entries lie behind a prefix."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leeward.blocklist.rules.errors import BadCoding
from leeward.blocklist.rules.search import (
    AT_LEAST,
    Answer,
    Found,
    answer_as_json,
    padded,
    question_as_json,
    read_answer,
    read_question,
)

digests = st.binary(min_size=32, max_size=32)


@given(st.lists(st.builds(Found, digests, st.integers(1, 15)), max_size=9), st.integers(0, 86400))
def test_what_is_written_is_read(found, seconds):
    answer = Answer(tuple(found), timedelta(seconds=seconds))
    assert read_answer(answer_as_json(answer)) == answer


@given(st.lists(st.binary(min_size=4, max_size=4), min_size=1, max_size=9, unique=True))
def test_a_question_is_read_as_it_was_asked(prefixes):
    assert read_question(question_as_json(prefixes)) == prefixes


def test_an_answer_has_the_same_size_whatever_the_list_holds():
    prefixes = [b"aaaa", b"bbbb"]
    real = Found(b"aaaa" + bytes(28), 4)
    some, none = padded([real], prefixes, b"s"), padded([], prefixes, b"s")
    assert len(some) == len(none) == 2 * AT_LEAST
    assert real in some
    assert padded([], prefixes, b"s") == none != padded([], prefixes, b"other")
    assert {one.digest[:4] for one in none} == set(prefixes)
    assert all(one.scopes in (1, 2, 4, 8) and len(one.digest) == 32 for one in none)
    many = [Found(b"aaaa" + bytes([n]) * 28, 1) for n in range(9)]
    assert len(padded(many, prefixes, b"s")) == 9 + AT_LEAST


@pytest.mark.parametrize(
    "body",
    [
        None,
        [],
        {},
        {"prefixes": []},
        {"prefixes": "abcd"},
        {"prefixes": ["0011223"]},
        {"prefixes": ["zz112233"]},
        {"prefixes": ["00 1122 "]},
        {"prefixes": [7]},
        {"prefixes": ["00112233"] * 1001},
    ],
)
def test_a_question_that_is_none(body):
    with pytest.raises(BadCoding):
        read_question(body)


@pytest.mark.parametrize(
    "body",
    [
        None,
        {},
        {"found": [], "cache_seconds": -1},
        {"found": [], "cache_seconds": True},
        {"found": [1], "cache_seconds": 1},
        {"found": [{"digest": "00"}], "cache_seconds": 1},
        {"found": [{"digest": "00" * 32, "scopes": "x"}], "cache_seconds": 1},
        {"found": [{"digest": "00", "scopes": "u"}], "cache_seconds": 1},
    ],
)
def test_an_answer_that_is_none(body):
    with pytest.raises(BadCoding):
        read_answer(body)
