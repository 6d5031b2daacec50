"""What is asked for: an amount and its currency beside a trace, and the name that a payer's statement shows."""

from decimal import Decimal, InvalidOperation

from leeward.foundation.patterns import Pattern
from leeward.payments.rules.words import line_around

_SIGNS = {"$": "USD", "£": "GBP", "€": "EUR", "₦": "NGN", "₹": "INR", "₵": "GHS", "₱": "PHP", "৳": "BDT", "₿": "BTC"}
_CODES = (
    "USD EUR GBP AUD NZD CAD ZAR NGN KES UGX TZS GHS ZMW BWP MWK RWF XAF XOF XCD JMD TTD BBD BSD GYD BZD FJD PGK SBD VUV WST TOP INR PKR "
    "BDT LKR MVR MYR SGD BND MUR SCR SZL LSL NAD MZN SLE GMD PHP BTC ETH XMR LTC USDT USDC TRX SOL TON"
).split()
_NAMES = {
    "KSH": "KES",
    "USH": "UGX",
    "TSH": "TZS",
    "RS": "INR",
    "SHILLINGS": "KES",
    "DOLLARS": "USD",
    "EUROS": "EUR",
    "POUNDS": "GBP",
}
_UNITS = "|".join([*_CODES, *_NAMES])
_NUMBER = r"[0-9]{1,9}(?:[, ][0-9]{3}){0,3}(?:\.[0-9]{1,8})?"
_AMOUNT = Pattern(
    rf"(?:([$£€₦₹₵₱৳₿])\s?({_NUMBER})(?:\s?({_UNITS})\b)?|\b({_UNITS})\.?\s?({_NUMBER})|({_NUMBER})\s?(?:({_UNITS})\b|([$£€₿])))",
    ignore_case=True,
)
_STATEMENT = Pattern(
    r"(?:statement|billed|charge|appears?|shown|listed) (?:will )?(?:say|says|as|show|shows|appear as|read|reads)[ :]{1,2}"
    r"[\"“']?([A-Z0-9][A-Z0-9*._-]{2,21}(?: [A-Z0-9*._-]{1,20}){0,2})"
)
_BEFORE, _AFTER, _FAR = 80, 60, 200


def amount_beside(text: str, start: int, end: int) -> tuple[str, str]:
    """Return the amount and currency (ISO code or coin) that stand nearest in the same line, "" and "" if none do."""
    left, right = line_around(text, start, end, before=_BEFORE, after=_AFTER)
    before = list(_AMOUNT.finditer(text[left:start]))
    after = next(_AMOUNT.finditer(text[end:right]), None)
    found = before[-1] if before else after
    if found is None:
        return "", ""
    sign, number, code, code_before, number_after, number_before, code_after, sign_after = found.groups()
    try:
        amount = Decimal((number or number_after or number_before).replace(",", "").replace(" ", ""))
    except InvalidOperation:
        return "", ""
    unit = (code or code_before or code_after or "").upper()
    currency = _NAMES.get(unit, unit) or _SIGNS[sign or sign_after]
    return (f"{amount:f}", currency) if amount else ("", "")


def descriptor_beside(text: str, start: int, end: int) -> str:
    """Return the name under which a statement shows the payment, if the text near says it, else ""."""
    found = _STATEMENT.search(text[max(0, start - _FAR) : end + _FAR])
    return found[1].strip(" .-") if found else ""
