"""Reads single facts from plain values as they come from a form, a file or the API."""

import math
from collections.abc import Callable, Iterable, Mapping
from typing import Any

OLDEST = 120
_SPELLINGS = {"photorealistic": "photo_realistic"}


class FactReader:
    """Takes named facts from a mapping; every problem becomes the exception that `fail(field, why)` returns."""

    def __init__(self, given: Mapping[str, Any], *, fail: Callable[[str, str], Exception]) -> None:
        self.given = given
        self.fail = fail

    def only(self, allowed: Iterable[str]) -> None:
        """Refuse a name that is no fact."""
        for name in sorted(set(self.given) - set(allowed), key=str):
            raise self.fail(str(name), "is no fact that Leeward knows")

    def word(self, name: str, allowed: tuple[str, ...], unknown: str) -> str:
        """Read a word of a closed vocabulary; nothing, null and an empty word mean unknown."""
        value = self.given.get(name)
        if value is None or value == "":
            return unknown
        if isinstance(value, bool):
            value = "yes" if value else "no"
        return self._spelled(name, value, allowed)

    def _spelled(self, name: str, value: object, allowed: tuple[str, ...]) -> str:
        if not isinstance(value, str):
            raise self.fail(name, f"must be one of: {', '.join(allowed)}")
        plain = value.strip().lower()
        for spelled in (plain, plain.replace("-", "_").replace(" ", "_"), _SPELLINGS.get(plain, "")):
            if spelled in allowed:
                return spelled
        raise self.fail(name, f"is {value[:40]!r} and must be one of: {', '.join(allowed)}")

    def words(self, name: str, allowed: tuple[str, ...]) -> tuple[str, ...]:
        """Read a list of words, in the vocabulary's order and each once."""
        value = self.given.get(name)
        if value is None or value == "":
            return ()
        if not isinstance(value, list | tuple | set | frozenset):
            raise self.fail(name, "must be a list")
        found = {self._spelled(name, entry, allowed) for entry in value}
        return tuple(word for word in allowed if word in found)

    def age(self, name: str) -> int | None:
        """Read an age in completed years, or None."""
        value = self.given.get(name)
        return None if value is None or value == "" else self._years(name, value)

    def count(self, name: str) -> int | None:
        """Read how many, or None."""
        value = self.given.get(name)
        if value is None or value == "":
            return None
        if isinstance(value, str) and value.strip().isascii() and value.strip().isdigit():
            value = int(value[:9])
        if isinstance(value, bool) or not isinstance(value, int) or value < 0:
            raise self.fail(name, "must be a whole number")
        return value

    def _years(self, name: str, value: object) -> int:
        if isinstance(value, str) and value.strip().isascii() and value.strip().isdigit():
            value = int(value[:9])
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
            raise self.fail(name, "must be a number of years")
        if not 0 <= value <= OLDEST:
            raise self.fail(name, f"must be from 0 to {OLDEST} years")
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
            raise self.fail(name, "must be a number, [low, high] or null")
        low, high = (self._years(name, entry) for entry in value)
        if low > high:
            raise self.fail(name, f"runs from {low} down to {high}")
        return low, high

    def act(self, stands_for: Mapping[str, frozenset[str]]) -> str:
        """Read the act from `act` or, where only the level is known, from `sap_level`; where both agree, the finer."""
        act = self.word("act", tuple(stands_for), "undetermined")
        level = self.given.get("sap_level")
        if level is None or level == "":
            return act
        code = f"sap_{str(level).strip().lower()}"
        if isinstance(level, bool | float) or code not in stands_for:
            raise self.fail("sap_level", "must be none, a number from 1 to 5, or null")
        if act == "undetermined":
            return code
        if not stands_for[act] & stands_for[code]:
            raise self.fail("sap_level", f"is {level} and act is {act}: they contradict each other")
        return act if stands_for[act] <= stands_for[code] else code
