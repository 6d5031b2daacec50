"""The words of a year’s report: one person writes them, another confirms exactly these."""

from dataclasses import dataclass
from datetime import UTC, datetime

from django.utils.translation import gettext as _

from leeward.audit.services import hotline_transaction, record
from leeward.foundation.actor import Actor
from leeward.foundation.errors import NotFound
from leeward.foundation.whole_text import whole
from leeward.indicators.errors import WordsUnusable
from leeward.indicators.models import OwnWords
from leeward.indicators.rules.words import MOST_WORDS, tidy
from leeward.people.queries import portals_of
from leeward.people.services import authorize, demand_second

ACT = "figure.edit"


@dataclass(frozen=True, slots=True)
class WordsRow:
    """A text as it was written, with whether a second person confirmed it."""

    id: int
    language: str
    text: str
    by: str
    by_id: int | None
    at: datetime
    confirmed_by: str


def words_of(portal_id: int, year: int) -> dict[str, dict[bool, WordsRow]]:
    """Return the texts of a year by language, the confirmed one under True and the one that waits under False."""
    found: dict[str, dict[bool, WordsRow]] = {}
    rows = OwnWords.objects.filter(portal_id=portal_id, year=year).select_related("by", "confirmed_by").order_by("pk")
    for row in rows:
        found.setdefault(row.language, {})[row.is_confirmed] = WordsRow(
            row.pk,
            row.language,
            row.text,
            row.by.name if row.by else "",
            row.by_id,
            row.at,
            row.confirmed_by.name if row.confirmed_by else "",
        )
    return found


def confirmed_words(portal_id: int, year: int, language: str) -> str:
    """Return what two people want the report of a year to say in a language; "": nothing."""
    rows = OwnWords.objects.filter(portal_id=portal_id, year=year, language=language, is_confirmed=True)
    text: str | None = rows.order_by("-pk").values_list("text", flat=True).first()
    return text or ""


def write_words(portal_id: int, year: int, language: str, text: str, *, actor: Actor) -> None:
    """Keep a text until a second person confirms it, in place of the one that waited. Raises WordsUnusable, NotFound."""
    hotline_id = actor.hotline_id or 0
    authorize(actor, ACT, hotline_id)
    portal = next((row for row in portals_of(hotline_id) if row.id == portal_id), None)
    if portal is None:
        raise NotFound(what=_("portal"))
    text = whole(tidy(text), MOST_WORDS)
    if language not in portal.languages:
        raise WordsUnusable(why=_("the portal does not have this language"))
    if not 1990 <= year <= datetime.now(UTC).year:
        raise WordsUnusable(why=_("there is no report of this year"))
    with hotline_transaction():
        OwnWords.objects.filter(portal_id=portal_id, year=year, language=language, is_confirmed=False).delete()
        OwnWords.objects.create(
            hotline_id=hotline_id,
            portal_id=portal_id,
            year=year,
            language=language,
            text=text,
            by_id=actor.id if actor.kind == "staff" else None,
            at=datetime.now(UTC),
        )
        _record("report.words_written", actor, portal_id, year, language, letters=len(text))


def answer_words(words_id: int, *, agrees: bool, actor: Actor) -> None:
    """Confirm exactly this text, or refuse it; whoever wrote it can withdraw it. Raises NotFound where another waits by now,
    NotSecondPerson."""
    authorize(actor, ACT, actor.hotline_id or 0)
    with hotline_transaction():
        row = OwnWords.objects.filter(pk=words_id, is_confirmed=False).first()
        if row is None:
            raise NotFound(what=_("text"))
        if agrees:
            demand_second(actor, {row.by_id}, act=ACT)
            same = OwnWords.objects.filter(portal_id=row.portal_id, year=row.year, language=row.language)
            same.filter(is_confirmed=True).delete()
            row.is_confirmed, row.confirmed_at = True, datetime.now(UTC)
            row.confirmed_by_id = actor.id if actor.kind == "staff" else None
            row.save()
        else:
            row.delete()
        event = "report.words_confirmed" if agrees else "report.words_refused"
        _record(event, actor, row.portal_id, row.year, row.language, letters=len(row.text))


def _record(event: str, actor: Actor, portal_id: int, year: int, language: str, *, letters: int) -> None:
    record(
        event,
        actor=actor,
        hotline_id=actor.hotline_id,
        subject=f"portal:{portal_id}",
        facts={"year": year, "language": language, "letters": letters},
    )
