"""Addresses to which money is asked for: cryptocurrencies and bank accounts, each told by its own check digits."""

import hashlib
from dataclasses import dataclass

from Crypto.Hash import keccak

from leeward.foundation.patterns import Pattern

_BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_BECH32 = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_FIRST = {
    0: "Bitcoin",
    5: "Bitcoin",
    48: "Litecoin",
    50: "Litecoin",
    30: "Dogecoin",
    22: "Dogecoin",
    65: "Tron",
    76: "Dash",
}
_HUMAN = {"bc": "Bitcoin", "ltc": "Litecoin"}
_BASE58_WORD = Pattern(r"^[1-9A-HJ-NP-Za-km-z]{26,35}$")
_BECH32_WORD = Pattern(r"^(bc|ltc)1([02-9ac-hj-np-z]{11,87})$", ignore_case=True)
_ETHEREUM = Pattern(r"^0x[0-9a-fA-F]{40}$")
_URI = Pattern(r"^(?:bitcoin|litecoin|ethereum|dogecoin|tron|dash):([0-9a-zA-Z]{26,95})(?:[@?].*)?$", ignore_case=True)
_IBAN_START = Pattern(r"^[A-Za-z]{2}\d{2}[0-9A-Za-z]{0,30}$")
# A payment address of India, by the banks' marks that follow the @.
_UPI = Pattern(
    r"^(?:upi://pay\?pa=)?([\w.-]{2,64}@(?:upi|ybl|ibl|axl|apl|paytm|ptyes|ptsbi|pthdfc|ptaxis|oksbi|okaxis|okicici|okhdfcbank|sbi|icici|"
    r"hdfcbank|axisbank|airtel|jio|freecharge|yesbank|kotak|idfcbank))(?:&.*)?$",
    ignore_case=True,
)
_ALNUM = Pattern(r"^[0-9A-Za-z]{1,34}$")
# Letters and digits of an account number, by country (the registry of ISO 13616).
_LENGTHS = {
    country: int(length)
    for length, countries in {
        "15": "NO", "16": "BE", "18": "DK FI FO GL NL SD", "19": "MK SI", "20": "AT BA EE KZ LT LU XK", "21": "CH HR LI LV",
        "22": "BG BH CR DE GB GE IE ME RS VA", "23": "AE GI IL IQ OM TL", "24": "AD CZ ES MD PK RO SA SE SK TN VG",
        "25": "AO CV GW LY PT ST MZ", "26": "IS TR", "27": "CF CG CM DJ FR GA GQ GR IT KM MC MG MR SM TD", "28": "AL AZ BI BY BF BJ CI CY "
        "DO DZ GT HU LB ML NE PL SN SV TG", "29": "BR EG PS QA UA", "30": "JO KW MU YE", "31": "MT SC", "32": "LC", "33": "RU",
    }.items()
    for country in countries.split()
}  # fmt: skip
MOST_OF_IBAN = 34


@dataclass(frozen=True, slots=True)
class Wallet:
    """A place to which money can be sent: which kind, and its canonical form."""

    kind: str
    value: str


def wallet(word: str) -> Wallet | None:
    """Return the wallet that a word names; None for anything whose check digits are wrong."""
    if uri := _URI.match(word):
        word = uri[1]
    if upi := _UPI.match(word):
        return Wallet("UPI", upi[1].lower())
    if _ETHEREUM.match(word):
        return Wallet("Ethereum", word) if _has_good_case(word[2:]) else None
    if found := _BECH32_WORD.match(word):
        is_one_case = word in (word.lower(), word.upper())
        return Wallet(_HUMAN[found[1].lower()], word.lower()) if is_one_case and _is_bech32(word.lower()) else None
    if _BASE58_WORD.match(word):
        raw = _base58(word)
        kind = _FIRST.get(raw[0]) if len(raw) == 25 else None
        return Wallet(kind, word) if kind and _twice(raw[:21])[:4] == raw[21:] else None
    return None


def starts_iban(text: str) -> bool:
    """Return whether a word may begin a bank account's number: a country that has them, and two digits."""
    return text[:2].upper() in _LENGTHS and text[2:4].isdigit()


def iban(words: list[str]) -> tuple[int, Wallet] | None:
    """Return the bank account that begins with the first of these words, and how many words it has; None if there is none."""
    if not words or not _IBAN_START.match(words[0]):
        return None
    length = _LENGTHS.get(words[0][:2].upper(), 0)
    joined = ""
    count = 0
    for word in words:
        if not _ALNUM.match(word) or len(joined) + len(word) > MOST_OF_IBAN:
            return None
        joined += word.upper()
        count += 1
        if len(joined) >= length:
            break
    if not length or len(joined) != length:
        return None
    turned = "".join(str(int(letter, 36)) for letter in joined[4:] + joined[:4])
    return (count, Wallet("IBAN", joined)) if int(turned) % 97 == 1 else None


def _twice(raw: bytes) -> bytes:
    return hashlib.sha256(hashlib.sha256(raw).digest()).digest()


def _base58(word: str) -> bytes:
    number = 0
    for letter in word:
        number = number * 58 + _BASE58.index(letter)
    zeros = len(word) - len(word.lstrip("1"))
    return bytes(zeros) + number.to_bytes((number.bit_length() + 7) // 8)


def _is_bech32(word: str) -> bool:
    """Check the last six letters as BIP 173 and BIP 350 have it."""
    human, _, data = word.rpartition("1")
    values = [ord(letter) >> 5 for letter in human] + [0] + [ord(letter) & 31 for letter in human]
    values += [_BECH32.index(letter) for letter in data]
    check = 1
    for value in values:
        top = check >> 25
        check = (check & 0x1FFFFFF) << 5 ^ value
        for place, number in enumerate((0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)):
            check ^= number if top >> place & 1 else 0
    return check in (1, 0x2BC830A3)


def _has_good_case(digits: str) -> bool:
    """Check the letters' case as EIP-55 has it; one case for all says nothing."""
    if digits in (digits.lower(), digits.upper()):
        return True
    known = keccak.new(digest_bits=256, data=digits.lower().encode()).hexdigest()
    return all(
        letter.isdigit() or letter.isupper() == (int(mark, 16) > 7) for letter, mark in zip(digits, known, strict=False)
    )
