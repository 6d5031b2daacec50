"""What other programs get of a portal's catalogue: a JSON feed with schema.org's words inside, and OAI-PMH."""

import json
from urllib.parse import urlsplit

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe
from django_scopes import scope

from leeward.awareness import queries
from leeward.awareness.rules import oai
from leeward.awareness.rules.records import Record, feed
from leeward.people.queries import PortalRow


@require_safe
def json_feed(request: HttpRequest, portal: str) -> HttpResponse:
    """Every entry that visitors of the portal see, as one JSON feed."""
    row = _portal(request, portal)
    made = feed(_records(row), title=row.name, home=_address(row, "learn"), address=_address(row, "learn/feed.json"))
    return HttpResponse(json.dumps(made, ensure_ascii=False), content_type="application/feed+json")


@require_http_methods(["GET", "HEAD", "POST"])
def repository(request: HttpRequest, portal: str) -> HttpResponse:
    """Answer a harvester (OAI-PMH 2.0), which may ask by GET or by POST."""
    row = _portal(request, portal)
    sent = request.POST if request.method == "POST" else request.GET
    asked = [(name, value[:500]) for name, values in sent.lists() for value in values[:2]]
    host = urlsplit(str(settings.LEEWARD.base_url)).hostname or "localhost"
    mail = row.email or str(settings.LEEWARD.mail_from)
    ours = oai.Repository(row.name, _address(row, "learn/oai"), mail, f"{host}:{row.slug}", _records(row))
    return HttpResponse(oai.answer(asked, ours, timezone.now()), content_type="text/xml; charset=utf-8")


def _portal(request: HttpRequest, slug: str) -> PortalRow:
    row: PortalRow | None = getattr(request, "portal", None)
    if row is None or row.slug != slug:
        raise Http404
    return row


def _records(row: PortalRow) -> list[Record]:
    with scope(hotline=row.hotline_id):
        return queries.records()


def _address(row: PortalRow, page: str) -> str:
    return f"{str(settings.LEEWARD.base_url).rstrip('/')}/{row.slug}/{page}"
