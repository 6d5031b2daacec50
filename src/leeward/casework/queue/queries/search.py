"""Finding cases by a reference, an address or part of one, a host, a file's hash, the reference of a message, or words
of a note. Within one hotline; what reporters wrote is never searched.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.conf import settings

from leeward.casework.models import Case
from leeward.casework.queue.queries.note_search import notes_with
from leeward.casework.queue.rules.note_words import terms_of
from leeward.casework.rules.blindness import hides_first
from leeward.foundation.actor import Actor
from leeward.foundation.patterns import Pattern
from leeward.hosting import queries as hosting_queries
from leeward.hosting.rules.address import canonical_url, recognise
from leeward.notices import queries as notices_queries
from leeward.notices.rules.reference import Letter, marks_in

REFERENCE = Pattern(r"^\d{4}-\d{1,12}\Z")
MESSAGE = Pattern(r"^\[?(?:LW-)?([NR])([0-9]{1,18})(?:-[a-z2-7]{8})?\]?\Z", ignore_case=True)
MOST_FOUND = 500
_AROUND = 60


@dataclass(frozen=True, slots=True)
class Found:
    """The numbers of cases, newest first, and for those found by a note the text around the match."""

    ids: list[int] = field(default_factory=list)
    quotes: Mapping[int, str] = field(default_factory=dict)


def search(text: str, actor: Actor) -> Found:
    """Return the cases of the actor's hotline that match a text, at most twice MOST_FOUND. While a second assessment is
    blind, the first assessor's notes are not searched.
    """
    text = text.strip()
    if REFERENCE.match(text):
        return Found(list(Case.objects.filter(reference=text).values_list("id", flat=True)))
    if message := MESSAGE.match(text):
        found = notices_queries.cases_of_letter(message[1].upper(), int(message[2]))
        if found:
            return Found(sorted(set(found), reverse=True))
    there = hosting_queries.locations_matching(text, most=MOST_FOUND) or _on_same_host(text)
    ids = set(Case.objects.filter(location_id__in=there).values_list("id", flat=True)) if there else set()
    quotes = _in_notes(text, actor)
    return Found(sorted(ids | quotes.keys(), reverse=True), quotes)


def cases_named(text: str) -> list[int]:
    """Return the cases named by a reference from our messages: a case's own, or the mark of a message, which can't be
    guessed.
    """
    text = text.strip()
    if REFERENCE.match(text):
        return list(Case.objects.filter(reference=text).values_list("id", flat=True))
    marks = marks_in(settings.LEEWARD.secret_bytes, text)
    found = [case_id for mark in marks for case_id in _cases_of(*mark)]
    return list(Case.objects.filter(pk__in=found).order_by("id").values_list("id", flat=True))


def _cases_of(letter: Letter, number: int) -> list[int]:
    return notices_queries.case_of_message(number) if letter == "M" else notices_queries.cases_of_letter(letter, number)


def _on_same_host(text: str) -> list[int]:
    """Return the locations on the host of an address that isn't itself on record."""
    for named in recognise(text)[:1]:
        if named.kind in ("url", "onion"):
            return hosting_queries.locations_on_host(canonical_url(named.display).host, most=MOST_FOUND)
    return []


def _in_notes(text: str, actor: Actor) -> dict[int, str]:
    """Return cases with a note containing these words, and a quote from the newest such note."""
    quotes: dict[int, str] = {}
    for note in notes_with(text, hotline_id=actor.hotline_id or 0, most=MOST_FOUND):
        hidden = hides_first(
            note.state,
            in_adjudication=note.in_adjudication,
            first_assessor_id=note.first_assessor_id,
            person_id=actor.id,
        )
        if not (hidden and note.by_id == note.first_assessor_id):
            quotes.setdefault(note.case_id, _quote(note.text, terms_of(text)))
    return quotes


def _quote(note: str, terms: list[str]) -> str:
    """Return the part of a note around the first match."""
    plain = " ".join(note.split())
    at = min((place for term in terms if (place := plain.lower().find(term.lower())) >= 0), default=0)
    start, end = max(at - _AROUND, 0), at + _AROUND
    return f"{'… ' if start else ''}{plain[start:end]}{' …' if end < len(plain) else ''}"
