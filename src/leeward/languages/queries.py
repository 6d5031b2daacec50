"""Languages: how complete each one is, its texts, who reviewed it."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import polib
from django.conf import settings
from django.db.models import Q

from leeward.languages import messages
from leeward.languages.errors import LanguageIsUnknown
from leeward.languages.models import LanguageReview, ReviewedText, TextProposal
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


@dataclass(frozen=True, slots=True)
class Named:
    """The rows that name a member of staff in words: proposals of theirs, proposals and statements that they have reviewed a
    language, and their texts in force."""

    proposals: list[TextProposal]
    readings_proposed: list[TextProposal]
    readings: list[LanguageReview]
    texts: list[ReviewedText]


def named_in(account_id: int, names: Collection[str], hotline_id: int) -> Named:
    """Return what names a member of staff of a hotline; `names` are those under which they are known here. Proposals add those of
    before. Whoever has reviewed a language is on record by name only: that of another hotline's person stays theirs."""
    known = list(TextProposal.objects.filter(Q(by_id=account_id) | Q(kind="reading")).order_by("pk"))
    own = [row for row in known if row.by_id == account_id]
    theirs = {_folded(name) for name in (*names, *(row.by_name for row in own))}
    read = [row for row in known if row.kind == "reading" and _folded(row.reader) in theirs]
    ours = {(row.language, _folded(row.reader)) for row in read if row.proposed_in_id == hotline_id}
    others = {(row.language, _folded(row.reader)) for row in read if row.proposed_in_id != hotline_id} - ours
    readings = [
        row
        for row in LanguageReview.objects.order_by("pk")
        if _folded(row.by) in theirs and (row.language, _folded(row.by)) not in others
    ]
    here = [row for row in read if row.proposed_in_id == hotline_id]
    return Named(own, here, readings, _texts_in_force(account_id, own, theirs))


def data_of_translator(account_id: int, names: Collection[str], hotline_id: int) -> dict[str, list[dict[str, Any]]]:
    """Return what is here of what a member of staff proposed, reviewed and put into force, for whoever asks for their own data."""
    found = named_in(account_id, names, hotline_id)
    proposed = {row.pk: row for row in (*found.proposals, *found.readings_proposed)}
    fields = ("language", "kind", "texts", "reader", "why", "by_name", "at", "state", "answer", "decided_at")
    return {
        "texts_proposed": [{name: getattr(row, name) for name in fields} for row in proposed.values()],
        "languages_reviewed": [{"language": row.language, "by": row.by, "at": row.at} for row in found.readings],
        "texts_in_force": [
            {"language": row.language, "forms": row.forms, "by": row.by, "at": row.at} for row in found.texts
        ],
    }


def _texts_in_force(account_id: int, own: list[TextProposal], names: Collection[str]) -> list[ReviewedText]:
    """Return the texts in force that came by somebody's proposal: the newest accepted one that has the text."""
    tags = {row.language for row in own if row.kind == "texts" and row.state == "accepted"}
    if not tags:
        return []
    accepted = TextProposal.objects.filter(language__in=tags, kind="texts", state="accepted")
    newest: dict[tuple[str, str], int] = {}
    for language, keys, by in accepted.order_by("decided_at", "pk").values_list("language", "texts", "by_id"):
        newest |= dict.fromkeys(((language, key) for key in keys), by)
    return [
        row
        for row in ReviewedText.objects.filter(language__in=tags).order_by("pk")
        if newest.get((row.language, row.key)) == account_id and _folded(row.by) in names
    ]


def _folded(name: str) -> str:
    return " ".join(name.split()).casefold()
