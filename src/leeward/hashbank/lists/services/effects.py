"""What a list does to records that were there before it, beyond adding votes that change nothing."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping

from django.db.models import TextField
from django.db.models.functions import Cast

from leeward.hashbank.lists.services.list_votes import ListedVote
from leeward.hashbank.models import Vote as VoteRow
from leeward.hashbank.numbers import among
from leeward.hashbank.records.votes import SourceFacts, rulings_of, source_facts, vote_of
from leeward.hashbank.rules.standing import Standing, Vote, standing

BASELINE, FACTS, VERDICT, HASHES, SHARING, UNITED = "baseline", "facts", "verdict", "hashes", "sharing", "united"
"""Effects on a record besides a change of its state, which is written `before>after`: two sources confirm it now or no
longer, its facts differ, a vote changes but nothing follows yet, it gains hashes, what may be passed on of it changes,
it is united with another.
"""
LOOK_ALIKES = "look-alikes"
"""New records of harmless look-alikes. They change nothing that is there, but a picture nearer to one than to a known
image no longer matches.
"""
SHOWN = 20
_SOME_IMPORT = 1
"""Votes in a preview have no import yet, but count as brought by one."""


class Effects:
    """Counts effects, and keeps the first records of each for a person to look at."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self.records: dict[str, list[int]] = defaultdict(list)

    def note(self, effect: str, record_ids: Iterable[int]) -> None:
        """Count an effect on these records."""
        for number in record_ids:
            self.counts[effect] += 1
            if len(self.records[effect]) < SHOWN:
                self.records[effect].append(number)

    def note_new(self, effect: str, count: int) -> None:
        """Count an effect of records that are new."""
        if count:
            self.counts[effect] += count

    def add(self, other: "Effects") -> None:
        """Add those of another batch."""
        self.counts += other.counts
        for effect, numbers in other.records.items():
            self.records[effect] = [*self.records[effect], *numbers][:SHOWN]


def effects_of(
    cast: Mapping[int, Iterable[ListedVote]], leaving: Mapping[int, Collection[int]]
) -> Mapping[str, list[int]]:
    """Return what these votes do to records, and the withdrawal of those in `leaving` (ids of votes by record): the
    records by effect, one effect each. What the database holds now is what was before.
    """
    ids = {*cast, *leaving}
    rows = list(
        VoteRow.objects.filter(record_id__in=among(ids), withdrawn_at__isnull=True)
        .annotate(text=Cast("facts", TextField()))
        .values_list("id", "record_id", "source_id", "via_id", "verdict", "text", "at", "brought_by")
    )
    sources = _sources(
        {number for row in rows for number in row[2:4]}
        | {number for votes in cast.values() for one in votes for number in (one.source_id, one.via_id)}
    )
    before: dict[int, dict[tuple[int, int], Vote]] = {number: {} for number in ids}
    after: dict[int, dict[tuple[int, int], Vote]] = {number: {} for number in ids}
    for number, record_id, *columns in rows:
        vote = vote_of(columns, sources)
        before[record_id][columns[0], columns[1]] = vote
        if number not in leaving.get(record_id, ()):
            after[record_id][columns[0], columns[1]] = vote
    for record_id, votes in cast.items():
        for one in votes:
            after[record_id][one.source_id, one.via_id] = vote_of(one.columns(_SOME_IMPORT), sources)
    found: dict[str, list[int]] = defaultdict(list)
    for number, (was, becomes) in _standings(before, after).items():
        effect = _effect(was, becomes) or _changed_verdict(before[number], after[number])
        if effect:
            found[effect].append(number)
    return found


def _sources(numbers: Collection[int]) -> dict[int, SourceFacts]:
    """Return the sources with these ids; those that a preview would create have negative ones."""
    new = {number: SourceFacts(number, "", number, is_ours=False, vouches=False) for number in numbers if number <= 0}
    return source_facts([number for number in numbers if number > 0]) | new


type _Votes = Mapping[int, Mapping[tuple[int, int], Vote]]


def _standings(before: _Votes, after: _Votes) -> dict[int, tuple[Standing, Standing]]:
    old = {number: list(votes.values()) for number, votes in before.items()}
    new = {number: list(votes.values()) for number, votes in after.items()}
    old_rulings, new_rulings = rulings_of(old), rulings_of(new)
    return {
        number: (standing(old[number], old_rulings.get(number)), standing(new[number], new_rulings.get(number)))
        for number in old
    }


def _effect(was: Standing, becomes: Standing) -> str:
    if was.state != becomes.state:
        return f"{was.state}>{becomes.state}"
    if was.is_baseline != becomes.is_baseline:
        return BASELINE
    return FACTS if was.facts != becomes.facts else ""


def _changed_verdict(before: Mapping[tuple[int, int], Vote], after: Mapping[tuple[int, int], Vote]) -> str:
    is_changed = any(who in after and after[who].verdict != vote.verdict for who, vote in before.items())
    return VERDICT if is_changed else ""
