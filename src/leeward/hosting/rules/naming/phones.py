"""Telephone numbers as people write them, with the country of the portal where none is said."""

import unicodedata

from leeward.foundation.patterns import Pattern

_DATE = Pattern(r"^\d{4}[-/.]\d\d?[-/.]\d\d?$|^\d\d?[-/.]\d\d?[-/.]\d{2}(?:\d\d)?$")
_VERSION_OR_TIME = Pattern(r"^\d{1,4}(?:[.:]\d{1,2}){1,3}$")
_LEAST_DIGITS, MOST_DIGITS = 7, 15
_LONGEST_LOCAL = 9
_LENGTHS_OF_GOODS = (8, 12, 13)


def plain_digits(text: str) -> str:
    """Return a text of the same length with the decimal digits of every script as 0 to 9."""
    return text if text.isascii() else "".join(str(unicodedata.decimal(letter, letter)) for letter in text)


def is_date_or_version(text: str) -> bool:
    """Return whether digits with marks between them are a day, a time or a version."""
    return bool(_DATE.match(text) or _VERSION_OR_TIME.match(text))


def is_number_of_goods(digits: str) -> bool:
    """Return whether digits are a bar code or an ISBN: their last one checks the others."""
    if len(digits) not in _LENGTHS_OF_GOODS:
        return False
    weighted = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(reversed(digits)))
    return weighted % 10 == 0


def in_full(text: str, country: str, *, is_said: bool) -> str:
    """Return a number as + and digits, "" if it can't be one. `text` has plain digits; `country` is the portal's (ISO),
    or "". `is_said`: something beside it says that it is a telephone number, so the right length is enough.
    """
    digits = "".join(filter(str.isdigit, text.replace("(0)", "") if "+" in text else text))
    if not 5 <= len(digits) <= MOST_DIGITS + 2:
        return ""
    if "+" in text or digits.startswith("00"):
        return _parsed(f"+{digits if '+' in text else digits[2:]}", "", is_sure=False)
    found = _parsed(digits, country, is_sure=True) if country else ""
    if not found and is_said and len(digits) > _LONGEST_LOCAL:
        found = _parsed(f"+{digits}", "", is_sure=True)
    return found or (_parsed(digits, country, is_sure=False) if country and is_said else "")


def _parsed(number: str, country: str, *, is_sure: bool) -> str:
    """Return a number as + and digits if its length fits (`is_sure`: if such a number is given out at all), else ""."""
    import phonenumbers  # loads only when there is a number

    try:
        parsed = phonenumbers.parse(number, country or None)
    except phonenumbers.NumberParseException:
        return ""
    fits = phonenumbers.is_valid_number(parsed) if is_sure else phonenumbers.is_possible_number(parsed)
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164) if fits else ""


def local(text: str) -> str:
    """Return the digits of a number whose country is unknown, "" if there are too few or too many, or a code is said."""
    digits = "".join(filter(str.isdigit, text))
    has_code = "+" in text or digits.startswith("00")
    return digits if not has_code and _LEAST_DIGITS <= len(digits) <= MOST_DIGITS else ""
