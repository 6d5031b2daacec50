"""Check that translations use the agreed words: `locale/<language>/terms.csv` against its catalogue.

A row holds an English term, its translation, words that must not stand for it, and a note. A translation of a text with the
term fails the check where it has one of these words, and is only named (`--all`) where it lacks the agreed one, since a
sentence may rightly do without. Alternatives stand beside each other with ` | `; `*` in `not_this` is any ending.
Usage: terms.py [--all] [LANGUAGE ...]
"""

import csv
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import polib

LOCALE = Path(__file__).resolve().parents[1] / "locale"
COLUMNS = ["term", "translation", "not_this", "note"]
FILLED_IN = re.compile(r"%\(\w+\)[sd]|\{\w*\}|<[^>]*>|\S*\.example\S*")
SHORTEST_STEM = 3
STEM = 0.7  # of a word's letters: the rest may be an ending, and a prefix may stand before it


@dataclass(frozen=True, slots=True)
class Term:
    """One row of a terms.csv."""

    english: str
    translations: tuple[str, ...]
    not_these: tuple[str, ...]

    def is_in(self, text: str) -> bool:
        """Whether an English text has the term, in the singular or the plural."""
        if self.english.lower() not in text.lower():  # nearly always, and much sooner known
            return False
        return re.search(rf"(?<!\w){re.escape(self.english)}(?:s|es|’s)?(?!\w)", text, re.IGNORECASE) is not None

    def refused_in(self, text: str) -> str:
        """The word of `text` that must not stand for the term, or nothing."""
        for word in self.not_these:
            pattern = re.escape(word).replace(r"\*", r"\w*")
            found = re.search(rf"(?<!\w){pattern}(?!\w)", text, re.IGNORECASE)
            if found:
                return found.group(0)
        return ""

    def is_said_in(self, text: str) -> bool:
        """Whether `text` has the agreed words, each by its stem."""
        low = text.casefold()
        return any(all(stem(word) in low for word in one.casefold().split()) for one in self.translations)


def stem(word: str) -> str:
    """The beginning of a word that its endings leave alone."""
    return word[: max(SHORTEST_STEM, round(len(word) * STEM))]


def alternatives(cell: str) -> tuple[str, ...]:
    """The parts of a cell."""
    return tuple(part.strip() for part in cell.split("|") if part.strip())


def read_terms(path: Path) -> list[Term]:
    """The rows of a terms.csv; raises ValueError for other columns, an empty translation or a term named twice."""
    with path.open(encoding="utf-8", newline="") as file:
        table = csv.DictReader(file)
        if table.fieldnames != COLUMNS:
            raise ValueError(f"{path}: the columns are {', '.join(COLUMNS)}")
        rows = [(row["term"], alternatives(row["translation"]), alternatives(row["not_this"])) for row in table]
    named = [english for english, _translations, _not_these in rows]
    if not all(english and translations for english, translations, _not_these in rows):
        raise ValueError(f"{path}: a row has no term or no translation")
    if len(set(named)) != len(named):
        raise ValueError(f"{path}: a term is named twice")
    return [Term(*row) for row in rows]


def translated(catalogue: polib.POFile) -> Iterator[tuple[str, str]]:
    """Each English text with what stands for it, without what is filled in, tags and addresses."""
    for entry in catalogue:
        said = " ".join([entry.msgstr, *entry.msgstr_plural.values()]).strip()
        if said and not entry.obsolete and not entry.fuzzy:
            yield FILLED_IN.sub(" ", entry.msgid), FILLED_IN.sub(" ", said)


def problems_of(terms: list[Term], texts: list[tuple[str, str]]) -> Iterator[str]:
    """Every translation with a word that must not stand there."""
    for english, said in texts:
        for term in terms:
            word = term.refused_in(said) if term.is_in(english) else ""
            if word:
                agreed = " or ".join(term.translations)
                yield f"“{word}” in {said[:100]!r}: “{term.english}” is {agreed}"


def lacking(terms: list[Term], texts: list[tuple[str, str]]) -> Iterator[str]:
    """Every translation without the agreed word."""
    for english, said in texts:
        for term in terms:
            if term.is_in(english) and not term.is_said_in(said):
                yield f"no {' or '.join(term.translations)} for “{term.english}” in {said[:100]!r}"


def main() -> int:
    """Check all languages or those named; return 1 if a refused word was found."""
    only = [word for word in sys.argv[1:] if word != "--all"]
    found = 0
    for path in sorted(LOCALE.glob("*/LC_MESSAGES/django.po")):
        language = path.parents[1].name
        if only and language not in only:
            continue
        table = path.parents[1] / "terms.csv"
        if not table.exists():
            print(f"{language}: no terms.csv yet", file=sys.stderr)
            continue
        terms = read_terms(table)
        texts = list(translated(polib.pofile(str(path))))
        for line in problems_of(terms, texts):
            print(f"{language}: {line}")
            found += 1
        lines = list(lacking(terms, texts))
        if "--all" in sys.argv:
            print("\n".join(f"{language}: {line}" for line in lines))
        print(f"{language}: {len(terms)} terms; {len(lines)} translations without the agreed word", file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
