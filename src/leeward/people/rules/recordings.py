"""Recordings of public pages for people who read little: which pages have one, and which files are taken. Pure."""

from dataclasses import dataclass

# The first screen of the report, the page with its receipt, the page for people worried about themselves.
REPORT, RECEIPT, TALK = "report", "receipt", "talk"
PAGES = (REPORT, RECEIPT, TALK)
MOST_BYTES = 4_000_000
MOST_SECONDS = 300


@dataclass(frozen=True, slots=True)
class Form:
    """A kind of file that telephones play: its type on the web, and the codec of the sound that it holds."""

    media_type: str
    codec: str


FORMS = {"mp3": Form("audio/mpeg", "mp3"), "mp4": Form("audio/mp4", "aac"), "ogg": Form("audio/ogg", "opus")}
MEDIA_TYPES = tuple(form.media_type for form in FORMS.values())
# The first bits of an MP3's frames: eleven set, then a version that exists, then layer III.
_MP3_SECOND_BYTES = frozenset({0xE2, 0xE3, 0xF2, 0xF3, 0xFA, 0xFB})


def form_of(start: bytes) -> str | None:
    """Return which of `FORMS` a file that begins with these bytes (12 are enough) claims to be, or None."""
    if start[4:8] == b"ftyp":
        return "mp4"
    if start.startswith(b"OggS"):
        return "ogg"
    is_mp3 = len(start) > 1 and start[0] == 0xFF and start[1] in _MP3_SECOND_BYTES
    return "mp3" if is_mp3 or start.startswith(b"ID3") else None


def about(page: str, language: str) -> str:
    """Return the name under which a change of this page's recording in this language waits."""
    return f"{page} {language}"


def page_and_language(name: str) -> tuple[str, str]:
    """Return what `about` put together."""
    page, language = name.split()
    return page, language
