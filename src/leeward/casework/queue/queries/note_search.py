"""Finding notes by their words. Notes are sealed, so the newest are opened and read, as many as a search may cost."""

from dataclasses import dataclass
from itertools import batched

from leeward.casework.models import Note
from leeward.casework.queue.rules.note_words import has_all, plain, terms_of
from leeward.sealing.fields import Sealed, open_all

MOST_READ = 10_000  # notes of a hotline, the newest first
_AT_ONCE = 1000
_READ = ("text", "case_id", "by_id", "case__state", "case__in_adjudication", "case__first_assessor_id")


@dataclass(frozen=True, slots=True)
class FoundNote:
    """A note matching a search, with the data that says whether it may be shown."""

    text: str
    case_id: int
    by_id: int | None
    state: str
    in_adjudication: bool
    first_assessor_id: int | None


def notes_with(asked: str, *, hotline_id: int, most: int) -> list[FoundNote]:
    """Return those of the hotline's newest notes that contain every word that is asked for, newest first. One query, and on PostgreSQL one
    more for the keys of each thousand."""
    terms = [plain(term) for term in terms_of(asked)]
    found: list[FoundNote] = []
    if not terms or max(map(len, terms)) < 2:
        return found
    rows = Note.objects.filter(hotline_id=hotline_id).order_by("-id").values_list(*_READ)[:MOST_READ]
    for some in batched(rows.iterator(chunk_size=_AT_ONCE), _AT_ONCE):
        open_all(note for note, *_case in some if isinstance(note, Sealed))
        for note, *case in some:
            text = note.open() if isinstance(note, Sealed) else str(note)
            if has_all(text, terms):
                found.append(FoundNote(text, *case))
        if len(found) >= most:
            break
    return found[:most]
