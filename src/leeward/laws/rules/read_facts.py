"""Parse single facts from plain values of a form, a file or the API."""

import math
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from leeward.foundation.lazy_text import LazyText as _

OLDEST = 120
_MOST_DIGITS = 9
_SPELLINGS = {"photorealistic": "photo_realistic"}


def at_odds(value: object, fact: str, other: object) -> _:
    """Return the message for a fact that is `value` while another is `other`, which can't both be true."""
    return _("is %(value)s and %(fact)s is %(other)s: they contradict each other", value=value, fact=fact, other=other)


def _number(value: object) -> object:
    """Return a text of one to nine digits as their number, and anything else as it is."""
    text = value.strip() if isinstance(value, str) else ""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS else value


class FactReader:
    """Reads named facts from a mapping; every problem is raised as the exception that `fail(field, why)` returns."""

    def __init__(self, given: Mapping[str, Any], *, fail: Callable[[str, _], Exception]) -> None:
        self.given = given
        self.fail = fail

    def only(self, allowed: Iterable[str]) -> None:
        """Refuse names that are not facts."""
        for name in sorted(set(self.given) - set(allowed), key=str):
            raise self.fail(str(name), _("is not a fact that Leeward knows"))

    def choice(self, name: str, allowed: tuple[str, ...], unknown: str) -> str:
        """Read a word of a closed vocabulary; missing, null and an empty word mean unknown."""
        value = self.given.get(name)
        if value is None or value == "":
            return unknown
        if isinstance(value, bool):
            value = "yes" if value else "no"
        return self._spelled(name, value, allowed)

    def _spelled(self, name: str, value: object, allowed: tuple[str, ...]) -> str:
        if not isinstance(value, str):
            raise self.fail(name, _("must be one of: %(words)s", words=", ".join(allowed)))
        plain = value.strip().lower()
        plain = _SPELLINGS.get(plain, plain)
        for spelled in (plain, plain.replace("-", "_").replace(" ", "_")):
            if spelled in allowed:
                return spelled
        raise self.fail(
            name, _("is %(value)s and must be one of: %(words)s", value=repr(value[:40]), words=", ".join(allowed))
        )

    def choices(self, name: str, allowed: tuple[str, ...]) -> tuple[str, ...]:
        """Read a list of words, sorted as in the vocabulary and without duplicates."""
        value = self.given.get(name)
        if value is None or value == "":
            return ()
        if not isinstance(value, list | tuple | set | frozenset):
            raise self.fail(name, _("must be a list"))
        found = {self._spelled(name, entry, allowed) for entry in value}
        return tuple(choice for choice in allowed if choice in found)

    def age(self, name: str) -> int | None:
        """Read an age in completed years, or None."""
        value = self.given.get(name)
        return None if value is None or value == "" else self._years(name, value)

    def count(self, name: str) -> int | None:
        """Read a number, or None."""
        value = _number(self.given.get(name))
        if value is None or value == "":
            return None
        if isinstance(value, bool) or not isinstance(value, int) or value < 0:
            raise self.fail(name, _("must be a whole number"))
        return value

    def _years(self, name: str, value: object) -> int:
        value = _number(value)
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise self.fail(name, _("must be a number of years"))
        if not 0 <= value <= OLDEST:
            raise self.fail(name, _("must be from 0 to %(oldest)s years", oldest=OLDEST))
        return math.floor(value)

    def ages(self, name: str) -> tuple[int, int] | None:
        """Read a number or a pair [low, high], or None."""
        value = self.given.get(name)
        if value is None or value == "":
            return None
        if not isinstance(value, list | tuple):
            years = self._years(name, value)
            return years, years
        if len(value) != 2:
            raise self.fail(name, _("must be a number, [low, high] or null"))
        low, high = (self._years(name, entry) for entry in value)
        if low > high:
            raise self.fail(name, _("runs from %(low)s down to %(high)s", low=low, high=high))
        return low, high

    def act(self, stands_for: Mapping[str, frozenset[str]]) -> str:
        """Read the act from `act` or, where only the level is known, from `sap_level`; where both agree, the finer."""
        act = self.choice("act", tuple(stands_for), "undetermined")
        level = self.given.get("sap_level")
        if level is None or level == "":
            return act
        code = f"sap_{str(level).strip().lower()}"
        if isinstance(level, bool | float) or code not in stands_for:
            raise self.fail("sap_level", _("must be none, a number from 1 to 5, or null"))
        if not stands_for[act] & stands_for[code]:
            raise self.fail("sap_level", at_odds(level, "act", act))
        return act if stands_for[act] <= stands_for[code] else code
