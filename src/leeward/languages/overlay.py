"""Reviewed texts as catalogues in the data directory that take precedence over the shipped ones; every process sees a
change within seconds."""

import os
import tempfile
import threading
import time
from collections.abc import Iterable, Iterator, Mapping
from gettext import GNUTranslations
from pathlib import Path

import polib
from django.conf import settings
from django.utils.translation import to_language
from django.utils.translation.trans_real import translation

from leeward.languages.texts import Source

POLL_SECONDS = 2.0


class _Seen:
    """When this process last checked, and what it saw."""

    next_poll: float = 0.0
    stamp: int = 0
    lock = threading.Lock()


def folder() -> Path:
    """Return the folder of the reviewed catalogues."""
    return Path(settings.LEEWARD.data_dir) / "locale"


def write(language: str, texts: Iterable[tuple[Source, tuple[str, ...]]], *, plural_rule: str) -> None:
    """Rewrite the reviewed catalogue of a language atomically."""
    catalogue = polib.POFile()
    catalogue.metadata = {"Content-Type": "text/plain; charset=UTF-8", "Plural-Forms": plural_rule}
    for source, forms in texts:
        catalogue.append(entry_of(source, forms))
    place = folder() / language / "LC_MESSAGES"
    place.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=place, suffix=".new", delete=False) as file:
        file.write(catalogue.to_binary())
    os.replace(file.name, place / "django.mo")
    (folder() / "stamp").write_text(str(time.time_ns()), encoding="ascii")
    _Seen.next_poll = 0.0


def entry_of(source: Source, forms: tuple[str, ...]) -> polib.POEntry:
    """Return a text as an entry of a catalogue."""
    translated: Mapping[str, object] = (
        {"msgid_plural": source.plural, "msgstr_plural": dict(enumerate(forms))}
        if source.plural
        else {"msgstr": forms[0]}
    )
    return polib.POEntry(msgid=source.source, msgctxt=source.context or None, **translated)


def refresh() -> None:
    """Reload this process's catalogues if somebody has changed one; checks a file at most every other second."""
    now = time.monotonic()
    if now < _Seen.next_poll:
        return
    with _Seen.lock:
        _Seen.next_poll = now + POLL_SECONDS
        try:
            stamp = (folder() / "stamp").stat().st_mtime_ns
        except OSError:
            return
        if stamp != _Seen.stamp:
            _Seen.stamp = stamp
            _merge()


def _merge() -> None:
    """Merge the shipped texts, then the reviewed ones, into the catalogues in use: in place, so that a page being
    rendered keeps its language."""
    for reviewed in sorted(folder().glob("*/LC_MESSAGES/django.mo")):
        locale = reviewed.parts[-3]
        in_use = translation(to_language(locale))
        for path in (*_shipped(locale), reviewed):
            with path.open("rb") as file:
                in_use.merge(GNUTranslations(file))


def _shipped(locale: str) -> Iterator[Path]:
    """Return the shipped catalogues of a language, in order of increasing precedence."""
    for place in reversed(settings.LOCALE_PATHS):
        path = Path(place) / locale / "LC_MESSAGES" / "django.mo"
        if Path(place) != folder() and path.is_file():
            yield path
