"""Endpoints for machines about the installation itself."""

from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from leeward.site.health import is_well


@require_safe
def health(request: HttpRequest) -> HttpResponse:
    """Return `ok` with 200 if reports become cases, and staff and the police hear of urgent ones; otherwise 503 without
    a reason, which the desk and the doctor give."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            cursor.fetchone()
        well = is_well()
    except DatabaseError:
        return HttpResponse("no database\n", status=503, content_type="text/plain")
    return HttpResponse("ok\n" if well else "not well\n", status=200 if well else 503, content_type="text/plain")
