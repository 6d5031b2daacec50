"""As how many text messages a text is sent, and when catalogues of others are read."""

from datetime import UTC, datetime, timedelta

import pytest

from leeward.awareness.rules.messages import Length, length_of, plain_letters
from leeward.awareness.rules.partners import READINGS, next_reading

NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("", Length(0, 160, 1, False)),
        ("a" * 160, Length(160, 160, 1, False)),
        ("a" * 161, Length(161, 160, 2, False)),
        ("a" * 306, Length(306, 160, 2, False)),
        ("a" * 307, Length(307, 160, 3, False)),
        ("€" * 80, Length(160, 160, 1, False)),
        ("€" * 81, Length(162, 160, 2, False)),
        ("€" * 153, Length(306, 160, 3, False)),  # 76 fit a part: none is cut in two
        ("@\n\r\f^{}[]~|\\Ω¿ñ", Length(24, 160, 1, False)),
        ("ب" * 70, Length(70, 70, 1, True)),
        ("ب" * 71, Length(71, 70, 2, True)),
        ("ب" * 134, Length(134, 70, 2, True)),
        ("ب" * 135, Length(135, 70, 3, True)),
        ("ê" + "a" * 70, Length(71, 70, 2, True)),
        ("\uffff", Length(1, 70, 1, True)),
        ("\U00010000", Length(2, 70, 1, True)),
        ("😀" * 35, Length(70, 70, 1, True)),
        ("😀" * 67, Length(134, 70, 3, True)),  # 33 fit a part
        ("`", Length(1, 70, 1, True)),
    ],
)
def test_the_parts_of_a_text_message(text: str, length: Length) -> None:
    assert length_of(text) == length


def test_print_s_own_marks_are_not_paid_for() -> None:
    text = plain_letters("“Don’t” – ‘a’ — „b” «c»…\u00a0d\u202fe")
    assert text == '"Don\'t" - \'a\' - "b" "c"... d e'
    assert not length_of(text).is_wide


def test_when_a_catalogue_is_read_again() -> None:
    days = [(next_reading(reading, NOW) - NOW) / timedelta(days=1) for reading in READINGS]
    assert days == [7, 7, 1, 7, 7]
