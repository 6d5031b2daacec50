"""Keys of the API: their shape, and what is kept of one."""

import hashlib
import re

import pytest

from leeward.people.rules.names import tidy_name
from leeward.people.rules.tokens import digest_of, new_key


def test_a_key_is_random_long_and_kept_as_its_digest() -> None:
    key = new_key()
    assert re.fullmatch(r"leeward_[A-Za-z0-9_-]{43}", key)
    assert key != new_key()
    assert digest_of(key) == hashlib.sha256(key.encode()).hexdigest()


@pytest.mark.parametrize(
    "change",
    [
        lambda key: key[:-1],
        lambda key: key + "a",
        lambda key: "L" + key[1:],
        lambda key: key[:-1] + "é",
        lambda _key: "",
    ],
)
def test_what_can_not_be_a_key_has_none(change) -> None:
    assert digest_of(change(new_key())) is None


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Ana\t\r\n Maria\N{LINE SEPARATOR}\N{PARAGRAPH SEPARATOR}\N{NO-BREAK SPACE}Lee ", "Ana Maria Lee"),
        ("e\N{COMBINING ACUTE ACCENT}", "é"),
        ("a\x00\x7fb\N{RIGHT-TO-LEFT OVERRIDE}c\N{ZERO WIDTH SPACE}d\ue000\U000e0fffe", "abcde"),
        ("می\N{ZERO WIDTH NON-JOINER}خواهم", "می\N{ZERO WIDTH NON-JOINER}خواهم"),
        ("क्\N{ZERO WIDTH JOINER}ष", "क्\N{ZERO WIDTH JOINER}ष"),
        ("Bar(b)-u'da 2", "Bar(b)-u'da 2"),
        ("Xena\tLee\rX\nY", "Xena Lee X Y"),
        ("a\ud800b", "ab"),
    ],
)
def test_a_name_keeps_its_letters_and_nothing_that_misleads(typed: str, kept: str) -> None:
    assert tidy_name(typed) == kept
