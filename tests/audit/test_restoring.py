"""What a log says to its witnesses after a restoring: read only as it would be written, and never a checkpoint."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from leeward.audit.rules.notes import LOG, Checkpoint, Key, Note, NoteRefused
from leeward.audit.rules.restoring import Restoring, restoring_in, signed_restoring
from tests.audit.test_notes import LOG_KEY, private

AT = datetime(2026, 11, 29, 12, tzinfo=UTC)
CLAIM = Restoring(LOG_KEY.name, AT - timedelta(days=1), AT)
TEXT = f"leeward-restored/v1\n{LOG_KEY.name}\n2026-11-28T12:00:00+00:00\n2026-11-29T12:00:00+00:00\n"


def signed(text: str) -> Note:
    """A text with the signature of the log."""
    return Note(text, signed_restoring(CLAIM, LOG_KEY, private("log").sign(text.encode())).lines)


def test_it_is_read_as_it_was_written_and_is_no_checkpoint() -> None:
    assert CLAIM.text == TEXT
    assert Restoring.read(TEXT) == CLAIM
    note = Note.read(signed_restoring(CLAIM, LOG_KEY, private("log").sign(TEXT.encode())).text)
    assert restoring_in(note, LOG_KEY) == CLAIM
    with pytest.raises(NoteRefused):
        Checkpoint.read(TEXT)
    at_once = Restoring(LOG_KEY.name, AT, AT)
    assert Restoring.read(at_once.text) == at_once


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (TEXT + "more\n", r"^its lines are leeward-restored/v1, the log, and two moments$"),
        (TEXT.rstrip("\n"), "its lines are"),
        (TEXT.replace("v1", "v2"), "its lines are"),
        (TEXT.replace("12:00:00+00:00", "noon"), r"^a moment is written as 2026-11-29T12:00:00\+00:00$"),
        (TEXT.replace("+00:00", ""), "a moment is written as"),
        (TEXT.replace("12:00:00+00:00", "13:00:00+01:00"), "a moment is written as"),
        (TEXT.replace("+00:00", "Z"), r"^its moments are not as they would be written, or in a wrong order$"),
        (TEXT.replace("2026-11-28", "2026-11-30"), "in a wrong order"),
        (TEXT[:-1] + "x", "its lines are"),
    ],
)
def test_anything_else_is_refused(text: str, says: str) -> None:
    with pytest.raises(NoteRefused, match=says):
        Restoring.read(text)


def test_only_the_log_itself_says_it() -> None:
    other = Key("other.example/audit/1", LOG, LOG_KEY.raw)
    with pytest.raises(NoteRefused, match=r"^the log didn't sign this$"):
        restoring_in(signed(TEXT), other)
    unsigned = Note(TEXT, signed_restoring(CLAIM, other, bytes(64)).lines)
    with pytest.raises(NoteRefused, match=r"^the log didn't sign this$"):
        restoring_in(unsigned, LOG_KEY)
    with pytest.raises(NoteRefused, match="is false"):
        restoring_in(Note(TEXT, signed_restoring(CLAIM, LOG_KEY, bytes(64)).lines), LOG_KEY)
    of_another = Restoring("other.example/audit/1", CLAIM.backup_at, AT).text
    with pytest.raises(NoteRefused, match="the log didn't sign this"):
        restoring_in(signed(of_another), LOG_KEY)


def test_moments_are_written_in_utc() -> None:
    east = timezone(timedelta(hours=5))
    text = Restoring(LOG_KEY.name, AT.astimezone(east), AT.astimezone(east)).text
    with pytest.raises(NoteRefused, match="a moment is written as"):
        Restoring.read(text)
