"""Reviewed texts as catalogues in the data directory that take precedence over the shipped ones; every process sees a
change within seconds."""

import logging
import threading
import time
from collections.abc import Iterable, Iterator, Mapping
from gettext import GNUTranslations
from pathlib import Path

import polib
from django.conf import settings
from django.utils.translation import to_language
from django.utils.translation.trans_real import translation

from leeward.foundation import own_files
from leeward.languages import catalogues
from leeward.languages.texts import Source

log = logging.getLogger(__name__)
POLL_SECONDS = 2.0


class _Seen:
    """When this process last checked, and what it saw."""

    next_poll: float = 0.0
    stamp: int = 0
    lock = threading.Lock()


def folder() -> Path:
    """Return the folder of the reviewed catalogues."""
    return Path(settings.LEEWARD.data_dir) / catalogues.FOLDER


def write(language: str, texts: Iterable[tuple[Source, tuple[str, ...]]], *, plural_rule: str) -> None:
    """Rewrite the reviewed catalogue of a language: after a crash it is the old one or the new one."""
    catalogue = polib.POFile()
    catalogue.metadata = {"Content-Type": "text/plain; charset=UTF-8", "Plural-Forms": plural_rule}
    for source, forms in texts:
        catalogue.append(entry_of(source, forms))
    place = folder() / language / catalogues.CATALOGUE
    own_files.make_folder(place.parent)
    own_files.replace(place, catalogue.to_binary())
    own_files.replace(folder() / "stamp", str(time.time_ns()).encode("ascii"))
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


def start() -> None:
    """Merge the reviewed texts that can be read where Django was kept from loading them, since one of them can't be."""
    if Path(folder()) not in map(Path, settings.LOCALE_PATHS):
        _merge()


def _merge() -> None:
    """Merge the shipped texts, then the reviewed ones, into the catalogues in use: in place, so that a page being
    rendered keeps its language. One that can't be read is left out, and named in the log."""
    for reviewed in catalogues.reviewed_in(folder()):
        if why := catalogues.why_unreadable(reviewed):
            log.error(
                "language.catalogue_unreadable", extra={"field": str(reviewed.relative_to(folder().parent)), "why": why}
            )
            _keep_from_django()
            continue
        locale = reviewed.parts[-3]
        in_use = translation(to_language(locale))
        for path in (*_shipped(locale), reviewed):
            with path.open("rb") as file:
                in_use.merge(GNUTranslations(file))


def _keep_from_django() -> None:
    """Let Django load none of the reviewed catalogues by itself any more: it would fail at the one that can't be read."""
    settings.LOCALE_PATHS[:] = [place for place in settings.LOCALE_PATHS if Path(place) != folder()]


def _shipped(locale: str) -> Iterator[Path]:
    """Return the shipped catalogues of a language, in order of increasing precedence."""
    for place in reversed(settings.LOCALE_PATHS):
        path = Path(place) / locale / catalogues.CATALOGUE
        if Path(place) != folder() and path.is_file():
            yield path
