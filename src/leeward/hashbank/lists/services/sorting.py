"""Sort the entries of a list by file: an existing record or a new one. An entry with hashes of several records unites
them.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from leeward.foundation.lazy_text import LazyText as _
from leeward.hashbank.formats import Broken, Entry
from leeward.hashbank.records.services.uniting import Print, differing_kind, prints_of
from leeward.hashbank.rules.categories import KEPT_HERE
from leeward.hashbank.rules.kinds import KINDS, Hash, is_findable

EXACT = frozenset(kind.number for kind in KINDS.values() if kind.is_exact)


@dataclass(slots=True)
class New:
    """A record to be added: the entries about it, all their hashes, and those that may be passed on."""

    entries: list[Entry] = field(default_factory=list)
    prints: dict[Print, Hash] = field(default_factory=dict)
    shared: set[Print] = field(default_factory=set)

    def take(self, entry: Entry, prints: Mapping[Print, Hash]) -> None:
        """Add an entry."""
        self.entries.append(entry)
        self.prints |= prints
        if entry.share not in KEPT_HERE:
            self.shared |= prints.keys()


class Sorter:
    """Sorts entries by record.

    `there`: the record of each hash that the bank holds already. `unite` makes several records one and returns its
    number.
    """

    def __init__(
        self,
        entries: Iterable[Mapping[Print, Hash]],
        there: dict[Print, int],
        *,
        unite: Callable[[Collection[int]], int],
    ) -> None:
        self._there, self._unite = there, unite
        self._known = prints_of(_widened(entries, there))
        self._new_of: dict[Print, New] = {}
        self._new: list[New] = []
        self.joining: dict[int, list[tuple[Entry, dict[Print, Hash]]]] = defaultdict(list)
        self.refused: list[Broken] = []
        self._good = 0

    @property
    def fresh(self) -> list[New]:
        """The new records."""
        return [new for new in self._new if new.entries]

    @property
    def joined(self) -> int:
        """The number of entries that belong to an existing record or to one from an earlier entry."""
        return self._good - len(self.fresh)

    def take(self, entry: Entry, prints: dict[Print, Hash]) -> None:
        """Sort one entry; one that cannot be sorted is refused with the reason."""
        if not prints:
            self._refuse(entry, _("it has no hash by which anything could be found again"))
            return
        exact = identifying(prints)
        records = sorted({self._there[one] for one in exact if one in self._there})
        if (
            len(records) == 1 and records[0] not in self._known and not self._new_of
        ):  # the usual case when a list is imported again
            self._good += 1
            self.joining[records[0]].append((entry, prints))
            return
        places = list({id(self._new_of[one]): self._new_of[one] for one in exact if one in self._new_of}.values())
        if len(places) == 1 and not records and (differs := differing_kind([places[0].prints, prints])):
            self._refuse(
                entry, _("its %(kind)s is not that of entry %(entry)s", kind=differs, entry=places[0].entries[0].place)
            )
        elif len(records) + len(places) > 1 and (differs := self._differing(records, places, prints)):
            self._refuse(entry, _("it has hashes of two different files, whose %(kind)s differs", kind=differs))
        elif records and records[0] in self._known and (differs := self._differing(records, places, prints)):
            self._refuse(
                entry,
                _(
                    "its %(kind)s is not that of record %(record)s, though another hash is equal",
                    kind=differs,
                    record=records[0],
                ),
            )
        else:
            self._put(entry, prints, records, places)

    def _put(self, entry: Entry, prints: dict[Print, Hash], records: Sequence[int], places: list[New]) -> None:
        """Assign an entry to its record; records that it shows to be the same file are united."""
        self._good += 1
        if records:
            record_id = self._one_of(records)
            for place in places:
                self.joining[record_id] += [(one, usable_of(one)) for one in place.entries]
                self._widen(record_id, place.prints)
                place.entries.clear()
            self.joining[record_id].append((entry, prints))
            self._widen(record_id, prints)
            return
        if not places:
            places = [New()]
            self._new.append(places[0])
        new, *others = places
        for other in others:
            for one in other.entries:
                new.take(one, usable_of(one))
            self._new_of |= dict.fromkeys(identifying(other.prints), new)
            other.entries.clear()
        new.take(entry, prints)
        self._new_of |= dict.fromkeys(identifying(prints), new)

    def _widen(self, record_id: int, prints: Mapping[Print, Hash]) -> None:
        """Let later entries find a record by the hashes of this one too."""
        if record_id in self._known:
            self._known[record_id] += prints
            self._there |= dict.fromkeys(identifying(prints), record_id)

    def _one_of(self, records: Sequence[int]) -> int:
        """Return the one record that replaces all of these."""
        if len(records) == 1:
            return records[0]
        whole = [one for number in records for one in self._prints_of(number)]
        into = self._unite(records)
        self._known[into] = whole
        for print_, number in self._there.items():
            if number in records:
                self._there[print_] = into
        for other in records:
            if other != into:
                self.joining[into] += self.joining.pop(other, [])
        return into

    def _differing(self, records: Sequence[int], places: Sequence[New], prints: Mapping[Print, Hash]) -> str:
        return differing_kind([*map(self._prints_of, records), *(place.prints for place in places), prints])

    def _prints_of(self, record_id: int) -> list[Print]:
        if record_id not in self._known:
            self._known |= prints_of([record_id])
        return self._known[record_id]

    def _refuse(self, entry: Entry, why: object) -> None:
        self.refused.append(Broken(entry.place, why))


def usable_of(entry: Entry) -> dict[Print, Hash]:
    """Return the hashes of an entry by which it can be found again."""
    return {(KINDS[one.kind].number, one.value): one for one in entry.hashes if is_findable(one)}


def identifying(prints: Iterable[Print]) -> list[Print]:
    """Return the hashes that identify an entry's record: its digests, or whatever it has if there are none.

    Two files can look the same and share a PhotoDNA hash.
    """
    given = list(prints)
    return [one for one in given if one[0] in EXACT] or given


def _widened(entries: Iterable[Mapping[Print, Hash]], there: Mapping[Print, int]) -> set[int]:
    """Return the records to which an entry adds a hash that the bank does not hold."""
    found: set[int] = set()
    for prints in entries:
        exact = identifying(prints)
        if any(one not in there for one in exact):
            found.update(there[one] for one in exact if one in there)
    return found
