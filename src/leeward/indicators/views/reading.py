"""What every public page of figures begins with: the portal of its path, and what was published of a year."""

from django.http import Http404, HttpRequest
from django_scopes import scope

from leeward.indicators import queries
from leeward.indicators.queries import PublishedRow
from leeward.people.queries import PortalRow


def portal_or_404(request: HttpRequest, slug: str) -> PortalRow:
    """Return the portal of the path."""
    row: PortalRow | None = getattr(request, "portal", None)
    if row is None or row.slug != slug:
        raise Http404
    return row


def editions_or_404(request: HttpRequest, slug: str, year: int) -> tuple[PortalRow, list[PublishedRow]]:
    """Return the portal and what was published of a year, newest first; Http404 where nothing was."""
    row = portal_or_404(request, slug)
    with scope(hotline=row.hotline_id):
        found = queries.editions_of(row.id, year) if year < 10_000 else []
    if not found:
        raise Http404
    return row, found
