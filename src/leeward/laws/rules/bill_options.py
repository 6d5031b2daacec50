"""The choices that a drafter makes, read from plain values."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, fields
from typing import Any

from leeward.foundation.errors import LeewardError
from leeward.foundation.said import LazyText as _
from leeward.laws.rules.read_facts import FactReader

TERMS = ("child sexual abuse material", "child pornography")
SPEEDS = ("immediately", "as_soon_as_practicable")
SOLICITATIONS = ("appendix_v", "extended", "none")
_MOST_TEXT = 200
_MOST_DAYS = 3660


class BadOptions(LeewardError):
    """An option that there isn't, or a value that it can't have."""

    code = "bad_options"
    sentence = _("The options can't be used: {field} {why}.")
    hint = _("Correct it, or leave it out to take the toolkit's own choice.")


@dataclass(frozen=True, slots=True)
class BillOptions:
    """What the toolkit leaves to choose; the defaults are the toolkit's own text, in plain words.

    `age_of_consent` None leaves a blank; `reporting_entity` empty leaves it to regulations; `preservation_days` None leaves
    the clause out, for it is not in the toolkit.
    """

    title: str = ""
    term: str = TERMS[0]
    reporting: bool = True
    simulated_images: bool = True
    knowingly_possess: bool = False
    speed: str = SPEEDS[0]
    reporting_entity: str = ""
    privilege: bool = True
    age_of_consent: int | None = None
    solicitation: str = SOLICITATIONS[0]
    lawful_work: bool = True
    preservation_days: int | None = None
    only_gaps: bool = True

    def conditions(self) -> dict[str, bool]:
        """What may be a condition of a clause in data/bill.yaml."""
        return {
            "reporting": self.reporting,
            "simulated_images": self.simulated_images,
            "privilege": self.privilege,
            "lawful_work": self.lawful_work,
            "preservation_days": self.preservation_days is not None,
            "solicitation": self.solicitation != "none",
            "solicitation_extended": self.solicitation == "extended",
        }


def parse_options(given: Mapping[str, Any]) -> BillOptions:
    """Read options from plain values; what is left out is the toolkit's choice. Raises BadOptions."""
    if not isinstance(given, Mapping):
        raise BadOptions(field="the whole", why=_("must be a set of names and values"))
    reader = FactReader(given, fail=lambda field, why: BadOptions(field=field, why=why))
    names = {field.name for field in fields(BillOptions)}
    reader.only(names)
    return BillOptions(
        title=_text(reader, "title"),
        term=_word(reader, "term", TERMS),
        reporting=_yes(reader, "reporting", default=True),
        simulated_images=_yes(reader, "simulated_images", default=True),
        knowingly_possess=_yes(reader, "knowingly_possess", default=False),
        speed=_word(reader, "speed", SPEEDS),
        reporting_entity=_text(reader, "reporting_entity"),
        privilege=_yes(reader, "privilege", default=True),
        age_of_consent=_consent(reader),
        solicitation=_word(reader, "solicitation", SOLICITATIONS),
        lawful_work=_yes(reader, "lawful_work", default=True),
        preservation_days=_days(reader),
        only_gaps=_yes(reader, "only_gaps", default=True),
    )


def _word(reader: FactReader, name: str, allowed: tuple[str, ...]) -> str:
    return reader.word(name, allowed, allowed[0])


def _yes(reader: FactReader, name: str, *, default: bool) -> bool:
    return reader.word(name, ("yes", "no"), "yes" if default else "no") == "yes"


def _text(reader: FactReader, name: str) -> str:
    value = reader.given.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise reader.fail(name, _("must be a text"))
    plain = " ".join(value.split())
    if len(plain) > _MOST_TEXT or not plain.isprintable():
        raise reader.fail(name, _("must be plain text of at most %(most)s letters", most=_MOST_TEXT))
    return plain


def _consent(reader: FactReader) -> int | None:
    age = reader.age("age_of_consent")
    if age is not None and not 10 <= age <= 21:
        raise reader.fail("age_of_consent", _("is %(age)s and must be an age from 10 to 21, or left out", age=age))
    return age


def _days(reader: FactReader) -> int | None:
    days = reader.count("preservation_days")
    if days is not None and not 1 <= days <= _MOST_DAYS:
        raise reader.fail(
            "preservation_days",
            _("is %(days)s and must be a number of days up to %(most)s", days=days, most=_MOST_DAYS),
        )
    return days


def wanted_criteria(missing: Collection[str], unknown: Collection[str], *, grooming_known: bool) -> frozenset[str]:
    """Which criteria the bill must close: all that are missing or not known; solicitation unless it is known to be law."""
    wanted = frozenset(missing) | frozenset(unknown)
    return wanted if grooming_known else wanted | {"grooming"}
