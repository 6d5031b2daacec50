"""The basis for blocking a case, list by list, with its sentence; or what is missing and how to mend it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from leeward.blocklist import labels
from leeward.blocklist.models import BlockList
from leeward.blocklist.queries.lists import ListRow, block_lists
from leeward.blocklist.rules.criteria import Criterion, of_the_case
from leeward.laws.labels import BASES, basis_sentence
from leeward.laws.queries import law_cited, law_version, opinions_for
from leeward.laws.rules.basis import NO_LAW, Base, Grounds, Lack, Use, bases, lacking
from leeward.laws.rules.facts import Facts, parse_facts
from leeward.laws.rules.schemes import derive

_USES: Mapping[str, Use] = {"national": "national_block", "worst_of": "worst_of_block"}


@dataclass(frozen=True, slots=True)
class Resting:
    """The basis of a block on a given day: `base` with its wording, or why there is none. `criteria`: those of the list
    that the case fails.
    """

    base: Base | None
    text: str
    version: str
    lacks: tuple[Lack, ...]
    criteria: tuple[Criterion, ...]


@dataclass(frozen=True, slots=True)
class ListChoice:
    """A list for which an entry could be proposed: its basis, or why the list can't be chosen and what would change
    that.
    """

    list: ListRow
    rests_on: str
    sentence: str
    why_not: str
    mends: tuple[str, ...]

    @property
    def may_be_chosen(self) -> bool:
        """Whether there is a basis."""
        return not self.why_not


def resting(facts: Facts, found: ListRow | BlockList) -> Resting:
    """Return the basis for blocking a case with these facts on a list, under today's law."""
    today = datetime.now(UTC).date()
    own = law_cited(found.country, today)
    verdict = opinions_for(facts, [found.country], today)[0].verdict
    criteria = of_the_case(found.kind, facts)
    is_worst_of = found.kind == "worst_of"
    grounds = Grounds(
        own=own.law(verdict),
        host=NO_LAW,
        is_hosted_here=False,
        is_baseline=not criteria if is_worst_of else derive(facts)["interpol"] == "baseline",
        agreement=found.agreement,
    )
    holds = bases(_USES[found.kind], grounds)
    base = holds[0] if holds and not criteria else None
    text = (
        "" if base is None else own.citation if base == "own_law" else basis_sentence(base, grounds, own=own, host=own)
    )
    return Resting(base, text, law_version(), lacking(_USES[found.kind], grounds), criteria)


def lists_to_choose(facts: Mapping[str, Any]) -> list[ListChoice]:
    """Return every open list of our own, with the basis for blocking a case with these facts."""
    stated = parse_facts(facts)
    return [_choice(row, resting(stated, row)) for row in block_lists() if row.is_open and row.kind != "partner"]


def _choice(row: ListRow, found: Resting) -> ListChoice:
    if found.base is not None:
        return ListChoice(row, str(BASES[found.base]), found.text, "", ())
    criteria = [str(labels.CRITERIA[name]) for name in found.criteria]
    why = [*criteria, *(labels.lack_label(lack, row.country) for lack in found.lacks if not criteria)]
    mends = [str(labels.MENDS[lack]) for lack in found.lacks if not criteria] or [str(labels.CORRECT_FACTS)]
    return ListChoice(row, "", "", "; ".join(why), tuple(dict.fromkeys(mends)))
