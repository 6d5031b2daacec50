"""The public page of a portal's procedure: no script, no cookie, and printable."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe
from django_scopes import scope

from leeward.casework.quality.procedure import procedure_of
from leeward.people.queries import PortalRow


@require_safe
def procedure(request: HttpRequest, portal: str) -> HttpResponse:
    """Show how this portal decides, what it keeps, who may appeal and how long it takes."""
    row: PortalRow | None = getattr(request, "portal", None)
    if row is None or row.slug != portal:
        raise Http404
    now = timezone.now()
    with scope(hotline=row.hotline_id):
        found = procedure_of(row, now)
    return render(request, "quality/procedure.html", {"procedure": found, "times": found.times, "now": now})
