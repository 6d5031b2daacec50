"""The texts of a language from its catalogue file; cached until the file changes."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import polib
from django.utils.translation import gettext as _

from leeward.foundation.whole_text import whole
from leeward.languages.errors import TextIsUnknown, TranslationDoesNotFit, TranslationIsEmpty
from leeward.languages.messages import catalogues
from leeward.languages.rules.parts import parts, wrong_with
from leeward.languages.rules.readers import is_public

MOST_LETTERS = 5_000


@dataclass(frozen=True, slots=True)
class Source:
    """One text: its key, the English, where it is used, and the machine translation."""

    key: str
    context: str
    source: str
    plural: str
    places: tuple[str, ...]
    note: str
    machine: tuple[str, ...]
    is_public: bool


def key_of(context: str, source: str, plural: str) -> str:
    """Return the short name of a text; it changes when the English does."""
    return hashlib.sha256("\x04".join([context, source, plural]).encode()).hexdigest()[:32]


def forms_of(entry: polib.POEntry) -> tuple[str, ...]:
    """Return a translation as its forms: one, or as many as the language has plural forms."""
    if not entry.msgid_plural:
        return (entry.msgstr,)
    return tuple(entry.msgstr_plural[number] for number in sorted(entry.msgstr_plural))


def sources(language: str) -> dict[str, Source]:
    """Return every text of a language's catalogue by its key, in the catalogue's order; empty if there is none."""
    path = catalogues().get(language)
    return _read(path, path.stat().st_mtime_ns) if path else {}


def plural_rule(language: str) -> str:
    """Return the header line with the language's plural rule."""
    path = catalogues()[language]
    return str(polib.pofile(str(path)).metadata.get("Plural-Forms", "nplurals=2; plural=(n != 1);"))


def fitting(source: Source | None, forms: Sequence[str]) -> tuple[str, ...]:
    """Return a translation as it is stored. Raises TextIsUnknown, TextTooLong, TranslationIsEmpty,
    TranslationDoesNotFit."""
    if source is None:
        raise TextIsUnknown
    for form in forms:
        whole(form, MOST_LETTERS)
    tidy = tuple(form.replace("\r\n", "\n") for form in forms)
    edge = source.source.endswith("\n")
    tidy = tuple((form.rstrip("\n") + "\n") if edge else form.strip() for form in tidy) if any(tidy) else tidy
    wanted = max(len(source.machine), 1)
    if len(tidy) != wanted or not all(form.strip() for form in tidy):
        raise TranslationIsEmpty
    if wrong_with(source.source, source.plural, tidy):
        kept = ", ".join(parts(source.plural or source.source)) or _("its plain letters")
        raise TranslationDoesNotFit(kept=kept)
    return tidy


@lru_cache(maxsize=24)
def _read(path: Path, _changed: int) -> dict[str, Source]:
    found = {}
    for entry in polib.pofile(str(path)):
        if entry.obsolete:
            continue
        key = key_of(entry.msgctxt or "", entry.msgid, entry.msgid_plural or "")
        places = tuple(place for place, _line in entry.occurrences)
        found[key] = Source(
            key,
            entry.msgctxt or "",
            entry.msgid,
            entry.msgid_plural or "",
            places,
            entry.comment or "",
            forms_of(entry),
            is_public(places),
        )
    return found
