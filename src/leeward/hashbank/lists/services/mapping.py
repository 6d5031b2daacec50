"""Map the categories of a list to their meaning here."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any, Protocol

from leeward.foundation.errors import BadInput
from leeward.foundation.lazy_text import LazyText as _
from leeward.hashbank.formats import Broken, Entry
from leeward.hashbank.rules.categories import LEAVE_OUT, MOST_CATEGORIES, Profile, categories_with_meanings
from leeward.hashbank.rules.standing import CONFIRM, HARMLESS


class Notes(Protocol):
    """Counts entries that are not imported."""

    left_out: int

    def note(self, broken: Broken) -> None:
        """Count an unusable entry."""


class Mapper:
    """Assigns each entry the verdict and facts of its category, and counts the categories."""

    def __init__(self, profile: Profile, *, is_harmless: bool) -> None:
        self.profile, self._is_harmless = profile, is_harmless
        self._counts: Counter[str] = Counter()

    @property
    def verdict(self) -> str:
        """The verdict of an entry that states none."""
        return HARMLESS if self._is_harmless else CONFIRM

    def categories_with_meanings(self) -> dict[str, dict[str, Any]]:
        """The categories found, with their counts and meanings."""
        return categories_with_meanings(self._counts, self.profile)

    def counted(self, found: Iterable[Entry | Broken]) -> Counter[str]:
        """Count the categories of a list."""
        counts: Counter[str] = Counter()
        for one in found:
            if isinstance(one, Entry) and (category := self._category(one)) is not None:
                self._count(counts, category)
        return counts

    def entries(self, found: Iterable[Entry], notes: Notes) -> Iterator[Entry]:
        """Yield the entries as they are to be imported. One that is left out withdraws what the list said about it
        before.
        """
        for entry in found:
            mapped = self._mapped(entry)
            if self._is_harmless and not mapped.gone and mapped.verdict == CONFIRM:
                notes.note(
                    Broken(entry.place, _("it says that it is illegal, and the bank holds harmless look-alikes"))
                )
                continue
            if mapped.gone and not entry.gone:
                notes.left_out += 1
            yield mapped

    def _mapped(self, entry: Entry) -> Entry:
        category = self._category(entry)
        if category is None:
            return entry
        self._count(self._counts, category)
        meaning = self.profile.meaning(category)
        if meaning is None or meaning.what == LEAVE_OUT:
            return replace(
                entry, gone=True, foreign_id=""
            )  # media numbers differ from file to file, so it is identified by its hashes
        return replace(entry, verdict=entry.verdict or meaning.what, facts={**meaning.facts, **entry.facts})

    def _category(self, entry: Entry) -> str | None:
        if entry.gone:
            return None
        return (entry.label or None) if self.profile.reads_labels else entry.category

    @staticmethod
    def _count(counts: Counter[str], category: str) -> None:
        if category not in counts and len(counts) >= MOST_CATEGORIES:
            raise BadInput(what=_("The list"), why=_("it has more than %(most)s categories", most=MOST_CATEGORIES))
        counts[category] += 1
