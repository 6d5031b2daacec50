"""Parse a drafter's choices from plain values."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from leeward.foundation.errors import LeewardError
from leeward.foundation.lazy_text import LazyText as _
from leeward.laws.rules.bill_styles import STYLES
from leeward.laws.rules.read_facts import FactReader

TERMS = (
    "child sexual abuse material",
    "child pornography",
    "child sexual exploitation material",
    "child abuse material",
)
CLAUSES = ("missing", "unknown", "all")
SPEEDS = ("immediately", "as_soon_as_practicable", "within_hours")
SOLICITATIONS = ("appendix_v", "extended", "none")
PRIVILEGES = ("legal_professional", "attorney_client", "none")
OWN_IMAGES = ("own", "peers", "none")
SILENCES = ("child_and_parent", "child", "none")
MODALS = ("must", "shall")
YES_OR_NO: dict[str, bool] = {  # each yes-or-no choice with its default
    "knowingly": True,
    "substantial_risk": False,
    "simulated_images": True,
    "proven_adult": False,
    "text_audio": False,
    "attend": False,
    "tools": False,
    "attempt": False,
    "lawful_work": True,
    "reporting": True,
    "reporters": False,
    "preservation": True,
    "secrecy": True,
    "decoy": False,
    "hotline": True,
    "proactive": False,
    "removal": False,
    "host": False,
    "blocking": False,
    "abroad": False,
    "forfeiture": False,
}
_MOST_TEXT = 200
_MOST_DAYS = 3660


class BadOptions(LeewardError):
    """An unknown option, or an invalid value for one."""

    code = "bad_options"
    sentence = _("The options can't be used: {field} {why}.")
    hint = _("Correct it, or leave it out to take the toolkit's own choice.")


@dataclass(frozen=True, slots=True)
class BillOptions:
    """The choices that the toolkit leaves open; the defaults are the model's own text.

    `term` empty uses today's term in a new Act and the older one in an amendment; `style` empty uses the country's;
    `age_of_consent` and `preservation_days` None leave blanks; `reporting_entity` empty leaves it to regulations.
    """

    title: str = ""
    term: str = ""
    clauses: str = CLAUSES[0]
    style: str = ""
    modal: str = MODALS[0]
    knowingly: bool = True
    substantial_risk: bool = False
    simulated_images: bool = True
    proven_adult: bool = False
    text_audio: bool = False
    attend: bool = False
    tools: bool = False
    attempt: bool = False
    lawful_work: bool = True
    own_images: str = OWN_IMAGES[0]
    reporting: bool = True
    speed: str = SPEEDS[0]
    reporting_entity: str = ""
    privilege: str = PRIVILEGES[0]
    silence: str = SILENCES[0]
    reporters: bool = False
    preservation: bool = True
    preservation_days: int | None = None
    secrecy: bool = True
    solicitation: str = SOLICITATIONS[0]
    age_of_consent: int | None = None
    decoy: bool = False
    hotline: bool = True
    proactive: bool = False
    removal: bool = False
    host: bool = False
    blocking: bool = False
    abroad: bool = False
    forfeiture: bool = False

    def conditions(self) -> dict[str, bool]:
        """Return the conditions that clauses in data/bill.yaml may have."""
        return {
            **{name: getattr(self, name) for name in YES_OR_NO},
            "privilege": self.privilege != "none",
            "own_images": self.own_images != "none",
            "peers": self.own_images == "peers",
            "silence": self.silence != "none",
            "silence_of_parents": self.silence == "child_and_parent",
            "solicitation": self.solicitation != "none",
            "solicitation_extended": self.solicitation == "extended",
        }


def parse_options(given: Mapping[str, Any]) -> BillOptions:
    """Parse options from plain values; missing ones use the model's choice. Raises BadOptions."""
    if not isinstance(given, Mapping):
        raise BadOptions(field="the whole", why=_("must be a set of names and values"))
    reader = FactReader(given, fail=lambda field, why: BadOptions(field=field, why=why))
    reader.only({field.name for field in fields(BillOptions)})
    return BillOptions(
        title=_text(reader, "title"),
        term=reader.choice("term", TERMS, ""),
        clauses=_word(reader, "clauses", CLAUSES),
        style=reader.choice("style", STYLES, ""),
        modal=_word(reader, "modal", MODALS),
        own_images=_word(reader, "own_images", OWN_IMAGES),
        speed=_word(reader, "speed", SPEEDS),
        reporting_entity=_text(reader, "reporting_entity"),
        privilege=_word(reader, "privilege", PRIVILEGES),
        silence=_word(reader, "silence", SILENCES),
        preservation_days=_days(reader),
        solicitation=_word(reader, "solicitation", SOLICITATIONS),
        age_of_consent=_consent(reader),
        **{name: _yes(reader, name, default=default) for name, default in YES_OR_NO.items()},
    )


def _word(reader: FactReader, name: str, allowed: tuple[str, ...]) -> str:
    return reader.choice(name, allowed, allowed[0])


def _yes(reader: FactReader, name: str, *, default: bool) -> bool:
    chosen = reader.choice(name, ("yes", "no"), "")
    return chosen == "yes" if chosen else default


def _text(reader: FactReader, name: str) -> str:
    value = reader.given.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise reader.fail(name, _("must be text"))
    plain = " ".join(value.split())
    if len(plain) > _MOST_TEXT or not plain.isprintable():
        raise reader.fail(name, _("must be plain text of at most %(most)s characters", most=_MOST_TEXT))
    return plain


def _consent(reader: FactReader) -> int | None:
    """A child is under 18, so no higher age of consent can stand in the clause."""
    age = reader.age("age_of_consent")
    if age is not None and not 10 <= age <= 18:
        raise reader.fail("age_of_consent", _("is %(age)s and must be an age from 10 to 18, or left out", age=age))
    return age


def _days(reader: FactReader) -> int | None:
    days = reader.count("preservation_days")
    if days is not None and not 1 <= days <= _MOST_DAYS:
        raise reader.fail(
            "preservation_days",
            _("is %(days)s and must be a number of days up to %(most)s", days=days, most=_MOST_DAYS),
        )
    return days
