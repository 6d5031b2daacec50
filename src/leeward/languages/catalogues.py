"""The reviewed catalogues as files: which of them can be read, before Django loads any."""

import gettext
import struct
from collections.abc import Iterator
from pathlib import Path

FOLDER, CATALOGUE = "locale", "LC_MESSAGES/django.mo"


def reviewed_in(folder: Path) -> list[Path]:
    """Return the catalogues in a folder of reviewed texts, one a language, whether they can be read or not."""
    return sorted(folder.glob(f"*/{CATALOGUE}"))


def why_unreadable(path: Path) -> str:
    """Return why a catalogue can't be read, in a few words; "" if it can."""
    try:
        with path.open("rb") as file:
            gettext.GNUTranslations(file)
    except OSError as error:
        return (error.strerror or "it is damaged").lower() if error.errno not in (None, 0) else "it is damaged"
    except (ValueError, LookupError, struct.error):
        return "it is damaged"
    return ""


def unreadable_in(folder: Path) -> Iterator[tuple[Path, str]]:
    """Yield each reviewed catalogue that can't be read, and why: the shipped texts are shown instead."""
    for path in reviewed_in(folder):
        if why := why_unreadable(path):
            yield path, why


def whole(folder: Path) -> list[Path]:
    """Return the folder for Django to load, none where a catalogue in it can't be read: Django would not start with it."""
    return [] if any(unreadable_in(folder)) else [folder]
