"""Receipt numbers: 15 digits and a Damm check digit, in four groups of four."""

import unicodedata

# Damm's quasigroup of order 10 (H. M. Damm, "Total anti-symmetrische Quasigruppen", 2004): detects every single wrong
# digit and every swap of two neighbours.
_DAMM = (
    (0, 3, 1, 7, 5, 9, 8, 6, 4, 2),
    (7, 0, 9, 2, 1, 5, 4, 8, 6, 3),
    (4, 2, 0, 6, 8, 7, 1, 3, 5, 9),
    (1, 7, 5, 0, 9, 8, 3, 4, 2, 6),
    (6, 1, 2, 3, 0, 4, 5, 9, 7, 8),
    (3, 6, 7, 4, 2, 0, 9, 5, 8, 1),
    (5, 8, 6, 9, 7, 2, 0, 1, 3, 4),
    (8, 9, 4, 5, 3, 6, 2, 0, 1, 7),
    (9, 4, 3, 8, 6, 1, 7, 2, 0, 5),
    (2, 5, 8, 1, 4, 3, 6, 7, 9, 0),
)


def check_digit(digits: str) -> str:
    """Return the digit that makes `digits` (ASCII) pass `passes`."""
    state = 0
    for digit in digits:
        state = _DAMM[state][int(digit)]
    return str(state)


def passes(digits: str) -> bool:
    """Return whether the last digit is the right check digit for the others."""
    return digits.isascii() and digits.isdigit() and check_digit(digits) == "0"


def plain_digits(typed: str) -> str:
    """Return the input as ASCII digits: digits of any script are converted, spaces and dashes of any kind dropped.

    Anything else stays as it is, so that the caller sees that it is not a number.
    """
    kept = []
    for letter in typed:
        value = unicodedata.decimal(letter, None)
        if value is not None:
            kept.append(str(value))
        elif not (letter.isspace() or unicodedata.category(letter) in {"Pd", "Cf", "Zs"}):
            kept.append(letter)
    return "".join(kept)


def in_groups(digits: str, size: int = 4) -> list[str]:
    """Return digits in groups, for display."""
    return [digits[start : start + size] for start in range(0, len(digits), size)]
