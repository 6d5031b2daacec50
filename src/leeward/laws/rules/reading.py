"""Facts prepared for the law: the possible media, acts and ages, and the result of each age test."""

from dataclasses import dataclass, field
from functools import lru_cache

from leeward.laws.rules.acts import UNDETERMINED, acts_vocabulary
from leeward.laws.rules.facts import MEDIA, PLAINLY_AN_ADULT, Facts, actual_ages, apparent_ages
from leeward.laws.rules.jurisdiction import AgeRule, AgeTest
from leeward.laws.rules.three import NO, UNKNOWN, YES, Three, below, three

CREATED = frozenset(
    {"photo_realistic", "ai_generated", "drawing", "text", "audio"}
)  # its apparent age depends on how it is made
PUBERTY = 13  # INTERPOL: prepubescent is "under about 13"
_MAJORITY = 18


@dataclass(slots=True)
class Reading:
    """One set of facts, prepared once for all jurisdictions."""

    media: tuple[str, ...]
    acts: frozenset[str]
    real: Three
    exploitative: Three
    presented: Three
    actual: tuple[int, int]
    apparent: tuple[int, int]
    stage: str
    _ages: dict[tuple[AgeRule, bool], Three] = field(default_factory=dict)

    def age(self, rule: AgeRule, medium: str) -> Three:
        """Return whether the person's age falls under the rule."""
        key = (rule, medium in CREATED)
        value = self._ages.get(key)
        if value is None:
            value = self._ages[key] = max(self._test(test, rule, created=key[1]) for test in rule.by)
        return value

    def _test(self, test: AgeTest, rule: AgeRule, *, created: bool) -> Three:
        if test == "actual":
            return self._actual(rule)
        if test == "appears" or created:
            return self._under(self.apparent, rule)
        return self._depicted(rule)

    def _actual(self, rule: AgeRule) -> Three:
        return min(self.real, self._under(self.actual, rule))

    def _under(self, ages: tuple[int, int], rule: AgeRule) -> Three:
        low, high = ages
        if rule.prepubescent:
            return self.prepubescent(ages)
        if rule.below is not None:
            return below(low, high, rule.below)
        if low >= PLAINLY_AN_ADULT:  # a law that fixes no age still means the young
            return NO
        return YES if rule.plainly_below is not None and high < rule.plainly_below else UNKNOWN

    def prepubescent(self, ages: tuple[int, int]) -> Three:
        """Combine age and stage; the stage decides where the age leaves it open, never against the age."""
        low, high = ages
        sure = PUBERTY if self.stage in ("infant", "prepubescent") else PUBERTY - 1
        over = PUBERTY if self.stage in ("pubescent", "postpubescent") else PUBERTY + 1
        if high <= sure:
            return YES
        return NO if low >= over else UNKNOWN

    def _depicted(self, rule: AgeRule) -> Three:
        """Return how old a photograph or film presents its person as; a child is presented as one, anybody else may be."""
        apparent = self._under(self.apparent, rule)
        if apparent is NO:
            return NO
        if self._actual(rule) is YES:
            return YES
        return self.presented if rule.below is not None and rule.below >= _MAJORITY else UNKNOWN


@lru_cache(maxsize=4096)
def read(facts: Facts) -> Reading:
    """Prepare a set of facts."""
    return Reading(
        media=MEDIA if facts.medium == UNDETERMINED else (facts.medium,),
        acts=acts_vocabulary().stands_for[facts.act],
        real=three(facts.real_person),
        exploitative=three(facts.exploitative),
        presented=three(facts.presented_as_child),
        actual=actual_ages(facts),
        apparent=apparent_ages(facts),
        stage=facts.pubertal_stage,
    )
