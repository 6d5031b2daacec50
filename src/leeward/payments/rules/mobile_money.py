"""Mobile money: a telephone number, or a merchant's short number, beside the name of a service."""

from collections.abc import Iterator
from itertools import takewhile

from leeward.foundation.patterns import Pattern
from leeward.payments.rules.masking import without_card_numbers
from leeward.payments.rules.names import MOBILE, MobileService
from leeward.payments.rules.traces import Trace
from leeward.payments.rules.words import Names, is_letter, line_around

_SERVICES = {service.name: service for service in MOBILE}
_NAMES = Names({service.name: service.forms for service in MOBILE})
_MERCHANTS = {
    service.name: Names({form: (form,) for form in service.merchants}) for service in MOBILE if service.merchants
}
_NUMBER = Pattern(r"\+?[0-9][0-9 ().\-\u00a0]{6,20}[0-9]")
_SHORT = Pattern(r"^[ :#.=-]{0,4}(?:(?:no|number|is|nr)\.?[ :#=]{1,3})?([0-9]{5,7})")
_ACCOUNT = Pattern(
    r"^[ ,;.:-]{0,3}(?:account|acc|a/c|ac)\.?(?: (?:no|number))?[ :#.=]{1,3}([0-9A-Za-z]{3,20})", ignore_case=True
)
_HOLDER = Pattern(
    r"^[ ,;.()\-–]{0,4}(?:(?:registered |account )?names?|registered to)[ :=-]{1,3}(?:is )?", ignore_case=True
)
_MOST_OF_HOLDER, _MOST_NAMES = 80, 3
_BEFORE, _AFTER = 40, 80
_LEAST, _MOST = 7, 15


def find_mobile_money(text: str, country: str = "") -> Iterator[Trace]:
    """Yield numbers beside the name of a service of mobile money. Local numbers are read as the country's (ISO) if the
    service is there, else as of the only country of the service in which they are given out; else they stay as written.
    """
    for name, start, end in _NAMES.find(text):
        service = _SERVICES[name]
        left, right = line_around(text, start, end, before=_BEFORE, after=_AFTER)
        yield from _merchants(text, service, left, right)
        after = [(end + found.start(), found[0]) for found in _NUMBER.finditer(text[end:right])]
        before = [(left + found.start(), found[0]) for found in _NUMBER.finditer(text[left:start])]
        for at, typed in [*after[:1], *([] if after else before[-1:])]:
            stands_alone = not is_letter(text, at - 1) and not is_letter(text, at + len(typed))
            if stands_alone and (number := _in_full(typed, service, country)):
                holder = _holder(text[at + len(typed) : at + len(typed) + _MOST_OF_HOLDER])
                yield Trace("mobile_money", number, weak=True, brand=name, start=at, descriptor=holder)


def _holder(after: str) -> str:
    """Return the name under which a number is registered, if what follows the number says it, else ""."""
    named = _HOLDER.match(after)
    words = after[named.end() :].partition("\n")[0].split()[:_MOST_NAMES] if named else []
    names = list(takewhile(lambda word: word[:1].isupper(), words))
    ends = next((place for place, word in enumerate(names) if word[-1] in ".,;!?)"), len(names))
    return " ".join(names[: ends + 1]).rstrip(".,;!?)")


def _merchants(text: str, service: MobileService, left: int, right: int) -> Iterator[Trace]:
    names = _MERCHANTS.get(service.name)
    for word, start, end in names.find(text[left:right]) if names else ():
        part = text[left + end : right]
        short = _SHORT.match(part)
        if short is None or is_letter(part, short.end()):
            continue
        account = _ACCOUNT.match(part[short.end() :])
        value = f"{_word(word)} {short[1]}"
        value += f" account {without_card_numbers(account[1])}" if account else ""
        yield Trace("mobile_money", value, weak=True, brand=service.name, start=left + start)


def _word(word: str) -> str:
    """Return one spelling for the words that mean the same number."""
    return {
        "pay bill": "paybill",
        "till number": "till",
        "buy goods": "till",
        "lipa namba": "lipa",
        "lipa number": "lipa",
    }.get(word, word)


def _in_full(typed: str, service: MobileService, country: str) -> str:
    """Return a number as + and digits, its digits if its country is open, "" if the service has no such number."""
    digits = "".join(filter(str.isdigit, typed))
    if not _LEAST <= len(digits) <= _MOST:
        return ""
    if "+" in typed or digits.startswith("00"):
        return _given_out(f"+{digits.removeprefix('00') if '+' not in typed else digits}", service.countries)
    if country in service.countries:
        return _given_out(digits, (country,)) or _given_out(f"+{digits}", service.countries)
    if with_code := _given_out(f"+{digits}", service.countries):
        return with_code
    read = [number for one in service.countries if (number := _given_out(digits, (one,)))]
    return read[0] if len(read) == 1 else digits if read else ""


def _given_out(number: str, countries: tuple[str, ...]) -> str:
    """Return a number as + and digits if it is a mobile one that one of these countries gives out, else ""."""
    import phonenumbers  # loads only when there is a number

    try:
        parsed = phonenumbers.parse(number, None if number.startswith("+") else countries[0])
    except phonenumbers.NumberParseException:
        return ""
    kinds = (phonenumbers.PhoneNumberType.MOBILE, phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE)
    is_right = phonenumbers.region_code_for_number(parsed) in countries and phonenumbers.number_type(parsed) in kinds
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164) if is_right else ""
