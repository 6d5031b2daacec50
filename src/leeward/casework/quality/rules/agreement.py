"""How far two people agree beyond chance: Cohen's kappa with its interval. Pure.

Cohen, "A coefficient of agreement for nominal scales", Educational and Psychological Measurement 20 (1960), 37–46; the
large-sample standard error is that of Fleiss, Cohen and Everitt, Psychological Bulletin 72 (1969), 323–327. Over
several questions at once it is the pooled kappa of De Vries, Elliott, Kanouse and Teleki, Field Methods 20 (2008),
272–282; its standard error follows by the same linearization, with the answers about one subject kept together.
"""

from collections import Counter
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist

FEWEST = 10  # with fewer pairs no figure is given
_CONFIDENCE = 0.95
_WIDTH = NormalDist().inv_cdf(0.5 + _CONFIDENCE / 2)

type Pair = tuple[Hashable, Hashable]


@dataclass(frozen=True, slots=True)
class Kappa:
    """An agreement: `pairs` were compared, and `same` is the share on which both people agreed.

    `value` is None if it is undefined: there is no pair, or both people always gave one and the same answer. The
    interval from `low` to `high` is None if the formula gives it no width (full agreement, say), which would suggest a
    certainty that nobody has.
    """

    pairs: int
    same: float | None = None
    value: float | None = None
    error: float | None = None
    low: float | None = None
    high: float | None = None

    @property
    def is_small(self) -> bool:
        """Return whether there are too few pairs to show a figure."""
        return self.pairs < FEWEST

    @property
    def is_known(self) -> bool:
        """Return whether there is a figure to show."""
        return not self.is_small and self.value is not None


def kappa_of(pairs: Sequence[Pair]) -> Kappa:
    """Return Cohen's kappa of one question: `pairs` holds the first and the second person's answer about each subject."""
    return pooled_kappa([[pair] for pair in pairs])


def pooled_kappa(subjects: Sequence[Sequence[Pair]]) -> Kappa:
    """Return the pooled kappa of several questions: each subject has one pair for every question, in the same order."""
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
