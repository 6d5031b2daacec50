"""Telephone numbers among the tokens of a line."""

from leeward.hosting.rules.naming.cues import IDENTITY, PHONE
from leeward.hosting.rules.naming.known_services import Service
from leeward.hosting.rules.naming.line import Line
from leeward.hosting.rules.naming.phones import in_full, is_date_or_version, is_number_of_goods, local
from leeward.hosting.rules.naming.single import Recognised
from leeward.hosting.rules.naming.tokens import MARK, NUMBER, WORD, Token
from leeward.hosting.rules.sentences import NOTES

_LEAST_DIGITS_OF_PLAYER, _LEAST_DIGITS_OF_ACCOUNT = 4, 9
_MOST_PARTS = 8


def belongs_to(line: Line, service: Service, token: Token, *, is_said: bool) -> bool:
    """Return whether a number beside a service can be somebody's there."""
    if is_date_or_version(token.text):
        return False
    if service.number == "phone":
        return bool(in_full(token.text, line.country, is_said=True) or (not line.country and local(token.text)))
    digits = sum(letter.isdigit() for letter in token.text)
    if service.number == "player":
        return is_said and digits >= _LEAST_DIGITS_OF_PLAYER
    return is_said and (digits >= _LEAST_DIGITS_OF_ACCOUNT or bool(in_full(token.text, line.country, is_said=False)))


def find_phones(line: Line) -> None:
    """Add the telephone numbers that no service took."""
    services = [line.tokens[at].service for at in line.apps]
    is_said = line.has(PHONE) or any(service.number == "phone" for service in services)
    is_game = any(service.number == "player" for service in services)
    is_whole = sum(token.kind != MARK for token in line.tokens) == 1
    for place, token in enumerate(line.tokens):
        if token.kind != NUMBER or token.is_used or is_date_or_version(token.text):
            continue
        has_code = "+" in token.text
        if not (has_code or is_said) and (is_game or _is_something_else(line, place)):
            continue
        is_alone = is_whole and (token.text.startswith("0") or not token.text.isdigit())
        numbers = _in_full(token.text, line.country, is_said=is_said or has_code or is_alone)
        if not numbers and not line.country and (is_said or is_whole):
            numbers = [number] if (number := local(token.text)) else []
        for number in numbers:
            line.add((place, place), phone(number))


def phone(number: str, service: str = "") -> Recognised:
    """Return a telephone number, with a note if its country is unknown."""
    notes = () if number.startswith("+") else (NOTES["no_country_code"],)
    return Recognised("phone", "", number, number, service, notes=notes)


def _is_something_else(line: Line, place: int) -> bool:
    """Return whether a number is a bar code, or the word before says that it is no telephone number."""
    before = [token for token in line.tokens[max(0, place - 2) : place] if token.kind == WORD]
    digits = "".join(filter(str.isdigit, line.tokens[place].text))
    return is_number_of_goods(digits) or any(IDENTITY in token.cues and PHONE not in token.cues for token in before)


def _in_full(text: str, country: str, *, is_said: bool) -> list[str]:
    """Return the telephone numbers of a run of digits and blanks: one, or two written one after the other."""
    if number := in_full(text, country, is_said=is_said):
        return [number]
    parts = text.split()
    for cut in range(1, min(len(parts), _MOST_PARTS)):
        halves = [in_full(" ".join(half), country, is_said=False) for half in (parts[:cut], parts[cut:])]
        if all(halves):
            return halves
    return []
