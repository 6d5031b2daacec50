"""Which service a word or two mean."""

from dataclasses import dataclass
from functools import cache

from leeward.hosting.rules.naming.known_services import SERVICES, Service
from leeward.hosting.rules.naming.spelling import Guesses, plain, without_endings

MOST_WORDS_OF_FORM = 4
# Words that are one letter from a service's name, and mean themselves.
_THEMSELVES = frozenset(
    "discard threads thread message messages messengers passenger telegraph tumbler pinterests wordpress".split()
)


@dataclass(frozen=True, slots=True)
class Named:
    """A service, and whether the form is an ordinary word too, so that it counts only beside a name."""

    service: Service
    is_weak: bool = False


def _forms(listed: str) -> list[str]:
    return [form for form in (" ".join(part.split()) for part in listed.split(",")) if form]


@cache
def _table() -> dict[str, Named]:
    found: dict[str, Named] = {}
    for service in SERVICES:
        for is_weak, listed in ((False, f"{service.name},{service.forms}"), (True, service.weak)):
            for form in _forms(listed):
                if not is_weak and plain(form) in {plain(weak) for weak in _forms(service.weak)}:
                    continue
                for spelling in {plain(form), plain(form).replace(" ", "").replace("-", "")}:
                    found.setdefault(spelling, Named(service, is_weak))
    return found


@cache
def _guesses() -> Guesses[Named]:
    return Guesses((form, named) for form, named in _table().items() if not named.is_weak)


def by_name(name: str) -> Service | None:
    """Return the service with exactly this name, in any case, or None."""
    named = _table().get(plain(name))
    return named.service if named and named.service.name.casefold() == name.casefold() else None


def is_form(text: str) -> bool:
    """Return whether a text is a form of a service's name as it is listed, or a misspelt one; not one with an ending."""
    spelt = plain(text)
    return spelt.isascii() or spelt in _table() or spelt.replace(" ", "") in _table()


def service_meant(spelt: list[str]) -> Named | None:
    """Return the service that these consecutive words (`spelling.plain`) mean together, or None."""
    table = _table()
    together, joined = " ".join(spelt), "".join(spelt).replace("-", "")
    if found := table.get(together) or table.get(joined):
        return found
    for last in without_endings(spelt[-1]):
        if found := table.get(" ".join([*spelt[:-1], last])):
            return found
    if len(spelt) > 2 or joined in _THEMSELVES or (len(spelt) == 2 and min(map(len, spelt)) < 3):
        return None
    return _guesses().find(joined)
