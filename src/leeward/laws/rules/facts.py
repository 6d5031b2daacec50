"""The facts that an assessor states about a content. Nothing here is derived; everything else is derived from these."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from leeward.foundation.errors import LeewardError
from leeward.foundation.lazy_text import LazyText as _
from leeward.laws.rules.acts import UNDETERMINED, acts_vocabulary
from leeward.laws.rules.read_facts import FactReader, at_odds

KNOWN = ("yes", "no", "unknown")
AGE_BANDS: dict[str, tuple[int, int]] = {
    "0-2": (0, 2),
    "3-6": (3, 6),
    "7-10": (7, 10),
    "11-13": (11, 13),
    "14-15": (14, 15),
    "16-17": (16, 17),
    "adult": (18, 120),
    UNDETERMINED: (0, 120),
}
PUBERTAL_STAGES = ("infant", "prepubescent", "pubescent", "postpubescent", UNDETERMINED)
SEXES = ("female", "male", "both", UNDETERMINED)
MEDIA = ("photograph", "video", "photo_realistic", "ai_generated", "edited", "drawing", "text", "audio")
# Only in these does a person's appearance say something about their age; in others somebody gave them that appearance.
RECORDED = frozenset({"photograph", "video"})
SITE_TYPES = (
    "website",
    "file_host",
    "image_store",
    "image_board",
    "forum",
    "banner_site",
    "link_site",
    "social_network",
    "redirector",
    "web_archive",
    "search_provider",
    "image_host",
    "blog",
    "not_applicable",
    UNDETERMINED,
)
PAYMENTS = (
    "amex",
    "diners",
    "mastercard",
    "paypal",
    "visa",
    "western_union",
    "sms",
    "email",
    "liberty_reserve",
    "bitcoin",
    "other",
    "none",
)
VICTIMS = ("known", "new", "unknown")

OLDEST = 120
PLAINLY_A_CHILD = 10  # nobody who looks this age or younger is an adult
PLAINLY_AN_ADULT = 30  # nobody who looks this age or older is under 18
ADULT = 18
SMALL = 6  # no infant is older, nobody in puberty is this young
_BEFORE_PUBERTY = ("infant", "prepubescent")


class BadFacts(LeewardError):
    """The facts can't be read, or contradict each other."""

    code = "bad_facts"
    sentence = _("The facts can't be used: {field} {why}.")
    hint = _("Correct this fact; leave it unknown where you are not sure.")

    @property
    def field(self) -> str:
        """The name of the fact at fault."""
        return str(self.values["field"])


@dataclass(frozen=True, slots=True)
class Facts:
    """One person's statement of facts about a content.

    `age_band`: the age that the assessor states for the person; `known_age`: a proved age (of an identified person);
    `apparent_age`: how old the person looks or is presented, if that differs from the band; `presented_as_child`:
    whether the material itself presents the person as under 18. `act` is a code of data/acts.yaml.
    """

    real_person: str = "unknown"
    age_band: str = UNDETERMINED
    known_age: int | None = None
    apparent_age: tuple[int, int] | None = None
    pubertal_stage: str = UNDETERMINED
    sex: str = UNDETERMINED
    medium: str = UNDETERMINED
    act: str = UNDETERMINED
    self_generated: str = "unknown"
    commercial: str = "unknown"
    payments: tuple[str, ...] = ()
    site_type: str = UNDETERMINED
    victim: str = "unknown"
    exploitative: str = "unknown"
    presented_as_child: str = "unknown"

    def to_dict(self) -> dict[str, Any]:
        """Return the facts as plain values for parse_facts."""
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        values["payments"] = list(self.payments)
        values["apparent_age"] = list(self.apparent_age) if self.apparent_age else None
        return values


def parse_facts(given: Mapping[str, Any]) -> Facts:
    """Parse facts from plain values; missing ones are unknown, `sap_level` may replace `act`. Raises BadFacts."""
    if not isinstance(given, Mapping):
        raise BadFacts(field="the whole", why=_("must be a set of names and values"))
    reader = FactReader(given, fail=_fail)
    reader.only({field.name for field in fields(Facts)} | {"sap_level"})
    facts = Facts(
        real_person=reader.choice("real_person", KNOWN, "unknown"),
        age_band=reader.choice("age_band", tuple(AGE_BANDS), UNDETERMINED),
        known_age=reader.age("known_age"),
        apparent_age=reader.ages("apparent_age"),
        pubertal_stage=reader.choice("pubertal_stage", PUBERTAL_STAGES, UNDETERMINED),
        sex=reader.choice("sex", SEXES, UNDETERMINED),
        medium=reader.choice("medium", (*MEDIA, UNDETERMINED), UNDETERMINED),
        act=reader.act(acts_vocabulary().stands_for),
        self_generated=reader.choice("self_generated", KNOWN, "unknown"),
        commercial=reader.choice("commercial", KNOWN, "unknown"),
        payments=reader.choices("payments", PAYMENTS),
        site_type=reader.choice("site_type", SITE_TYPES, UNDETERMINED),
        victim=reader.choice("victim", VICTIMS, "unknown"),
        exploitative=reader.choice("exploitative", KNOWN, "unknown"),
        presented_as_child=reader.choice("presented_as_child", KNOWN, "unknown"),
    )
    refuse_contradictions(facts)
    return facts


