"""Languages: how complete each one is, its texts, who reviewed it."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

import polib
from django.conf import settings

from leeward.languages import messages
from leeward.languages.errors import LanguageIsUnknown
from leeward.languages.models import LanguageReview, ReviewedText
from leeward.languages.overlay import entry_of
from leeward.languages.texts import Source, plural_rule, sources
from leeward.web_security.paging import Page

SHOWS = ("public", "open", "reviewed", "all")
PER_PAGE = 20


@dataclass(frozen=True, slots=True)
class LanguageRow:
    """A language: how many texts it needs, how many are translated, how many a person has reviewed; who reviewed the
    whole and when.

    `covers` is `all` or `public`.
    """

    language: str
    name: str
    texts: int
    translated: int
    reviewed: int
    made_by: str
    covers: str
    reviewed_by: str | None
    reviewed_at: datetime | None

    @property
    def is_unread(self) -> bool:
        """Return whether it is a machine translation that nobody has reviewed completely."""
        return self.made_by == "machine" and self.reviewed_by is None


@dataclass(frozen=True, slots=True)
class Text:
    """One text: the catalogue's version, a person's version, and the one in a pending proposal, if any."""

    source: Source
    reviewed: tuple[str, ...]
    by: str
    at: datetime | None
    waiting: tuple[str, ...] = ()

    @property
    def forms(self) -> tuple[str, ...]:
        """Return the version that pages show."""
        return self.reviewed or self.source.machine


def languages() -> list[LanguageRow]:
    """Return every language but English, ordered by name."""
    return _rows({tag: str(name) for tag, name in settings.LANGUAGES if tag in _known()})


def language(tag: str) -> LanguageRow:
    """Return one language; raises LanguageIsUnknown."""
    for row in _rows({known: str(name) for known, name in settings.LANGUAGES if known == tag and tag in _known()}):
        return row
    raise LanguageIsUnknown(language=tag[:16])


def reviews() -> list[messages.Review]:
    """Return who made and who reviewed every language but English, without a look at their texts."""
    return list(reviews_of([tag for tag, _name in settings.LANGUAGES if tag in _known()]).values())


def reviews_of(tags: Collection[str]) -> dict[str, messages.Review]:
    """Return who made and who reviewed each of these languages: a review here takes precedence over the catalogue's own."""
    reviews = {row.language: row.by for row in LanguageReview.objects.filter(language__in=tags).order_by("at")}
    shipped = {tag: messages.review_of(tag) for tag in tags}
    return {tag: replace(row, reviewed_by=reviews.get(tag, row.reviewed_by)) for tag, row in shipped.items()}


def texts(
    tag: str,
    *,
    show: str = "open",
    find: str = "",
    number: str | int | None = 1,
    waiting: Mapping[str, tuple[str, ...]] | None = None,
) -> Page[Text]:
    """Return a page of a language's texts: those that nobody has reviewed (`open`), the `public` ones among them, the
    `reviewed`, or `all`.

    `waiting` are those in proposals: they count as reviewed.
    """
    proposed = waiting or {}
    reviewed = {row.key: row for row in ReviewedText.objects.filter(language=tag)}
    needle = find.strip().casefold()[:100]
    rows = [
        replace(_text(source, reviewed.get(source.key)), waiting=proposed.get(source.key, ()))
        for source in sources(tag).values()
        if _is_shown(source, show, is_read=source.key in reviewed or source.key in proposed)
    ]
    if needle:
        rows = [
            row for row in rows if needle in " ".join([row.source.source, row.source.plural, *row.forms]).casefold()
        ]
    typed = str(number)
    wanted = int(typed) if typed.isdecimal() and len(typed) < 6 else 1
    wanted = max(1, min(wanted, -(-len(rows) // PER_PAGE)))
    start = (wanted - 1) * PER_PAGE
    return Page(rows[start : start + PER_PAGE], wanted, PER_PAGE, len(rows), total_is_exact=True)


def text(tag: str, key: str) -> Text | None:
    """Return one text of a language, or None."""
    source = sources(tag).get(key)
    return _text(source, ReviewedText.objects.filter(language=tag, key=key).first()) if source else None


def as_po(tag: str) -> str:
    """Return a language as a PO file for any PO editor: reviewed texts, and the catalogue's marked as fuzzy."""
    if tag not in _known():
        raise LanguageIsUnknown(language=tag[:16])
    reviewed = {row.key: row for row in ReviewedText.objects.filter(language=tag)}
    catalogue = polib.POFile(wrapwidth=0)
    catalogue.metadata = {
        "Project-Id-Version": "Leeward",
        "Language": tag,
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": plural_rule(tag),
    }
    for source in sources(tag).values():
        read = reviewed.get(source.key)
        entry = entry_of(source, tuple(read.forms) if read else source.machine)
        entry.occurrences = [(place, "") for place in source.places]
        entry.comment = source.note
        entry.flags = [] if read or not any(source.machine) else ["fuzzy"]
        catalogue.append(entry)
    return str(catalogue)


def _known() -> set[str]:
    return set(messages.catalogues())


def _rows(names: Mapping[str, str]) -> list[LanguageRow]:
    read_by = {row.language: row for row in LanguageReview.objects.filter(language__in=names).order_by("at")}
    read = Counter(ReviewedText.objects.filter(language__in=names).values_list("language", flat=True))
    rows = [_row(tag, name, read_by.get(tag), read[tag]) for tag, name in names.items()]
    return sorted(rows, key=lambda row: row.name)


def _row(tag: str, name: str, review: LanguageReview | None, read: int) -> LanguageRow:
    shipped = messages.review_of(tag)
    needed = [source for source in sources(tag).values() if shipped.covers == "all" or source.is_public]
    return LanguageRow(
        tag,
        name,
        len(needed),
        sum(all(source.machine) for source in needed),
        read,
        shipped.made_by,
        shipped.covers,
        review.by if review else shipped.reviewed_by,
        review.at if review else None,
    )


def _text(source: Source, read: ReviewedText | None) -> Text:
    return Text(source, tuple(read.forms) if read else (), read.by if read else "", read.at if read else None)


def _is_shown(source: Source, show: str, *, is_read: bool) -> bool:
    match show:
        case "all":
            return True
        case "reviewed":
            return is_read
        case "public":
            return source.is_public and not is_read
        case _:
            return not is_read
