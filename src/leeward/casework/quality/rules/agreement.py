"""How far two people agree beyond what chance alone would give: Cohen's kappa with its interval. Pure.

Cohen, "A coefficient of agreement for nominal scales", Educational and Psychological Measurement 20 (1960), 37–46; the standard
error for large samples is that of Fleiss, Cohen and Everitt, Psychological Bulletin 72 (1969), 323–327. Over several questions
at once it is the pooled kappa of De Vries, Elliott, Kanouse and Teleki, Field Methods 20 (2008), 272–282; its standard error
follows by the same linearization, with what was said of one subject kept together.
"""

from collections import Counter
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist

FEWEST = 10  # below this many pairs no figure is given
_CONFIDENCE = 0.95
_WIDTH = NormalDist().inv_cdf(0.5 + _CONFIDENCE / 2)

type Pair = tuple[Hashable, Hashable]


@dataclass(frozen=True, slots=True)
class Kappa:
    """An agreement: `pairs` were compared, `same` is the share on which both said the same.

    `value` is None where there is nothing to tell: no pair at all, or both always said one and the same. The interval `low` to
    `high` is None where the formula gives it no width (full agreement, say): that would be certainty which nobody has.
    """

    pairs: int
    same: float | None = None
    value: float | None = None
    error: float | None = None
    low: float | None = None
    high: float | None = None

    @property
    def is_small(self) -> bool:
        """Whether these are too few pairs to show a figure of."""
        return self.pairs < FEWEST

    @property
    def is_known(self) -> bool:
        """Whether there is a figure to show."""
        return not self.is_small and self.value is not None


def kappa_of(pairs: Sequence[Pair]) -> Kappa:
    """Cohen's kappa of one question: `pairs` holds what the first and what the second person said of each subject."""
    return pooled_kappa([[pair] for pair in pairs])


def pooled_kappa(subjects: Sequence[Sequence[Pair]]) -> Kappa:
    """The kappa of several questions together: each subject has one pair for every question, in the same order."""
    number = len(subjects)
    questions = len(subjects[0]) if subjects else 0
    if not questions:
        return Kappa(number)
    ones = [Counter(subject[at][0] for subject in subjects) for at in range(questions)]
    others = [Counter(subject[at][1] for subject in subjects) for at in range(questions)]
    observed = [sum(one == other for one, other in subject) / questions for subject in subjects]
    expected = [
        sum(others[at][one] + ones[at][other] for at, (one, other) in enumerate(subject)) / (number * questions)
        for subject in subjects
    ]
    same = sum(observed) / number
    chance = sum(expected) / number / 2
    if 1 - chance < 1e-12:
        return Kappa(number, same)
    value = (same - chance) / (1 - chance)
    spread = sum(
        ((seen - same) * (1 - chance) - (1 - same) * (by_chance - 2 * chance)) ** 2
        for seen, by_chance in zip(observed, expected, strict=True)
    )
    error = sqrt(spread) / number / (1 - chance) ** 2
    if error < 1e-9:
        return Kappa(number, same, value)
    return Kappa(number, same, value, error, max(-1.0, value - _WIDTH * error), min(1.0, value + _WIDTH * error))