def _fail(field: str, why: _) -> BadFacts:
    return BadFacts(field=field, why=why)


def refuse_contradictions(facts: Facts) -> None:
    """Raise BadFacts where two facts can't both be true."""
    for contradicts, field, why in (*_ages_at_odds(facts), *_others_at_odds(facts)):
        if contradicts:
            raise BadFacts(field=field, why=why)


def _ages_at_odds(facts: Facts) -> list[tuple[bool, str, _]]:
    low, high = AGE_BANDS[facts.age_band]
    name, stated, stage = "age_band", str(facts.age_band), facts.pubertal_stage
    if facts.known_age is not None:
        name, stated = "known_age", str(facts.known_age)
        if not low <= facts.known_age <= high:
            return [(True, name, at_odds(stated, "age_band", facts.age_band))]
        low = high = facts.known_age
    if facts.medium not in RECORDED:
        return []
    youngest, oldest = facts.apparent_age or (0, OLDEST)
    apparent = f"{youngest}–{oldest}"
    stated_apparent = at_odds(stated, "apparent_age", apparent)
    staged = at_odds(stated, "pubertal_stage", stage)
    apparent_staged = at_odds(apparent, "pubertal_stage", stage)
    return [
        (low >= ADULT and oldest <= PLAINLY_A_CHILD, name, stated_apparent),
        (high <= PLAINLY_A_CHILD and youngest >= ADULT, name, stated_apparent),
        (high < ADULT and youngest >= PLAINLY_AN_ADULT, name, stated_apparent),
        (low >= ADULT and stage in _BEFORE_PUBERTY, name, staged),
        (stage == "infant" and low > SMALL, name, staged),
        (stage in ("pubescent", "postpubescent") and high <= SMALL, name, staged),
        (stage in _BEFORE_PUBERTY and youngest >= ADULT, "apparent_age", apparent_staged),
    ]


def _others_at_odds(facts: Facts) -> list[tuple[bool, str, _]]:
    paid = bool(set(facts.payments) - {"none"})
    return [
        (facts.victim == "known" and facts.real_person == "no", "victim", at_odds("known", "real_person", "no")),
        (
            facts.self_generated == "yes" and facts.real_person == "no",
            "self_generated",
            at_odds("yes", "real_person", "no"),
        ),
        (paid and facts.commercial == "no", "payments", _("are named and commercial is no")),
        (paid and "none" in facts.payments, "payments", _("name a kind and also none")),
        (
            facts.presented_as_child == "yes" and (facts.apparent_age or (0, OLDEST))[0] >= ADULT,
            "presented_as_child",
            _("is yes and apparent_age is that of an adult: they contradict each other"),
        ),
    ]


def actual_ages(facts: Facts) -> tuple[int, int]:
    """Return the lowest and highest possible actual age of the person, if real; a made-up appearance says nothing about
    it.
    """
    if facts.known_age is not None:
        return facts.known_age, facts.known_age
    low, high = AGE_BANDS[facts.age_band]
    if facts.medium not in RECORDED:
        return low, high
    if facts.apparent_age is not None:
        if facts.apparent_age[1] <= PLAINLY_A_CHILD:
            high = min(high, ADULT - 1)
        if facts.apparent_age[0] >= PLAINLY_AN_ADULT:
            low = max(low, ADULT)
    if facts.pubertal_stage in _BEFORE_PUBERTY:
        high = min(high, ADULT - 1)
    return low, high


def apparent_ages(facts: Facts) -> tuple[int, int]:
    """Return the lowest and highest age that the person may appear to be; the stated band unless another appearance is
    stated.
    """
    return facts.apparent_age or AGE_BANDS[facts.age_band]


def needs_second_assessment(facts: Facts) -> bool:
    """Return whether the facts are so grave that another person must assess blind: act of category A, or an infant."""
    return is_category_a(facts) or is_infant(facts)


def is_category_a(facts: Facts) -> bool:
    """Return whether every act that the code may stand for is of UK category A."""
    vocabulary = acts_vocabulary()
    return all(vocabulary.acts[code].levels["uk"] == "A" for code in vocabulary.stands_for[facts.act])


def is_infant(facts: Facts) -> bool:
    """Return whether the person is, or looks, two years old or younger."""
    top = AGE_BANDS["0-2"][1]
    return facts.pubertal_stage == "infant" or actual_ages(facts)[1] <= top or apparent_ages(facts)[1] <= top
