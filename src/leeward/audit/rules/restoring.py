"""What a log says to its witnesses once its installation was restored from a backup: a signed note of four lines, which nobody can take
for a checkpoint. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Self

from leeward.audit.rules.notes import Key, Line, Note, NoteRefused, lines_of

FIRST = "leeward-restored/v1"


@dataclass(frozen=True, slots=True)
class Restoring:
    """The log's name, and between which moments nothing is known there. Moments are in UTC."""

    origin: str
    backup_at: datetime
    restored_at: datetime

    @property
    def text(self) -> str:
        """Return the four lines that are signed."""
        return f"{FIRST}\n{self.origin}\n{self.backup_at.isoformat()}\n{self.restored_at.isoformat()}\n"

    @classmethod
    def read(cls, text: str) -> Self:
        """Return what four lines say; raises NoteRefused."""
        lines = text.split("\n")
        if len(lines) != 5 or lines[0] != FIRST:
            raise NoteRefused(f"its lines are {FIRST}, the log, and two moments")
        try:
            found = cls(lines[1], _moment(lines[2]), _moment(lines[3]))
        except ValueError as error:
            raise NoteRefused("a moment is written as 2026-11-29T12:00:00+00:00") from error
        if found.text != text or found.restored_at < found.backup_at:
            raise NoteRefused("its moments are not as they would be written, or in a wrong order")
        return found


def restoring_in(note: Note, log: Key) -> Restoring:
    """Return what a log says in a note that it signed; raises NoteRefused."""
    found = Restoring.read(note.body)
    if found.origin != log.name or log.raw not in lines_of(note, [log]):
        raise NoteRefused("the log didn't sign this")
    return found


def signed_restoring(restoring: Restoring, log: Key, signature: bytes) -> Note:
    """Return the note with the log's own line."""
    return Note(restoring.text, (Line(log.name, log.id, signature),))


def _moment(text: str) -> datetime:
    at = datetime.fromisoformat(text)
    if at.utcoffset() != timedelta(0):
        raise ValueError
    return at
