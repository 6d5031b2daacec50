"""The public pages: what to do, what to read, cards and the school pack. Nothing is kept about who opens them."""

from urllib.parse import urlsplit

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe
from django_scopes import scope

from leeward.awareness import cards, queries
from leeward.awareness.labels import AUDIENCES, FORMS, LINKS, SIZES, TOPICS
from leeward.awareness.rules.vocabulary import AGES, band_named
from leeward.awareness.sentences import TEN
from leeward.people.queries import PortalRow, own_name
from leeward.web_security.paging import page_of_list
from leeward.web_security.remembered import for_all


@require_safe
@for_all
def learn(request: HttpRequest, portal: str = "") -> HttpResponse:
    """Show what to do when something happened, and material for the audience, age, topic and language chosen."""
    row = _portal(request, portal) if portal else None
    asked = request.GET
    audience = asked.get("for", "")
    audience = audience if audience in AUDIENCES else "child"
    topic = asked.get("about", "") if asked.get("about", "") in TOPICS else ""
    offered = sorted({tag for one in queries.all_shipped() for tag in one.details.languages} | _ours(row))
    language = asked.get("in", "") if asked.get("in", "") in offered else ""
    ages = band_named(asked.get("age", "")) if audience == "child" else None
    wish = queries.Wish(audience, ages, topic, language)
    page = page_of_list(list[queries.ResourceRow](), 1)
    known: set[tuple[str, str]] = set()
    if row is not None:
        with scope(hotline=row.hotline_id):
            page, known = queries.reviewed(wish, asked.get("page")), queries.known_keys()
    values = {
        "audience": audience,
        "audience_name": AUDIENCES[audience],
        "audiences": AUDIENCES.items(),
        "topics": TOPICS.items(),
        "topic": topic,
        "ages": [(f"{low}-{high}", f"{low}–{high}") for low, high in AGES] if audience == "child" else [],
        "age": asked.get("age", "") if ages else "",
        "languages": [(tag, own_name(tag)) for tag in offered],
        "language": language,
        "ten": TEN[audience],
        "page": page,
        "reviewed": [_shown(one) for one in page.rows],
        # What nobody here has reviewed comes after all that somebody has.
        "shipped": [] if page.has_next else [_shown(one) for one in queries.shipped(wish, but_not=known)],
        "sizes": SIZES.items() if row is not None and row.takes_reports and cards.can_be_made() else [],
    }
    return render(request, "awareness/public_learn.html", values)


@require_safe
def card(request: HttpRequest, portal: str, size: str) -> HttpResponse:
    """Download a card, leaflet or poster of the portal in the language of the address."""
    row = _taking_reports(request, portal)
    if size not in SIZES or not cards.can_be_made():
        raise Http404
    made = cards.card(row, get_language() or "en", size)
    return _file(made, "application/pdf", f"{row.slug}-{cards.FILES[size]}")


@require_safe
def pack(request: HttpRequest, portal: str) -> HttpResponse:
    """Download everything for a school as one ZIP."""
    row = _taking_reports(request, portal)
    return _file(cards.school_pack(row, get_language() or "en"), "application/zip", f"{row.slug}-school.zip")


def _portal(request: HttpRequest, slug: str) -> PortalRow:
    row: PortalRow | None = getattr(request, "portal", None)
    if row is None or row.slug != slug:
        raise Http404
    return row


def _taking_reports(request: HttpRequest, slug: str) -> PortalRow:
    """Return the portal if what cards say is true of it: that one can report there."""
    row = _portal(request, slug)
    if not row.takes_reports:
        raise Http404
    return row


def _ours(row: PortalRow | None) -> set[str]:
    return set(row.languages) if row is not None else {get_language() or "en"}


def _file(content: bytes, kind: str, name: str) -> HttpResponse:
    answer = HttpResponse(content, content_type=kind)
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _shown(row: queries.ResourceRow) -> dict[str, object]:
    details = row.details
    return {
        "title": details.title,
        "publisher": details.publisher,
        "address": details.address,
        "host": urlsplit(details.address).hostname,
        "form": FORMS[details.form],
        "topics": [TOPICS[one] for one in details.topics],
        "languages": [own_name(tag) for tag in details.languages],
        "link": LINKS[row.link],
        "is_unchecked": row.link != "answers",
        "as_of": row.as_of,
        "was_read": row.was_read,
        "reviewed_at": row.reviewed_at,
    }
