"""Accounts at banks: IBAN (ISO 13616), and payment addresses of India."""

from collections.abc import Sequence

from leeward.foundation.patterns import Pattern

MOST_OF_IBAN = 34
_IBAN_START = Pattern(r"^[A-Za-z]{2}\d{2}[0-9A-Za-z]{0,30}$")
_ALNUM = Pattern(r"^[0-9A-Za-z]{1,34}$")
# The banks' marks that follow the @ of a payment address.
_UPI = Pattern(
    r"^(?:upi://pay\?pa=)?([\w.-]{2,64}@(?:upi|ybl|ibl|axl|apl|paytm|ptyes|ptsbi|pthdfc|ptaxis|oksbi|okaxis|okicici|okhdfcbank|sbi|icici|"
    r"hdfcbank|axisbank|airtel|jio|freecharge|yesbank|kotak|idfcbank))(?:&.*)?$",
    ignore_case=True,
)
# Letters and digits of an account number, by country (the registry of ISO 13616).
_LENGTHS = {
    country: int(length)
    for length, countries in {
        "15": "NO", "16": "BE", "18": "DK FI FO GL NL SD", "19": "MK SI", "20": "AT BA EE KZ LT LU XK", "21": "CH HR LI LV",
        "22": "BG BH CR DE GB GE IE ME RS VA", "23": "AE GI IL IQ OM TL", "24": "AD CZ ES MD PK RO SA SE SK TN VG",
        "25": "AO CV GW LY PT ST MZ", "26": "IS TR", "27": "BI CF CG CM DJ FR GA GQ GR IT KM MC MG MR SM TD", "28": "AL AZ BY BF BJ CI CY "
        "DO DZ GT HU LB ML NE PL SN SV TG", "29": "BR EG PS QA UA", "30": "JO KW MU YE", "31": "MT SC", "32": "LC", "33": "RU",
    }.items()
    for country in countries.split()
}  # fmt: skip


def upi(word: str) -> str:
    """Return the payment address that a word is, in small letters; "" if it is none."""
    found = _UPI.match(word)
    return found[1].lower() if found else ""


def starts_iban(text: str) -> bool:
    """Return whether a word may begin an IBAN: a country that has them, and two digits."""
    return text[:2].upper() in _LENGTHS and text[2:4].isascii() and text[2:4].isdigit()


def iban(words: Sequence[str]) -> tuple[int, str, bool] | None:
    """Return how many of these words an IBAN has that begins with the first, the IBAN, and whether its check digits are
    right; None if they have the length of none.
    """
    if not words or not starts_iban(words[0]) or not _IBAN_START.match(words[0]):
        return None
    length = _LENGTHS[words[0][:2].upper()]
    joined = ""
    count = 0
    for word in words:
        if not _ALNUM.match(word) or len(joined) + len(word) > MOST_OF_IBAN:
            return None
        joined += word.upper()
        count += 1
        if len(joined) >= length:
            break
    if len(joined) != length:
        return None
    turned = "".join(str(int(letter, 36)) for letter in joined[4:] + joined[:4])
    return count, joined, int(turned) % 97 == 1
