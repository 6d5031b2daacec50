"""Recordings of public pages: those that visitors hear, and those that wait on the desk."""

from dataclasses import dataclass, replace
from datetime import datetime

from leeward.people.labels import RECORDED_PAGES
from leeward.people.models import Recording
from leeward.people.queries.portals import own_name
from leeward.people.rules.reading import mark_of
from leeward.people.rules.recordings import page_and_language
from leeward.web_security.remembered import remembered

# What a public face that runs apart may not read (site/rights.py).
NOT_PUBLIC = ("kept_by", "kept_at")


@dataclass(frozen=True, slots=True)
class RecordingRow:
    """A recording without its sound; who kept it, and when, is known on the desk only."""

    id: int
    page: str
    language: str
    media_type: str
    sha256: str
    seconds: int
    is_shown: bool
    kept_by: str = ""
    kept_at: datetime | None = None

    @property
    def mark(self) -> str:
        """Return a mark of what is heard on the desk: another file takes the number of one that waits."""
        return mark_of(self.id, self.sha256, self.is_shown)

    @property
    def title(self) -> str:
        """Return the page and the language in words."""
        return f"{RECORDED_PAGES[self.page]} · {own_name(self.language)}"


@dataclass(frozen=True, slots=True)
class Sound:
    """What is played: its bytes, their type and digest."""

    body: bytes
    media_type: str
    sha256: str


def recordings_of(portal_id: int) -> list[RecordingRow]:
    """Return all recordings of a portal, page by page; one that waits comes after the one that it would replace."""
    rows = Recording.objects.filter(portal_id=portal_id).defer("body").select_related("kept_by")
    return [
        replace(_row(row), kept_by=row.kept_by.name if row.kept_by else "", kept_at=row.kept_at)
        for row in rows.order_by("page", "language", "-is_shown")
    ]


def recording_shown(portal_id: int, page: str, language: str) -> RecordingRow | None:
    """Return the recording of a page that visitors can play in this language, or None, as of the last second."""

    def found() -> RecordingRow | None:
        rows = Recording.objects.filter(portal_id=portal_id, page=page, language=language, is_shown=True)
        row = rows.defer("body", *NOT_PUBLIC).first()
        return _row(row) if row else None

    return remembered(("recording", portal_id, page, language), found)


def sound_of(portal_id: int, sha256: str, *, shown_only: bool) -> Sound | None:
    """Return the sound with this digest of a portal, or None; with `shown_only` only if visitors can play it."""
    rows = Recording.objects.filter(portal_id=portal_id, sha256=sha256)
    found = (
        (rows.filter(is_shown=True) if shown_only else rows).order_by("pk").values_list("body", "media_type").first()
    )
    return Sound(bytes(found[0]), found[1], sha256) if found else None


def named_by_change(portal_id: int, about: str) -> list[RecordingRow]:
    """Return the recordings that a change with this name is about: the one that visitors hear, the one that waits."""
    page, language = page_and_language(about)
    return [row for row in recordings_of(portal_id) if (row.page, row.language) == (page, language)]


def _row(row: Recording) -> RecordingRow:
    return RecordingRow(
        id=row.pk,
        page=row.page,
        language=row.language,
        media_type=row.media_type,
        sha256=row.sha256,
        seconds=row.seconds,
        is_shown=row.is_shown,
    )
